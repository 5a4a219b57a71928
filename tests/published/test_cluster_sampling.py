"""Strategies that go by clusters: hierarchical sampling (Dasgupta and Hsu, 2008), and density (Nguyen and Smeulders, 2004)."""

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression

from agents.selector.strategies.chance import Random
from agents.selector.strategies.dwus import Dwus
from agents.selector.strategies.hierarchical import Hierarchical
from agents.selector.strategies.uncertainty import Margin
from agents.selector.strategy import Strategy
from agents.selector.view import view_of
from bus.chance import Chance

Matrix = NDArray[np.float64]

LARGE = 480
"""Items of the large cluster, which are all of one class."""


def world(seed: int, misleading: bool) -> tuple[Matrix, NDArray[np.intp]]:
    """Return a large cluster of one class and twelve small ones that take turns; or the same, with labels that are dealt anew."""
    generator = Chance(seed).stream("world")
    small = [(30.0 + 6 * place, 6.0 * other) for place in range(4) for other in range(3)]
    of = np.repeat(np.arange(13), [LARGE] + [10] * 12)
    points = np.array([(0.0, 0.0), *small])[of] + generator.normal(size=(len(of), 2)) * np.where(of == 0, 2.0, 0.7)[:, np.newaxis]
    labels = of % 2 * (of > 0)
    return points, generator.permutation(labels) if misleading else labels


def asked(strategy: Strategy, points: Matrix, labels: NDArray[np.intp], count: int, seed: int) -> list[int]:
    """Return the items that are asked for one after the other, each being labelled before the next is."""
    view = view_of(points, seed=seed)
    view.pool.start(range(int(labels.max()) + 1))
    rows = []
    for _ in range(count):
        (row,) = strategy.select(view, 1).ids
        assert isinstance(row, int)
        view.pool.request(row)
        view.pool.resolve(row, int(labels[row]))
        rows.append(row)
    return rows


@cache
def compared(misleading: bool, seeds: int, count: int = 60) -> tuple[Matrix, Matrix, Matrix]:
    """Return the errors of nearest neighbours by hierarchical sampling and by chance, and the share of labels in small clusters."""
    errors, shares = [], []
    for seed in range(seeds):
        points, labels = world(seed, misleading)
        both = [asked(strategy, points, labels, count, seed) for strategy in (Hierarchical(), Random())]
        nearest = [cdist(points, points[rows]).argmin(axis=1) for rows in both]
        errors.append(
            [float((labels[rows][near] != labels).mean()) for rows, near in zip(map(np.array, both), nearest, strict=True)]
        )
        shares.append(float((np.array(both[0]) >= LARGE).mean()))
    ours, chance = np.array(errors).T
    return ours, chance, np.array(shares)


def standard_error(values: Matrix) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values))


# Hierarchical sampling


def test_labels_go_where_clusters_are_not_pure() -> None:
    """Small clusters hold a fifth of the items, and get far more of the labels, once it is learned where these differ."""
    found = [asked(Hierarchical(), *world(seed, misleading=False), count=100, seed=seed) for seed in range(8)]
    shares = (np.array(found)[:, 40:] >= LARGE).mean(axis=1)
    assert shares.mean() > 0.2 + 4 * standard_error(shares)


@pytest.mark.slow
def test_where_clusters_tell_of_classes_it_errs_about_half_as_often_as_chance_with_as_many_labels() -> None:
    ours, chance, _ = compared(misleading=False, seeds=24)
    gained = chance - ours
    assert gained.mean() > 4 * standard_error(gained)
    assert ours.mean() < 0.6 * chance.mean()


@pytest.mark.slow
def test_where_clusters_mislead_it_errs_hardly_more_than_chance() -> None:
    """The paper's promise: it is consistent, and falls back on random sampling, whatever the clusters are."""
    ours, chance, shares = compared(misleading=True, seeds=24)
    lost = ours - chance
    assert lost.mean() < 0.01 + 4 * standard_error(lost)
    assert lost.mean() < 0.02
    assert shares.mean() == pytest.approx(0.2, abs=4 * standard_error(shares))


# Density


def test_of_unsure_items_density_takes_those_that_stand_for_many_where_margin_takes_outliers() -> None:
    """Two clusters that touch, and a few items far out on the boundary between them."""
    generator = Chance(5).stream("outliers")
    left, right = generator.normal((-1.5, 0), 1, (200, 2)), generator.normal((1.5, 0), 1, (200, 2))
    far = np.column_stack([generator.normal(0, 0.05, 20), generator.uniform(8, 20, 20)])
    points, labels = np.vstack([left, right, far]), np.repeat([0, 1, 0], [200, 200, 20])
    known = np.full(len(points), -1)
    known[[0, 1, 2, 200, 201, 202]] = labels[[0, 1, 2, 200, 201, 202]]
    mirrored = LogisticRegression().fit([(-1.5, 0), (1.5, 0)], [0, 1])
    view = view_of(points, mirrored, known)
    outliers = {
        strategy.kind: np.mean([int(row) >= 400 for row in strategy.select(view, 20).ids]) for strategy in (Margin(), Dwus())
    }
    assert outliers["margin"] > 0.4
    assert outliers["dwus"] == 0.0
    chosen = points[[int(row) for row in Dwus().select(view, 20).ids]]
    assert np.abs(chosen[:, 0]).mean() < np.abs(points[:400, 0]).mean(), "they are unsure as well"
