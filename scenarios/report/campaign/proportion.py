"""Shares of so many, with their intervals."""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import hypergeom

from agents.inference import scoring
from agents.inference.answers import Floats
from scenarios.statistics.corrections import holm
from scenarios.statistics.estimate import ERROR

Z = 1.959963984540054
"""The quantile of the normal distribution beyond which, either way, 5 % lie."""


class Proportion(NamedTuple):
    """A share: so many of so many, and between what the probability lies that it comes from, by a 95 % interval of Wilson's."""

    number: int
    total: int
    share: float
    low: float
    high: float


def proportion(count: int, total: int) -> Proportion:
    """Return a share and its Wilson interval (Wilson, 1927); NaN and 0 to 1 of nothing."""
    low, high = wilson(np.array([float(count)]), np.array([float(total)]))
    return Proportion(count, total, count / total if total else math.nan, float(low[0]), float(high[0]))


def wilson(count: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % score intervals of binomial proportions (Wilson, 1927); 0 and 1 where there is nothing.

    Args:
        count: of how many it is so; shape (proportions,).
        total: of how many; shape (proportions,).
    """
    many, none = np.maximum(total, 1.0), total <= 0
    low, high = scoring.wilson(count / many, many)
    return np.where(none, 0.0, low), np.where(none, 1.0, high)


def told_apart(right: Floats, total: Floats) -> list[int]:
    """Return which of several shares are too low to be those of all the others together, the lowest first.

    By one-sided exact tests against all the others (Fisher, 1922), corrected for how many there are (Holm, 1979): with a
    probability of 5 % or less, any is returned that is no worse.

    Args:
        right: of how many it is so; shape (shares,).
        total: of how many; shape (shares,).
    """
    some = np.flatnonzero(total > 0)
    if len(some) < 2:
        return []
    right, total = np.round(right[some]), total[some]
    corrected, _ = holm(hypergeom.cdf(right, total.sum(), right.sum(), total).tolist())
    found = [each for each, p in enumerate(corrected) if p <= ERROR]
    return [int(some[each]) for each in sorted(found, key=lambda each: float(right[each] / total[each]))]
