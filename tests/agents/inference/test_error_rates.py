"""What is known of people in plain numbers, against sums over a table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import AnswerTable
from agents.inference.error_rates import ErrorRates
from agents.inference.inference import Inferred, vote_shares
from tests.agents.inference.reference import tables

SMALL = settings(max_examples=20, deadline=None)


def counted(table: AnswerTable, posterior: np.ndarray, one_coin: bool) -> ErrorRates:
    """Return what they are when the answers are counted one at a time."""
    rates = ErrorRates(len(table.classes), one_coin, 1.0, 3.0)
    rates.have(len(table.people))
    for item, person, label in zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True):
        rates.answers[person] += 1
        rates.count(person, label, 1.0, posterior[item].tolist())
    return rates


def logs_of(rates: ErrorRates, table: AnswerTable) -> list[list[float]]:
    persons, labels = table.pairs
    pairs = zip(persons.tolist(), labels.tolist(), strict=True)
    return [rates.weigh([0.0] * len(table.classes), person, label) for person, label in pairs]


@SMALL
@given(tables(), st.booleans())
def test_counting_answers_one_at_a_time_gives_what_loading_all_of_them_gives(table, one_coin):
    posterior = vote_shares(table)
    one_by_one, at_once = counted(table, posterior, one_coin), ErrorRates(len(table.classes), one_coin, 1.0, 3.0)
    at_once.load(table, posterior)
    people, skills = range(len(table.people)), Inferred(table, posterior).skill()
    assert [one_by_one.skill(person) for person in people] == pytest.approx(skills)
    assert [at_once.skill(person) for person in people] == pytest.approx(skills)
    assert np.array(logs_of(one_by_one, table)) == pytest.approx(np.array(logs_of(at_once, table)))


@SMALL
@given(tables(), st.booleans())
def test_of_all_that_somebody_may_say_the_probabilities_add_up_to_one(table, one_coin):
    rates, classes = counted(table, vote_shares(table), one_coin), len(table.classes)
    for person in range(len(table.people)):
        for label in range(classes):
            rates.count(person, label, 1.0, [0.0] * classes)
        said = np.exp([rates.weigh([0.0] * classes, person, label) for label in range(classes)]).sum(axis=0)
        assert said == pytest.approx(np.ones(classes))


def test_what_fades_weighs_less_and_who_is_forgotten_is_new():
    rates = ErrorRates(2, False, 1.0, 3.0)
    rates.have(2)
    new = rates.skill(0)
    rates.answers[0] = 8
    rates.count(0, 0, 1.0, [6.0, 2.0])
    known = rates.weigh([0.0, 0.0], 0, 0)
    assert np.exp(known) == pytest.approx([10 / 11, 3 / 7])
    rates.fade(0, 0.5)
    assert np.exp(rates.weigh([0.0, 0.0], 0, 0)) == pytest.approx([7 / 8, 2 / 6])
    rates.forget(0)
    assert rates.skill(0) == new == rates.skill(1)
    rates.count(0, 1, 1.0, [0.0, 0.0])
    assert np.exp(rates.weigh([0.0, 0.0], 0, 1)) == pytest.approx([1 / 5, 4 / 5])
