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
