"""Bootstrap intervals: what resampling the runs says of a mean, whatever the shape of their spread."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import bootstrap

from bus.chance import Chance
from scenarios.statistics.estimate import ERROR, Interval

RESAMPLES = 9_999
"""Resamples that an interval goes by: ends of a 95 % interval then are steady to about a hundredth of its width."""


def bca(values: Sequence[float], error: float = ERROR, resamples: int = RESAMPLES) -> Interval:
    """Return the bias-corrected and accelerated bootstrap interval of a mean (BCa: Efron, 1987).

    It follows the skewness of the values, which Student's interval does not. Of few values it is too narrow, as every bootstrap is
    that only knows those: of normal ones, its 95 % interval holds the mean 83 times in 100 by five values, 89 by ten, 93 by thirty.
    Below thirty, go by Student's. The same values give the same interval.

    Args:
        values: of independent runs; shape (runs,).
        error: the probability with which the interval is to miss.
        resamples: how often the values are drawn anew.

    Returns:
        The interval; NaN of fewer than two values, and of no width where all are equal.
    """
    count = len(values)
    if count < 2:
        return Interval(math.nan, math.nan)
    centre = math.fsum(values) / count
    reach = max(abs(value - centre) for value in values)
    if reach <= 1e-12 * max(map(abs, values)):
        return Interval(centre, centre)
    # In units of their own reach, as sums of squares and cubes of very small values vanish.
    scaled = (np.asarray(values, dtype=float) - centre) / reach
    rng = Chance(0).stream("statistics", "bootstrap")
    found = bootstrap((scaled,), np.mean, n_resamples=resamples, confidence_level=1 - error, method="BCa", rng=rng)
    low, high = (float(each) for each in found.confidence_interval)
    return Interval(centre + reach * low, centre + reach * high)


def bca_paired(values: Sequence[float], others: Sequence[float], error: float = ERROR, resamples: int = RESAMPLES) -> Interval:
    """Return the BCa interval of the mean difference of `values` from `others`, pair by pair; see `bca`.

    Args:
        values, others: a figure of runs, seed by seed; shape (pairs,) each.
    """
    return bca([value - other for value, other in zip(values, others, strict=True)], error, resamples)
