"""Savings: what it takes to reach the target of a study, beside the level that the others are compared with."""

import math
from typing import NamedTuple

from scenarios.findings.curves import AXES, Axis, learnt, reaches_at, savings_at
from scenarios.measures.measure import Measure, measure_of
from scenarios.report.document import Section, Table
from scenarios.report.study.view import View
from scenarios.statistics.estimate import Interval
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
    unit = f" {judged.unit.name}" if judged.unit.name else ""
    goal = f"{judged.title} of {told}{unit}"
    ways = [way for point in range(len(view.results.points)) if (way := _way(view, point, target)) is not None]
    if not any(way.reached for way in ways):
        return Section("On the way to the target", (f"No run reached {goal}.",))
    base = view.found.names.compared[view.found.baseline or 0]
    says = (
        f"The target is {goal}. Every run counts: who does not reach it is counted up to where all runs of the pair are known to "
        f"have got, so that a difference is rather told too small than too large. Less than nothing is saved beside {base}.",
    )
    return Section("On the way to the target", says, (_table(view, ways, goal),))


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


def _table(view: View, ways: list[_Way], goal: str) -> Table:
    several = len(view.places) > 1
    rows = []
    for way in ways:
        place, level = view.seats[way.point]
        name = view.found.names.compared[level or 0]
        cells = [_cell(axis, saved) for axis, saved in zip(AXES, way.saved, strict=True)]
        first = next((each for each in way.saved if each is not None), None)
        where = (view.found.names.places[place],) if several else ()
        rows.append((name, *where, f"{way.reached} of {way.runs}", *cells, _ratio(first)))
    titles = tuple(f"{axis.title}: difference" for axis in AXES)
    who = (view.found.names.dials[view.results.compared or ""], *(("place",) if several else ()))
    head = (*who, "runs that reach it", *titles, "share of the labels where both reach it")
    return Table(
        f"What it takes to reach an {goal}" if goal[0] in "aeiou" else f"What it takes to reach a {goal}", head, tuple(rows)
    )


def _cell(axis: Axis, saved: Savings | None) -> str:
    if saved is None or math.isnan(saved.restricted.mean):
        return "-"
    measure = measure_of(axis.key)
    return _between(measure, saved.restricted.mean, saved.restricted_interval)


def _between(measure: Measure, mean: float, interval: Interval) -> str:
    digits = measure.unit.fineness([mean], [interval.half_width])
    text = measure.unit.written(mean, digits, "+")
    if math.isnan(interval.low):
        return text
    return f"{text} ({measure.unit.written(interval.low, digits, '+')} to {measure.unit.written(interval.high, digits, '+')})"


def _ratio(saved: Savings | None) -> str:
    if saved is None or math.isnan(saved.ratio):
        return "-"
    low, high = saved.ratio_interval
    bounds = "" if math.isnan(low) else f" ({100 * low:.0f} to {100 * high:.0f})"
    return f"{100 * saved.ratio:.0f} %{bounds}, of {saved.both} pairs"
