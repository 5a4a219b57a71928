"""small-text as a contender: `python -m benchmarks.contenders.smalltext_side`, in an environment that has it."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from small_text import BreakingTies, LeastConfidence, PredictionEntropy
from small_text.query_strategies.coresets import greedy_coreset

from benchmarks.contenders.selecting import LookedUp, Prepare, contend, parted
from benchmarks.contenders.service import Columns

Chosen = Callable[[], Any]


def by_probabilities(strategy: Any, columns: Columns, count: int) -> Chosen:
    """Query by a model whose probabilities are known."""
    labelled, pool = parted(columns)
    model, features, labels = LookedUp(columns["probabilities"]), columns["features"], columns["labels"][labelled]
    return lambda: strategy.query(model, features, pool, labelled, labels, n=count)


def by_cover(columns: Columns, count: int) -> Chosen:
    """Query by greedy k-center; what it returns counts among the items without a label."""
    labelled, pool = parted(columns)
    features = columns["features"]
    return lambda: pool[greedy_coreset(features, pool, labelled, count, distance_metric="euclidean", batch_size=1000)]


def loop(columns: Columns, count: int) -> Chosen:
    """Query one item after the other."""
    model, features, strategy = LookedUp(columns["probabilities"]), columns["features"], PredictionEntropy()

    def queries() -> list[int]:
        labelled, pool = np.empty(0, int), np.arange(len(features))
        for _ in range(count):
            chosen = strategy.query(model, features, pool, labelled, np.zeros(len(labelled), int), n=1)
            labelled, pool = np.append(labelled, chosen), np.setdiff1d(pool, chosen)
        return labelled.tolist()

    return queries


QUERIES: dict[str, Prepare] = {
    "entropy": partial(by_probabilities, PredictionEntropy()),
    "margin": partial(by_probabilities, BreakingTies()),
    "least-confident": partial(by_probabilities, LeastConfidence()),
    "k-center": by_cover,
    "loop": loop,
}

if __name__ == "__main__":
    contend(QUERIES, {name: version(name) for name in ("small-text", "scikit-learn", "numpy")})
