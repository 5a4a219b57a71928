"""The estimators that people name: each trains on whatever a campaign may come to."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.datasets import load_iris
from sklearn.linear_model import SGDClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from agents.component import Unusable
from agents.estimator import Estimator, Model, train
from agents.estimators.choice import KINDS, AnyEstimator
from agents.estimators.linear import odds
from tests.agents.samples import STRANGERS, complaint, dump, make

FEATURES, LABELS = load_iris(return_X_y=True)
FEATURES = FEATURES / FEATURES.max(axis=0)
SPARSE = csr_matrix(FEATURES)

TABLES: list[Any] = [
    "logistic-regression",
    {"kind": "random-forest", "trees": 5},
    "naive-bayes",
    {"kind": "naive-bayes", "distribution": "complement"},
    {"kind": "naive-bayes", "distribution": "bernoulli", "alpha": 0.5},
    "sgd",
    "linear-svm",
    "k-nearest",
    {"kind": "k-nearest", "neighbours": 3, "weights": "distance"},
    {"kind": "gradient-boosting", "trees": 3},
    {"kind": "pipeline", "steps": [{"kind": "standardise", "centre": False}], "of": "linear-svm"},
    {"kind": "pipeline", "steps": ["sklearn.feature_extraction.text.TfidfTransformer"], "of": {"kind": "sgd"}},
    {"kind": "calibrated", "of": "linear-svm"},
    {"kind": "calibrated", "of": "sklearn.svm.LinearSVC", "method": "temperature"},
    {"kind": "calibrated", "of": {"kind": "pipeline", "steps": ["sklearn.preprocessing.MaxAbsScaler"], "of": "naive-bayes"}},
    {"kind": "committee", "members": ["logistic-regression", "naive-bayes", {"kind": "random-forest", "trees": 3}]},
    {"kind": "committee", "members": ["k-nearest"], "count": 3, "bag": True},
    {"kind": "committee", "members": ["naive-bayes", "linear-svm"], "bag": False},
    {"kind": "calibrated", "of": {"kind": "committee", "members": ["naive-bayes"], "count": 3}, "method": "isotonic"},
    {"kind": "sklearn.ensemble.BaggingClassifier", "params": {"n_estimators": 4, "max_features": 0.5, "max_samples": 0.6}},
]
EACH = pytest.mark.parametrize("table", TABLES, ids=str)


def trained(table: Any, rows: Any = slice(None), features: Any = FEATURES, seed: int = 0) -> Model:
    return train(make(AnyEstimator, table), features[rows], LABELS[rows], 3, seed)[0]


def test_every_kind_is_tried() -> None:
    assert {make(AnyEstimator, table).kind for table in TABLES} >= {kind.kind for kind in KINDS}


@EACH
def test_it_learns_and_depends_on_its_seed_alone(table: Any) -> None:
    one, same = (trained(table, seed=3).probabilities(FEATURES) for _ in range(2))
    assert_array_equal(one, same)
    assert_allclose(one.sum(axis=1), 1)
    assert (one.argmax(axis=1) == LABELS).mean() > (0.3 if "bernoulli" in str(table) else 0.6)


@EACH
def test_sparse_features_serve_as_dense_ones_do(table: Any) -> None:
    ours = trained(table, features=SPARSE).probabilities(SPARSE)
    dense = trained(table).probabilities(FEATURES)
    # Solvers go over sparse rows in an order of their own, and stop where they are close enough.
    assert (ours.argmax(axis=1) == dense.argmax(axis=1)).mean() > 0.8


@EACH
def test_of_one_class_alone_everything_is_that_class(table: Any) -> None:
    for features in (FEATURES, SPARSE):
        drawn = trained(table, LABELS == 2, features).probabilities(features)
        assert_array_equal(drawn, np.tile(np.eye(3)[2], (len(LABELS), 1)))


@EACH
@pytest.mark.parametrize("features", [FEATURES, SPARSE], ids=["dense", "sparse"])
def test_a_class_that_comes_later_has_probability_zero_until_it_does(table: Any, features: Any) -> None:
    drawn = trained(table, LABELS != 1, features).probabilities(features)
    assert (drawn[:, 1] == 0).all()
    assert_allclose(drawn.sum(axis=1), 1)


@EACH
def test_two_labels_are_enough(table: Any) -> None:
    drawn = trained(table, [0, 149]).probabilities(FEATURES)
    assert np.isfinite(drawn).all()
    assert (drawn[:, 1] == 0).all()


@EACH
def test_a_dump_makes_the_same_again(table: Any) -> None:
    made = make(AnyEstimator, table, STRANGERS)
    assert make(AnyEstimator, dump(AnyEstimator, made)) == made


@EACH
def test_labels_that_weigh_more_count_for_more(table: Any) -> None:
    estimator = make(AnyEstimator, table)
    if not estimator.weighs:
        assert "nearest" in str(table)
        return
    labels = np.where(np.arange(len(LABELS)) % 3 == 0, (LABELS + 1) % 3, LABELS)
    weights = [np.where(labels == heavy, 5.0, 1.0) for heavy in (0, 2)]
    first, last = (train(estimator, FEATURES, labels, 3, 0, some)[0].probabilities(FEATURES).mean(axis=0) for some in weights)
    # Complement naive Bayes does not look at how frequent classes are.
    assert first[0] - first[2] > last[0] - last[2] or "complement" in str(table)


GAUSSIAN = {"kind": "naive-bayes", "distribution": "gaussian"}


@pytest.mark.parametrize("table", ["logistic-regression", "naive-bayes", GAUSSIAN], ids=str)
def test_a_weight_of_two_is_the_label_twice(table: Any) -> None:
    rng = np.random.RandomState(5)
    estimator, times = make(AnyEstimator, table), rng.randint(1, 4, len(LABELS))
    twice = np.repeat(np.arange(len(LABELS)), times)
    weighed = train(estimator, FEATURES, LABELS, 3, 0, times.astype(np.float64))[0].probabilities(FEATURES)
    assert_allclose(weighed, train(estimator, FEATURES[twice], LABELS[twice], 3, 0)[0].probabilities(FEATURES), atol=1e-3)


# Each is scikit-learn's


@pytest.mark.parametrize(
    ("table", "theirs"),
    [
        ({"kind": "naive-bayes", "alpha": 0.5}, MultinomialNB(alpha=0.5)),
        (GAUSSIAN, GaussianNB()),
        ("sgd", SGDClassifier(loss="log_loss", alpha=1e-3, random_state=7)),
        ({"kind": "k-nearest", "neighbours": 4, "weights": "distance"}, KNeighborsClassifier(4, weights="distance")),
        (
            {"kind": "pipeline", "steps": ["standardise"], "of": "k-nearest"},
            make_pipeline(StandardScaler(), KNeighborsClassifier(5)),
        ),
    ],
    ids=str,
)
def test_it_is_what_scikit_learn_makes_of_the_dials(table: Any, theirs: Any) -> None:
    assert_allclose(trained(table, seed=7).probabilities(FEATURES), theirs.fit(FEATURES, LABELS).predict_proba(FEATURES))


def test_the_margins_of_a_support_vector_machine_serve_as_log_odds() -> None:
    two = LABELS < 2
    theirs = LinearSVC(C=0.3, random_state=1).fit(FEATURES[two], LABELS[two])
    model = trained({"kind": "linear-svm", "C": 0.3}, two, seed=1)
    margins = theirs.decision_function(FEATURES)
    assert_allclose(model.probabilities(FEATURES)[:, 1], 1 / (1 + np.exp(-margins)))
    assert_allclose(model.decision(FEATURES), margins)
    assert_allclose(odds(np.array([[0.0, 0.0, 0.0], [-1e6, -1e6, -1e6]])), np.full((2, 3), 1 / 3))


def test_all_neighbours_are_looked_at_while_there_are_fewer() -> None:
    assert_allclose(trained("k-nearest", [0, 1, 149]).probabilities(FEATURES[:1]), [[2 / 3, 0, 1 / 3]])


# What cannot be


@pytest.mark.parametrize(
    ("table", "features", "said"),
    [
        (GAUSSIAN, SPARSE, "takes no sparse features"),
        ("sklearn.ensemble.HistGradientBoostingClassifier", SPARSE, "takes no sparse features"),
        ("naive-bayes", FEATURES - 1, "takes no negative features"),
        ({"kind": "calibrated", "of": "naive-bayes"}, -FEATURES, "takes no negative features"),
        ({"kind": "committee", "members": ["sgd", "naive-bayes"]}, -SPARSE, "has a member naive-bayes that takes no negative"),
        ({"kind": "pipeline", "steps": ["sklearn.decomposition.PCA"], "of": "naive-bayes"}, -FEATURES, None),
        (
            {"kind": "pipeline", "steps": ["sklearn.decomposition.NMF"], "of": "sgd"},
            -FEATURES,
            "begins with NMF, which takes",
        ),
        (
            {"kind": "pipeline", "steps": ["sklearn.decomposition.TruncatedSVD"], "of": "sklearn.naive_bayes.GaussianNB"},
            SPARSE,
            None,
        ),
        ("gradient-boosting", SPARSE, None),
        (f"{__name__}.Stranger", SPARSE, None),
    ],
    ids=str,
)
def test_features_that_it_cannot_be_trained_on_are_told_beforehand(table: Any, features: Any, said: str | None) -> None:
    why = make(AnyEstimator, table).lacks(features)
    assert (why is None) == (said is None)
    assert said is None or (why is not None and why.startswith(said))


@pytest.mark.parametrize("table", [table for table in TABLES if make(AnyEstimator, table).lacks(SPARSE) is None], ids=str)
def test_what_is_not_told_to_lack_anything_is_trained(table: Any) -> None:
    assert trained(table, features=SPARSE)


def test_who_fails_is_named_as_the_scenario_names_them() -> None:
    with pytest.raises(Unusable, match=r"learner\.estimator naive-bayes cannot be trained on 150 labels: Negative values"):
        train(make(AnyEstimator, "naive-bayes"), -FEATURES, LABELS, 3, 0)
    nested = make(AnyEstimator, {"kind": "committee", "members": ["sgd", "naive-bayes"]})
    with pytest.raises(Unusable, match=r"^learner\.estimator naive-bayes cannot"):
        train(nested, -FEATURES, LABELS, 3, 0)
    outer = make(AnyEstimator, {"kind": "pipeline", "steps": ["standardise"], "of": "naive-bayes"})
    with pytest.raises(Unusable, match=r"learner\.estimator pipeline of naive-bayes cannot"):
        train(outer, FEATURES, LABELS, 3, 0)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "pipeline", "steps": [], "of": "sgd"}, "at least 1 item"),
        ({"kind": "pipeline", "steps": ["sklearn.svm.SVC"], "of": "sgd"}, "'sklearn.svm.SVC' is no transformer of scikit-learn"),
        ({"kind": "pipeline", "steps": ["standardize"], "of": "sgd"}, "did you mean 'standardise'?"),
        (
            {"kind": "pipeline", "steps": [{"kind": "sklearn.decomposition.PCA", "params": {"components": 2}}], "of": "sgd"},
            "did you mean 'n_components'?",
        ),
        ({"kind": "pipeline", "steps": [f"{__name__}.Stranger"], "of": "sgd"}, "has no transform"),
        ({"kind": "pipeline", "steps": ["standardise"], "of": "sklearn.svm.LinearSVC"}, "no probabilities"),
        ({"kind": "calibrated", "of": "sklearn.preprocessing.StandardScaler"}, "no classifier of scikit-learn"),
        ({"kind": "calibrated", "of": "sklearn.linear_model.RidgeClassifierCV", "folds": 1}, "greater than or equal to 2"),
        ({"kind": "calibrated", "of": f"{__name__}.Stranger"}, "does not derive from sklearn.base.BaseEstimator"),
        ({"kind": "committee", "members": []}, "at least 1 item"),
    ],
    ids=str,
)
def test_a_table_that_makes_none_is_refused(table: Any, said: str) -> None:
    assert said in complaint(AnyEstimator, table)


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "pipeline", "steps": [f"{__name__}.Shift"], "of": "sgd"},
        {"kind": "pipeline", "steps": ["standardise"], "of": f"{__name__}.Stranger"},
        {"kind": "calibrated", "of": f"{__name__}.Stranger"},
        {"kind": "committee", "members": ["sgd", f"{__name__}.Stranger"]},
    ],
    ids=str,
)
def test_code_of_somebody_else_needs_trust_wherever_it_stands(table: Any) -> None:
    assert "--trust" in complaint(AnyEstimator, table, STRANGERS)


# Classes of one's own


class Stranger:
    """A classifier as some libraries have them: it wants its classes to be 0 to k - 1, and derives from nothing."""

    def fit(self, features: Any, labels: Any) -> None:
        self.shares = np.bincount(labels) / len(labels)
        if (self.shares == 0).any():
            raise ValueError("expected the classes 0, 1, ...")

    def predict_proba(self, features: Any) -> Any:
        return np.tile(self.shares, (features.shape[0], 1))


class Flat(Stranger):
    """One that gives the probability of the second class alone."""

    def predict_proba(self, features: Any) -> Any:
        return super().predict_proba(features)[:, 1]


class Drawing(Stranger):
    """One that draws models."""

    def sample_probabilities(self, features: Any) -> Any:
        return np.stack([self.predict_proba(features), np.eye(3)[features[:, 0].argsort() % 3]])


class Shift:
    """A transformer of one's own."""

    def fit(self, features: Any, labels: Any = None) -> "Shift":
        return self

    def transform(self, features: Any) -> Any:
        return features - 0.5


