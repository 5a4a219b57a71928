"""Families of distributions of times, compared by likelihood."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, gammainc, gammaincc, ndtr

Floats = NDArray[np.float64]
Tails = tuple[Floats, Floats]
"""Probabilities below and above some times."""

_LEAST = 1e-300
_ENOUGH = 4_000
"""Different times by which families are told apart well enough."""


class FittedFamily(NamedTuple):
    """A family at its greatest likelihood.

    Attributes:
        name: what it is called; the kind of latency, where there is one.
        parameters: by name; times in seconds, or in whatever unit they came.
        aic: Akaike's information criterion, divided by the number of times: lower is better.
    """

    name: str
    parameters: dict[str, float]
    aic: float


class _Family(NamedTuple):
    name: str
    parameters: Sequence[str]
    tails: Callable[..., Tails]
    starts: Callable[[float, float], Sequence[float]]
    """Logarithms of parameters to begin with, given the log median and the spread of log times."""


def _exponential(time: Floats, mean: float) -> Tails:
    return -np.expm1(-time / mean), np.exp(-time / mean)


def _weibull(time: Floats, median: float, shape: float) -> Tails:
    hazard = np.log(2) * (time / median) ** shape
    return -np.expm1(-hazard), np.exp(-hazard)


def _gamma(time: Floats, mean: float, shape: float) -> Tails:
    return gammainc(shape, time * shape / mean), gammaincc(shape, time * shape / mean)


def _pareto(time: Floats, median: float, shape: float) -> Tails:
    above = np.exp(-shape * np.log1p(time / median * np.expm1(np.log(2) / shape)))
    return 1 - above, above


def _log_logistic(time: Floats, median: float, shape: float) -> Tails:
    score = shape * np.log(time / median)
    return expit(score), expit(-score)


def _lognormal(time: Floats, median: float, sigma: float) -> Tails:
    score = np.log(time / median) / sigma
    return ndtr(score), ndtr(-score)


def _two(time: Floats, median: float, sigma: float, odds: float, factor: float, wander: float) -> Tails:
    below, above = _lognormal(time, median, sigma)
    below_two, above_two = _lognormal(time, median * factor, wander)
    idle = odds / (1 + odds)
    return (1 - idle) * below + idle * below_two, (1 - idle) * above + idle * above_two


_FAMILIES = (
    _Family("exponential", ("mean",), _exponential, lambda middle, spread: (middle + spread**2 / 2,)),
    _Family("weibull", ("median", "shape"), _weibull, lambda middle, spread: (middle, -np.log(spread))),
    _Family("gamma", ("mean", "shape"), _gamma, lambda middle, spread: (middle + spread**2 / 2, -2 * np.log(spread))),
    _Family("pareto", ("median", "shape"), _pareto, lambda middle, spread: (middle, 1.0)),
    _Family("log-logistic", ("median", "shape"), _log_logistic, lambda middle, spread: (middle, np.log(1.8 / spread))),
    _Family("lognormal", ("median", "sigma"), _lognormal, lambda middle, spread: (middle, np.log(spread))),
    _Family(
        "two lognormals",
        ("median", "sigma", "odds", "factor", "wander"),
        _two,
        lambda middle, spread: (middle, np.log(spread) - 0.5, -1.5, spread, np.log(spread)),
    ),
)


def fit_families(low: Floats, high: Floats) -> tuple[FittedFamily, ...]:
    """Fit each family by the likelihood of intervals, and return them, the best first.

    A time that is written in whole seconds is an interval of one second: of 3 s, that is a third. Every so-manieth of the sorted
    intervals stands for all where there are many different ones.

    Args:
        low, high: the interval in which each time lies, 0 <= low < high; shape (times,).

    Raises:
        ValueError: there are no times.
    """
    if len(low) == 0:
        raise ValueError("there are no times")
    intervals, count = np.unique(np.column_stack([low, high]), axis=0, return_counts=True)
    if len(intervals) > _ENOUGH:
        order = np.repeat(np.arange(len(intervals)), count)
        chosen = order[(np.arange(_ENOUGH) + 0.5).astype(np.intp) * len(order) // _ENOUGH]
        intervals, count = np.unique(intervals[chosen], axis=0, return_counts=True)
    bounds = (intervals[:, 0], intervals[:, 1], count / count.sum())
    middles = np.log((intervals[:, 0] + intervals[:, 1]) / 2)
    middle = float(np.repeat(middles, count)[int(count.sum()) // 2])
    spread = max(float(np.sqrt(bounds[2] @ (middles - middle) ** 2)), 1e-3)
    fitted = [_fit(family, middle, spread, len(low), *bounds) for family in _FAMILIES]
    return tuple(sorted(fitted, key=lambda each: each.aic))


def _fit(family: _Family, middle: float, spread: float, times: int, low: Floats, high: Floats, weight: Floats) -> FittedFamily:
    def loss(logs: Floats) -> float:
        with np.errstate(all="ignore"):
            parameters = np.exp(np.clip(logs, -40, 40))
            (below_low, above_low), (below_high, above_high) = family.tails(low, *parameters), family.tails(high, *parameters)
            # Differences of probabilities near 1 cancel: of the two tails, the thinner one knows better.
            inside = np.where(below_high < 0.5, below_high - below_low, above_low - above_high)
            value = -float(weight @ np.log(np.maximum(inside, _LEAST)))
        return value if np.isfinite(value) else 1e6

    start = np.array(family.starts(middle, spread))
    options = {"xatol": 1e-4, "fatol": 1e-7, "maxiter": 400 * len(start), "adaptive": True}
    found = minimize(loss, start, method="Nelder-Mead", options=options)
    parameters = dict(zip(family.parameters, map(float, np.exp(np.clip(found.x, -40, 40))), strict=True))
    return FittedFamily(family.name, parameters, 2 * float(found.fun) + 2 * len(start) / times)
