"""An outlook: at how many labels a candidate would come to the targets, and what that would cost, by the runs there are."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import nct, norm
from scipy.stats import t as student_t

from scenarios.planning.reading import Reading, Values
from scenarios.planning.targets import Targets

LIKELY = 0.8
"""How sure one is to be that the targets are missed no more often than allowed, before a candidate is proposed."""

_HARDLY, _SURELY = 0.1, 0.9
"""How sure one is of what is taken for possible, and of what is taken for certain."""

_BORROWED = 4
"""Runs' worth of spread that a candidate borrows of the others: of two runs alone, nobody knows a spread."""


class Stop(NamedTuple):
    """Where a campaign would end: the place among the numbers of labels, and means of its figures there."""

    at: int
    accuracy: float
    cost: float
    seconds: float


class Outlook(NamedTuple):
    """What the runs of a candidate promise.

    Attributes:
        possible: the earliest end at which it may come to the targets, and the least that this may cost and take.
        middling: the earliest at which it comes to them, for all one knows.
        likely: the earliest at which it probably does: with probability LIKELY, it misses none of them too often.
        certain: the earliest at which it surely does, and the most that this may cost and take.
        nearest: the end at which it misses them by least.
        short: by how much, as a share of what is allowed; 0 or less, if it comes to them on average.
    """

    possible: Stop | None
    middling: Stop | None
    likely: Stop | None
    certain: Stop | None
    nearest: Stop
    short: float

    @property
    def end(self) -> Stop:
        """Where it would end: as early as it probably, or else on average, comes to the targets; or else where it comes nearest."""
        return self.likely or self.middling or self.nearest

    @property
    def reaches(self) -> Literal["likely", "perhaps", "no"]:
        """Whether it comes to the targets."""
        return "likely" if self.likely else "perhaps" if self.possible else "no"


def outlooks(readings: Mapping[int, Sequence[Reading]], targets: Targets) -> dict[int, Outlook]:
    """Return the outlook of each candidate; none for those whose runs did not all come to the first number of labels.

    Accuracy is taken to grow with labels (isotonic regression; Barlow et al., 1972), so that no lucky swing of a curve is taken for
    an end. How many labels are enough, so that a share of campaigns misses and no more, is told by a one-sided tolerance limit of
    the normal distribution, by noncentral t (Owen, 1968). A candidate's variances are moderated by the mean of all (Smyth, 2004,
    with _BORROWED degrees of freedom).

    Args:
        readings: of each candidate, the runs: as many of each, two at least.
        targets: the targets.
    """
    keys = [key for key, runs in readings.items() if np.isfinite([run.accuracy for run in runs]).all(axis=0).any()]
    if not keys:
        return {}
    accuracy, cost, seconds = (
        np.array([[getattr(run, figure) for run in readings[key]] for key in keys]) for figure in Reading._fields
    )
    runs = accuracy.shape[1]
    means = [values.mean(axis=1) for values in (accuracy, cost, seconds)]
    means[0] = np.array([_growing(row) for row in means[0]])
    scales = [np.ones_like(means[0]), means[1], means[2]]
    spreads = [_spread(values, scale) * scale for values, scale in zip((accuracy, cost, seconds), scales, strict=True)]
    return {
        key: _outlook([each[at] for each in means], [each[at] for each in spreads], runs, targets) for at, key in enumerate(keys)
    }


def _outlook(means: list[Values], spreads: list[Values], runs: int, targets: Targets) -> Outlook:
    short = _shortfall(means, targets)
    nearest = int(np.nanargmin(np.where(np.isnan(short), np.inf, short)))

    def first(confidence: float, bound: float) -> Stop | None:
        met = _is_met(means, spreads, runs, targets, confidence)
        return _stop(int(np.argmax(met)), means, spreads, runs, bound) if met.any() else None

    return Outlook(
        first(_HARDLY, -1.0), first(0.5, 0.0), first(LIKELY, 0.0), first(_SURELY, 1.0),
        _stop(nearest, means, spreads, runs, 0.0), float(short[nearest]),
    )  # fmt: skip


def _stop(at: int, means: list[Values], spreads: list[Values], runs: int, bound: float) -> Stop:
    """Return an end with its means, or with a bound of its cost and time."""
    half = bound * float(student_t.isf(1 - _SURELY, runs + _BORROWED - 1)) / np.sqrt(runs)
    cost, seconds = (float(max(0.0, means[place][at] + half * spreads[place][at])) for place in (1, 2))
    return Stop(at, float(means[0][at]), cost, seconds)


def _is_met(means: list[Values], spreads: list[Values], runs: int, targets: Targets, confidence: float) -> NDArray[np.bool_]:
    """Return whether, at so much confidence, no target is missed more often than allowed; shape (numbers of labels,)."""
    freedom, quantile = runs + _BORROWED - 1, float(norm.isf(targets.risk)) * np.sqrt(runs)
    factor = float(nct.ppf(confidence, freedom, quantile)) / np.sqrt(runs)
    met: NDArray[np.bool_] = means[0] - factor * spreads[0] >= targets.accuracy
    for place, target in ((1, targets.budget), (2, targets.deadline)):
        if target is not None:
            met &= means[place] + factor * spreads[place] <= target
    return met


def _shortfall(means: list[Values], targets: Targets) -> Values:
    """Return by what share the worst of the targets is missed: errors, money or time beyond what is allowed."""
    shares = [(1 - means[0]) / (1 - targets.accuracy)]
    for place, target in ((1, targets.budget), (2, targets.deadline)):
        if target is not None:
            shares.append(means[place] / target)
    worst: Values = np.max(shares, axis=0) - 1
    return worst


def _growing(means: Values) -> Values:
    known = np.isfinite(means)
    grown = means.copy()
    if known.sum() > 1:
        grown[known] = isotonic_regression(means[known]).x
    return grown


def _spread(values: Values, scale: Values) -> Values:
    """Return moderated standard deviations of values as shares of a scale; values have the shape (candidates, runs, labels)."""
    runs = values.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / np.where(scale > 0, scale, np.nan)[:, None, :]
        own = shares.var(axis=1, ddof=1)
    counts = np.isfinite(own).sum(axis=0)
    common = np.where(counts > 0, np.nansum(own, axis=0) / np.maximum(counts, 1), 0.0)
    own = np.where(np.isfinite(own), own, common)
    moderated: Values = np.sqrt((_BORROWED * common + (runs - 1) * own) / (_BORROWED + runs - 1))
    return moderated
