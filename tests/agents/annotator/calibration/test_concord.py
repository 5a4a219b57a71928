"""How often two people answer an item alike: counted, and expected."""

import numpy as np
import pytest

from agents.annotator.calibration.concord import Pairs
from agents.annotator.calibration.hardness import Effect, base_of
from agents.inference.answers import AnswerTable
from tests.agents.annotator.calibration.made import made, matrices
from tests.agents.samples import share_band


def test_pairs_are_counted_item_by_item_and_by_its_class():
    stream = np.random.default_rng(1)
    log = made(stream, matrices(stream, 9, 3), 40, 5)
    seen = Pairs(log.table, np.eye(3)[log.truth]).observed()
    for truth in range(3):
        right, same = [], []
        for item in np.flatnonzero(log.truth == truth):
            said = log.table.label[log.table.item == item]
            pairs = [(one, other) for at, one in enumerate(said) for other in said[at + 1 :]]
            right.append(np.mean([one == other == truth for one, other in pairs]))
            same.append(np.mean([one == other != truth for one, other in pairs]))
        assert seen.right[truth] == pytest.approx(np.mean(right))
        assert seen.same[truth] == pytest.approx(np.mean(same))


def test_two_answers_of_one_person_are_no_pair_of_people():
    table = AnswerTable(["i"], ["a", "b"], [0, 1], np.zeros(3, int), np.array([0, 0, 1]), np.array([1, 1, 0]))
    seen = Pairs(table, np.array([[0.0, 1.0]])).observed()
    assert (seen.right[1], seen.same[1]) == (0.0, 0.0)


@pytest.mark.parametrize(("classes", "power"), [(2, 0.0), (2, 1.0), (4, 1.0)])
def test_people_agree_as_often_as_is_to_be_expected_of_them(classes, power):
    stream = np.random.default_rng(2)
    items = 6000
    log = made(stream, matrices(stream, 30, classes), items, 5, 1.0, power)
    pairs = Pairs(log.table, np.eye(classes)[log.truth])
    effect = Effect(np.full(classes, 1.0), power, 0.5 if classes > 2 else 0.0, 2.0)
    told = pairs.expected(base_of(log.confusion, log.spread, effect), log.spread, effect).concord
    seen = pairs.observed()
    for truth in range(classes):
        # At worst, the pairs of an item say no more than one of them would.
        assert seen.right[truth] == pytest.approx(told.right[truth], abs=share_band(told.right[truth], items // classes))
        assert seen.same[truth] == pytest.approx(told.same[truth], abs=share_band(told.same[truth], items // classes))


def test_the_likelihood_is_highest_at_the_spread_the_log_was_made_with():
    stream = np.random.default_rng(3)
    log = made(stream, matrices(stream, 20, 2), 3000, 6, 1.5)
    pairs = Pairs(log.table, np.eye(2)[log.truth])

    def likelihood(spread: float) -> float:
        effect = Effect(np.full(2, spread), 0.0, 0.0, 2.0)
        each = effect.of(log.confusion)
        return pairs.expected(base_of(log.confusion, each, effect), each, effect).log_likelihood

    assert likelihood(1.5) > max(likelihood(0.9), likelihood(2.2))
