"""Dials: what the other dials of a study do, and which of them changes who wins."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeGuard

import numpy as np
from scipy.stats import spearmanr

from scenarios.findings.quantities import Quantity
from scenarios.statistics.corrections import holm
from scenarios.statistics.estimate import ERROR, Estimate, Interval, estimate
from scenarios.statistics.paired import Paired, paired
from scenarios.study.results import Place, Results
from scenarios.study.variation import Settings

MOST_LEVELS = 12
"""Levels of a dial beyond which it is told as a range: by the correlation of ranks, and not level by level."""


class DialEffect(NamedTuple):
    """What a dial does to a quantity, whatever else is set.

    Attributes:
        dial: its path.
        means: of each of its levels, over the points that have it, with their 95 % intervals over seeds; shape (levels,).
        lowest, highest: numbers of the levels with the least mean and the greatest; None if there are no figures.
        paired: the greatest less the least, seed by seed. Which levels these are was chosen by the same figures, so that of many
            levels that differ by chance alone the interval is too narrow.
        interval: the 95 % interval of its mean.
        share: how much of the variance between points goes with the dial, from 0 to 1: eta squared; or, beyond MOST_LEVELS levels,
            the square of the correlation.
        correlation: Spearman's, over the points, where levels are numbers and there are three or more; else NaN.
    """

    dial: str
    means: tuple[Estimate, ...]
    lowest: int | None
    highest: int | None
    paired: Paired
    interval: Interval
    share: float
    correlation: float


class Interaction(NamedTuple):
    """Whether it depends on a dial how levels of the compared one differ, or even who wins.

    Attributes:
        dial: its path.
        winners: at each of its levels, the number of the best level of the compared dial by the mean over the other dials; None
            where not all of them have figures.
        turns: whether one level beats another at one level of the dial, and the other beats it at another, both beyond chance (by
            the paired t test, corrected for all that won anywhere).
        level: the level of the compared dial whose difference from the baseline depends most on the dial.
        between: the two levels of the dial between which it differs most.
        paired: by how much: the difference at the second less that at the first, seed by seed.
        interval: the 95 % interval of its mean.
        p_holm: its p-value (paired t), corrected for every level and every two levels of the dial that were looked at.
    """

    dial: str
    winners: tuple[int | None, ...]
    turns: bool
    level: int
    between: tuple[int, int]
    paired: Paired
    interval: Interval
    p_holm: float

    @property
    def changes_the_winner(self) -> bool:
        """Whether not the same level is best everywhere, be it by chance."""
        return len({*self.winners} - {None}) > 1

    @property
    def real(self) -> bool:
        """Whether it is more than chance would show, corrected for the family."""
        return self.p_holm <= ERROR


def dial_effects(results: Results, quantity: Quantity) -> list[DialEffect]:
    """Return what each dial but the compared one does, the most important first; every dial where nothing is compared.

    Args:
        results: of the study.
        quantity: what it does it to.
    """
    comparing = compares(results)
    others = [path for path in results.told() if path != results.compared or not comparing]
    found = [_effect(results, quantity, path) for path in others]
    return sorted(found, key=lambda each: -each.share if math.isfinite(each.share) else 1.0)


def interactions(results: Results, quantity: Quantity) -> list[Interaction]:
    """Return for each dial but the compared one whether it changes how levels differ; of dials with few levels only.

    Args:
        results: of the study.
        quantity: by what they differ.
    """
    if not compares(results):
        return []
    others = [path for path in results.told() if path != results.compared and len(results.levels(path)) <= MOST_LEVELS]
    return [each for path in others if (each := _interaction(results, quantity, path)) is not None]


def compares(results: Results) -> bool:
    """Return whether there is a place where levels are compared one by one, and not a dial with very many numbers as its levels."""
    if results.compared is None:
        return False
    levels = results.levels(results.compared)
    return (len(levels) <= MOST_LEVELS or not all(map(_is_number, levels))) and any(
        len(each.members) > 1 for each in results.places()
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _effect(results: Results, quantity: Quantity, path: str) -> DialEffect:
    levels = results.levels(path)
    few = len(levels) <= MOST_LEVELS
    points = [[at for at, settings in enumerate(results.points) if settings[path] == level] for level in levels] if few else []
    tables = [_over(quantity, each) for each in points]
    means = tuple(estimate([*table.values()]) for table in tables)
    known = [at for at, mean in enumerate(means) if not math.isnan(mean.mean)]
    lowest = min(known, key=lambda at: means[at].mean, default=None)
    highest = max(known, key=lambda at: means[at].mean, default=None)
    pairs = paired([], []) if lowest is None or highest is None else _difference(tables[highest], tables[lowest])
    correlation = _correlation(results.points, quantity, path)
    share = _share(quantity, points) if few else correlation**2
    return DialEffect(path, means, lowest, highest, pairs, pairs.interval(), share, correlation)


def _over(quantity: Quantity, points: Sequence[int]) -> dict[int, float]:
    """Return means over points, by seed; of the seeds that all of them have that have any."""
    tables = [quantity.values[point] for point in points if quantity.values[point]]
    if not tables:
        return {}
    seeds = sorted(set.intersection(*({*table} for table in tables)))
    return {seed: math.fsum(table[seed] for table in tables) / len(tables) for seed in seeds}


def _difference(ours: Mapping[int, float], theirs: Mapping[int, float]) -> Paired:
    seeds = sorted(ours.keys() & theirs.keys())
    return paired([ours[seed] for seed in seeds], [theirs[seed] for seed in seeds])


def _means(quantity: Quantity) -> dict[int, float]:
    """Return the mean of each point that has figures."""
    return {at: math.fsum(table.values()) / len(table) for at, table in enumerate(quantity.values) if table}


def _share(quantity: Quantity, points: Sequence[Sequence[int]]) -> float:
    """Return eta squared of the points' means: the variance between levels over the whole."""
    means = _means(quantity)
    groups = [[means[at] for at in each if at in means] for each in points]
    values = [value for group in groups for value in group]
    if not values:
        return math.nan
    centre = math.fsum(values) / len(values)
    whole = math.fsum((value - centre) ** 2 for value in values)
    between = math.fsum(len(group) * (math.fsum(group) / len(group) - centre) ** 2 for group in groups if group)
    return between / whole if whole > 1e-24 * max(1.0, centre**2) else 0.0


