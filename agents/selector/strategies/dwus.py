"""Density-weighted uncertainty sampling: unsure items where many others are."""

import warnings
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import logsumexp, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from agents.items import UNKNOWN
from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.strategies.groups import Groups, grouped
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space

Matrix = NDArray[np.float64]

_ROUNDS = 10
"""Steps of expectation and maximisation, which hardly move the labels of clusters after these."""


class Dwus(Strategy):
    """The density p(x) times the error that is expected of the likelier class (Nguyen and Smeulders, 2004), as a logarithm.

    The density is a mixture of equal round normal distributions, one around the centre of each cluster (here by k-means). An item's
    class is that of its cluster, by a logistic regression on the centres, fitted to the labels by expectation and maximisation:
    P(y|x) is the sum over clusters of P(y|k) P(k|x). The campaign's own model has no say. Before two classes have been seen, the
    densest item comes first.
    """

    kind: ClassVar[str] = "dwus"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n K C) for K clusters, and once O(n d K)"

    clusters: Annotated[int, Field(ge=1)] = 20
    """Clusters of the pool."""
    sigma: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Deviation of a cluster in each dimension: the greater, the less density weighs; left out, that of items from centres."""
    penalty: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """Precision that each weight of the logistic regression has beforehand."""
    dimensions: Annotated[int, Field(ge=1)] = 128
    """Features at most: where there are more, they are projected at random on so many."""
    space: Space | None = None
    """In what items are near each other: "features" or "embeddings"; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return log p(x) + log (1 - max_y P(y|x))."""
        mixture = view.kept(f"mixture {self.model_dump_json()}", lambda: self._mixture(view))
        rows = np.flatnonzero(view.labels != UNKNOWN)
        labels = view.labels[rows]
        if len(np.unique(labels)) < 2:
            return mixture.densities
        of_clusters = _labelled(mixture, rows, labels, self.penalty)
        scores = np.empty(len(view.items))
        for chunk in chunks(len(scores), of_clusters.shape[1]):
            errors = 1.0 - (mixture.shares[chunk] @ of_clusters).max(axis=1)
            # Where nothing is in doubt, next to nothing: the densest first there too.
            scores[chunk] = mixture.densities[chunk] + np.log(np.maximum(errors, 1e-300))
        return scores

    def _mixture(self, view: PoolView) -> "_Mixture":
        groups = grouped(view, self.clusters, self.dimensions, self.space)
        return _mixed(groups, _deviation(groups) if self.sigma is None else self.sigma)


class _Mixture(NamedTuple):
    """Items by clusters.

    Attributes:
        centres: shape (clusters, features).
        shares: P(k|x); shape (items, clusters).
        densities: log p(x); shape (items,).
    """

    centres: Matrix
    shares: Matrix
    densities: Scores


def _deviation(groups: Groups) -> float:
    """Return the deviation of items from their centres in one dimension; 1 where there is none."""
    gaps = 0.0
    for chunk in chunks(*groups.points.shape):
        gaps += float(np.square(groups.points[chunk] - groups.centres[groups.of[chunk]]).sum())
    return float(np.sqrt(gaps / max(1, groups.points.size))) or 1.0


def _mixed(groups: Groups, sigma: float) -> _Mixture:
    """Return what round normal distributions of this deviation say of each item; P(k) is a cluster's share of the items."""
    rows, width = groups.points.shape
    shares, densities = np.empty((rows, len(groups.centres))), np.empty(rows)
    priors = np.log(np.bincount(groups.of) / rows) - width * np.log(sigma * np.sqrt(2.0 * np.pi))
    squares = np.einsum("ij,ij->i", groups.centres, groups.centres)
    for chunk in chunks(rows, max(width, len(groups.centres))):
        placed = groups.points[chunk]
        gaps = np.einsum("ij,ij->i", placed, placed)[:, np.newaxis] + squares - 2.0 * placed @ groups.centres.T
        logs = priors - np.maximum(gaps, 0.0) / (2.0 * sigma**2)
        shares[chunk], densities[chunk] = softmax(logs, axis=1), logsumexp(logs, axis=1)
    return _Mixture(groups.centres, shares, densities)


def _labelled(mixture: _Mixture, rows: NDArray[np.intp], labels: NDArray[np.intp], penalty: float) -> Matrix:
    """Return P(y|k) for the classes that were seen, two at least; shape (clusters, classes seen)."""
    classes, labels = np.unique(labels, return_inverse=True)
    shares, count = mixture.shares[rows], len(mixture.centres)
    inputs, outputs = np.tile(mixture.centres, (len(classes), 1)), np.repeat(np.arange(len(classes)), count)
    found = np.full((count, len(classes)), 1.0 / len(classes))
    model = LogisticRegression(C=1.0 / penalty, max_iter=1000, tol=1e-6, warm_start=True)
    for _ in range(_ROUNDS):
        held = shares * found[:, labels].T
        held /= np.maximum(held.sum(axis=1, keepdims=True), 1e-300)
        weights = np.stack([held[labels == label].sum(axis=0) for label in range(len(classes))])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(inputs, outputs, sample_weight=weights.ravel())
        found = model.predict_proba(mixture.centres)
    return np.asarray(found, np.float64)
