"""Estimates: the mean of runs, and how far it may be off."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.special import stdtrit

ERROR = 0.05
"""The probability that an interval misses, and that something is found which is not there."""


class Interval(NamedTuple):
    """An interval from its lower end to its upper one; NaN where it is not defined."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half its width."""
        return (self.high - self.low) / 2


class Estimate(NamedTuple):
    """A mean over runs, and half the width of its 95 % confidence interval (Student's t); NaN where it is not defined."""

    mean: float
    half_width: float

    @property
    def interval(self) -> Interval:
        """The interval itself."""
        return Interval(self.mean - self.half_width, self.mean + self.half_width)


def estimate(values: Sequence[float], error: float = ERROR) -> Estimate:
    """Return the mean of independent values and half its confidence interval (Student, 1908).

    Args:
        values: shape (runs,).
        error: the probability with which the interval misses.
    """
    count = len(values)
    if count == 0:
        return Estimate(math.nan, math.nan)
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, math.nan)
    if max(values) == min(values):
        # What is left of sums that should be zero is no spread.
        return Estimate(values[0], 0.0)
    return Estimate(mean, critical(error, count) * math.sqrt(variance(values, mean) / count))


def critical(error: float, count: int) -> float:
    """Return how many standard errors a t interval of so many values, 2 or more, reaches to either side."""
    return -float(stdtrit(count - 1, error / 2))


def variance(values: Sequence[float], mean: float) -> float:
    """Return the unbiased variance of two or more values, of which the mean is known already."""
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
