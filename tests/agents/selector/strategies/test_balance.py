"""Balance between classes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.strategies.balance import ClassBalanced
from agents.selector.strategies.chance import InOrder
from agents.selector.strategies.uncertainty import Margin
from tests.agents.selector.pools import Matrix, matrices, scores, view


def obviously_balanced(probabilities: Matrix, labels: dict[int, int], pending: tuple[int, ...], count: int) -> list[int]:
    """Take the best item of the class with the fewest, counting anew each time."""
    predicted, margins = probabilities.argmax(axis=1), scores(Margin(), probabilities)
    has = [*labels.values(), *(int(predicted[row]) for row in pending)]
    free = [row for row in range(len(probabilities)) if row not in labels and row not in pending]
    chosen: list[int] = []
    while free and len(chosen) < count:
        row = min(free, key=lambda row: (has.count(predicted[row]), -margins[row], row))
        free.remove(row)
        chosen.append(row)
        has.append(predicted[row])
    return chosen


@given(matrices(least=2), st.data())
def test_the_class_with_the_fewest_labels_is_next_and_within_it_the_least_certain_item(probabilities, data):
    rows = data.draw(st.permutations(range(len(probabilities))))
    known, waiting = sorted(data.draw(st.tuples(st.integers(0, len(rows)), st.integers(0, len(rows)))))
    labels = {row: data.draw(st.integers(0, probabilities.shape[1] - 1)) for row in rows[:known]}
    pending = tuple(rows[known:waiting])
    count = data.draw(st.integers(0, 15))
    chosen = ClassBalanced().select(view(probabilities, labels, pending), count)
    assert list(chosen.ids) == obviously_balanced(probabilities, labels, pending, count)
    if chosen.ids:
        everything = ClassBalanced().scores(view(probabilities, labels, pending))
        free = rows[waiting:]
        assert everything[chosen.ids[0]] == max(everything[free]), "its scores say the same of the next item"


def test_a_rare_class_is_asked_for_until_it_has_as_many():
    table = np.array([[0.9, 0.1]] * 8 + [[0.2, 0.8]] * 4)
    pool = view(table, labels={0: 0, 1: 0, 2: 0})
    assert ClassBalanced().select(pool, 6).ids == (8, 9, 10, 11, 3, 4)


def test_what_is_pending_counts_as_what_the_model_predicts():
    table = np.array([[0.9, 0.1]] * 4 + [[0.2, 0.8]] * 4)
    assert ClassBalanced().select(view(table, {0: 0, 4: 1}, pending=(5, 6)), 2).ids == (1, 2)


def test_within_a_class_any_strategy_chooses():
    table = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.4, 0.6]])
    assert ClassBalanced().select(view(table), 2).ids == (1, 3)
    assert ClassBalanced(of=InOrder()).select(view(table), 2).ids == (0, 2)


def test_labels_that_come_are_seen_at_once():
    table = np.array([[0.9, 0.1]] * 4 + [[0.2, 0.8]] * 4)
    pool, strategy = view(table), ClassBalanced()
    assert strategy.select(pool, 1).ids == (4,)
    pool.pool.request(4)
    assert strategy.select(pool, 1).ids == (0,)
    pool.pool.resolve(4, 0)
    assert strategy.select(pool, 1).ids == (5,), "it was of the other class"
