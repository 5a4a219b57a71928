"""Worker agreement with aggregate, against loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import UNKNOWN, AnswerTable, table_of
from agents.inference.ballot import winners
from agents.inference.inference import vote_shares
from agents.inference.wawa import Wawa
from tests.agents.inference.reference import relabelled, shuffled, tables


def plain_shares(table: AnswerTable, weight: list[float]) -> np.ndarray:
    """Return the shares of a weighted vote, answer by answer."""
    shares = vote_shares(table)
    for item in range(len(table.items)):
        scores = [0.0] * len(table.classes)
        for row in np.flatnonzero(table.item == item):
            scores[table.label[row]] += weight[table.person[row]]
        if sum(scores) > 0 and table.gold[item] == UNKNOWN:
            shares[item] = [score / sum(scores) for score in scores]
    return shares


def plain_agreement(table: AnswerTable, shares: np.ndarray) -> list[float]:
    """Return the share of each person's answers that the winners are; those who tie count in equal parts."""
    found = []
    for person in range(len(table.people)):
        right = answers = 0.0
        for row in np.flatnonzero(table.person == person):
            of_item = shares[table.item[row]]
            top = [label for label, share in enumerate(of_item) if share >= max(of_item) - 1e-9]
            right += (table.label[row] in top) / len(top)
            answers += 1
        found.append(right / answers if answers else 0.0)
    return found


@settings(deadline=None, max_examples=60)
@given(tables(), st.permutations(range(4)))
def test_it_is_a_second_vote_weighted_by_agreement_with_the_first(table, order):
    found = Wawa().infer(table).posterior
    assert found == pytest.approx(plain_shares(table, plain_agreement(table, vote_shares(table))))
    assert Wawa().infer(shuffled(table, 2)).posterior == pytest.approx(found)
    order = [place for place in order if place < len(table.classes)]
    assert Wawa().infer(relabelled(table, order)).posterior[:, order] == pytest.approx(found)


def test_a_tie_goes_to_those_who_agree_with_others():
    table = table_of([1, 1, 1, 2, 2, 2, 3, 3], "abcabcac", "xxyyyxxy")
    found = Wawa().infer(table)
    assert found.posterior[2, 0] > 0.6
    assert Wawa().infer(table, winners(vote_shares(table))).posterior == pytest.approx(found.posterior)


def test_the_start_stands_in_for_the_first_vote():
    table = table_of([1, 1], "ab", "xy")
    assert Wawa().infer(table, np.array([[1.0, 0.0]])).posterior.tolist() == [[1.0, 0.0]]
