"""Bare NumPy as a contender, in Parley's environment: the formulas as somebody would write them who knows what is fast."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.contenders.selecting import Prepare, contend, parted
from benchmarks.contenders.service import Columns

Chosen = Callable[[], Any]
CHUNK = 16384


def highest(scores: Any, count: int) -> Any:
    """Return the rows of the highest scores, best first."""
    rows = np.argpartition(scores, len(scores) - count)[-count:]
    return rows[np.argsort(-scores[rows])]


def entropies(table: Any) -> Any:
    """Return the entropy of each row, chunk by chunk; no probability is 0."""
    scores = np.empty(len(table))
    for start in range(0, len(table), CHUNK):
        chunk = table[start : start + CHUNK]
        np.einsum("ij,ij->i", chunk, np.log(chunk), out=scores[start : start + CHUNK])
    return np.negative(scores, out=scores)


def entropy(columns: Columns, count: int) -> Chosen:
    """Query by entropy."""
    return lambda: highest(entropies(columns["probabilities"]), count)


def margin(columns: Columns, count: int) -> Chosen:
    """Query by the gap between the two greatest probabilities."""

    def query() -> Any:
        top = np.partition(columns["probabilities"], -2, axis=1)
        return highest(top[:, -2] - top[:, -1], count)

    return query


def vote_entropy(columns: Columns, count: int) -> Chosen:
    """Query by the entropy of a committee's votes."""

    def query() -> Any:
        members = columns["members"]
        size, items, classes = members.shape
        votes, rows = np.zeros((items, classes)), np.arange(items)
        for table in members:
            votes[rows, table.argmax(axis=1)] += 1
        of = np.arange(size + 1) / size
        terms = of * np.log(np.where(of > 0, of, 1.0))
        return highest(-terms[votes.astype(np.intp)].sum(axis=1), count)

    return query


def k_center(columns: Columns, count: int) -> Chosen:
    """Query by greedy k-center: a running minimum of squared distances, one product of matrix and vector an item chosen."""
    labelled, _ = parted(columns)

    def query() -> list[int]:
        places = columns["features"].astype(np.float32)
        squares = np.einsum("ij,ij->i", places, places)
        nearest = np.full(len(places), np.inf, np.float32)
        for row in labelled:
            np.minimum(nearest, squares - 2 * (places @ places[row]) + squares[row], out=nearest)
        chosen = []
        for _ in range(count):
            row = int(nearest.argmax())
            chosen.append(row)
            np.minimum(nearest, squares - 2 * (places @ places[row]) + squares[row], out=nearest)
        return chosen

    return query


QUERIES: dict[str, Prepare] = {"entropy": entropy, "margin": margin, "vote-entropy": vote_entropy, "k-center": k_center}

if __name__ == "__main__":
    contend(QUERIES, {"numpy": version("numpy")})
