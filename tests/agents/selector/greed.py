"""What the tests of strategies say that pick one item after the other: plain distances, and whether each pick was a best one."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import strategies as st

from agents.selector.selection import Selection
from agents.selector.view import PoolView

METRICS = st.sampled_from(["euclidean", "cosine"])
CLOSE = 1e-4
"""Single precision may take what is worse by so much for as good."""


def distance(one: Sequence[float], other: Sequence[float], metric: str) -> float:
    """Return the length of the difference, or 1 - cos; two rows of zeros are alike, and like nothing else."""
    if metric == "euclidean":
        return math.dist(one, other)
    lengths = math.hypot(*one), math.hypot(*other)
    if 0 in lengths:
        return 0.0 if lengths == (0, 0) else 1.0
    return 1 - sum(a * b for a, b in zip(one, other, strict=True)) / math.prod(lengths)


def middles(points: np.ndarray, metric: str) -> list[int]:
    """Return the rows with the least mean squared distance to all, or the least mean 1 - cos."""
    power = 2 if metric == "euclidean" else 1
    worths = [sum(distance(x, y, metric) ** power for y in points) for x in points]
    return [row for row, worth in enumerate(worths) if worth <= min(worths) + 1e-6]


def assert_greedy(selection: Selection, view: PoolView, count: int, worth: Callable[[list[int]], Sequence[float]]) -> None:
    """Assert that each pick is an available item with the greatest score, given those before it.

    Args:
        selection: what was selected.
        view: of which pool.
        count: how many were wanted.
        worth: the score of every row, given the rows picked so far; NaN where any will do.
    """
    free = set(np.flatnonzero(view.available).tolist())
    assert len(selection) == min(count, len(free))
    taken: list[int] = []
    for item, score in zip(selection.ids, selection.scores, strict=True):
        row = view.items.row(item)
        scores = worth(taken)
        assert row in free
        if not math.isnan(scores[row]):
            assert score == pytest.approx(scores[row], abs=CLOSE)
            assert scores[row] >= max(scores[other] for other in free) - CLOSE
        free.remove(row)
        taken.append(row)
