"""How far apart two samples are."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def kolmogorov_smirnov(one: Floats, other: Floats) -> float:
    """Return the greatest difference between the distribution functions of two samples (Kolmogorov, 1933; Smirnov, 1939).

    Raises:
        ValueError: a sample is empty.
    """
    if len(one) == 0 or len(other) == 0:
        raise ValueError("a sample is empty")
    one, other = np.sort(one), np.sort(other)
    both = np.concatenate([one, other])
    below_one = np.searchsorted(one, both, side="right") / len(one)
    below_other = np.searchsorted(other, both, side="right") / len(other)
    return float(np.abs(below_one - below_other).max())


def of_each(group: NDArray[np.intp], one: Floats, other: Floats, least: int) -> Floats:
    """Return the distance within each group that has `least` values or more; shape (such groups,).

    Args:
        group: group of each value of both samples; shape (values,).
        one, other: two samples of the same groups; shape (values,).
        least: values from which a group is looked at.
    """
    count = np.bincount(group)
    kept = (count >= least)[group]
    group, one, other = group[kept], one[kept], other[kept]
    if len(group) == 0:
        return np.zeros(0)
    both, value = np.concatenate([group, group]), np.concatenate([one, other])
    step = np.concatenate([np.ones(len(group)), -np.ones(len(group))]) / count[both]
    order = np.lexsort((value, both))
    both, value, apart = both[order], value[order], np.cumsum(step[order])
    last = np.append((both[1:] != both[:-1]) | (value[1:] != value[:-1]), True)
    starts = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
    # Both samples of a group are as large, so that the sum is 0 again, but for rounding, where a group ends.
    return np.asarray(np.maximum.reduceat(np.where(last, np.abs(apart), 0.0), starts))
