"""Contrasts: each level of the compared dial beside the one that the others are compared with."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scenarios.findings.quantities import Quantity
from scenarios.statistics.bootstrap import bca
from scenarios.statistics.corrections import holm
from scenarios.statistics.effects import d_z, superiority
from scenarios.statistics.estimate import ERROR, Estimate, Interval, estimate
from scenarios.statistics.paired import Paired, paired
from scenarios.statistics.wilcoxon import SignedRank, signed_rank
from scenarios.study.results import Results


class Contrast(NamedTuple):
    """How a level differs from the one that it is compared with, by one quantity, at one place or over all; seeds are pairs.

    Attributes:
        quantity: key of the quantity.
        place: number of the place in `Results.places`; None for the mean over the places.
        level, against: numbers of the levels, in `Results.levels` of the compared dial.
        mine, theirs: the means of the pairs that count, each with its own 95 % interval.
        differences: of each pair, in the order of the seeds; paired: what they say.
        interval: the 95 % interval of their mean (Student's t), for itself.
        among: the interval that goes with the family: it excludes zero just where `p_holm` is 0.05 or less.
        p: of no difference: the paired t test. NaN where there is no test: fewer than two pairs, or all of them equal.
        p_holm: corrected for the family: all levels at all places by this quantity; or all levels over all places.
        wilcoxon: the signed-rank test, by itself; wilcoxon_holm: its p-value corrected likewise.
        effect: the difference in standard deviations of a difference (d_z by Hedges).
        superiority: the share of pairs in which the level has more, ties for half; NaN without pairs.
        ratio: of the means; None if the other's is not above zero.
        dropped: seeds that one of both lacks, since its run failed or has no such figure.
        places: how many places it goes by.
    """

    quantity: str
    place: int | None
    level: int
    against: int
    mine: Estimate
    theirs: Estimate
    differences: tuple[float, ...]
    paired: Paired
    interval: Interval
    among: Interval
    p: float
    p_holm: float
    wilcoxon: SignedRank
    wilcoxon_holm: float
    effect: float
    superiority: float
    ratio: float | None
    dropped: int
    places: int

    @property
    def bca(self) -> Interval:
        """The 95 % interval of the mean difference by bootstrap (BCa), which takes milliseconds each time it is asked for."""
        return bca(self.differences)

    @property
    def real(self) -> bool:
        """Whether the difference is more than chance would show, corrected for the family."""
        return self.p_holm <= ERROR

    @property
    def shows(self) -> bool:
        """Whether the difference would be more than chance shows, if it were the only one: its interval excludes zero."""
        return self.p <= ERROR

    @property
    def tested(self) -> bool:
        """Whether there was a test: two pairs or more, not all of them equal."""
        return not math.isnan(self.p)


def contrasts(results: Results, quantity: Quantity) -> list[Contrast]:
    """Return each level beside the baseline at each place that has both: a family for each quantity.

    Args:
        results: of the study.
        quantity: by what they are compared.
    """
    return _corrected([_contrast(quantity, [pair]) for pair in _pairs(results)])


def pooled(results: Results, quantity: Quantity) -> list[Contrast]:
    """Return each level beside the baseline over all places that have both: means over the places, seed by seed.

    A seed counts only where it has a figure of both at every one of these places, so that no mean is one of other places.

    Args:
        results: of the study.
        quantity: by what they are compared.
    """
    groups: dict[int, list[_Pair]] = {}
    for pair in _pairs(results):
        groups.setdefault(pair.level, []).append(pair)
    return _corrected([_contrast(quantity, groups[level], True) for level in sorted(groups)])


def by_values(results: Results, quantity: Quantity, dials: Sequence[str]) -> list[tuple[str, int, Contrast]]:
    """Return each level beside the baseline at each value of other dials, over the places that have it: one family.

    Args:
        results: of the study.
        quantity: by what they are compared.
        dials: paths of other dials than the compared one.

    Returns:
        Dial, number of its value in `Results.levels`, and the contrast, of which `place` is None.
    """
    pairs = _pairs(results)
    found: list[tuple[str, int, Contrast]] = []
    for path in dials:
        numbers = results.level_numbers(path)
        groups: dict[tuple[int, int], list[_Pair]] = {}
        for pair in pairs:
            groups.setdefault((numbers[pair.point], pair.level), []).append(pair)
        found += [(path, value, _contrast(quantity, groups[value, level], True)) for value, level in sorted(groups)]
    corrected = _corrected([each for _, _, each in found])
    return [(path, value, each) for (path, value, _), each in zip(found, corrected, strict=True)]


class _Pair(NamedTuple):
    place: int
    level: int
    against: int
    point: int
    base: int


def _pairs(results: Results) -> list[_Pair]:
    """Return which points are compared: place by place, each level with the baseline."""
    if results.compared is None:
        return []
    against = results.levels(results.compared).index(results.baseline())
    numbers = results.level_numbers(results.compared)
    found: list[_Pair] = []
    for number, place in enumerate(results.places()):
        members = sorted((numbers[point], point) for _, point in place.members)
        theirs = next((point for level, point in members if level == against), None)
        if theirs is not None:
            found += [_Pair(number, level, against, point, theirs) for level, point in members if level != against]
    return found


def _contrast(quantity: Quantity, pairs: Sequence[_Pair], over_all: bool = False) -> Contrast:
    """Return a contrast as it is by itself, over the mean of some places."""
    there = [pair for pair in pairs if quantity.values[pair.point] and quantity.values[pair.base]] or pairs
    sides = [[quantity.values[point] for point in points] for points in zip(*((p.point, p.base) for p in there), strict=True)]
    tables = [table for side in sides for table in side]
    every = frozenset().union(*(quantity.tried[point] for p in there for point in (p.point, p.base)))
    seeds = sorted(seed for seed in every if all(seed in table for table in tables))
    mine, theirs = ([math.fsum(table[seed] for table in side) / len(side) for seed in seeds] for side in sides)
    grain = max(quantity.grains[point] for p in there for point in (p.point, p.base)) / len(there)
    found = paired(mine, theirs, grain)
    tested = found.pairs > 1 and not found.alike
    ranks = signed_rank(mine, theirs)
    interval = found.interval()
    return Contrast(
        quantity=quantity.key,
        place=None if over_all else pairs[0].place,
        level=pairs[0].level,
        against=pairs[0].against,
        mine=estimate(mine),
        theirs=estimate(theirs),
        differences=tuple(one - other for one, other in zip(mine, theirs, strict=True)),
        paired=found,
        interval=interval,
        among=interval,
        p=found.p if tested else math.nan,
        p_holm=math.nan,
        wilcoxon=ranks,
        wilcoxon_holm=math.nan,
        effect=d_z(found),
        superiority=superiority(mine, theirs),
        ratio=math.fsum(mine) / math.fsum(theirs) if seeds and math.fsum(theirs) > 0 else None,
        dropped=len(every) - len(seeds),
        places=len(there),
    )


def _corrected(found: Sequence[Contrast]) -> list[Contrast]:
    """Return contrasts of one family with their p-values corrected for how many they are."""
    tested = [at for at, each in enumerate(found) if each.tested]
    by_t, error = holm([found[at].p for at in tested])
    by_ranks, _ = holm([found[at].wilcoxon.p for at in tested])
    p = dict(zip(tested, zip(by_t, by_ranks, strict=True), strict=True))
    nothing = (math.nan, math.nan)
    return [
        each._replace(p_holm=p.get(at, nothing)[0], wilcoxon_holm=p.get(at, nothing)[1], among=each.paired.interval(error))
        for at, each in enumerate(found)
    ]
