"""Members of models that are committees."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from agents.estimator import Estimator, Model, train
from agents.estimators.choice import AnyEstimator
from tests.agents.samples import make

FEATURES, LABELS = load_iris(return_X_y=True)


class Given(Estimator):
    """Trains what it is given."""

    classifier: Any

    def build(self, random_state: int) -> Any:
        return self.classifier


VOTING = VotingClassifier([("bayes", GaussianNB()), ("tree", DecisionTreeClassifier(random_state=0))], voting="soft")
COMMITTEES = [
    RandomForestClassifier(5, random_state=0),
    ExtraTreesClassifier(5, random_state=0),
    BaggingClassifier(n_estimators=5, random_state=0),
    BaggingClassifier(n_estimators=6, max_features=2, random_state=0),
    BaggingClassifier(GaussianNB(), n_estimators=6, max_samples=30, max_features=3, bootstrap_features=True, random_state=0),
    # Where it cannot give weights, it leaves labels out.
    BaggingClassifier(KNeighborsClassifier(1), n_estimators=6, max_samples=3, random_state=0),
    VOTING,
    make_pipeline(StandardScaler(), BaggingClassifier(n_estimators=4, max_features=2, max_samples=6, random_state=1)),
]
TABLES = [
    {"kind": "committee", "members": ["naive-bayes"], "count": 4},
    {"kind": "committee", "members": ["naive-bayes", {"kind": "random-forest", "trees": 3}, "k-nearest"], "bag": False},
    {"kind": "pipeline", "steps": ["standardise"], "of": {"kind": "committee", "members": ["sgd", "k-nearest"], "count": 2}},
    {"kind": "pipeline", "steps": ["standardise"], "of": {"kind": "random-forest", "trees": 4}},
]
ESTIMATORS = [*(Given(classifier=each) for each in COMMITTEES), *(make(AnyEstimator, table) for table in TABLES)]
CLASSES = [(0, 1, 2), (0, 2), (1, 2)]


def trained(estimator: Estimator, classes: tuple[int, ...], seed: int = 0) -> Model:
    rows = np.isin(LABELS, classes)
    return train(estimator, FEATURES[rows], LABELS[rows], 3, seed)[0]


@pytest.mark.parametrize("classes", CLASSES, ids=str)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: str(each)[:60])
def test_a_committee_is_the_mean_of_its_members(estimator: Estimator, classes: tuple[int, ...]) -> None:
    model = trained(estimator, classes)
    votes = np.stack([member.probabilities(FEATURES) for member in model.members])
    assert len(votes) > 1
    assert votes.shape[1:] == (len(FEATURES), 3)
    assert_allclose(votes.sum(axis=2), 1)
    assert_allclose(votes.mean(axis=0), model.probabilities(FEATURES), atol=1e-12)


@pytest.mark.parametrize("classes", CLASSES, ids=str)
def test_a_member_that_has_seen_some_classes_only_votes_for_these(classes: tuple[int, ...]) -> None:
    model = trained(Given(classifier=COMMITTEES[5]), classes)
    seen = [tuple(member.seen) for member in model.members]
    assert len(set(seen)) > 1, "bags of three labels"
    for member in model.members:
        assert set(member.seen) <= set(classes)
        others = [each for each in range(3) if each not in member.seen]
        assert (member.probabilities(FEATURES)[:, others] == 0).all()


@pytest.mark.parametrize(
    "classifier",
    [
        AdaBoostClassifier(n_estimators=3, random_state=0),
        OneVsRestClassifier(LogisticRegression()),
        StackingClassifier([("bayes", GaussianNB()), ("tree", DecisionTreeClassifier(random_state=0))]),
        GaussianNB(),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_not_the_mean_of_its_parts_is_no_committee(classifier: Any) -> None:
    assert trained(Given(classifier=classifier), (0, 1, 2)).members == ()


def test_who_has_seen_one_class_is_of_one_mind() -> None:
    model = trained(ESTIMATORS[0], (1,))
    assert [member.seen for member in model.members] == [[1]]


def test_estimators_say_whether_they_vote() -> None:
    assert [make(AnyEstimator, table).votes for table in TABLES] == [True] * 4
    for of in ("sgd", {"kind": "calibrated", "of": "random-forest"}):
        assert make(AnyEstimator, {"kind": "pipeline", "steps": ["standardise"], "of": of}).votes is False
    assert make(AnyEstimator, "sklearn.ensemble.BaggingClassifier").votes is None


def test_bags_are_drawn_by_the_seed() -> None:
    committee = make(AnyEstimator, TABLES[0])
    one, same, other = (trained(committee, (0, 1, 2), seed).probabilities(FEATURES) for seed in (1, 1, 2))
    assert_array_equal(one, same)
    assert (one != other).any()
    members = [member.probabilities(FEATURES) for member in trained(committee, (0, 1, 2)).members]
    assert all((members[0] != each).any() for each in members[1:])


def test_without_bags_members_of_one_kind_agree() -> None:
    committee = make(AnyEstimator, {"kind": "committee", "members": ["naive-bayes"], "count": 2, "bag": False})
    one, other = trained(committee, (0, 1, 2)).members
    assert_array_equal(one.probabilities(FEATURES), other.probabilities(FEATURES))


def test_a_bag_without_a_class_makes_a_member_that_does_not_know_it() -> None:
    rows = [0, 50, 100]
    committee = make(AnyEstimator, {"kind": "committee", "members": ["naive-bayes"], "count": 40})
    members = train(committee, FEATURES[rows], LABELS[rows], 3, 0)[0].members
    assert {len(member.seen) for member in members} == {1, 2, 3}
    assert all(np.isfinite(member.probabilities(FEATURES)).all() for member in members)


def test_a_committee_says_when_a_member_did_not_converge() -> None:
    short = {"kind": "logistic-regression", "max_iter": 1}
    for members, converged in ((["k-nearest", short], False), (["k-nearest", "naive-bayes"], True)):
        assert train(make(AnyEstimator, {"kind": "committee", "members": members}), FEATURES, LABELS, 3, 0)[1] is converged
