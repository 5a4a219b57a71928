"""Worth: which levels are worth their price, at a place or over all: the Pareto front."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scenarios.findings.quantities import Quantity, quantity
from scenarios.statistics.pareto import Front, front
from scenarios.study.results import Results

MOST_PLACES = 48
"""Places of which each has a front of its own."""


class Worth(NamedTuple):
    """Levels by what they come to and what they take.

    Attributes:
        objectives: keys of the quantities: the study's measure first, then "cost", then "simulated_seconds" where time counts too.
        greater_is_better: of each objective.
        place: number of the place; None over all of them, by the mean over the places.
        levels: numbers of the levels, in the order of `front.standings`.
        front: how they stand; means have the objectives' order.
    """

    objectives: tuple[str, ...]
    greater_is_better: tuple[bool, ...]
    place: int | None
    levels: tuple[int, ...]
    front: Front

    @property
    def on_front(self) -> list[int]:
        """Numbers of the levels on the front."""
        return [level for level, each in zip(self.levels, self.front.standings, strict=True) if each.on_front]


def every_worth(results: Results, found: Sequence[Quantity], with_time: bool = False) -> list[Worth]:
    """Return the fronts over all places, and at each, where there are several, and no more than MOST_PLACES. See `worth`."""
    count = len(results.places())
    places = [None, *range(count)] if 1 < count <= MOST_PLACES else [None]
    return [each for place in places if (each := worth(results, found, place, with_time)) is not None]


def worth(results: Results, found: Sequence[Quantity], place: int | None = None, with_time: bool = False) -> Worth | None:
    """Return the Pareto front of cost against the study's measure, and against time too.

    Args:
        results: of the study.
        found: its quantities.
        place: number of the place; None for all that have every level.
        with_time: whether simulated time counts too.

    Returns:
        The front; None if fewer than two levels have figures, or if everything costs the same.
    """
    keys = [results.measure, *(each for each in ("cost", *(["simulated_seconds"] if with_time else [])) if each != results.measure)]
    objectives = [each for key in keys if (each := quantity(found, key)) is not None]
    points = _points(results, objectives, place)
    if len(points) < 2 or len(objectives) < 2:
        return None
    candidates = [_by_seed(objectives, each) for each in points.values()]
    better = tuple(each.greater_is_better for each in objectives)
    result = front(candidates, better)
    prices = {each.means[1] for each in result.standings}
    if not result.seeds or len(prices) < 2:
        return None
    return Worth(tuple(each.key for each in objectives), better, place, tuple(points), result)


def _points(results: Results, objectives: Sequence[Quantity], place: int | None) -> dict[int, list[int]]:
    """Return the points of each level that has figures, at the places that count."""
    if results.compared is None or not objectives:
        return {}
    levels, places = results.levels(results.compared), results.places()
    tables = [
        {levels.index(level): point for level, point in each.members if all(one.values[point] for one in objectives)}
        for each in (places if place is None else [places[place]])
    ]
    there = sorted({level for table in tables for level in table})
    whole = [table for table in tables if len(table) == len(there)]
    return {level: [table[level] for table in whole] for level in there} if whole else {}


def _by_seed(objectives: Sequence[Quantity], points: Sequence[int]) -> dict[int, list[float]]:
    tables = [[one.values[point] for point in points] for one in objectives]
    seeds = set.intersection(*({*values} for table in tables for values in table))
    return {seed: [math.fsum(values[seed] for values in table) / len(table) for table in tables] for seed in sorted(seeds)}
