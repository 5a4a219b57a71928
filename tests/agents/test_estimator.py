"""Estimators: what is trained, and the models that come of it."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from agents.estimator import Model, ModelShelf, train
from agents.estimators.choice import AnyEstimator
from agents.estimators.foreign import AnyClassifier
from agents.estimators.linear import LogisticRegression
from agents.estimators.simple import NaiveBayes
from agents.estimators.trees import RandomForest
from tests.agents.samples import STRANGERS, complaint, make

FEATURES, LABELS = load_iris(return_X_y=True)
FEATURES = (FEATURES - FEATURES.mean(axis=0)) / FEATURES.std(axis=0)


class Shares:
    """A user's own classifier: the shares of the classes in training."""

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = smoothing

    def fit(self, features: Any, labels: NDArray[np.intp]) -> None:
        counts = np.unique(labels, return_counts=True)[1] + self.smoothing
        self.shares = counts / counts.sum()

    def predict_proba(self, features: Any) -> NDArray[np.float64]:
        return np.tile(self.shares, (features.shape[0], 1))


class Mute:
    """A class that cannot predict."""

    def fit(self, features: Any, labels: Any) -> None: ...


HERE = __name__


def trained(estimator: Any, rows: Any = slice(None), classes: int = 3, seed: int = 0) -> Model:
    return train(estimator, FEATURES[rows], LABELS[rows], classes, seed)[0]


# Built-in estimators


def test_logistic_regression_is_scikit_learns():
    ours = trained(LogisticRegression(C=0.5)).probabilities(FEATURES)
    assert_allclose(ours, SklearnLogisticRegression(C=0.5, max_iter=200).fit(FEATURES, LABELS).predict_proba(FEATURES))


def test_a_random_forest_depends_on_its_seed_and_on_nothing_else():
    one, same, other = (trained(RandomForest(trees=5), seed=seed).probabilities(FEATURES) for seed in (1, 1, 2))
    assert_array_equal(one, same)
    assert (one != other).any()


def test_the_dials_of_a_forest_reach_it():
    forest = RandomForest(trees=3, max_depth=2, min_leaf=4).build(9)
    assert forest.get_params()["n_estimators"] == 3
    assert forest.get_params()["max_depth"] == 2
    assert forest.get_params()["min_samples_leaf"] == 4
    assert forest.get_params()["random_state"] == 9


def test_where_a_classifier_says_no_numbers_all_classes_that_it_has_seen_are_as_probable():
    alike = np.zeros((6, 2))
    model, _ = train(NaiveBayes(distribution="gaussian"), alike, np.array([0, 0, 2, 2, 0, 2]), 3, 0)
    assert_array_equal(model.probabilities(alike[:2]), [[0.5, 0.0, 0.5]] * 2)


def test_rows_of_which_a_classifier_says_numbers_stay_as_they_are():
    class Some(Shares):
        def predict_proba(self, features: Any) -> NDArray[np.float64]:
            return np.array([[0.25, 0.75], [np.nan, 0.5], [np.inf, 0.0]])

        def sample_probabilities(self, features: Any) -> NDArray[np.float64]:
            return np.array([[[0.25, 0.75], [0.1, 0.9], [0.0, np.nan]]])

    model = Model(Some(), range(2), 2)
    assert_array_equal(model.probabilities(np.zeros((3, 1))), [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5]])
    assert_array_equal(model.samples(np.zeros((3, 1))), [[[0.25, 0.75], [0.1, 0.9], [0.5, 0.5]]])


def test_a_solver_that_stops_short_says_so_and_warns_nobody():
    assert train(LogisticRegression(max_iter=1), FEATURES, LABELS, 3, 0)[1] is False
    assert train(LogisticRegression(max_iter=500), FEATURES, LABELS, 3, 0)[1] is True


@pytest.mark.parametrize("estimator", [LogisticRegression(), RandomForest(trees=5)])
def test_sparse_features_serve_as_dense_ones_do(estimator):
    sparse = csr_matrix(FEATURES)
    model = train(estimator, sparse, LABELS, 3, 0)[0]
    assert_allclose(model.probabilities(sparse), trained(estimator).probabilities(FEATURES), atol=1e-4)


