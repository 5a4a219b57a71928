"""What is significant: each level beside the one that it is compared with, place by place, and by everything else."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from scenarios.findings.contrasts import Contrast
from scenarios.findings.quantities import Quantity
from scenarios.measures.measure import Measure
from scenarios.measures.unit import SHARE
from scenarios.report.document import Picture, Section, Table
from scenarios.report.pictures.forest import Branch, Tree, forest
from scenarios.report.pictures.heat import Map, Sides, heat
from scenarios.report.study.scale import between, probability, scale_of
from scenarios.report.study.view import View
from scenarios.statistics.estimate import Interval

_SORTED = 8
"""Levels beyond which they stand in the order of their differences over all places, and not in that of the study."""

_SIDE = 80
"""Levels and places that a figure shows, at most; of more, only the table tells."""

_TREES, _BRANCHES = 9, 48
"""Panels of a forest, and differences in all of them, at most; of more, there is a heat map."""


def differences(view: View) -> Section | None:
    """Return the differences from the baseline; None where nothing is compared."""
    own = view.own
    if own is None or not view.compares:
        return None
    each, over = view.found.contrasts_by(own.key), view.found.pooled_by(own.key)
    if not each:
        return None
    drawn = max(len({one.level for one in each}), len({one.place for one in each})) <= _SIDE
    pictures = (_picture(view, own, each, over),) if drawn else ()
    return Section("What is significant", _says(view, each, over), (*pictures, _table(view, own, each, over), *_others(view, own)))


def _says(view: View, each: Sequence[Contrast], over: Sequence[Contrast]) -> tuple[str, ...]:
    base = _base(view)
    if not any(one.tested for one in each):
        return (f"No difference from {base} can be tested: that takes two seeds that both have, or more, and one that differs.",)
    rule = "Significant is what has a p of 0.05 or less after Holm's correction"
    if len({one.place for one in each}) == 1:
        return (f"{_verdict(each, f' from {base}')} {rule}.",)
    whole = f"Over all places, {_verdict(over, f' from {base}')} " if any(one.tested for one in over) else ""
    return (f"{whole}At single places, {_verdict(each)} {rule}, each of these families by itself.",)


def _verdict(some: Sequence[Contrast], what: str = "") -> str:
    """Return how many differences were tested, and how many of them are significant, as a sentence."""
    tested, real = sum(one.tested for one in some), sum(one.real for one in some)
    if tested == 1:
        return f"1 difference{what} was tested, and it is {'significant' if real else 'not significant'}."
    return f"{tested} differences{what} were tested, and {real or 'none'} {'are' if real > 1 else 'is'} significant."


def _base(view: View) -> str:
    return "" if view.found.baseline is None else view.found.names.compared[view.found.baseline]


def _picture(view: View, own: Quantity, each: Sequence[Contrast], over: Sequence[Contrast]) -> Picture:
    scale = scale_of(own.measure, [one.paired.mean for one in each])
    across = f"{scale.difference}: difference from {_base(view)}"
    several = len({one.place for one in each}) > 1
    real = [one for one in each if one.real]
    alt = f"{_capital(across)}. Significant: {_told(view, own, real)}."
    if len(each) <= _BRANCHES and len({one.place for one in each}) <= _TREES:
        trees = [
            _tree(view, [one for one in each if one.place == place], scale.factor) for place in sorted({_at(one) for one in each})
        ]
        if several:
            trees.insert(0, _tree(view, over, scale.factor))
        caption = (
            f"{_capital(across)}, in pairs of runs with the same seed. Bars are intervals that are corrected for the number of "
            "tests: those that leave out 0 are significant, and their marks are filled."
        )
        return Picture("differences", caption, partial(forest, trees, across), alt, wide=True)
    merit = {one.level: one.paired.mean for one in over}
    levels = sorted({one.level for one in each}, key=lambda level: -merit.get(level, 0.0) if len(merit) > _SORTED else level)
    places = sorted({_at(one) for one in [*each, *(over if several else [])]})
    values = np.full((len(levels), len(places)), math.nan)
    marks = [[""] * len(places) for _ in levels]
    for one in [*over, *each] if several else each:
        row, column = levels.index(one.level), places.index(_at(one))
        values[row, column] = one.paired.mean * scale.factor
        marks[row][column] = "*" if one.real else ""
    names = view.found.names
    sides = Sides(
        names.dials[view.results.compared or ""], tuple(names.compared[level] for level in levels), *_columns(view, places),
    )  # fmt: skip
    caption = (
        f"{_capital(across)}, in pairs of runs with the same seed. An asterisk marks what is significant after Holm's correction."
    )
    drawn = Map("", values, tuple(map(tuple, marks)))
    return Picture("differences", caption, partial(heat, [drawn], sides, _digits(values), True), alt, wide=True)


def _columns(view: View, places: Sequence[int]) -> tuple[str, tuple[str, ...]]:
    """Return what the columns of a map of places are: the values of the other dial where there is just one, or whole places."""
    others = [path for path in view.results.told() if path != view.results.compared]
    if len(others) != 1:
        return "place", tuple("all" if place < 0 else view.found.names.places[place] for place in places)
    settings = tuple("all" if place < 0 else view.setting(view.places[place].members[0][1], others[0]) for place in places)
    return view.found.names.dials[others[0]], settings


def _at(one: Contrast) -> int:
    return -1 if one.place is None else one.place


def _digits(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> int:
    most = float(np.nanmax(np.abs(values), initial=0.0))
    return 1 if most >= 1 or not most else 1 - math.floor(math.log10(most))


def _tree(view: View, some: Sequence[Contrast], factor: float) -> Tree:
    title = "over all places" if some[0].place is None else view.found.names.places[some[0].place]
    return Tree(
        title,
        tuple(
            Branch(
                view.found.names.compared[one.level],
                one.paired.mean * factor,
                one.among.low * factor,
                one.among.high * factor,
                one.real,
            )
            for one in some
        ),
    )


def _told(view: View, own: Quantity, real: Sequence[Contrast]) -> str:
    strongest = sorted(real, key=lambda one: -abs(one.paired.mean))[:5]
    if not strongest:
        return "nothing"
    told = [
        f"{view.found.names.compared[one.level]}{_place(view, one, ', ')} {between(own.measure, one.paired.mean, one.interval)[0]}"
        for one in strongest
    ]
    return "; ".join(told) + (f"; and {len(real) - len(told)} more" if len(real) > len(told) else "")


def _place(view: View, one: Contrast, before: str) -> str:
    name = "over all places" if one.place is None else view.found.names.places[one.place]
    return f"{before}{name}" if name else ""


def _table(view: View, own: Quantity, each: Sequence[Contrast], over: Sequence[Contrast]) -> Table:
    others = [path for path in view.results.told() if path != view.results.compared] if len(view.places) > 1 else []
    some = sorted([*over, *each] if others else each, key=lambda one: (one.level, _at(one)))
    rows = tuple((view.found.names.compared[one.level], *_where(view, one, others), *_cells(own.measure, one)) for one in some)
    names = view.found.names.dials
    unit = "points" if own.measure.unit is SHARE else own.measure.unit.name
    head = (
        names[view.results.compared or ""],
        *(names[path] for path in others),
        f"difference{f', {unit}' if unit else ''}",
        "p (Holm)",
        "signed ranks (Holm)",
        "effect size",
        "pairs",
        "significant",
    )
    first = 1 + len(others)
    caption = f"{_capital(own.measure.title)}: each less {_base(view)}, in pairs of runs with the same seed, with 95 % intervals"
    return Table(caption, head, rows, tuple(range(first, first + 5)))


def _where(view: View, one: Contrast, paths: Sequence[str]) -> tuple[str, ...]:
    if one.place is None:
        return ("all",) * len(paths)
    point = view.places[one.place].members[0][1]
    return tuple(view.setting(point, path) for path in paths)


def _cells(measure: Measure, one: Contrast) -> tuple[str, ...]:
    mean, interval = between(measure, one.paired.mean, one.interval)
    effect = "-" if not math.isfinite(one.effect) else f"{one.effect:+.2f}"
    verdict = "yes" if one.real else "no" if one.tested else "no test"
    bounds = f" ({interval})" if interval else ""
    return f"{mean}{bounds}", probability(one.p_holm), probability(one.wilcoxon_holm), effect, str(one.paired.pairs), verdict


def _others(view: View, own: Quantity) -> tuple[Table, ...]:
    """Return differences by everything else, over all places: what is bought with what."""
    found = [each for each in view.found.quantities if each.key != own.key and _differs(view, each)]
    if not found:
        return ()
    levels = sorted({one.level for one in view.found.pooled})
    rows = [
        (view.found.names.compared[level], *(_short(view, each, level) for each in found))
        for level in levels
    ]  # fmt: skip
    head = (view.found.names.dials[view.results.compared or ""], *(_headed(each.measure) for each in found))
    over = " over all places" if len(view.places) > 1 else ""
    caption = (
        f"By everything else{over}: each less {_base(view)}, with 95 % intervals; * marks what is significant, "
        "corrected within its column"
    )
    return (Table(caption, head, tuple(rows), tuple(range(1, len(head)))),)


def _headed(measure: Measure) -> str:
    unit = "points" if measure.unit is SHARE else measure.unit.name
    return f"{measure.title}, {unit}" if unit else measure.title


def _differs(view: View, found: Quantity) -> bool:
    return any(one.paired.pairs and not one.paired.alike for one in view.found.pooled_by(found.key))


def _short(view: View, found: Quantity, level: int) -> str:
    one = next((each for each in view.found.pooled_by(found.key) if each.level == level), None)
    if one is None or not one.paired.pairs:
        return "-"
    if one.paired.alike:
        return "same"
    # Where all pairs differ by the same there is nothing uncertain but the grain of the figures.
    known = one.interval if not one.paired.constant else Interval(math.nan, math.nan)
    mean, interval = between(found.measure, one.paired.mean, known)
    bounds = f" ({interval})" if interval else ""
    return f"{mean}{bounds}{' *' if one.real else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
