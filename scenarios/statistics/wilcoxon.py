"""Wilcoxon's signed-rank test: whether differences lie on one side of zero, whatever the shape of their spread."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from scipy.stats import wilcoxon as signed_rank_test

EXACT_PAIRS = 50
"""Pairs up to which the distribution of the ranks is counted out, with ties as without."""


class SignedRank(NamedTuple):
    """What Wilcoxon's signed-rank test says (Wilcoxon, 1945).

    Attributes:
        p: the probability of such ranks, or of more lopsided ones, if differences were as likely above zero as below; 1 if all
            are zero, NaN without any.
        pairs: the differences that are ranked, which are those that are not zero.
        zeros: those that are.
        method: "exact" where all ways to set the signs are counted, ties among them: up to 50 pairs; else "normal", SciPy's
            approximation, with its correction for ties.
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
    exact = count <= EXACT_PAIRS
    if exact:
        p = _counted(ranks, float(np.sum(ranks[ranked > 0])))
    else:
        p = float(signed_rank_test(ranked, zero_method="wilcox", method="asymptotic").pvalue)
    correlation = float(np.sum(ranks * np.sign(ranked)) / np.sum(ranks))
    return SignedRank(p, count, zeros, "exact" if exact else "normal", correlation)


def _counted(ranks: NDArray[np.float64], above: float) -> float:
    """Return the exact two-sided p-value of a sum of the ranks above zero: twice the smaller tail, at most 1.

    Ranks that are shared are halves, so twice their sum is a whole number, and each way to set the signs adds to one of those
    counts: at most 2**50, which floats hold exactly.
    """
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] += ways[:-rank].copy()
    at = round(2 * above)
    tail = min(ways[: at + 1].sum(), ways[at:].sum())
    return min(1.0, 2.0 * float(tail) / 2.0 ** len(ranks))


def _rounded(values: Sequence[float], others: Sequence[float]) -> NDArray[np.float64]:
    """Return differences to twelve digits: what is equal but for rounding is a tie."""
    one, other = np.asarray(values, dtype=float), np.asarray(others, dtype=float)
    if one.shape != other.shape:
        raise ValueError(f"pairs have two values each, but there are {len(one)} and {len(other)}")
    unit = 1e-12 * float(np.max(np.abs(np.concatenate([one, other])), initial=0.0))
    if unit <= 1e-300:
        return np.asarray(one - other, dtype=float)
    return np.asarray(np.round((one - other) / unit) * unit, dtype=float)
