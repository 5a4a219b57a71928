"""Savings: by how much sooner one reaches a target than another, when not every run reaches it."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scenarios.statistics.curves import Reach
from scenarios.statistics.estimate import ERROR, Interval
from scenarios.statistics.paired import Paired, paired


class Savings(NamedTuple):
    """What one saves beside another on the way to a target, in labels, money or seconds; pair by pair.

    Attributes:
        pairs: how many seeds both have.
        both, ours, theirs, neither: in how many of them both reach the target, only the one, only the other, or nobody.
        horizon: up to where all runs of these pairs are known to have got, or to have reached the target; NaN without pairs.
        restricted: the one's less the other's, each counted up to the horizon (the restricted mean of Irwin, 1949): of all pairs,
            with nothing supposed of what was not reached. Below zero, the one is sooner. It is less of a difference than there is
            where targets are reached late or never.
        restricted_interval: of its mean.
        ratio: by which share of the other's the one comes there, the geometric mean over those pairs in which both do; NaN of none.
            Pairs that one of both never ends are not in it: it says what it takes where both succeed, not who succeeds.
        ratio_interval: of the ratio, by Student's t of the logarithms; NaN of fewer than two.
        difference: the one's less the other's, over those pairs in which both do.
        difference_interval: of its mean.
    """

    pairs: int
    both: int
    ours: int
    theirs: int
    neither: int
    horizon: float
    restricted: Paired
    restricted_interval: Interval
    ratio: float
    ratio_interval: Interval
    difference: Paired
    difference_interval: Interval


def restricted(reaches: Sequence[Reach], horizon: float) -> list[float]:
    """Return what each takes to the target, counted up to a horizon that no curve ends before without having reached it."""
    return [horizon if each.at is None else min(each.at, horizon) for each in reaches]


def horizon(reaches: Sequence[Reach]) -> float:
    """Return up to where everybody's way to the target is known; NaN of nobody.

    That is the least end of those curves that never reach it, or else the latest arrival.
    """
    ends = [each.last for each in reaches if each.at is None]
    return min(ends) if ends else max((each.at for each in reaches if each.at is not None), default=math.nan)


def savings(ours: Mapping[int, Reach], theirs: Mapping[int, Reach], error: float = ERROR) -> Savings:
    """Return what one saves beside another on the way to a target.

    Args:
        ours, theirs: when each run reaches it, by seed; seeds that only one has do not count.
        error: the probability with which an interval misses.
    """
    seeds = sorted(ours.keys() & theirs.keys())
    pairs = [(ours[seed], theirs[seed]) for seed in seeds]
    limit = horizon([each for pair in pairs for each in pair])
    cut = paired(restricted([one for one, _ in pairs], limit), restricted([other for _, other in pairs], limit))
    arrived = [(one.at, other.at) for one, other in pairs if one.at is not None and other.at is not None]
    difference = paired([one for one, _ in arrived], [other for _, other in arrived])
    logs = paired(*_logarithms(arrived))
    low, high = logs.interval(error)
    return Savings(
        pairs=len(pairs),
        both=len(arrived),
        ours=sum(one.at is not None and other.at is None for one, other in pairs),
        theirs=sum(one.at is None and other.at is not None for one, other in pairs),
        neither=sum(one.at is None and other.at is None for one, other in pairs),
        horizon=limit,
        restricted=cut,
        restricted_interval=cut.interval(error),
        ratio=math.exp(logs.mean),
        ratio_interval=Interval(math.exp(low), math.exp(high)),
        difference=difference,
        difference_interval=difference.interval(error),
    )


def _logarithms(arrived: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return logarithms, of pairs of which neither is there from the start: nothing is no share of nothing."""
    some = [(one, other) for one, other in arrived if one > 0 and other > 0]
    return [math.log(one) for one, _ in some], [math.log(other) for _, other in some]
