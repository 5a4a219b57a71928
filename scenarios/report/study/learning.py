"""How models of a study learnt: mean curves with bands, over labels, money and simulated time."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from scenarios.findings.curves import AXES, Axis, learnt, mean_curve_at
from scenarios.measures.measure import LESS_IS_BETTER, measure_of
from scenarios.measures.unit import SHARE, TIME, Unit
from scenarios.report.document import Picture, Section
from scenarios.report.pictures.bands import Curve, Panel, bands
from scenarios.report.study.scale import scale_of
from scenarios.report.study.view import View
from scenarios.statistics.curves import MeanCurve

_NAMED = 7
"""Curves of a panel that are named, at most."""

_ROWS, _PANELS = 4, 12
"""Places up to which each has curves over everything, and beyond which some have none."""


def learning(view: View) -> Section | None:
    """Return the learning curves; None if nothing learnt, or if no two of the points are to be seen together."""
    if view.sampled or view.own is None:
        return None
    found = {axis.key: [mean_curve_at(view.results, point, axis.key) for point in range(len(view.results.points))] for axis in AXES}
    axes = [axis for axis in AXES if any(_goes_on(curve) for curve in found[axis.key])]
    if not axes:
        return None
    places = [number for number in range(len(view.places)) if _any(view, found[axes[0].key], number)]
    shown = _shown(view, found[axes[0].key])
    few = len(places) <= _ROWS
    if not few:
        axes = axes[:1]
    panels = [_panel(view, found[axis.key], axis, place, shown, few) for place in places[:_PANELS] for axis in axes]
    columns = len(axes) if few and len(places) > 1 else 3
    return Section("How models learnt", _says(view, places, shown), (_picture(view, panels, columns, found[axes[0].key], axes[0]),))


def _goes_on(curve: MeanCurve | None) -> bool:
    return curve is not None and curve.grid[-1] > curve.grid[0]


def _any(view: View, curves: Sequence[MeanCurve | None], place: int) -> bool:
    return any(_goes_on(curves[point]) for _, point in view.places[place].members)


def _shown(view: View, curves: Sequence[MeanCurve | None]) -> dict[int, int]:
    """Return how the levels are drawn that are named, by their numbers: the baseline and the best where there are many."""
    levels = [*range(max(1, len(view.levels)))]
    if len(levels) > _NAMED + 1:
        less = learnt(view.results) in LESS_IS_BETTER
        base = view.found.baseline

        def merit(level: int) -> tuple[bool, float]:
            ends = [_last(curve) for curve, seat in zip(curves, view.seats, strict=True) if curve and (seat.level or 0) == level]
            mean = math.fsum(ends) / len(ends) if ends else math.nan
            return level != base, math.inf if math.isnan(mean) else mean if less else -mean

        levels = sorted(sorted(levels, key=merit)[:_NAMED])
    return {level: number for number, level in enumerate(levels)}


def _last(curve: MeanCurve) -> float:
    mean = np.asarray(curve.mean)[_trusted(curve)]
    return float(mean[-1]) if mean.size else math.nan


def _trusted(curve: MeanCurve) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return where at least half of the runs still are: beyond, a mean is one of the slow or the lucky."""
    runs = np.asarray(curve.runs)
    return np.asarray((runs * 2 >= runs.max()) & (runs > 0), dtype=bool)


def _panel(view: View, curves: Sequence[MeanCurve | None], axis: Axis, place: int, shown: dict[int, int], titled: bool) -> Panel:
    unit = measure_of(learnt(view.results)).unit
    members = [(view.seats[point].level, curves[point]) for _, point in view.places[place].members]
    ends = [curve.grid[-1] for curve in curves if curve is not None]
    factor, across = _across(axis, ends)
    drawn = tuple(
        _curve(view, curve, level or 0, factor, unit, shown.get(level or 0))
        for level, curve in members
        if curve is not None and _goes_on(curve)
    )
    title = view.found.names.places[place]
    return Panel(title if axis is AXES[0] or not titled else "", across, drawn)


def _across(axis: Axis, ends: Sequence[float]) -> tuple[float, str]:
    if axis.key != "simulated_seconds":
        return 1.0, axis.title
    scale = scale_of(measure_of("simulated_seconds"), ends)
    return scale.factor, scale.title


def _curve(view: View, curve: MeanCurve, level: int, factor: float, unit: Unit, number: int | None) -> Curve:
    assert unit is not TIME
    there = _trusted(curve)
    x, mean, low, high = (np.asarray(each)[there] for each in (curve.grid, curve.mean, curve.low, curve.high))
    name = view.found.names.compared[level] if view.levels else "mean"
    # A band of few runs may go beyond all that is possible.
    most = unit.scale if unit is SHARE else math.inf
    low, high = np.maximum(low * unit.scale, 0.0), np.minimum(high * unit.scale, most)
    return Curve(name, x * factor, mean * unit.scale, low, high, number)


def _picture(view: View, panels: Sequence[Panel], columns: int, curves: Sequence[MeanCurve | None], axis: Axis) -> Picture:
    measure = measure_of(learnt(view.results))
    scale = scale_of(measure, [])
    target = None if view.results.target is None else view.results.target * scale.factor
    caption = (
        f"{scale.title[:1].upper()}{scale.title[1:]}, by what it took to get there: means over seeds, with bands of 95 % "
        "(Student's t), each for itself, as far as that is possible. A curve is drawn as far as at least half of its runs go."
    )
    ends = [f"{view.name(point)} {_last(curve) * scale.factor:.3g}" for point, curve in enumerate(curves) if curve is not None]
    told = "; ".join([*ends[:8], *(["and more"] if len(ends) > 8 else [])])
    alt = f"Learning curves over {axis.title}, which end at these: {told} ({scale.title})."
    return Picture("learning-curves", caption, partial(bands, panels, scale.title, columns, target), alt, wide=True)


def _says(view: View, places: Sequence[int], shown: dict[int, int]) -> tuple[str, ...]:
    said = []
    if len(view.levels) > len(shown):
        said.append(
            f"{len(shown)} of {len(view.levels)} curves are named: the one compared with, and the best; the others stand back."
        )
    if len(places) > _PANELS:
        said.append(f"The first {_PANELS} of {len(places)} places are shown.")
    return tuple(said)
