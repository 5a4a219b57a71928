"""How often a majority is right, by the number of votes it rests on."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.calibration.curve import votes_curve
from agents.inference.answers import AnswerTable


def table_of_votes(votes: list[list[int]], classes: int) -> AnswerTable:
    item = np.repeat(np.arange(len(votes)), [len(each) for each in votes])
    person = np.concatenate([np.arange(len(each)) for each in votes])
    names = [f"w{number}" for number in range(max(len(each) for each in votes))]
    return AnswerTable(range(len(votes)), names, list(range(classes)), item, person, np.concatenate(votes))


def credit(said: tuple[int, ...], truth: int) -> float:
    counts = [said.count(label) for label in said]
    leaders = {label for label, count in zip(said, counts, strict=True) if count == max(counts)}
    return (truth in leaders) / len(leaders)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=3), st.data())
def test_it_is_the_mean_over_all_orders_of_the_votes(votes, data):
    truth = np.array([data.draw(st.integers(0, 2)) for _ in votes])
    table = table_of_votes(votes, 3)
    stream = np.random.default_rng(1)
    orders = 600
    seen = np.mean([votes_curve(table, table.label, truth, 4, stream) for _ in range(orders)], axis=0)
    for row, said in enumerate(votes):
        for count in range(1, 5):
            every = [credit(order[: min(count, len(said))], truth[row]) for order in permutations(said)]
            assert seen[row, count - 1] == pytest.approx(np.mean(every), abs=4 * np.std(every) / np.sqrt(orders) + 1e-9)


def test_items_of_unknown_class_do_not_count():
    table = table_of_votes([[0, 0], [1, 1]], 2)
    assert votes_curve(table, table.label, np.array([-1, 1]), 2, np.random.default_rng(0)).tolist() == [[1.0, 1.0]]


def test_an_item_with_fewer_answers_has_all_of_them_counted():
    table = table_of_votes([[1], [1, 1, 1]], 2)
    assert votes_curve(table, table.label, np.array([1, 0]), 3, np.random.default_rng(0)).tolist() == [[1, 1, 1], [0, 0, 0]]
