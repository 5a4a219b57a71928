"""Wilcoxon's signed-rank test: whether differences lie on one side of zero, whatever the shape of their spread."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from scipy.stats import wilcoxon as signed_rank_test

EXACT_PAIRS = 13
"""Pairs up to which p-values are exact with ties too: all 2**13 ways to set the signs are tried."""

EXACT_PAIRS_WITHOUT_TIES = 50
"""Pairs up to which they are exact where no two differences are equally large."""


class SignedRank(NamedTuple):
    """What Wilcoxon's signed-rank test says (Wilcoxon, 1945).

    Attributes:
        p: the probability of such ranks, or of more lopsided ones, if differences were as likely above zero as below; 1 if all
            are zero, NaN without any.
        pairs: the differences that are ranked, which are those that are not zero.
        zeros: those that are.
        method: "exact" where the distribution of the ranks is counted out: up to 50 pairs, and up to 13 where there are ties;
            else "normal", its approximation.
        correlation: the matched-pairs rank-biserial correlation, from -1 (all below zero) to 1 (Kerby, 2014): the share of the
            ranks above zero, less that below; 0 if all are zero, NaN without any.
    """

    p: float
    pairs: int
    zeros: int
    method: Literal["exact", "normal"]
    correlation: float

    @property
    def least(self) -> float:
        """The least p-value that so many pairs can have: of five pairs it is .0625, and no test of theirs finds anything."""
        return min(1.0, 2.0 ** (1 - self.pairs))


def signed_rank(values: Sequence[float], others: Sequence[float]) -> SignedRank:
    """Return Wilcoxon's test, two-sided, of the differences of `values` from `others`.

    Zeros are left out, as Wilcoxon has it; equally large differences share the mean of their ranks.

    Args:
        values, others: a figure of runs, seed by seed; shape (pairs,) each.
    """
    differences = _rounded(values, others)
    ranked = differences[differences != 0]
    count, zeros = len(ranked), len(differences) - len(ranked)
    if count == 0:
        return SignedRank(1.0 if zeros else math.nan, 0, zeros, "exact", 0.0 if zeros else math.nan)
    ranks = rankdata(np.abs(ranked))
    tied = len(np.unique(ranks)) < count
    exact = count <= (EXACT_PAIRS if tied else EXACT_PAIRS_WITHOUT_TIES)
    # With ties, "auto" tries all signs, for as few pairs.
    method = "asymptotic" if not exact else "auto" if tied else "exact"
    p = float(signed_rank_test(ranked, zero_method="wilcox", method=method).pvalue)
    correlation = float(np.sum(ranks * np.sign(ranked)) / np.sum(ranks))
    return SignedRank(p, count, zeros, "exact" if exact else "normal", correlation)


def _rounded(values: Sequence[float], others: Sequence[float]) -> NDArray[np.float64]:
    """Return differences to twelve digits: what is equal but for rounding is a tie."""
    one, other = np.asarray(values, dtype=float), np.asarray(others, dtype=float)
    if one.shape != other.shape:
        raise ValueError(f"pairs have two values each, but there are {len(one)} and {len(other)}")
    unit = 1e-12 * float(np.max(np.abs(np.concatenate([one, other])), initial=0.0))
    if unit <= 1e-300:
        return np.asarray(one - other, dtype=float)
    return np.asarray(np.round((one - other) / unit) * unit, dtype=float)