def test_classes_are_numbered_from_zero_for_who_wants_it_so() -> None:
    rows = LABELS != 1
    assert_allclose(trained(f"{__name__}.Stranger", rows).probabilities(FEATURES[:1]), [[0.5, 0, 0.5]])


def test_probabilities_of_another_shape_are_said_to_be_wrong() -> None:
    with pytest.raises(Unusable, match=r"Flat gave probabilities of shape \(150,\) where there are 150 rows and 3 classes"):
        trained(f"{__name__}.Flat").probabilities(FEATURES)


def test_a_transformer_of_ones_own_stands_in_a_pipeline() -> None:
    model = trained({"kind": "pipeline", "steps": [f"{__name__}.Shift"], "of": "logistic-regression"})
    assert_allclose(
        model.probabilities(FEATURES), trained("logistic-regression", features=FEATURES - 0.5).probabilities(FEATURES - 0.5)
    )


def test_what_a_classifier_draws_it_draws_in_a_pipeline_too() -> None:
    drawing = {"kind": f"{__name__}.Drawing"}
    bare, piped = trained(drawing), trained({"kind": "pipeline", "steps": ["standardise"], "of": drawing})
    assert_allclose(piped.samples(FEATURES), bare.samples(FEATURES))
    assert trained({"kind": "pipeline", "steps": ["standardise"], "of": "sgd"}).samples(FEATURES) is None


def test_all_that_is_left_to_chance_has_the_seed() -> None:
    nested = {"kind": "pipeline", "steps": ["sklearn.decomposition.TruncatedSVD"], "of": {"kind": "calibrated", "of": "sgd"}}
    built = make(AnyEstimator, nested).build(9)
    assert built[0].random_state == 9
    assert built[-1].estimator.random_state == 9


def test_the_estimator_of_an_svc_is_calibrated_in_place_of_its_own_probabilities() -> None:
    estimator = make(AnyEstimator, {"kind": "calibrated", "of": {"kind": "sklearn.svm.SVC", "params": {"C": 2.0}}}, STRANGERS)
    assert isinstance(estimator, Estimator)
    assert isinstance(estimator.build(0).estimator, SVC)
