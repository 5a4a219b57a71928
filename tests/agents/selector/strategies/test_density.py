"""Information density: a score times how like the pool an item is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.density import InformationDensity
from agents.selector.strategies.uncertainty import Entropy, LeastConfident
from tests.agents.selector.greed import METRICS, distance
from tests.agents.selector.pools import placed, scenes


@given(scenes(), METRICS, st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.booleans())
def test_it_is_the_score_times_the_mean_similarity_to_the_power_of_beta(scene, metric, beta, sparse):
    strategy = InformationDensity(of=LeastConfident(), beta=beta, similarity=metric)

    def similarity(x: np.ndarray, y: np.ndarray) -> float:
        far = distance(x, y, metric)
        return 1 - far if metric == "cosine" else 1 / (1 + far)

    points = scene.features
    means = [max(sum(similarity(x, y) for y in points) / len(points), 0.0) for x in points]
    # Where opposites cancel out exactly, rounding must not be raised to a power.
    expected = [(1 - max(row)) * mean**beta for row, mean in zip(scene.probabilities, means, strict=True)]
    assert_allclose(strategy.scores(scene.view(sparse=sparse)), expected, atol=2e-3 if beta == 0.5 else 1e-5)


def test_by_euclidean_distance_a_sample_gives_the_mean_to_within_four_standard_errors():
    points = np.random.Generator(np.random.PCG64(3)).normal(size=(2000, 3))
    whole = InformationDensity(similarity="euclidean", sample=2000).density(placed(points))
    part = InformationDensity(similarity="euclidean", sample=200).density(placed(points))
    spread = np.std([1 / (1 + np.linalg.norm(points - points[0], axis=1))])
    assert part[0] == pytest.approx(whole[0], abs=4 * spread / np.sqrt(200))
    assert not np.array_equal(part, whole)


def test_density_is_found_once_and_not_again_when_the_model_changes(monkeypatch):
    view = placed(np.arange(9.0)[:, None] + 1)
    strategy = InformationDensity(of=Random(), similarity="euclidean")
    assert strategy.density(view) is strategy.density(view)
    assert not strategy.reacts


def test_with_beta_0_it_is_the_strategy_itself():
    view = placed(np.arange(9.0)[:, None])
    assert InformationDensity(of=Random(), beta=0).select(view, 4).ids == Random().select(view, 4).ids


def test_scores_below_zero_count_from_the_lowest_on_or_they_would_be_turned_around():
    view = placed(np.ones((4, 1)))
    assert InformationDensity(of=InOrder()).scores(view).tolist() == [3, 2, 1, 0]


def test_it_rests_on_a_model_if_its_part_does():
    assert InformationDensity(of=Entropy()).rests_on_model
    assert not InformationDensity(of=Random()).rests_on_model
