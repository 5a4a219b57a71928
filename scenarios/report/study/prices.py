"""What things are worth: the measure against money and time, and who is on the Pareto front."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from scenarios.findings.quantities import Quantity, quantity
from scenarios.findings.worth import Worth
from scenarios.report.document import Picture, Section, Table
from scenarios.report.pictures.front import Scene, Spot, front
from scenarios.report.study.scale import Scale, headed, scale_of, with_intervals
from scenarios.report.study.view import View
from scenarios.statistics.estimate import Estimate
from scenarios.statistics.pareto import undominated

_PLACES = 8
"""Places that have fronts of their own, at most."""


def prices(view: View) -> Section | None:
    """Return who is worth their price; None where everything costs the same, or nothing is compared."""
    own = view.own
    if own is None or not (view.found.worth or view.found.worth_in_time) or own.key in ("cost", "simulated_seconds"):
        return None
    pictures = [_overall(view, own)]
    each = [one for one in view.found.worth if one.place is not None]
    if 1 < len(each) <= _PLACES:
        pictures.append(_by_place(view, own, each))
    return Section("What it is worth", (_SAYS,), (*pictures, _table(view, own)))


_SAYS = (
    "On the Pareto front is who is beaten by nobody at both: nobody else has as much for less money. Where two are close, which of "
    "them is on the front is luck; in how many of 100 draws of seeds each is on it, the table says."
)


def _points(view: View, level: int, place: int | None) -> list[int]:
    """Return the points of a level, at one place, or at all places that have every level."""
    whole = (
        [number for number, each in enumerate(view.places) if len(each.members) == len(view.levels)] if place is None else [place]
    )
    return [point for point, seat in enumerate(view.seats) if seat.level == level and seat.place in whole]


def _overall(view: View, own: Quantity) -> Picture:
    worth = (*view.found.worth, *view.found.worth_in_time)[0]
    scenes = [
        _scene(view, own, price, worth, "")
        for key in ("cost", "simulated_seconds")
        if (price := quantity(view.found.quantities, key)) is not None and _differs(view, price, worth)
    ]
    over = f" Means over {len(view.places)} places." if len(view.places) > 1 else ""
    caption = (
        f"{_capital(own.measure.title)} against what it takes: bars are 95 % intervals of means (Student's t), both ways.{over} "
        "Filled marks are on the front, which the dashed steps follow: from one to the next there is nothing better for less."
    )
    scale = scale_of(own.measure, [])
    names = [view.found.names.compared[level] for level in worth.on_front]
    alt = f"On the front of {scale.title} against money: {', '.join(names[:8])}{' and more' if len(names) > 8 else ''}."
    return Picture("pareto", caption, partial(front, scenes, scale.title, own.greater_is_better), alt, wide=True)


def _by_place(view: View, own: Quantity, each: Sequence[Worth]) -> Picture:
    cost = quantity(view.found.quantities, "cost")
    assert cost is not None
    scenes = [_scene(view, own, cost, one, view.found.names.places[one.place or 0]) for one in each]
    caption = (
        f"{_capital(own.measure.title)} against money at each place. Bars are 95 % intervals of means (Student's t), both ways."
    )
    names = {level: sum(level in one.on_front for one in each) for level in range(len(view.levels))}
    often = sorted((level for level in names if names[level]), key=lambda level: -names[level])[:6]
    told = ", ".join(f"{view.found.names.compared[level]} {names[level]}" for level in often)
    alt = f"On the front at so many of {len(each)} places: {told}."
    draw = partial(front, scenes, scale_of(own.measure, []).title, own.greater_is_better)
    return Picture("pareto-by-place", caption, draw, alt, wide=True)


def _differs(view: View, price: Quantity, worth: Worth) -> bool:
    means = [view.over(price, _points(view, level, worth.place)).mean for level in worth.levels]
    return max(means) - min(means) > 1e-9 * max(map(abs, means))


def _scene(view: View, own: Quantity, price: Quantity, worth: Worth, title: str) -> Scene:
    both = [tuple(view.over(each, _points(view, level, worth.place)) for each in (price, own)) for level in worth.levels]
    sign = 1.0 if own.greater_is_better else -1.0
    best = undominated(np.array([[-x.mean, sign * y.mean] for x, y in both]))
    across, up = (scale_of(each.measure, [pair[at].mean for pair in both]) for at, each in enumerate((price, own)))
    spots = tuple(
        _spot(view.found.names.compared[level], (x, across), (y, up), bool(on))
        for level, (x, y), on in zip(worth.levels, both, best, strict=True)
    )
    return Scene(title, across.title, spots)


def _spot(name: str, across: tuple[Estimate, Scale], up: tuple[Estimate, Scale], on: bool) -> Spot:
    x, left, right = _ends(*across)
    y, low, high = _ends(*up)
    return Spot(name, x, y, left, right, low, high, on)


def _ends(found: Estimate, scale: Scale) -> tuple[float, float, float]:
    """Return a mean and its interval on an axis."""
    mean, half = found.mean * scale.factor, found.half_width * scale.factor
    return mean, *scale.bounded(mean - half, mean + half)


def _table(view: View, own: Quantity) -> Table:
    worth = (*view.found.worth, *view.found.worth_in_time)[0]
    found = [each for key in (own.key, "cost", "simulated_seconds") if (each := quantity(view.found.quantities, key)) is not None]
    columns = [
        with_intervals(each.measure, [view.over(each, _points(view, level, worth.place)) for level in worth.levels])
        for each in found
    ]
    timed = next((each for each in view.found.worth_in_time if each.place == worth.place), None)
    in_time = dict(zip(timed.levels, timed.front.standings, strict=True)) if timed else {}
    rows = []
    for at, (level, standing) in enumerate(zip(worth.levels, worth.front.standings, strict=True)):
        share = "-" if math.isnan(standing.share) else f"{100 * standing.share:.0f} %"
        also = in_time.get(level)
        time = "-" if also is None else "yes" if also.on_front else "no"
        name = view.found.names.compared[level]
        rows.append((name, *(column[at] for column in columns), "yes" if standing.on_front else "no", share, time))
    head = (_who(view), *(headed(each.measure) for each in found), "on the front", "in draws of seeds", "on it, if time counts too")
    over = "means over all places" if len(view.places) > 1 else "means"
    caption = f"Who is worth the price: {over}, with 95 % intervals; the front of money against {own.measure.title}"
    return Table(caption, head, tuple(rows), tuple(range(1, 1 + len(found))))


def _who(view: View) -> str:
    return view.found.names.dials[view.results.compared or ""]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
