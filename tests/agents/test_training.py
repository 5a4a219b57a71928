"""Training: versions that come of the one before them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from threadpoolctl import threadpool_limits

from agents.estimator import Estimator, Model
from agents.estimators.choice import AnyEstimator
from agents.lesson import Examples
from agents.training import Trained, Training, Way, obstacle
from tests.agents.samples import make

FEATURES, LABELS = load_iris(return_X_y=True)
FEATURES = FEATURES / FEATURES.max(axis=0)
MIXED = np.argsort(np.arange(150) * 47 % 150)
"""Rows in an order in which classes alternate."""


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    with threadpool_limits(1):
        yield


class Exact(Estimator):
    """Logistic regression that goes all the way."""

    def build(self, random_state: int) -> Any:
        return SklearnLogisticRegression(C=0.3, tol=1e-9, max_iter=2000)


def examples(rows: Any, labels: Any = LABELS, weights: Any = None) -> Examples:
    rows = np.asarray(rows, np.intp)
    return Examples(rows, labels[rows], None if weights is None else weights[rows])


def training(table: Any, way: Way, features: Any = FEATURES) -> Training:
    return Training(table if isinstance(table, Estimator) else make(AnyEstimator, table), way, features, 3)


def in_turn(taught: Training, *lessons: Examples) -> list[Trained]:
    """Return the versions that come of lessons, one after the other."""
    versions: list[Trained] = []
    for each in lessons:
        versions.append(taught.version(each, 7, versions[-1].model if versions else None))
    return versions


def said(model: Model, features: Any = FEATURES) -> Any:
    return model.probabilities(features)


# Incremental


@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.sampled_from(["multinomial", "complement", "bernoulli"]))
@settings(deadline=None, max_examples=30)
def test_naive_bayes_that_learns_what_is_new_is_naive_bayes_that_learned_it_all(sizes: list[int], distribution: str) -> None:
    cuts = [6, *(6 + np.cumsum(sizes)).clip(max=150).tolist()]
    lessons = [examples(MIXED[:cut]) for cut in cuts]
    table = {"kind": "naive-bayes", "distribution": distribution}
    versions = in_turn(training(table, "incremental"), *lessons)
    for lesson, version in zip(lessons, versions, strict=True):
        assert_allclose(said(version.model), said(training(table, "anew").version(lesson, 7, None).model), rtol=1e-9)
    assert [bool(version.anew) for version in versions] == [True, *[False] * len(sizes)]


def test_the_same_holds_for_sparse_features_and_weighed_examples() -> None:
    sparse, weights = csr_matrix(FEATURES), 1 + np.arange(150) % 4.0
    lessons = [examples(MIXED[:cut], weights=weights) for cut in (20, 50, 150)]
    versions = in_turn(training("naive-bayes", "incremental", sparse), *lessons)
    anew = training("naive-bayes", "anew", sparse).version(lessons[-1], 7, None)
    assert_allclose(said(versions[-1].model, sparse), said(anew.model, sparse), rtol=1e-9)
    assert not versions[-1].anew


@pytest.mark.parametrize("table", ["naive-bayes", "sgd", "sklearn.neural_network.MLPClassifier"])
def test_what_is_new_alone_is_learned_and_the_version_before_it_stays_what_it_was(table: str) -> None:
    first, second = in_turn(training(table, "incremental"), examples(MIXED[:30]), examples(MIXED[:90]))
    alone = in_turn(training(table, "incremental"), examples(MIXED[:30]))[0]
    assert_array_equal(said(first.model), said(alone.model))
    assert (said(second.model) != said(first.model)).any()
    assert second.anew == ""


@pytest.mark.parametrize("table", ["naive-bayes", "sgd"])
@pytest.mark.parametrize("way", ["incremental", "warm-start"])
def test_a_class_that_first_appears_in_mid_campaign_is_learned_anew(table: str, way: Way) -> None:
    if obstacle(make(AnyEstimator, table), way):
        return
    late = np.concatenate([MIXED[LABELS[MIXED] != 1], MIXED[LABELS[MIXED] == 1]])
    before, after, more = in_turn(training(table, way), *(examples(late[:cut]) for cut in (100, 120, 150)))
    assert (said(before.model)[:, 1] == 0).all()
    assert after.anew == "the version before it knew other classes"
    anew = training(table, "anew").version(examples(late[:120]), 7, None)
    assert_array_equal(said(after.model), said(anew.model))
    assert more.anew == ""


@pytest.mark.parametrize("what", ["revised", "withdrawn", "weighs"])
def test_what_was_learned_and_is_not_so_any_more_is_forgotten(what: str) -> None:
    labels, weights = LABELS.copy(), np.ones(150)
    first = examples(MIXED[:40], weights=weights)
    rows = MIXED[:60]
    if what == "revised":
        labels[MIXED[3]] = (labels[MIXED[3]] + 1) % 3
    elif what == "withdrawn":
        rows = np.delete(rows, 3)
    else:
        weights = weights.copy()
        weights[MIXED[3]] = 0.5
    second = examples(rows, labels, weights)
    versions = in_turn(training("naive-bayes", "incremental"), first, second)
    assert versions[1].anew == "what it had learned was revised"
    assert_array_equal(said(versions[1].model), said(training("naive-bayes", "anew").version(second, 7, None).model))


def test_who_learns_nothing_new_stays_the_same() -> None:
    one, same = in_turn(training("sgd", "incremental"), examples(MIXED[:30]), examples(MIXED[:30]))
    assert_array_equal(said(one.model), said(same.model))
    assert same.anew == ""


@pytest.mark.parametrize("way", ["incremental", "warm-start"])
def test_from_one_class_there_is_no_going_on(way: Way) -> None:
    only = np.flatnonzero(LABELS == 2)
    one, still, more = in_turn(training("sgd", way), examples(only[:5]), examples(only), examples([*only, 0]))
    assert (still.anew, more.anew) == ("there is one class so far", "the version before it knew other classes")
    assert_array_equal(said(one.model), said(still.model))
    assert (said(more.model)[:, 0] > 0).any()


def test_gaussian_naive_bayes_that_learns_label_by_label_is_the_same_up_to_its_smoothing() -> None:
    table = {"kind": "naive-bayes", "distribution": "gaussian"}
    lessons = [examples(MIXED[:cut]) for cut in (60, 61, 62, 90)]
    version = in_turn(training(table, "incremental"), *lessons)[-1]
    assert_allclose(said(version.model), said(training(table, "anew").version(lessons[-1], 7, None).model), atol=1e-6)
    assert version.anew == ""


# Warm start


@given(st.lists(st.integers(10, 150), min_size=2, max_size=3))
@settings(deadline=None, max_examples=5)
def test_logistic_regression_ends_in_the_same_place_wherever_it_starts(cuts: list[int]) -> None:
    lessons = [examples(MIXED[:cut]) for cut in cuts]
    versions = in_turn(training(Exact(), "warm-start"), *lessons)
    assert [bool(version.anew) for version in versions] == [True, *[False] * (len(cuts) - 1)]
    for lesson, version in zip(lessons, versions, strict=True):
        assert_allclose(said(version.model), said(training(Exact(), "anew").version(lesson, 7, None).model), atol=1e-4)


def test_a_warm_start_begins_where_the_version_before_it_ended() -> None:
    whole = examples(MIXED)
    short = {"kind": "logistic-regression", "max_iter": 4}
    versions = in_turn(training(short, "warm-start"), *[whole] * 12)
    steps = [np.abs(said(one.model) - said(other.model)).max() for one, other in pairwise(versions)]
    assert [version.converged for version in versions][:2] == [False, False]
    assert steps[-1] < steps[0] / 20


def test_in_a_pipeline_it_is_the_classifier_that_goes_on() -> None:
    table = {"kind": "pipeline", "steps": ["standardise"], "of": {"kind": "logistic-regression", "max_iter": 3}}
    one, other = in_turn(training(table, "warm-start"), examples(MIXED), examples(MIXED))
    assert (one.anew, other.anew) == ("there is no version before it", "")
    assert (said(one.model) != said(other.model)).any()


# Who can


@pytest.mark.parametrize(
    ("table", "way", "why"),
    [
        ("logistic-regression", "incremental", "no partial_fit"),
        ("random-forest", "warm-start", "would add no trees"),
        ("gradient-boosting", "warm-start", "would add no trees"),
        ("sklearn.ensemble.HistGradientBoostingClassifier", "warm-start", "would add no trees"),
        ("k-nearest", "warm-start", "no warm_start"),
        ({"kind": "calibrated", "of": "sgd"}, "warm-start", "no warm_start"),
        ({"kind": "committee", "members": ["sgd"]}, "incremental", "no partial_fit"),
        ({"kind": "pipeline", "steps": ["standardise"], "of": "sgd"}, "incremental", "no partial_fit"),
        ({"kind": "pipeline", "steps": ["standardise"], "of": "sgd"}, "warm-start", None),
        ("sgd", "warm-start", None),
        ("sgd", "incremental", None),
        ("k-nearest", "anew", None),
    ],
    ids=str,
)
def test_who_cannot_go_on_says_why(table: Any, way: Way, why: str | None) -> None:
    found = obstacle(make(AnyEstimator, table), way)
    assert (found is None) == (why is None)
    assert why is None or (found is not None and why in found)
