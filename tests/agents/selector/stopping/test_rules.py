"""Stop rules: each measures what a plain reference measures, and fires when that was met often enough in a row."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score

from agents.estimator import Model
from agents.selector.stopping.choice import STOP_RULES, AnyStopRule, named
from agents.selector.stopping.confidence import MaxConfidence, OverallUncertainty
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Sight
from agents.selector.stopping.stability import ClassificationChange, F1Delta, Kappa, cohens_kappa
from agents.selector.view import PoolView
from tests.agents.samples import complaint, make
from tests.agents.selector.stopping.sights import LUCK, Matrix, courses, measures, rows, sights

Predictions = NDArray[np.intp]
predictions = st.integers(1, 5).flatmap(
    lambda classes: st.lists(st.tuples(st.integers(0, classes - 1), st.integers(0, classes - 1)), min_size=1, max_size=30)
)


def first_of_the_greatest(table: Matrix) -> list[int]:
    return [max(range(len(row)), key=lambda place: (row[place], -place)) for row in table.tolist()]


def entropy(chances: list[float]) -> float:
    """Return the entropy of chances as a share of its greatest value."""
    return -sum(chance * math.log(chance) for chance in chances if chance) / math.log(max(2, len(chances)))


def knows_several_classes(table: Matrix) -> bool:
    return len({place for row in table.tolist() for place, chance in enumerate(row) if chance}) > 1


def kappa_of(one: list[int], other: list[int]) -> float | None:
    return None if len({*one, *other}) == 1 else float(cohen_kappa_score(one, other))


def change_of_f1(one: list[int], other: list[int]) -> float | None:
    return None if len({*one, *other}) == 1 else 1 - float(f1_score(one, other, average="macro", zero_division=0.0))


@given(predictions)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(labels) for labels in zip(*pairs, strict=True))
    expected = kappa_of(one.tolist(), other.tolist())
    assert cohens_kappa(one, other) == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_kappa_of_nothing_and_of_one_class_throughout_is_not_defined() -> None:
    nothing: Predictions = np.array([], dtype=np.intp)
    assert cohens_kappa(nothing, nothing) is None
    assert cohens_kappa(np.array([2, 2]), np.array([2, 2])) is None
    assert cohens_kappa(np.array([2, 2]), np.array([1, 1])) == 0.0


@pytest.mark.parametrize(("rule", "plain"), [(Kappa(stop_set=99), kappa_of), (F1Delta(stop_set=99), change_of_f1)])
@given(course=courses())
def test_successive_versions_are_compared_on_the_stop_set(
    rule: StopRule, plain: Callable[[list[int], list[int]], float | None], course: tuple[Matrix, list[set[int]]]
) -> None:
    tables, labelled = course
    predicted = [first_of_the_greatest(table) for table in tables]
    expected = [None, *(plain(one, other) for one, other in pairwise(predicted))]
    found = measures(rule, sights(tables, labelled))
    assert found == [None if each is None else pytest.approx(each, abs=1e-12) for each in expected]


@given(courses())
def test_what_changes_is_the_share_of_the_items_without_a_label_that_are_predicted_otherwise(
    course: tuple[Matrix, list[set[int]]],
) -> None:
    tables, labelled = course
    predicted = [first_of_the_greatest(table) for table in tables]
    expected: list[float | None] = [None]
    for place, (one, other) in enumerate(pairwise(predicted), 1):
        left = [row for row in range(len(one)) if row not in labelled[place]]
        told = left and knows_several_classes(tables[place])
        expected.append(sum(one[row] != other[row] for row in left) / len(left) if told else None)
    assert measures(ClassificationChange(), sights(tables, labelled)) == expected


@pytest.mark.parametrize(
    ("rule", "plain"), [(OverallUncertainty(), lambda found: math.fsum(found) / len(found)), (MaxConfidence(), max)]
)
@given(course=courses())
def test_uncertainty_is_the_entropy_of_what_has_no_label(
    rule: StopRule, plain: Callable[[list[float]], float], course: tuple[Matrix, list[set[int]]]
) -> None:
    tables, labelled = course
    expected: list[float | None] = []
    for table, known in zip(tables, labelled, strict=True):
        left = [entropy(row) for place, row in enumerate(table.tolist()) if place not in known]
        expected.append(plain(left) if left and knows_several_classes(table) else None)
    found = measures(rule, sights(tables, labelled))
    assert found == [None if each is None else pytest.approx(each, abs=1e-12) for each in expected]


def test_what_is_under_way_has_no_label_yet_and_is_not_to_be_asked_any_more() -> None:
    (sight,) = sights(np.array([[[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]]]))
    sight.available[0] = False
    assert OverallUncertainty().measure(sight, None) == pytest.approx(1 / 3)
    assert MaxConfidence().measure(sight, None) == 0.0


@given(courses(), st.integers(1, 3), st.integers(0, 50), st.floats(0.1, 1.0))
def test_a_rule_fires_when_it_is_met_so_many_times_in_a_row_by_a_model_of_enough_labels(
    course: tuple[Matrix, list[set[int]]], patience: int, least: int, threshold: float
) -> None:
    rule = Kappa(threshold=threshold, patience=patience, least_labels=least)
    found = measures(rule, sights(*course))
    in_a_row = 0
    for number, measure in enumerate(found, 1):
        in_a_row = in_a_row + 1 if measure is not None and measure >= threshold else 0
        assert rule.fires(found[:number], 10 * number) == (in_a_row >= patience and 10 * number >= least)


def test_on_which_side_of_its_threshold_a_rule_is_met() -> None:
    assert Kappa(threshold=0.9).is_met(0.9) and not Kappa(threshold=0.9).is_met(0.89)
    assert ClassificationChange().is_met(0.0) and not ClassificationChange().is_met(0.01)
    for rule in (F1Delta(threshold=0.1), OverallUncertainty(threshold=0.1), MaxConfidence(threshold=0.1)):
        assert rule.is_met(0.09) and not rule.is_met(0.1)


def test_a_stop_set_is_drawn_by_chance_once_whatever_has_a_label_and_two_of_a_size_are_one() -> None:
    tables = np.full((2, 500, 2), 0.5)
    first, second = sights(tables, [set(), {*range(250)}])
    rows_drawn = first.stop_set(40)
    assert len({*rows_drawn.tolist()}) == 40
    assert rows_drawn.tolist() == sorted(rows_drawn.tolist()) == second.stop_set(40).tolist()
    # By chance, and not the first, or every twelfth: it has items of every tenth of the pool, but not four of each.
    tenths = np.bincount(rows_drawn // 50, minlength=10)
    assert tenths.min() >= 1 and len({*tenths.tolist()}) > 1
    assert first.stop_set(1000).tolist() == [*range(500)]


def test_the_model_is_asked_for_the_stop_set_alone() -> None:
    asked: list[int] = []

    class Counted:
        def predict_proba(self, features: Matrix) -> Matrix:
            asked.append(len(features))
            return np.full((len(features), 2), 0.5)

    sight = Sight(PoolView(rows(300), Model(Counted(), range(2), 2), 1, LUCK), 10, LUCK)
    for rule in (Kappa(stop_set=30), F1Delta(stop_set=30)):
        rule.measure(sight, rule.predictions(sight))
    assert asked == [30]


def test_a_model_that_knows_one_class_only_stops_nothing() -> None:
    tables = np.zeros((5, 6, 3))
    tables[:, :, 1] = 1.0
    for member in STOP_RULES.members.values():
        rule = member()
        assert isinstance(rule, StopRule)
        found = measures(rule, sights(tables))
        assert found == [None] * 5 and not rule.fires(found, 1000)


def test_a_pool_of_which_everything_has_a_label_says_nothing_to_rules_that_go_by_the_rest() -> None:
    tables = np.full((2, 3, 2), 0.5)
    for rule in (ClassificationChange(), OverallUncertainty(), MaxConfidence()):
        assert measures(rule, sights(tables, [set(), {0, 1, 2}]))[1] is None


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "kappa", "threshold": 1.01}, "less than or equal to 1"),
        ({"kind": "kappa", "threshold": 0.0}, "greater than 0"),
        ({"kind": "kappa", "stop_set": 1}, "greater than or equal to 2"),
        ({"kind": "kappa", "patience": 0}, "greater than or equal to 1"),
        ({"kind": "kappa", "least_labels": -1}, "greater than or equal to 0"),
        ({"kind": "f1-delta", "threshold": 1.0}, "less than 1"),
        ({"kind": "classification-change", "threshold": -0.1}, "greater than or equal to 0"),
        ({"kind": "overall-uncertainty", "threshold": 1.1}, "less than or equal to 1"),
        ({"kind": "max-confidence", "threshold": 0}, "greater than 0"),
        ("kappas", "there is no stop rule 'kappas'; did you mean 'kappa'?"),
    ],
)
def test_dials_out_of_range_are_refused(table: object, words: str) -> None:
    assert words in complaint(AnyStopRule, table)


def test_rules_are_called_by_their_kind_and_a_number_where_there_are_several_and_ones_of_others_by_their_class() -> None:
    class Never(StopRule):
        """Never fires."""

        def measure(self, sight: Sight, before: Predictions | None) -> float | None:
            return None

        def is_met(self, measure: float) -> bool:
            return False

    rules = [make(AnyStopRule, each) for each in ("kappa", {"kind": "kappa", "threshold": 0.9}, "f1-delta")]
    assert [*named([*rules, Never()])] == ["kappa", "kappa-2", "f1-delta", "Never"]
