"""Sequential seeds: how many runs it takes until an interval is narrow enough."""

import math
from collections.abc import Sequence

from scenarios.statistics.estimate import ERROR, Estimate, critical, estimate, variance

_MOST = 1e9
"""Times the half-width that an interval is taken to be too wide at most: the square of more is no number that anybody runs."""


def runs_wanted(values: Sequence[float], half_width: float, error: float = ERROR) -> int:
    """Return how many runs in all a mean takes whose interval is to be so narrow: the two-stage rule of Stein (1945).

    The spread of the first runs, two or more, decides once how many are run in all: n = max(n0, ceil((t s / d)^2)), t that of the
    first runs. Their number then does not depend on the mean, so the interval is right as often as it says; who looks again after
    each run, and stops as soon as it is narrow enough, stops where the spread looks smaller than it is.

    Args:
        values: of the first runs; shape (runs,).
        half_width: half the width of the interval, d.
        error: the probability with which it is to miss.

    Returns:
        The number, the first ones among them; never fewer than those, and never more than 10**18.

    Raises:
        ValueError: there are fewer than two runs, which have no spread, or the width is not above zero.
    """
    if len(values) < 2:
        raise ValueError(f"the spread of {len(values)} runs is not known; run two or more first")
    if not half_width > 0:
        raise ValueError(f"half_width = {half_width:g}: an interval is narrower than something above zero")
    spread = math.sqrt(variance(values, math.fsum(values) / len(values)))
    return max(len(values), math.ceil(min(critical(error, len(values)) * spread / half_width, _MOST) ** 2))


def sequential_estimate(first: Sequence[float], values: Sequence[float], error: float = ERROR) -> Estimate:
    """Return the mean of all runs and half of Stein's own interval of it: t and spread are those of the first runs.

    Of normal values it holds the mean exactly as often as it says, however many runs the first ones asked for, and it is never
    wider than what `runs_wanted` was given. Student's interval of all runs is right less often after so few first runs as five: it
    is narrow where the first ones looked closer together than they are (92 times in 100, where they asked for some twenty).

    Args:
        first: the values of the first runs, which said how many there would be.
        values: those of all runs, the first ones among them.
        error: the probability with which the interval misses.

    Returns:
        The estimate; Student's where there are fewer than two first values.
    """
    if len(first) < 2 or len(values) <= len(first):
        return estimate(values, error)
    spread = math.sqrt(variance(first, math.fsum(first) / len(first)))
    return Estimate(math.fsum(values) / len(values), critical(error, len(first)) * spread / math.sqrt(len(values)))
