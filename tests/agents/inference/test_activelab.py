"""ActiveLab's score."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.component import Unusable
from agents.inference.activelab import activelab, calibrated
from agents.inference.answers import UNKNOWN, AnswerTable
from agents.inference.crowdlab import weigh
from agents.inference.inference import vote_shares
from tests.agents.inference.reference import shuffled, tables
from tests.agents.inference.test_crowdlab import modelled

SMALL = settings(max_examples=40, deadline=None)


@SMALL
@given(tables(), st.integers(0, 99))
def test_it_is_the_weighted_mean_of_all_opinions_and_of_one_that_says_nothing(table, seed):
    found = weigh(modelled(table, seed), calibrated(table, table.probabilities))
    scores = activelab(table)
    for item in range(len(table.items)):
        weight = found.model_weight + sum(found.weight[table.person[row]] for row in np.flatnonzero(table.item == item))
        empty = sum(found.weight) / len(found.weight)
        mean = (weight * max(found.posterior[item]) + empty / len(table.classes)) / (weight + empty)
        assert scores[item] == pytest.approx(1.0 if table.gold[item] != UNKNOWN else mean)


@SMALL
@given(tables(), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(table, seed):
    other = shuffled(table, seed)
    other.probabilities = modelled(table, seed).probabilities
    assert activelab(other) == pytest.approx(activelab(table), abs=1e-12)


@SMALL
@given(tables(), st.integers(0, 99))
def test_calibrated_probabilities_keep_their_order_and_are_no_further_from_what_people_say(table, seed):
    before = modelled(table, seed).probabilities
    after = calibrated(table, before)
    assert after.sum(axis=1) == pytest.approx(1.0)
    assert (
        np.sort(np.take_along_axis(after, before.argsort(axis=1), 1), axis=1)
        == np.take_along_axis(after, before.argsort(axis=1), 1)
    ).all()
    told = (table.answers_of_item > 0) | (table.gold != UNKNOWN)
    shares = vote_shares(table)[told]
    assert (shares * np.log(np.maximum(after[told], 1e-300))).sum() >= (shares * np.log(before[told])).sum() - 1e-4


def table_of_five() -> AnswerTable:
    """Items with four, two and one answers for x, one on which two people differ, and one without answers."""
    item = np.array([0, 0, 0, 0, 1, 1, 2, 3, 3, *range(5, 15), *range(5, 15)])
    person = np.array([0, 1, 2, 3, 0, 1, 0, 0, 1, *[0] * 10, *[1] * 10])
    label = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, *[0, 1] * 10])
    model = np.tile([0.6, 0.4], (15, 1))
    model[5:] = np.array([[0.8, 0.2], [0.2, 0.8]] * 5)
    return AnswerTable(range(15), list("pqrs"), "xy", item, person, label, probabilities=model)


def test_the_more_answers_agree_the_later_an_item_gets_another():
    four, two, one, differ, none = activelab(table_of_five())[:5]
    assert four > two > one > none
    assert two > differ


def test_nobody_asks_about_what_is_known():
    table = table_of_five()
    gold = np.full(15, UNKNOWN)
    gold[3] = 1
    known = AnswerTable(table.items, table.people, "xy", table.item, table.person, table.label, gold, table.probabilities)
    assert activelab(known).argmax() == 3
    assert activelab(known)[3] == 1.0


def test_without_any_answers_it_is_the_least_sure_item_of_the_model_that_comes_first():
    none = np.zeros(0, np.intp)
    model = np.array([[0.9, 0.1], [0.5, 0.5], [0.0, 1.0]])
    assert activelab(AnswerTable("abc", [], "xy", none, none, none, probabilities=model)).argsort().tolist() == [1, 0, 2]


def test_without_a_models_probabilities_it_says_so():
    none = np.zeros(0, np.intp)
    with pytest.raises(Unusable, match="model's class probabilities"):
        activelab(AnswerTable(["a"], ["p"], "xy", none, none, none))