# Classes that training has not seen


@pytest.mark.parametrize("estimator", [LogisticRegression(), RandomForest(trees=5), AnyClassifier(path=f"{HERE}.Shares")])
@pytest.mark.parametrize("seen", [(0, 1), (0, 2), (1, 2)])
def test_a_class_unseen_in_training_has_probability_zero_in_its_column(estimator, seen):
    rows = np.isin(LABELS, seen)
    drawn = trained(estimator, rows).probabilities(FEATURES)
    (unseen,) = {0, 1, 2} - set(seen)
    assert drawn.shape == (len(FEATURES), 3)
    assert (drawn[:, unseen] == 0).all()
    assert_allclose(drawn.sum(axis=1), 1)


def test_probabilities_of_seen_classes_stand_in_their_own_columns():
    rows = LABELS != 1
    drawn = trained(LogisticRegression(), rows).probabilities(FEATURES[rows])
    assert (drawn.argmax(axis=1) == LABELS[rows]).mean() > 0.95


@pytest.mark.parametrize("only", [0, 1, 2])
def test_of_one_class_alone_everything_is_that_class(only):
    drawn = trained(LogisticRegression(), only == LABELS).probabilities(FEATURES)
    assert_array_equal(drawn, np.tile(np.eye(3)[only], (len(FEATURES), 1)))


def test_a_single_label_is_enough_to_train():
    assert trained(RandomForest(), slice(0, 1)).probabilities(FEATURES[:2]).tolist() == [[1, 0, 0]] * 2


# Anybody's classifier


def test_a_classifier_may_be_named_by_its_path():
    assert isinstance(make(AnyEstimator, "sklearn.tree.DecisionTreeClassifier").build(0), DecisionTreeClassifier)
    estimator = make(AnyEstimator, {"kind": "sklearn.svm.SVC", "params": {"probability": True, "C": 2.5}})
    assert isinstance(estimator.build(0), SVC)
    assert estimator.build(0).C == 2.5
    own = make(AnyEstimator, {"kind": f"{HERE}.Shares", "params": {"smoothing": 1.0}})
    assert own.build(0).smoothing == 1


def test_a_classifier_by_path_is_seeded_unless_its_params_say_otherwise():
    assert make(AnyEstimator, "sklearn.tree.DecisionTreeClassifier").build(5).random_state == 5
    fixed = make(AnyEstimator, {"kind": "sklearn.tree.DecisionTreeClassifier", "params": {"random_state": 3}})
    assert fixed.build(5).random_state == 3


def test_a_parameter_that_a_classifier_does_not_take_is_refused_with_the_nearest():
    message = complaint(AnyEstimator, {"kind": "sklearn.svm.SVC", "params": {"probabilty": True}})
    assert "sklearn.svm.SVC does not take these params" in message
    assert "did you mean 'probability'?" in message
    assert "does not take these params" in complaint(AnyEstimator, {"kind": f"{HERE}.Shares", "params": {"smooth": 1}})


def test_a_classifier_that_gives_no_probabilities_is_refused():
    assert "no probabilities" in complaint(AnyEstimator, "sklearn.svm.LinearSVC")
    assert "has no predict_proba" in complaint(AnyEstimator, f"{HERE}.Mute")
    assert "no classifier" in complaint(AnyEstimator, "sklearn.preprocessing.StandardScaler")


def test_somebody_elses_classifier_needs_trust():
    assert "--trust" in complaint(AnyEstimator, f"{HERE}.Shares", STRANGERS)


def test_each_training_starts_from_a_new_classifier():
    estimator = make(AnyEstimator, "sklearn.tree.DecisionTreeClassifier")
    assert estimator.build(0) is not estimator.build(0)


# The shelf


def test_a_shelf_keeps_the_newest_models():
    shelf, models = ModelShelf(kept=2), [trained(LogisticRegression()) for _ in range(3)]
    for version, model in enumerate(models, 1):
        shelf.put(version, model)
    assert [shelf.get(version) for version in (2, 3)] == models[1:]
    with pytest.raises(KeyError):
        shelf.get(1)
