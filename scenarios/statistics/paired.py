"""Pairs: what runs with the same seeds say of a difference."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.special import stdtr
from scipy.stats import nct

from scenarios.statistics.estimate import ERROR, Interval, critical, variance

POWER = 0.8
"""The probability with which a difference is to be found, where it is said how many pairs would find it."""

MOST_PAIRS = 10_000
"""Pairs beyond which nobody is told how many would be needed."""


class Paired(NamedTuple):
    """What pairs of runs with the same seeds say of a difference (Student, 1908).

    Attributes:
        pairs: how many there are.
        mean: their mean difference; NaN if there are none.
        spread: the standard deviation of a difference; NaN if there are fewer than two.
        alike: whether all pairs are equal, to the last digit.
        constant: whether all pairs differ by the same, to a rounding error.
    """

    pairs: int
    mean: float
    spread: float
    alike: bool
    constant: bool

    @property
    def p(self) -> float:
        """The probability of so large a mean, either way, if there were no difference: the paired t test; NaN without a spread."""
        if math.isnan(self.spread):
            return math.nan
        if self.alike:
            return 1.0
        return 2 * float(stdtr(self.pairs - 1, -abs(self.mean) / self.spread * math.sqrt(self.pairs)))

    def interval(self, error: float = ERROR) -> Interval:
        """Return the confidence interval that misses the difference with a probability of `error`; NaN without a spread."""
        if math.isnan(self.spread):
            return Interval(math.nan, math.nan)
        half = 0.0 if self.alike else critical(error, self.pairs) * self.spread / math.sqrt(self.pairs)
        return Interval(self.mean - half, self.mean + half)

    def pairs_needed(self, error: float = ERROR) -> int | None:
        """Return how many pairs find such a difference, if it and its spread are as they look, with a probability of .8.

        By the noncentral t distribution (Johnson and Welch, 1940).

        Returns:
            The number; None if there is no difference to find, no spread to go by, or if MOST_PAIRS do not suffice.
        """
        effect = 0.0 if self.alike else abs(self.mean) / self.spread
        if not effect > 0 or _power(effect, MOST_PAIRS, error) < POWER:
            return None
        low, high = 1, MOST_PAIRS
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if _power(effect, middle, error) >= POWER else (middle, high)
        return high


def paired(values: Sequence[float], others: Sequence[float], grain: float = 0.0) -> Paired:
    """Return what pairs say of the difference of `values` from `others`.

    Where all pairs differ by the same amount, their spread is not known to be nothing: figures are no finer than their grain, and
    two runs may differ by one item twice. So the spread is taken to be at least that of rounding to the grain (Sheppard, 1898).

    Args:
        values, others: a figure of runs, seed by seed; shape (pairs,) each.
        grain: the least by which two such figures can differ.
    """
    differences = [value - other for value, other in zip(values, others, strict=True)]
    count = len(differences)
    if count == 0:
        return Paired(0, math.nan, math.nan, False, False)
    mean = math.fsum(differences) / count
    alike = all(value == other for value, other in zip(values, others, strict=True))
    if count == 1:
        return Paired(1, mean, math.nan, alike, True)
    if alike:
        return Paired(count, 0.0, 0.0, True, True)
    # What is left of sums that should be zero is no spread.
    least = max(1e-12 * max(map(abs, (*values, *others))), 1e-300)
    seen = math.sqrt(variance(differences, mean))
    return Paired(count, mean, max(seen, grain / math.sqrt(12), least), False, seen <= least)


def _power(effect: float, count: int, error: float) -> float:
    """Return the probability that so many pairs find an effect, in standard deviations, with its sign."""
    return 0.0 if count < 2 else float(nct.sf(critical(error, count), count - 1, effect * math.sqrt(count)))