def _correlation(points: Sequence[Settings], quantity: Quantity, path: str) -> float:
    means = _means(quantity)
    some = [(points[at][path], mean) for at, mean in means.items()]
    numbers = [(float(value), mean) for value, mean in some if _is_number(value)]
    if len(numbers) < max(3, len(some)) or len({x for x, _ in numbers}) < 3 or len({y for _, y in numbers}) < 2:
        return math.nan
    return float(spearmanr(*np.transpose(numbers)).statistic)


def _interaction(results: Results, quantity: Quantity, path: str) -> Interaction | None:
    assert results.compared is not None
    levels, values = results.levels(results.compared), results.levels(path)
    base = levels.index(results.baseline())
    tables = [_levels_at(results, quantity, [p for p in results.places() if p.settings[path] == value], levels) for value in values]
    winners = tuple(_winner(table, len(levels), quantity.greater_is_better) for table in tables)
    tried: list[tuple[int, tuple[int, int], Paired]] = []
    for level in range(len(levels)):
        gaps = [_gap(table.get(level, {}), table.get(base, {})) for table in tables]
        if level != base:
            tried += [(level, (a, b), _difference(gaps[b], gaps[a])) for a, b in combinations(range(len(values)), 2)]
    tested = [each for each in tried if each[2].pairs > 1 and not each[2].alike]
    if not tested:
        return None
    corrected, _ = holm([each[2].p for each in tested])
    at = min(range(len(tested)), key=lambda at: (corrected[at], -abs(tested[at][2].mean)))
    level, between, pairs = tested[at]
    turns = _turns(tables, winners, quantity.greater_is_better)
    return Interaction(path, winners, turns, level, between, pairs, pairs.interval(), corrected[at])


def _turns(tables: Sequence[Mapping[int, Mapping[int, float]]], winners: Sequence[int | None], greater_is_better: bool) -> bool:
    """Return whether two winners beat each other, each somewhere, beyond chance."""
    tried: list[tuple[int, int, Paired]] = []
    ever = {winner for winner in winners if winner is not None}
    for table, winner in zip(tables, winners, strict=True):
        if winner is not None:
            tried += [(winner, other, _difference(table[winner], table[other])) for other in sorted(ever - {winner})]
    tested = [each for each in tried if each[2].pairs > 1 and not each[2].alike and (each[2].mean > 0) == greater_is_better]
    corrected, _ = holm([each[2].p for each in tested])
    beats = {(winner, other) for (winner, other, _), p in zip(tested, corrected, strict=True) if p <= ERROR}
    return any((other, winner) in beats for winner, other in beats)


def _levels_at(
    results: Results, quantity: Quantity, places: Sequence[Place], levels: Sequence[object]
) -> dict[int, dict[int, float]]:
    """Return the figures of each level over some places, by seed."""
    points: dict[int, list[int]] = {}
    for place in places:
        for level, point in place.members:
            points.setdefault(levels.index(level), []).append(point)
    return {level: _over(quantity, each) for level, each in points.items()}


def _gap(ours: Mapping[int, float], theirs: Mapping[int, float]) -> dict[int, float]:
    return {seed: ours[seed] - theirs[seed] for seed in ours.keys() & theirs.keys()}


def _winner(table: Mapping[int, Mapping[int, float]], levels: int, greater_is_better: bool) -> int | None:
    if len(table) < levels or not all(table.values()):
        return None
    seeds = set.intersection(*({*each} for each in table.values()))
    if not seeds:
        return None
    means = {level: math.fsum(each[seed] for seed in seeds) for level, each in table.items()}
    return (max if greater_is_better else min)(sorted(means), key=means.__getitem__)
