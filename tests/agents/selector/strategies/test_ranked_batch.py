"""Ranked batches: the formula, pick by pick."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.strategies.chance import InOrder
from agents.selector.strategies.narrowing import Filter
from agents.selector.strategies.ranked_batch import RankedBatch
from agents.selector.strategies.uncertainty import Entropy
from tests.agents.selector.greed import METRICS, assert_greedy, distance, middles
from tests.agents.selector.pools import Scene, scenes, told


def plain(scene: Scene, centres: list[int], left: int, metric: str) -> list[float]:
    """Return alpha (1 - similarity) + (1 - alpha) (1 - max p) of each row."""
    alpha = left / (left + len(centres))
    found = []
    for x, row in zip(scene.features, scene.probabilities, strict=True):
        nearest = min(distance(x, scene.features[centre], metric) for centre in centres)
        similarity = 1 / (1 + nearest) if metric == "euclidean" else 1 - nearest
        found.append(alpha * (1 - similarity) + (1 - alpha) * (1 - max(row)))
    return found


@given(scenes(), METRICS, st.integers(0, 14), st.booleans())
def test_each_pick_is_the_best_by_the_formula_given_those_before_it(scene, metric, count, sparse):
    view = scene.view(sparse=sparse)
    covered = [*view.pool.covered]

    def worth(taken: list[int]) -> list[float]:
        if not covered and not taken:
            return [0.0 if row in middles(scene.features, metric) else -1.0 for row in range(len(scene.features))]
        return plain(scene, [*covered, *taken], len(scene.rows) - len(taken), metric)

    strategy = RankedBatch(metric=metric)
    assert_greedy(strategy.select(view, count), view, count, worth)
    if covered:
        assert strategy.scores(view) == pytest.approx(plain(scene, covered, len(scene.rows), metric), abs=1e-4)


def test_the_more_labels_there_are_the_more_uncertainty_counts():
    features = np.concatenate([np.zeros(8), [1.0, 2.0]])[:, None]
    probabilities = np.full((10, 2), 0.5)
    probabilities[9] = 0.9, 0.1

    def first(labelled: int) -> int:
        return RankedBatch().select(told(features, probabilities, dict.fromkeys(range(labelled), 0)), 1).ids[0]

    assert first(1) == 9, "farther, but sure"
    assert first(8) == 8, "nearer, but unsure"


def test_any_strategy_says_what_is_uncertain_on_the_scale_that_is_wanted():
    features, probabilities = np.array([[0.0], [1], [1], [1]]), np.array([[1, 0], [0.9, 0.1], [0.5, 0.5], [0.8, 0.2]])
    view = told(features, probabilities, {0: 0})
    assert RankedBatch(of=Entropy(), scale="range").select(view, 1).ids == (2,)
    assert RankedBatch(of=InOrder(), scale="rank").select(view, 1).ids == (1,)
    narrow = Filter(by=InOrder(), best=1, then=InOrder())
    assert RankedBatch(of=narrow).select(view, 3).ids[0] == 1, "what has no score comes last"
    assert RankedBatch(of=Entropy()).rests_on_model
    assert not RankedBatch(of=InOrder()).rests_on_model
