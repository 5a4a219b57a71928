"""Clustering: items in groups by where they lie, by k-means."""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import euclidean_distances

from agents.items import Features
from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.strategies.places import refuse_endless

MANY = 20_000
"""More rows than these are clustered by samples of them, one after the other (Sculley, 2010)."""


class Clusters(NamedTuple):
    """Rows in clusters.

    Attributes:
        labels: the cluster of each row; shape (rows,).
        gaps: its squared distance from the centre of its cluster; shape (rows,).
    """

    labels: NDArray[np.intp]
    gaps: Scores


def clustered(matrix: Features, count: int, generator: np.random.Generator, weights: Scores | None = None) -> Clusters:
    """Return rows in clusters by k-means (Lloyd, 1957), begun by k-means++ (Arthur and Vassilvitskii, 2007).

    Args:
        matrix: the rows; dense, or sparse in rows.
        count: clusters; never more than there are rows, and some may be empty where rows are alike.
        generator: its chance.
        weights: how much each row counts, above 0; None for all the same; shape (rows,).
    """
    rows = int(matrix.shape[0])
    count = min(count, rows)
    seed = int(generator.integers(2**32))
    centres = _mean(matrix, weights) if count == 1 else _centres(matrix, count, seed, weights)
    labels, gaps = np.empty(rows, np.intp), np.empty(rows)
    for piece in chunks(rows, max(count, int(matrix.shape[1]))):
        with np.errstate(over="ignore", invalid="ignore"):
            squares = euclidean_distances(matrix[piece], centres, squared=True)
        labels[piece] = squares.argmin(axis=1)
        gaps[piece] = squares.min(axis=1)
    return Clusters(labels, gaps)


def _mean(matrix: Features, weights: Scores | None) -> NDArray[np.floating]:
    shares = np.full(matrix.shape[0], 1 / matrix.shape[0]) if weights is None else weights / weights.sum()
    return np.asarray(shares @ matrix)[None].astype(matrix.dtype)


def _centres(matrix: Features, count: int, seed: int, weights: Scores | None) -> NDArray[np.floating]:
    make = MiniBatchKMeans if matrix.shape[0] > MANY else KMeans
    model = make(count, n_init=1, random_state=seed)
    with np.errstate(over="ignore", invalid="ignore"), warnings.catch_warnings():
        # Where there are fewer different places than clusters, some stay empty.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, sample_weight=weights)
    refuse_endless(model.cluster_centers_)
    return np.asarray(model.cluster_centers_)
