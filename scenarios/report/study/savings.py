"""Savings: what it takes to reach the target of a study, beside the level that the others are compared with."""

import math
from typing import NamedTuple

from scenarios.findings.curves import AXES, Axis, learnt, reaches_at, savings_at
from scenarios.measures.measure import measure_of
from scenarios.report.document import Section, Table
from scenarios.report.study.scale import between
from scenarios.report.study.view import View
from scenarios.statistics.savings import Savings


class _Way(NamedTuple):
    """A point on its way to the target: how many of its runs reach it, and what it saves beside the baseline of its place."""

    point: int
    reached: int
    runs: int
    saved: tuple[Savings | None, ...]


def savings(view: View) -> Section | None:
    """Return what each level takes to the target, at each place; None without a target, or without curves."""
    target = view.results.target
    if target is None or not view.compares or not any(row["curve"] for row in view.results.good):
        return None
    judged = measure_of(learnt(view.results))
    told = judged.unit.written(target, judged.unit.fineness([target], []))
    goal = f"{told} {judged.unit.name}".strip()
    ways = [way for point in range(len(view.results.points)) if (way := _way(view, point, target)) is not None]
    if not any(way.reached for way in ways):
        return Section("On the way to the target", (f"No run reached {goal}, the target, in {judged.title}.",))
    base = view.found.names.compared[view.found.baseline or 0]
    says = (
        f"The target is {goal}, in {judged.title}. Every run counts: who does not reach it is counted up to where all runs of the "
        "pair are known to have got, so that a difference is rather told too small than too large; where all is cut off before "
        "anybody arrives, it is not known.",
    )
    caption = f"What it takes to reach {goal}: each less {base}, in pairs of runs with the same seed; what is below zero is saved"
    return Section("On the way to the target", says, (_table(view, ways, caption),))


def _way(view: View, point: int, target: float) -> _Way | None:
    reaches = reaches_at(view.results, point, "labels", target)
    if not reaches:
        return None
    place = view.places[view.seats[point].place]
    base = next((other for level, other in place.members if level == view.results.baseline()), None)
    saved = tuple(
        savings_at(view.results, point, base, axis.key, target) if base is not None and base != point else None for axis in AXES
    )
    return _Way(point, sum(each.at is not None for each in reaches.values()), len(reaches), saved)


def _table(view: View, ways: list[_Way], caption: str) -> Table:
    names, compared = view.found.names.dials, view.results.compared or ""
    others = [path for path in view.results.told() if path != compared]
    base, rows = view.found.names.compared[view.found.baseline or 0], []
    for way in ways:
        name = view.found.names.compared[view.seats[way.point].level or 0]
        cells = [_cell(axis, saved, base) for axis, saved in zip(AXES, way.saved, strict=True)]
        first = next((each for each in way.saved if each is not None), None)
        where = [view.setting(way.point, path) for path in others]
        rows.append((name, *where, f"{way.reached} of {way.runs}", *cells, _ratio(first)))
    titles = (f"{axis.title} (95 % interval)" for axis in AXES)
    head = (names[compared], *(names[path] for path in others), "runs that reach it", *titles, "share of the labels, where both do")
    return Table(caption, head, tuple(rows), tuple(range(1 + len(others), len(head))))


def _cell(axis: Axis, saved: Savings | None, base: str) -> str:
    # Where nobody arrives, nobody is sooner.
    if saved is None or math.isnan(saved.restricted.mean) or not saved.pairs - saved.neither:
        return "-"
    if saved.restricted.alike and saved.both < saved.pairs:
        # Counted as far as all runs go, there is no difference; but that is not to say that there is none.
        return (
            "it alone arrives"
            if not saved.both + saved.theirs
            else f"{base} alone arrives"
            if not saved.both + saved.ours
            else "not known"
        )
    mean, interval = between(measure_of(axis.key), saved.restricted.mean, saved.restricted_interval)
    return f"{mean} ({interval})" if interval else mean


def _ratio(saved: Savings | None) -> str:
    if saved is None or math.isnan(saved.ratio):
        return "-"
    low, high = saved.ratio_interval
    bounds = "" if math.isnan(low) else f" ({100 * low:.0f} to {100 * high:.0f})"
    return f"{100 * saved.ratio:.0f} %{bounds}, of {saved.both} pairs"
