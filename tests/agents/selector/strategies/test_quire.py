"""QUIRE: the worst label of an item, by the inverse of the whole kernel matrix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.sparse import csr_array

from agents.component import Unusable
from agents.selector.strategies.quire import Quire
from tests.agents.selector.pools import Scene, placed, scenes

Matrix = NDArray[np.float64]


def kernel(features: Matrix, name: str) -> Matrix:
    if name == "rbf":
        gaps = ((features[:, np.newaxis] - features) ** 2).sum(axis=2)
        return np.exp(-gaps / features.shape[1])
    if name == "cosine":
        lengths = np.linalg.norm(features, axis=1, keepdims=True)
        features = features / np.where(lengths > 0, lengths, 1.0)
    return features @ features.T


def lost(inverse: Matrix, signs: dict[int, float]) -> float:
    """Return min over all other labels, which may be any numbers, of y' L y."""
    known, free = [*signs], [row for row in range(len(inverse)) if row not in signs]
    labels = np.zeros(len(inverse))
    labels[known] = [*signs.values()]
    if free:
        labels[free] = -np.linalg.solve(inverse[np.ix_(free, free)], inverse[np.ix_(free, known)] @ labels[known])
    return float(labels @ inverse @ labels)


def worst(scene: Scene, name: str, ridge: float, row: int) -> float:
    """Return what the item's worst label loses more than all items lose, a mean over classes; by literal inversion."""
    inverse = np.linalg.inv(kernel(scene.features, name) + ridge * np.eye(len(scene.features)))
    losses = []
    for label in range(scene.probabilities.shape[1]):
        signs = {each: 1.0 if found == label else -1.0 for each, found in scene.labels.items()}
        losses.append(max(lost(inverse, {**signs, row: sign}) for sign in (-1.0, 1.0)) - lost(inverse, signs))
    return float(np.mean(losses))


@given(scenes(), st.sampled_from(["rbf", "linear", "cosine"]), st.sampled_from([0.1, 1.0]))
@settings(deadline=None)
def test_it_is_minus_what_the_worst_label_loses_where_all_unknown_labels_are_free(scene, name, ridge):
    scene = scene._replace(pending=())
    expected = [-worst(scene, name, ridge, row) for row in scene.rows]
    for sparse in (False, True):
        scores = Quire(kernel=name, ridge=ridge).scores(scene.view(sparse=sparse))
        assert_allclose(scores[scene.rows], expected, rtol=1e-6)


@given(scenes(), st.sampled_from(["rbf", "linear", "cosine"]))
@settings(deadline=None)
def test_items_under_way_and_those_chosen_before_count_as_having_the_label_that_is_predicted(scene, name):
    kernels = kernel(scene.features, name)
    selection = Quire(kernel=name).select(scene.view(), 99)
    assert sorted(selection.ids) == scene.rows
    known = [*scene.labels]
    signs = np.array(
        [[1.0 if label == found else -1.0 for label in range(scene.probabilities.shape[1])] for found in scene.labels.values()]
    )
    weights = np.linalg.inv(kernels[np.ix_(known, known)] + np.eye(len(known))) @ signs if known else np.zeros((0, 1))
    means = kernels[:, known] @ weights
    covered = [*known, *scene.pending]
    for row, score in zip(selection.ids, selection.scores, strict=True):
        inverse = np.linalg.inv(kernels[np.ix_(covered, covered)] + np.eye(len(covered)))
        spread = kernels.diagonal() + 1.0 - np.einsum("ij,jk,ik->i", kernels[:, covered], inverse, kernels[:, covered])
        scores = -((1 + np.abs(means)) ** 2).mean(axis=1) / spread
        assert score == pytest.approx(scores[row], rel=1e-6)
        assert score == pytest.approx(max(scores[each] for each in scene.rows if each not in covered), rel=1e-6)
        covered.append(row)


@given(scenes())
def test_what_is_kept_between_selections_is_what_would_be_made_anew(scene):
    view = scene.view()
    for row in scene.rows[:4]:
        Quire().select(view, 2)
        view.pool.request(row)
    if scene.labels:
        view.pool.drop(min(scene.labels))
    anew = Scene(scene.features, scene.probabilities, {}, ()).view()
    anew.pool.__dict__.update({key: value for key, value in view.pool.__dict__.items() if key != "_kept"})
    assert (Quire().scores(view) == Quire().scores(anew)).all()


def test_far_from_labels_and_in_doubt_comes_first_and_of_two_alike_the_earlier():
    view = placed(np.array([[0.0], [5.0], [2.5], [2.5], [5.1]]), {0: 0, 1: 1})
    assert Quire().select(view, 3).ids == (2, 3, 4)


def test_before_anything_is_known_all_are_alike_by_the_rbf_kernel():
    view = placed(csr_array(np.eye(3)))
    assert Quire().scores(view).tolist() == [-0.5] * 3
    assert Quire().select(view, 9).ids == (0, 1, 2)


def test_features_that_are_no_numbers_are_named():
    with pytest.raises(Unusable, match="finite numbers"):
        Quire().scores(placed(np.array([[np.nan], [1.0]])))


@pytest.mark.parametrize(
    ("kernel", "size", "why"), [("linear", 1e30, "greater ridge"), ("linear", 1e160, "squared"), ("rbf", 1e160, "squared")]
)
def test_features_that_are_too_large_are_refused_by_a_sentence(kernel, size, why):
    points = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [0.5, 1.0]]) * size
    view = placed(points, labels={0: 0, 1: 1, 2: 0})
    for use in (lambda strategy: strategy.scores(view), lambda strategy: strategy.select(view, 1)):
        with pytest.raises(Unusable, match=why):
            use(Quire(kernel=kernel))
