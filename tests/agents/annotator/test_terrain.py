"""Terrain: boundaries, regions and topics of items."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from agents.annotator.nature import Nature
from agents.annotator.terrain import Terrain
from agents.component import Unusable
from agents.items import Items
from bus.chance import Chance
from tests.agents.annotator.terrain import Land

LAND = Land(1200, classes=3, separation=2.0)


def margins(land: Land) -> np.ndarray:
    return np.array([land.terrain.doubt(item).margin for item in range(len(land.items))])


def terrain(features: object, truth: np.ndarray, classes: int, seed: int = 7) -> Terrain:
    return Terrain(Items(range(len(truth)), features), truth, classes, None, Chance(seed))


def test_a_margin_is_a_difference_of_probabilities_and_its_rival_is_another_class():
    assert ((margins(LAND) >= -1) & (margins(LAND) <= 1)).all()
    assert all(LAND.terrain.doubt(item).rival != LAND.truth[item] for item in range(1200))


def test_items_of_clear_classes_lie_far_from_the_boundary_and_those_of_no_classes_on_it():
    assert np.median(margins(Land(600, separation=8.0))) > 0.99
    assert abs(np.median(margins(Land(600, separation=0.0)))) < 0.1


def test_the_margin_is_near_that_of_the_best_classifier_that_there_can_be():
    # Of two clouds at equal distance, the log odds of the one are linear in the features: here they are known.
    land = Land(4000, separation=1.5)
    odds = 1.5 * (land.features[:, 0] - land.features[:, 1]) * np.where(land.truth == 0, 1, -1)
    assert np.abs(margins(land) - np.tanh(odds / 2)).mean() < 0.03


def test_nothing_is_learnt_from_an_item_about_itself():
    # A wide model of noise would be sure of every item that it was fitted to.
    draws = np.random.default_rng(1)
    features, truth = draws.standard_normal((200, 300)), np.arange(200) % 2
    found = terrain(features, truth, 2)
    right = np.mean([found.doubt(item).margin > 0 for item in range(200)])
    assert right == pytest.approx(0.5, abs=4 * 0.5 / 200**0.5)


def test_terrain_does_not_depend_on_the_order_of_the_items():
    order = np.random.default_rng(2).permutation(1200)
    again = Terrain(Items(order.tolist(), LAND.features[order]), LAND.truth[order], 3, None, Chance(7))
    assert all(again.doubt(item) == LAND.terrain.doubt(item) for item in range(1200))
    assert all(again.region(item, 4) == LAND.terrain.region(item, 4) for item in range(1200))


def test_regions_are_clusters_and_the_largest_is_number_0():
    draws = np.random.default_rng(4)
    home = np.repeat([0, 1, 2], [500, 300, 100])
    features = 20.0 * np.eye(3)[home] + draws.standard_normal((900, 3))
    found = terrain(features, home % 2, 2)
    assert [found.region(item, 3) for item in range(900)] == home.tolist()


def test_another_seed_finds_the_same_clear_regions():
    found = [terrain(20.0 * np.eye(2)[[0] * 60 + [1] * 40], np.arange(100) % 2, 2, seed) for seed in (1, 2)]
    assert [[each.region(item, 2) for item in range(100)] for each in found] == [[0] * 60 + [1] * 40] * 2


def test_sparse_features_make_a_terrain_too():
    sparse = csr_matrix(np.where(LAND.features > 1, LAND.features, 0))
    found = terrain(sparse, LAND.truth, 3)
    assert np.mean([found.doubt(item).margin for item in range(1200)]) > 0.1
    assert {found.region(item, 3) for item in range(1200)} == {0, 1, 2}


def test_two_items_of_two_classes_make_a_terrain():
    found = terrain(np.array([[0.0], [1.0]]), np.array([0, 1]), 2)
    assert [found.doubt(item).rival for item in range(2)] == [1, 0]
    assert {found.region(item, 2) for item in range(2)} == {0, 1}


def test_items_that_are_all_alike_lie_in_one_region():
    found = terrain(np.zeros((10, 2)), np.arange(10) % 2, 2)
    assert {found.region(item, 3) for item in range(10)} == {0}


def test_what_the_data_do_not_say_is_refused():
    bare = Terrain(Items(range(4), None), np.arange(4) % 2, 2, None, Chance(7))
    with pytest.raises(Unusable, match="goes by features, but the data have none"):
        bare.doubt(0)
    with pytest.raises(Unusable, match="goes by features, but the data have none"):
        bare.region(0, 2)
    with pytest.raises(Unusable, match="goes by topics, but the data have none"):
        bare.topic(0)
    with pytest.raises(Unusable, match="goes by 5 regions, but there are 4 items"):
        terrain(np.ones((4, 1)), np.arange(4) % 2, 2).region(0, 5)
    with pytest.raises(Unusable, match="features too large"):
        terrain(np.array([[1e308], [-1e308]] * 2), np.arange(4) % 2, 2).doubt(0)
    with pytest.raises(Unusable, match=r"see Noise\.needs"):
        _ = Nature(Chance(7)).terrain


def test_topics_are_told_as_the_data_have_them():
    found = Terrain(Items(["a", "b"], None), np.array([0, 1]), 2, [3, 4], Chance(7))
    assert found.topic("b") == 4
    assert found.topics == {"3", "4"}
