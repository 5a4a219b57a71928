"""ProbCover: coverage, counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.component import Unusable
from agents.selector.strategies import prob_cover
from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.places import Places
from agents.selector.strategies.prob_cover import ProbCover
from bus.chance import number_of
from tests.agents.selector.greed import METRICS, assert_greedy, distance
from tests.agents.selector.pools import LUCK, placed, scenes


def gains(points: np.ndarray, centres: list[int], radius: float, metric: str) -> list[int]:
    """Return how many rows each would cover that no centre does."""
    near = [[distance(x, y, metric) < radius for y in points] for x in points]
    covered = {row for centre in centres for row in range(len(points)) if near[centre][row]}
    return [sum(near[row][other] for other in range(len(points)) if other not in covered) for row in range(len(points))]


@given(scenes(), METRICS, st.integers(0, 14), st.booleans(), st.sampled_from([0.123, 0.437, 1.31, 2.7, 40.0]))
def test_each_pick_covers_the_most_that_is_not_covered(scene, metric, count, sparse, radius):
    view = scene.view(sparse=sparse)
    covered = [*view.pool.covered]

    def worth(taken: list[int]) -> list[float]:
        found = gains(scene.features, [*covered, *taken], radius, metric)
        left = [found[row] for row in scene.rows if row not in taken]
        return [float(gain) if any(left) else np.nan for gain in found]

    strategy = ProbCover(metric=metric, radius=radius)
    selection = strategy.select(view, count)
    assert_greedy(selection, view, count, worth)
    expected = gains(scene.features, covered, radius, metric)
    scores = strategy.scores(view)
    assert all(score == gain if gain else -1 < score < 0 for score, gain in zip(scores, expected, strict=True))


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([0.6, 1.2]))
def test_among_many_that_overlap_too(seed, radius):
    generator = np.random.Generator(np.random.PCG64(seed))
    points = generator.normal(size=(30, 2))
    view = placed(points, {3: 0}, pending=(1, 20))
    covered = [*view.pool.covered]

    def worth(taken: list[int]) -> list[float]:
        found = gains(points, [*covered, *taken], radius, "euclidean")
        return [float(gain) if max(found) else np.nan for gain in found]

    assert_greedy(ProbCover(radius=radius).select(view, 12), view, 12, worth)


@settings(max_examples=40)
@given(scenes(), METRICS, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_the_radius_is_the_greatest_within_which_enough_items_have_none_of_another_cluster(scene, metric, purity):
    view, points = scene.view(), scene.features
    places = Places(points, metric)
    labels = clustered(places.matrix, max(view.classes, 2), LUCK.generator(number_of("prob-cover"))).labels
    radius = places.distances(np.array([ProbCover(metric=metric, purity=purity).gap(view)]))[0]

    def pure(radius: float) -> float:
        rows = range(len(points))
        balls = [[other for other in rows if distance(points[row], points[other], metric) < radius] for row in rows]
        return float(np.mean([len({labels[other] for other in ball}) <= 1 for ball in balls]))

    assert pure(radius - 1e-6) >= purity
    if np.isfinite(radius):
        assert pure(radius + 1e-6) < purity


def test_a_label_that_is_lost_covers_nothing_any_more():
    view, strategy = placed(np.array([[0.0], [1], [2], [9]])), ProbCover(radius=1.5)
    assert strategy.select(view, 1).ids == (1,)
    view.pool.request(1)
    assert strategy.scores(view)[3] == 1
    assert (strategy.scores(view)[:3] < 0).all()
    view.pool.drop(1)
    assert strategy.scores(view).tolist() == [2, 3, 2, 1]


def test_when_all_is_covered_the_rest_come_by_chance():
    view = placed(np.arange(20.0)[:, None], {0: 0})
    selection = ProbCover(radius=100).select(view, 20)
    assert [*selection.ids] != sorted(selection.ids)
    assert max(selection.scores) < 0


def test_in_portions_it_picks_what_it_picks_at_once():
    points = np.random.Generator(np.random.PCG64(3)).normal(size=(100, 2))
    at_once, view = ProbCover().select(placed(points), 30).ids, placed(points)
    found: list[int | str] = []
    for portion in (1, 1, 20, 8):
        picked = ProbCover().select(view, portion).ids
        found += picked
        for row in picked:
            view.pool.request(view.items.row(row))
    assert tuple(found) == at_once


def test_more_pairs_than_can_be_kept_are_refused(monkeypatch):
    monkeypatch.setattr(prob_cover, "MOST_PAIRS", 50)
    with pytest.raises(Unusable, match="needs a smaller radius: more than 50 pairs"):
        ProbCover(radius=100).select(placed(np.arange(20.0)[:, None]), 1)
