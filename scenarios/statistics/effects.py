"""Effect sizes: how large a difference is, beside the spread of runs; numbers without a unit."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from scenarios.statistics.paired import Paired


def d_z(pairs: Paired) -> float:
    """Return the mean difference in standard deviations of a difference, corrected for small samples: Hedges' g_z.

    Cohen's d_z (Cohen, 1988) is too large of few pairs, by a factor that Hedges (1981) gives in closed form.

    Returns:
        The effect; 0 where all pairs are equal, infinite where they differ by the same, and NaN of fewer than two.
    """
    if math.isnan(pairs.spread):
        return math.nan
    if pairs.alike:
        return 0.0
    if pairs.constant:
        return math.copysign(math.inf, pairs.mean) if pairs.mean else 0.0
    return hedges(pairs.pairs - 1) * pairs.mean / pairs.spread


def hedges(freedom: int) -> float:
    """Return what a standardised difference is multiplied with so that it is right on average (Hedges, 1981).

    Args:
        freedom: degrees of freedom of the standard deviation, 1 or more; of 1 it is 0, as no mean exists there.
    """
    if freedom < 2:
        return 0.0
    return math.exp(float(gammaln(freedom / 2) - gammaln((freedom - 1) / 2))) / math.sqrt(freedom / 2)


def superiority(values: Sequence[float], others: Sequence[float]) -> float:
    """Return in which share of the pairs `values` is above `others`, a tie counting for half (Grissom and Kim, 2012).

    Args:
        values, others: a figure of runs, seed by seed; shape (pairs,) each.

    Returns:
        The share; NaN without pairs.
    """
    pairs = [*zip(values, others, strict=True)]
    if not pairs:
        return math.nan
    return sum(1.0 if value > other else 0.5 if value == other else 0.0 for value, other in pairs) / len(pairs)


def cliffs_delta(values: Sequence[float], others: Sequence[float]) -> float:
    """Return how much more probable it is that one of `values` is above one of `others` than below it (Cliff, 1993).

    It pairs everybody with everybody, for samples that share no seeds; see `superiority` for those that do.

    Args:
        values, others: shapes (runs,) and (other runs,).

    Returns:
        From -1 to 1; NaN if one of both is empty.
    """
    if not values or not others:
        return math.nan
    signs = np.sign(np.subtract.outer(np.asarray(values, dtype=float), np.asarray(others, dtype=float)))
    return float(np.mean(signs))
