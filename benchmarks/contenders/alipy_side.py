"""ALiPy as a contender: `python -m benchmarks.contenders.alipy_side`, in an environment that has it."""

import collections
import collections.abc
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np

# A name that it uses, and Python no longer has.
collections.Iterable = collections.abc.Iterable

from alipy.query_strategy import query_labels as alipy

from benchmarks.contenders.selecting import LookedUp, Prepare, contend, parted, trained
from benchmarks.contenders.service import Columns

# ruff: noqa: E402 (what the imports need comes before them)

Chosen = Callable[[], Any]


def by_probabilities(measure: str, columns: Columns, count: int) -> Chosen:
    """Query by a model whose probabilities are known; it writes into them, so they are copied."""
    _, pool = parted(columns)
    predictions = np.array(columns["probabilities"][pool])
    strategy = alipy.QueryInstanceUncertainty(measure=measure)
    return lambda: strategy.select_by_prediction_mat(pool, predictions, batch_size=count)


def by_votes(columns: Columns, count: int) -> Chosen:
    """Query by the votes of a committee."""
    _, pool = parted(columns)
    strategy, members = alipy.QueryInstanceQBC(disagreement="vote_entropy"), columns["members"][:, pool]
    return lambda: strategy.select_by_prediction_mat(pool, [table.argmax(axis=1) for table in members], batch_size=count)


def by_divergence(columns: Columns, count: int) -> Chosen:
    """Query by the mean divergence of a committee's members from what they say together."""
    _, pool = parted(columns)
    strategy, members = alipy.QueryInstanceQBC(disagreement="KL_divergence"), list(columns["members"][:, pool])
    return lambda: strategy.select_by_prediction_mat(pool, members, batch_size=count)


def by_cover(columns: Columns, count: int) -> Chosen:
    """Query by greedy k-center."""
    labelled, pool = parted(columns)
    everything = np.arange(len(columns["labels"]))
    strategy = alipy.QueryInstanceCoresetGreedy(columns["features"], columns["labels"], everything)
    return lambda: strategy.select(labelled, pool, batch_size=count)


def by_graph(columns: Columns, count: int) -> Chosen:
    """Query by graph density."""
    labelled, pool = parted(columns)
    everything = np.arange(len(columns["labels"]))

    def query() -> Any:
        strategy = alipy.QueryInstanceGraphDensity(columns["features"], columns["labels"], everything)
        return strategy.select(labelled, pool, batch_size=count)

    return query


def by_quire(columns: Columns, count: int) -> Chosen:
    """Query by QUIRE with its kernel as it is; classes are -1 and 1."""
    labelled, pool = parted(columns)
    signs = np.where(columns["labels"] > 0, 1, -1)

    def query() -> Any:
        strategy = alipy.QueryInstanceQUIRE(columns["features"], signs, np.arange(len(signs)))
        return strategy.select(labelled, pool, batch_size=count)

    return query


def by_log_loss(columns: Columns, count: int) -> Chosen:
    """Query by expected error reduction; it must know all classes beforehand."""
    labelled, pool = parted(columns)
    features, model = columns["features"], trained(columns)
    labels = np.where(columns["labels"] < 0, 0, columns["labels"])
    strategy = alipy.QueryExpectedErrorReduction(features, labels)
    return lambda: strategy.select(labelled, pool, model=model, batch_size=count)


def loop(columns: Columns, count: int) -> Chosen:
    """Query one item after the other."""
    table, rows = columns["probabilities"], columns["features"]
    strategy, model = alipy.QueryInstanceUncertainty(rows, np.zeros(len(rows)), "entropy"), LookedUp(np.array(table))

    def queries() -> list[int]:
        labelled, unlabelled = [], np.arange(len(rows))
        for _ in range(count):
            chosen = strategy.select(labelled, unlabelled, model=model, batch_size=1)
            labelled.append(int(chosen[0]))
            unlabelled = np.setdiff1d(unlabelled, chosen)
        return labelled

    return queries


QUERIES: dict[str, Prepare] = {
    "entropy": partial(by_probabilities, "entropy"),
    "margin": partial(by_probabilities, "margin"),
    "least-confident": partial(by_probabilities, "least_confident"),
    "vote-entropy": by_votes,
    "mean-kl": by_divergence,
    "k-center": by_cover,
    "graph-density": by_graph,
    "quire": by_quire,
    "expected-log-loss": by_log_loss,
    "loop": loop,
}

if __name__ == "__main__":
    contend(QUERIES, {name: version(name) for name in ("alipy", "scikit-learn", "numpy")})
