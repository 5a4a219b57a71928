"""Sequential seeds: how many runs it takes until an interval is narrow enough."""

import math
from collections.abc import Sequence

from scenarios.statistics.estimate import ERROR, critical, variance


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
        The number, the first ones among them; never fewer than those.

    Raises:
        ValueError: there are fewer than two runs, which have no spread, or the width is not above zero.
    """
    if len(values) < 2:
        raise ValueError(f"the spread of {len(values)} runs is not known; run two or more first")
    if not half_width > 0:
        raise ValueError(f"half_width = {half_width:g}: an interval is narrower than something above zero")
    spread = math.sqrt(variance(values, math.fsum(values) / len(values)))
    return max(len(values), math.ceil((critical(error, len(values)) * spread / half_width) ** 2))


def stein_half_width(first: Sequence[float], runs: int, error: float = ERROR) -> float:
    """Return half the width of Stein's own interval of the mean of all runs: t and spread are those of the first ones.

    It holds the mean exactly as often as it says, of normal values, and is never wider than what `runs_wanted` was asked for.

    Args:
        first: the values of the first runs, two or more.
        runs: how many there are in all.
        error: the probability with which it misses.
    """
    spread = math.sqrt(variance(first, math.fsum(first) / len(first)))
    return critical(error, len(first)) * spread / math.sqrt(runs)
