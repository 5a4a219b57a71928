"""The average of a falling function of a random number, by its distribution function alone."""

from collections.abc import Callable
from heapq import heappop, heappush

_SPLITS = 160
_NARROW = 1e-10


def average(value: Callable[[float], float], below: Callable[[float], float], low: float, high: float) -> float:
    """Return the mean of value(X) where X is no more than `high`, and 0 where it is more.

    The interval is split where the least is known: where the probability of a part, times the fall of the value in it, is greatest.
    So steps, of either function, are found to within a 1e10th of the interval, and of what is smooth the error is below 1e-4.

    Args:
        value: a function that does not rise, from 0 to 1; X at or below `low` counts as `low`.
        below: the distribution function of X.
        low, high: the interval.
    """
    total, least = below(low) * value(low), _NARROW * max(abs(low), abs(high))
    parts: list[tuple[float, float, float]] = []
    known = {low: (below(low), value(low)), high: (below(high), value(high))}

    def add(start: float, end: float) -> float:
        """Return what a part too narrow to be split amounts to; put any other by, the least known first."""
        (below_start, value_start), (below_end, value_end) = known[start], known[end]
        if end - start <= least:
            return (below_end - below_start) * value_start
        heappush(parts, (-(below_end - below_start) * (value_start - value_end), start, end))
        return 0.0

    total += add(low, high)
    for _ in range(_SPLITS):
        if not parts or parts[0][0] >= 0.0:
            break
        _, start, end = heappop(parts)
        middle = (start + end) / 2
        known[middle] = (below(middle), value(middle))
        total += add(start, middle) + add(middle, end)
    return total + sum((known[end][0] - known[start][0]) * (known[start][1] + known[end][1]) / 2 for _, start, end in parts)
