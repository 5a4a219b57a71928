"""BADGE: k-means++ on gradients that are written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agents.selector.strategies.badge import Badge
from agents.selector.view import view_of
from tests.agents.selector.pools import Scene, scenes, told


def gradients(scene: Scene) -> np.ndarray:
    """Return (p - e) x for each row; shape (items, classes * features)."""
    rows = []
    for x, p in zip(scene.features, scene.probabilities, strict=True):
        rows.append(np.outer(p - np.eye(len(p))[int(np.argmax(p))], x).ravel())
    return np.array(rows)


def gaps(table: np.ndarray, centres: list[int]) -> np.ndarray:
    """Return the squared distance of each from the nearest centre, or from 0."""
    if not centres:
        return np.square(table).sum(axis=1)
    return np.array([min(np.square(x - table[centre]).sum() for centre in centres) for x in table])


@given(scenes(), st.integers(0, 14), st.booleans())
def test_the_longest_gradient_comes_first_and_others_are_drawn_by_their_squared_distance(scene, count, sparse):
    view, table = scene.view(sparse=sparse), gradients(scene)
    draws = scene.view().generator("badge")
    selection = Badge().select(view, count)
    centres, free = np.flatnonzero(view.pending).tolist(), list(scene.rows)
    assert len(selection) == min(count, len(free))
    for item, score in zip(selection.ids, selection.scores, strict=True):
        weights = gaps(table, centres)
        assert score == pytest.approx(weights[item], abs=1e-9)
        if not centres:
            assert weights[item] == pytest.approx(max(weights[free]))
        else:
            whole = sum(weights[free]) if any(weights[free] > 1e-9) else len(free)
            mark, found = draws.random() * whole, 0.0
            for row in free:
                found += weights[row] if any(weights[free] > 1e-9) else 1
                if found > mark:
                    break
            assert item == row
        centres.append(item)
        free.remove(item)


@given(scenes(), st.booleans())
def test_scores_are_the_squared_distances_from_what_is_pending(scene, sparse):
    view = scene.view(sparse=sparse)
    assert Badge().scores(view) == pytest.approx(gaps(gradients(scene), np.flatnonzero(view.pending).tolist()), abs=1e-9)


def test_of_items_that_are_alike_one_is_enough():
    features = np.repeat([[1.0, 0.3], [0.7, -1.0], [-1.0, 0.1]], 10, axis=0)
    probabilities = np.repeat([[0.6, 0.4], [0.5, 0.5], [0.7, 0.3]], 10, axis=0)
    assert sorted(row // 10 for row in Badge().select(told(features, probabilities), 3).ids) == [0, 1, 2]


def test_another_batch_is_drawn_otherwise():
    generator = np.random.Generator(np.random.PCG64(3))
    features, chances = generator.normal(size=(100, 3)), generator.uniform(0.3, 0.7, size=100)
    probabilities = np.stack([chances, 1 - chances], axis=1)
    view = told(features, probabilities)
    assert Badge().select(view, 5).ids == Badge().select(told(csr_array(features), probabilities), 5).ids
    view.pool.asked = 5
    assert Badge().select(view, 5) != Badge().select(told(features, probabilities), 5)


def test_the_chance_of_an_item_is_its_share_of_the_squared_distances():
    features = np.array([[4.0], [1.0], [2.0], [0.0]])
    probabilities = np.full((4, 2), 0.5)
    table = np.square(features - 4)[1:, 0]
    found = np.zeros(4)
    for asked in range(2000):
        view = told(features, probabilities)
        view.pool.asked = asked
        found[Badge().select(view, 2).ids[1]] += 1
    shares = table / table.sum()
    assert np.abs(found[1:] / 2000 - shares) == pytest.approx(0, abs=4 * np.sqrt(0.25 / 2000))


def test_one_class_and_a_sure_model_leave_it_to_chance():
    view = told(np.arange(9.0)[:, None], np.ones((9, 1)))
    assert len(set(Badge().select(view, 9).ids)) == 9


def test_it_takes_what_the_last_layer_sees_from_embeddings_where_there_are_any():
    class Sure:
        classes_ = (0, 1)

        def predict_proba(self, features: np.ndarray) -> np.ndarray:
            return np.full((len(features), 2), 0.5)

    view = view_of(np.array([[9.0], [1.0]]), Sure(), embeddings=np.array([[1.0], [9.0]]))
    assert Badge().select(view, 1).ids == (1,)
    assert Badge(space="features").select(view, 1).ids == (0,)
