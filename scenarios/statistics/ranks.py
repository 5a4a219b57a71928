"""Ranks: who comes first over many places, and who cannot be told apart there (Demšar, 2006)."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, f, rankdata, studentized_range

from scenarios.statistics.corrections import holm
from scenarios.statistics.estimate import ERROR
from scenarios.statistics.wilcoxon import signed_rank

Method = Literal["nemenyi", "wilcoxon-holm"]
"""How pairs are told apart: by a critical distance of mean ranks, or by signed ranks of each pair, corrected by Holm."""


class Friedman(NamedTuple):
    """Friedman's test: whether mean ranks differ by more than chance; NaN where there are fewer than two of either.

    Attributes:
        chi2: his statistic (Friedman, 1937), with the correction for ties; p_chi2: its p-value, of k - 1 degrees of freedom.
        f: that of Iman and Davenport (1980), which is less timid; infinite where all blocks agree.
        p: its p-value, of k - 1 and (k - 1)(N - 1) degrees of freedom: the one to go by.
    """

    chi2: float
    p_chi2: float
    f: float
    p: float


class Ranking(NamedTuple):
    """Treatments in blocks, by their ranks.

    Attributes:
        mean_ranks: of each treatment, 1 the best; shape (treatments,). NaN without blocks.
        blocks: how many there are, whole ones.
        dropped: blocks that lacked a value, and do not count.
        friedman: whether the ranks differ at all.
        method: how pairs are told apart.
        distance: the critical distance of mean ranks (Nemenyi, 1963); NaN by the other method, and without two blocks.
        p: of each pair, 1 of each with itself; shape (treatments, treatments). Nemenyi's, or Wilcoxon's corrected by Holm.
        groups: treatments of which no two are told apart: indices, as many together as can be, two or more, the best first.
        error: the probability with which anybody is told apart who is not different.
    """

    mean_ranks: tuple[float, ...]
    blocks: int
    dropped: int
    friedman: Friedman
    method: Method
    distance: float
    p: tuple[tuple[float, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    error: float


def ranking(
    blocks: Sequence[Sequence[float | None]], *, greater_is_better: bool = True, method: Method = "nemenyi", error: float = ERROR
) -> Ranking:
    """Return the mean ranks of treatments over blocks, and which of them differ.

    Args:
        blocks: a row a block (a data set, a place of a study, a seed), a value for each treatment; shape (blocks, treatments). A
            block with None or NaN in it is dropped.
        greater_is_better: whether the greatest value has rank 1. Ties share the mean of their ranks.
        method: how pairs are told apart.
        error: the probability with which anybody is told apart who is not different.
    """
    whole = [row for row in blocks if all(value is not None and not math.isnan(value) for value in row)]
    treatments = len(blocks[0]) if blocks else 0
    values = np.array(whole, dtype=float).reshape(len(whole), treatments)
    ranks = rankdata(-values if greater_is_better else values, axis=1) if len(whole) else values
    means = tuple(float(mean) for mean in ranks.mean(axis=0)) if len(whole) else (math.nan,) * treatments
    distance = critical_distance(treatments, len(whole), error) if method == "nemenyi" else math.nan
    p = _nemenyi(means, len(whole)) if method == "nemenyi" else _wilcoxon_holm(values)
    # By the distance itself where there is one: a p-value on the brink is not to say otherwise than the picture.
    groups = _stretches(means, distance) if method == "nemenyi" else _cliques(means, p, error)
    return Ranking(means, len(whole), len(blocks) - len(whole), friedman(ranks), method, distance, p, groups, error)


def friedman(ranks: NDArray[np.float64]) -> Friedman:
    """Return Friedman's test of ranks within blocks, of shape (blocks, treatments).

    With chi2 = (k - 1) sum_j (R_j - N (k + 1) / 2)^2 / (sum_ij r_ij^2 - N k (k + 1)^2 / 4), where R_j are sums of ranks (Conover,
    1999, with ties), and F = (N - 1) chi2 / (N (k - 1) - chi2).
    """
    count, treatments = ranks.shape
    if count < 2 or treatments < 2:
        return Friedman(math.nan, math.nan, math.nan, math.nan)
    spread = float(np.sum(ranks**2)) - count * treatments * (treatments + 1) ** 2 / 4
    if spread <= 1e-9:
        return Friedman(0.0, 1.0, 0.0, 1.0)
    between = float(np.sum((ranks.sum(axis=0) - count * (treatments + 1) / 2) ** 2))
    statistic = (treatments - 1) * between / spread
    left = count * (treatments - 1) - statistic
    ratio = math.inf if left <= 1e-9 * count else (count - 1) * statistic / left
    freedom = treatments - 1
    return Friedman(statistic, float(chi2.sf(statistic, freedom)), ratio, float(f.sf(ratio, freedom, freedom * (count - 1))))


def critical_value(treatments: int, error: float = ERROR) -> float:
    """Return Nemenyi's q: the upper quantile of the studentised range of so many means, over the square root of 2."""
    return float(studentized_range.isf(error, treatments, math.inf)) / math.sqrt(2) if treatments > 1 else math.nan


