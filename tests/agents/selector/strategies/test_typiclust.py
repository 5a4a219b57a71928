"""TypiClust: the most typical items of the largest clusters without a label."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agents.selector.strategies import typiclust
from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.places import Places
from agents.selector.strategies.typiclust import TypiClust
from bus.chance import number_of
from tests.agents.selector.greed import METRICS, assert_greedy, distance
from tests.agents.selector.pools import LUCK, Scene, placed, scenes


def plain(scene: Scene, covered: list[int], taken: list[int], clusters: list[int], metric: str) -> list[float]:
    """Return the typicality of each row of the next cluster, and minus infinity for the others."""
    members = {cluster: [row for row, of in enumerate(clusters) if of == cluster] for cluster in set(clusters)}
    free = [row for row in scene.rows if row not in taken]

    def order(cluster: int) -> tuple[bool, int, int, int]:
        rows = members[cluster]
        return len(rows) < 5, len({*covered, *taken} & {*rows}), -len(rows), cluster

    chosen = members[min((cluster for cluster in members if {*members[cluster]} & {*free}), key=order)]
    scores = [-np.inf] * len(clusters)
    for row in chosen:
        far = sorted(distance(scene.features[row], scene.features[other], metric) for other in chosen if other != row)[:20]
        scores[row] = -sum(far) / len(far) if far else 0.0
    return scores


@settings(max_examples=30)
@given(scenes(), METRICS, st.integers(0, 14), st.booleans(), st.booleans())
def test_each_pick_is_the_most_typical_of_the_largest_cluster_with_the_fewest_labels(scene, metric, count, sparse, doubling):
    view = scene.view(sparse=sparse)
    strategy = TypiClust(metric=metric, doubling=doubling)
    covered, wanted = [*view.pool.covered], min(count, len(scene.rows))
    number = strategy.clusters(len(covered) + wanted, len(view.items))
    matrix = Places(view.items.features, metric).matrix
    clusters = clustered(matrix, number, LUCK.generator(number_of("typiclust"), number)).labels.tolist()
    assert_greedy(strategy.select(view, count), view, count, lambda taken: plain(scene, covered, taken, clusters, metric))


def test_clusters_are_as_many_as_labels_and_wanted_items_rounded_up_unless_it_is_as_in_the_paper():
    assert [TypiClust().clusters(wanted, 1000) for wanted in (0, 1, 2, 3, 33, 600)] == [1, 1, 2, 4, 64, 500]
    assert [TypiClust(doubling=False).clusters(wanted, 9) for wanted in (0, 1, 3, 600)] == [1, 1, 3, 9]


def blobs(sizes: list[int]) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(3))
    return np.concatenate([generator.normal((50 * place, 0), size=(size, 2)) for place, size in enumerate(sizes)])


def test_it_goes_to_the_largest_cluster_then_to_the_next_and_not_to_one_that_has_a_label():
    points = blobs([10, 40, 20, 30])
    homes = np.repeat(range(4), [10, 40, 20, 30])
    assert homes[[*TypiClust().select(placed(points), 4).ids]].tolist() == [1, 3, 2, 0]
    labelled = placed(points, {15: 0}, pending=(60,))
    assert homes[[*TypiClust().select(labelled, 2).ids]].tolist() == [3, 0]


def test_a_cluster_of_a_few_outliers_comes_last():
    points = blobs([20, 3, 20, 20])
    homes = np.repeat(range(4), [20, 3, 20, 20])
    assert 1 not in homes[[*TypiClust().select(placed(points), 4).ids]][:3]


def test_of_a_large_cluster_some_items_are_looked_at_and_these_are_picked_first(monkeypatch):
    monkeypatch.setattr(typiclust, "LOOKED_AT", 10)
    selection = TypiClust(most_clusters=1).select(placed(blobs([30])), 30)
    assert len(set(selection.ids)) == 30
    assert np.isfinite(selection.scores).all()
    assert sum(score > -1e300 for score in selection.scores) == 10


def test_clusters_are_made_anew_only_when_twice_as_many_are_wanted(monkeypatch):
    made: list[int] = []

    def counted(matrix, count, generator, weights=None):
        made.append(count)
        return clustered(matrix, count, generator, weights)

    monkeypatch.setattr(typiclust, "clustered", counted)
    view = placed(blobs([20, 20]))
    for _ in range(12):
        (row,) = TypiClust().select(view, 1).ids
        view.pool.request(row)
    assert made == [1, 2, 4, 8, 16]


def test_scores_say_what_comes_next():
    view = placed(blobs([10, 40, 20]), {15: 0})
    (item,) = TypiClust(doubling=False, most_clusters=3).select(view, 2).ids[:1]
    scores = TypiClust(doubling=False, most_clusters=3).scores(view)
    assert np.isinf(scores[10:50]).any()
    assert np.isfinite(scores[item])


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_text_that_is_all_zeros_is_a_place_like_any_other(metric):
    rows = csr_array(np.array([[0.0, 0, 0]] * 6 + [[1.0, 0, 0]] * 6 + [[0, 0, 1.0]] * 6))
    picked = TypiClust(metric=metric, doubling=False).select(placed(rows), 3).ids
    assert sorted(row // 6 for row in picked) == [0, 1, 2]
