"""Order: the levels of the compared dial by their ranks, over places or over seeds."""

import math
from typing import Literal, NamedTuple

from scenarios.findings.dials import compares
from scenarios.findings.quantities import Quantity
from scenarios.statistics.estimate import ERROR
from scenarios.statistics.ranks import Method, Ranking, ranking
from scenarios.study.results import Results

LEAST_PLACES = 3
"""Places from which on they are the blocks, and not the seeds."""


class Order(NamedTuple):
    """The levels of the compared dial by their ranks, as a critical-difference diagram shows them.

    Attributes:
        quantity: key of the quantity that ranks them.
        levels: numbers of the levels, in `Results.levels`, in the order of `ranking.mean_ranks`. Those of which no run came to
            anything are not among them.
        blocks: what is a block: "places", by the mean over the seeds that all levels have there; or "seeds", by the mean over the
            places. Over seeds, what is found holds for these places; over places, for such as these.
        ranking: of the levels.
    """

    quantity: str
    levels: tuple[int, ...]
    blocks: Literal["places", "seeds"]
    ranking: Ranking


def order(results: Results, quantity: Quantity, method: Method = "nemenyi", error: float = ERROR) -> Order | None:
    """Return the ranks of the levels; None if fewer than two have figures at any one place, or a dial has very many numbers.

    Args:
        results: of the study.
        quantity: what ranks them.
        method: how levels are told apart.
        error: the probability with which anybody is told apart who is not different.
    """
    tables = _tables(results, quantity) if compares(results) else []
    levels = sorted({level for table in tables for level in table})
    if len(levels) < 2:
        return None
    blocks: Literal["places", "seeds"] = "places" if len(tables) >= LEAST_PLACES else "seeds"
    rows = [_over_seeds(table, levels) for table in tables] if blocks == "places" else _by_seed(tables, levels)
    found = ranking(rows, greater_is_better=quantity.greater_is_better, method=method, error=error)
    return Order(quantity.key, tuple(levels), blocks, found) if found.blocks else None


def _tables(results: Results, quantity: Quantity) -> list[dict[int, dict[int, float]]]:
    """Return for each place the figures of each level that has any, by seed."""
    if results.compared is None:
        return []
    levels = results.levels(results.compared)
    tables = [
        {levels.index(level): quantity.values[point] for level, point in place.members if quantity.values[point]}
        for place in results.places()
    ]
    return [table for table in tables if table]


def _over_seeds(table: dict[int, dict[int, float]], levels: list[int]) -> list[float | None]:
    """Return a block: means over the seeds that all have who are there."""
    seeds = set.intersection(*({*values} for values in table.values()))
    if not seeds:
        return [None] * len(levels)
    return [math.fsum(table[level][seed] for seed in seeds) / len(seeds) if level in table else None for level in levels]


def _by_seed(tables: list[dict[int, dict[int, float]]], levels: list[int]) -> list[list[float | None]]:
    """Return a block for each seed: means over the places."""
    rows: list[list[float | None]] = []
    for seed in sorted({seed for table in tables for values in table.values() for seed in values}):
        found = [[table.get(level, {}).get(seed) for table in tables] for level in levels]
        rows.append([_mean(each) for each in found])
    return rows


def _mean(values: list[float | None]) -> float | None:
    some = [value for value in values if value is not None]
    return math.fsum(some) / len(some) if len(some) == len(values) else None
