"""Corrections: p-values of many tests, so that not every twentieth finds what is not there."""

from collections.abc import Sequence

from scenarios.statistics.estimate import ERROR


def holm(ps: Sequence[float], error: float = ERROR) -> tuple[list[float], float]:
    """Return p-values corrected for how many they are, and the error that is left for each interval (Holm, 1979).

    At most `error` is the probability that any difference of zero is found to be other than zero. An interval that misses with the
    returned probability excludes zero just where the corrected p-value is below `error`: of m differences of which r are found,
    that is error / (m - r), so intervals are never narrower than those of a single difference.

    Args:
        ps: of independent or dependent tests; shape (tests,).
        error: the probability of one wrong finding or more.
    """
    count, corrected, so_far, found = len(ps), [0.0] * len(ps), 0.0, 0
    for rank, index in enumerate(sorted(range(count), key=ps.__getitem__)):
        so_far = max(so_far, min(1.0, (count - rank) * ps[index]))
        corrected[index] = so_far
        found += so_far <= error
    return corrected, error / max(1, count - found)