def critical_distance(treatments: int, blocks: int, error: float = ERROR) -> float:
    """Return by how much mean ranks must differ: q sqrt(k (k + 1) / (6 N)); NaN of fewer than two blocks or treatments."""
    if blocks < 2 or treatments < 2:
        return math.nan
    return critical_value(treatments, error) * math.sqrt(treatments * (treatments + 1) / (6 * blocks))


def _nemenyi(means: Sequence[float], blocks: int) -> tuple[tuple[float, ...], ...]:
    count = len(means)
    if blocks < 2:
        return tuple((1.0,) * count for _ in means)
    standard = math.sqrt(count * (count + 1) / (6 * blocks))
    # The distribution takes a millisecond a value, so none is asked for twice.
    gaps, where = np.unique(np.round(np.abs(np.subtract.outer(means, means)), 12), return_inverse=True)
    tails = studentized_range.sf(gaps / standard * math.sqrt(2), count, math.inf) if count > 1 else np.ones(len(gaps))
    p = np.clip(tails, 0.0, 1.0)[where].reshape(count, count)
    np.fill_diagonal(p, 1.0)
    return tuple(tuple(float(each) for each in row) for row in p)


def _wilcoxon_holm(values: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    blocks, count = values.shape
    pairs = [*combinations(range(count), 2)]
    found = [signed_rank([*values[:, a]], [*values[:, b]]).p if blocks else 1.0 for a, b in pairs]
    corrected, _ = holm(found)
    table = np.ones((count, count))
    for (a, b), p in zip(pairs, corrected, strict=True):
        table[a, b] = table[b, a] = p
    return tuple(tuple(float(each) for each in row) for row in table)


def _stretches(means: Sequence[float], distance: float) -> tuple[tuple[int, ...], ...]:
    """Return the longest stretches, of two or more, of treatments in the order of their ranks whose ends are less far apart."""
    order = _ordered(means)
    found: list[tuple[int, ...]] = []
    begin = 0
    for end, last in enumerate(order):
        following = order[end + 1] if end + 1 < len(order) else None
        while means[last] - means[order[begin]] >= distance:
            begin += 1
        # A stretch that the next one still belongs to is part of a longer one.
        if end > begin and (following is None or means[following] - means[order[begin]] >= distance):
            found.append(tuple(order[begin : end + 1]))
    return tuple(found)


def _cliques(means: Sequence[float], p: Sequence[Sequence[float]], error: float) -> tuple[tuple[int, ...], ...]:
    """Return the maximal cliques, of two or more, of treatments not told apart (Bron and Kerbosch, 1973, with a pivot)."""
    order = _ordered(means)
    place = {at: number for number, at in enumerate(order)}
    beside = {a: {b for b in order if b != a and p[a][b] > error} for a in order}
    found: list[list[int]] = []
    waiting: list[tuple[set[int], set[int], set[int]]] = [(set(), set(order), set())]
    while waiting:
        clique, candidates, done = waiting.pop()
        if not candidates and not done:
            found.append(sorted(place[at] for at in clique))
            continue
        pivot = max(candidates | done, key=lambda at: len(beside[at] & candidates))
        for at in candidates - beside[pivot]:
            waiting.append((clique | {at}, candidates & beside[at], done & beside[at]))
            candidates = candidates - {at}
            done = done | {at}
    return tuple(tuple(order[number] for number in each) for each in sorted(found) if len(each) > 1)


def _ordered(means: Sequence[float]) -> list[int]:
    return sorted(range(len(means)), key=lambda at: (means[at], at))
