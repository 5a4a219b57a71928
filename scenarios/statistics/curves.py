"""Learning curves: their mean over runs, the area under them, and when they reach a target."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.statistics.estimate import ERROR, critical

GRID = 100
"""Places at which mean curves are told, unless somebody asks for others."""


class Curve(NamedTuple):
    """A learning curve: what was reached by how much.

    Attributes:
        at: labels, money or seconds, not falling; shape (points,).
        reached: the figure there; shape (points,).
        steps: whether a figure holds until the next point, as a model does until there is a newer one, rather than leading there in
            a straight line.
    """

    at: tuple[float, ...]
    reached: tuple[float, ...]
    steps: bool = False

    @property
    def first(self) -> float:
        """Where it begins."""
        return self.at[0]

    @property
    def last(self) -> float:
        """Where it ends."""
        return self.at[-1]

    def values(self, grid: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the figures at some places; NaN outside the curve, which nobody knows.

        Of several points at one place it is the last's.
        """
        at, reached = np.asarray(self.at), np.asarray(self.reached)
        # Where both ends of a stretch are one place, the later point holds.
        index = np.clip(np.searchsorted(at, grid, side="right") - 1, 0, len(at) - 1)
        values = reached[index].astype(float)
        if not self.steps:
            after = np.minimum(index + 1, len(at) - 1)
            width = at[after] - at[index]
            share = np.divide(grid - at[index], width, out=np.zeros_like(values), where=width > 0)
            values = values + share * (reached[after] - values)
        return np.where((grid < at[0]) | (grid > at[-1]), np.nan, values)


class MeanCurve(NamedTuple):
    """The mean of several curves, at each place over those that are there.

    Attributes:
        grid: the places; shape (places,).
        mean: over the curves that go through each.
        low, high: its confidence interval at each place by itself (Student's t); NaN of fewer than two curves.
        runs: how many curves go through each. Where they get fewer, the mean may jump: it is one of fewer runs.
    """

    grid: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    runs: tuple[int, ...]


class Reach(NamedTuple):
    """When a curve reaches a target.

    Attributes:
        at: the first place at which it is at the target or beyond; None if it never is.
        last: where the curve ends: if the target was not reached, it would take more than that.
    """

    at: float | None
    last: float


def curve_of(at: Sequence[float], reached: Sequence[float], steps: bool = False) -> Curve | None:
    """Return a curve of points, without those that are not finite; None if nothing is left.

    Points are put in the order of their places, those of one place as they came: labels may be lost, and a model then be trained
    on fewer than the one before it.
    """
    some = [(x, y) for x, y in zip(at, reached, strict=True) if math.isfinite(x) and math.isfinite(y)]
    some.sort(key=lambda point: point[0])
    return Curve(tuple(x for x, _ in some), tuple(y for _, y in some), steps) if some else None


def mean_curve(curves: Sequence[Curve], grid: Sequence[float] | int = GRID, error: float = ERROR) -> MeanCurve:
    """Return the mean of curves with its confidence interval at each place; beyond its end, a curve is not continued.

    Args:
        curves: of independent runs, one or more.
        grid: the places, rising; or how many of them, evenly from where the first curve begins to where the last one ends.
        error: the probability with which the interval at a place misses.
    """
    if isinstance(grid, int):
        places = np.linspace(min(each.first for each in curves), max(each.last for each in curves), grid)
    else:
        places = np.asarray(grid, dtype=float)
    values = np.array([each.values(places) for each in curves])
    there = ~np.isnan(values)
    runs = there.sum(axis=0)
    known = np.where(there, values, 0.0)
    nan = np.full(len(places), np.nan)
    mean = np.divide(known.sum(axis=0), runs, out=nan.copy(), where=runs > 0)
    squares = np.where(there, (known - mean) ** 2, 0.0).sum(axis=0)
    variance = np.divide(squares, runs - 1, out=nan.copy(), where=runs > 1)
    reach = np.array([critical(error, count) if count > 1 else math.nan for count in range(len(curves) + 1)])[runs]
    half = reach * np.sqrt(np.divide(variance, runs, out=nan.copy(), where=runs > 1))
    return MeanCurve(
        tuple(map(float, places)), tuple(map(float, mean)), tuple(map(float, mean - half)), tuple(map(float, mean + half)),
        tuple(map(int, runs)),
    )  # fmt: skip


def common_span(curves: Sequence[Curve]) -> tuple[float, float] | None:
    """Return the stretch that all curves go through, from where the last one begins to where the first one ends; None if none."""
    if not curves:
        return None
    low, high = max(each.first for each in curves), min(each.last for each in curves)
    return (low, high) if low < high else None


def area(curve: Curve, low: float, high: float) -> float:
    """Return the mean height of a curve over a stretch: the area under it, over the stretch's length.

    So it is a figure such as the curve's own, and accuracies of different stretches are of one scale. The area is exact: by
    trapezia between points, or by steps.

    Args:
        curve: goes through all of the stretch.
        low, high: its ends.

    Raises:
        ValueError: the stretch is empty, or goes beyond the curve.
    """
    if not low < high:
        raise ValueError(f"from {low:g} to {high:g}: a stretch has a length")
    if low < curve.first or high > curve.last:
        raise ValueError(f"from {low:g} to {high:g}: the curve goes from {curve.first:g} to {curve.last:g}")
    at = np.asarray(curve.at)
    within = np.concatenate([[low], at[(at > low) & (at < high)], [high]])
    heights = curve.values(within)
    lengths = np.diff(within)
    if curve.steps:
        return float(np.sum(lengths * heights[:-1]) / (high - low))
    # Of several points at one place, a straight line leads to the first of them, and on from the last.
    before = np.asarray(curve.reached)[np.searchsorted(at, within, side="left").clip(0, len(at) - 1)]
    ends = np.where(np.isin(within, at), before, heights)
    return float(np.sum(lengths * (heights[:-1] + ends[1:]) / 2) / (high - low))


def reach(curve: Curve, target: float, greater_is_better: bool = True) -> Reach:
    """Return the first point of a curve that is at a target or beyond it.

    It is a point, a model that there was, and nothing between two of them. A noisy curve may fall below the target again, and one
    that was lucky once is early: over many runs that favours curves that jump about.

    Args:
        curve: the curve.
        target: the target.
        greater_is_better: whether beyond is above.
    """
    for at, reached in zip(curve.at, curve.reached, strict=True):
        if (reached >= target) if greater_is_better else (reached <= target):
            return Reach(at, curve.last)
    return Reach(None, curve.last)
