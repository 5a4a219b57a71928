"""BALD and BatchBALD: what labels would tell of which member is right."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import entropy
from sklearn.ensemble import RandomForestClassifier

from agents.selector import forecast as forecasts
from agents.selector.strategies.bald import Bald, BatchBald, Joint
from agents.selector.strategies.committee import KLDivergence
from agents.selector.view import view_of
from tests.agents.samples import share_band
from tests.agents.selector.pools import LUCK, Matrix, committee, committees


def obvious_information(tables: Matrix, rows: list[int]) -> float:
    """Return the mutual information of a batch's labels and the members, by all the ways in which it may be labelled."""
    states = [list(state) for state in product(range(tables.shape[2]), repeat=len(rows))]
    each = np.array([[np.prod(table[rows, state]) for state in states] for table in tables])
    return float(entropy(each.mean(axis=0)) - np.mean([entropy(chances) for chances in each]))


def obviously_greedy(tables: Matrix, pending: list[int], count: int) -> list[float]:
    """Return what the best next item adds, again and again, and check nothing else."""
    batch, free, added = [*pending], [row for row in range(tables.shape[1]) if row not in pending], []
    while free and len(added) < count:
        before = obvious_information(tables, batch)
        gains = {row: obvious_information(tables, [*batch, row]) - before for row in free}
        row = next(row for row in free if gains[row] >= max(gains.values()) - 1e-9)
        added.append(gains[row])
        batch.append(row)
        free.remove(row)
    return added


small = committees().filter(lambda tables: tables.shape[1] * tables.shape[2] <= 20)


@given(committees())
def test_bald_is_the_information_of_one_label_and_the_mean_divergence_from_the_mean(tables):
    drawn = Bald().scores(committee(tables))
    assert_allclose(drawn, [obvious_information(tables, [row]) for row in range(tables.shape[1])], atol=1e-12)
    assert_allclose(drawn, KLDivergence().scores(committee(tables)), atol=1e-12)
    assert (drawn >= 0).all()


@given(committees())
def test_a_batch_of_one_is_the_best_by_bald(tables):
    chosen, alone = BatchBald().select(committee(tables), 1), Bald().scores(committee(tables))
    assert alone[chosen.ids[0]] == pytest.approx(max(alone), abs=1e-9)
    assert chosen.scores[0] == pytest.approx(max(alone), abs=1e-9)


@settings(max_examples=50)
@given(small, st.integers(1, 3), st.data())
def test_a_batch_is_greedy_in_the_joint_information_with_what_is_pending(tables, count, data):
    pending = data.draw(st.lists(st.integers(0, tables.shape[1] - 1), max_size=2, unique=True))
    chosen = BatchBald().select(committee(tables, pending=tuple(pending)), count)
    assert_allclose(chosen.scores, obviously_greedy(tables, sorted(pending), count), atol=1e-9)
    # Of items that add as much either may go first: what counts is that what is chosen adds what is claimed.
    told = obvious_information(tables, [*pending, *chosen.ids]) - obvious_information(tables, pending)
    assert sum(chosen.scores) == pytest.approx(told, abs=1e-9)


@given(committees(), st.integers(0, 15), st.integers(2, 30), st.integers(1, 20))
def test_a_batch_never_tells_more_than_its_items_alone_and_is_as_large_as_is_wanted(tables, count, states, candidates):
    chosen = BatchBald(states=states, candidates=candidates).select(committee(tables), count)
    assert len(chosen) == len(set(chosen.ids)) == min(count, tables.shape[1])
    assert all(np.isfinite(chosen.scores)) and min(chosen.scores, default=0) >= 0
    if tables.shape[2] ** count <= states:
        assert sum(chosen.scores) <= sum(Bald().scores(committee(tables))[list(chosen.ids)]) + 1e-9


def test_two_items_that_say_the_same_are_not_both_chosen_and_bald_chooses_both():
    # Over the first two items the same members differ, over the third others, a little less.
    tables = np.array([[[0.9, 0.1]] * 2 + [[0.85, 0.15]], [[0.9, 0.1]] * 2 + [[0.15, 0.85]]] * 2)
    tables[2:, :2] = [0.1, 0.9]
    assert Bald().select(committee(tables), 2).ids == (0, 1)
    assert BatchBald().select(committee(tables), 2).ids == (0, 2)
    assert BatchBald().select(committee(tables, pending=(0,)), 1).ids == (2,)


def test_only_the_candidates_are_looked_at_but_never_too_few():
    tables = np.array([[[0.9, 0.1]] * 2 + [[0.85, 0.15]], [[0.9, 0.1]] * 2 + [[0.15, 0.85]]] * 2)
    tables[2:, :2] = [0.1, 0.9]
    assert BatchBald(candidates=2).select(committee(tables), 2).ids == (0, 1)
    assert len(BatchBald(candidates=1).select(committee(tables), 3)) == 3


def many(members: int, items: int, classes: int) -> Matrix:
    """Return what members say who differ a lot."""
    return LUCK.generator(4).dirichlet(np.full(classes, 0.3), (members, items))


def test_items_that_are_alike_go_by_their_place():
    tables = np.repeat(many(6, 1, 3), 50, axis=1)
    assert BatchBald().select(committee(tables), 7).ids == tuple(range(7))


def test_drawn_states_come_near_to_all_of_them():
    tables = many(8, 12, 3)
    exact, drawn = Joint(8, 3**9, LUCK.generator(5)), Joint(8, 2000, LUCK.generator(5))
    for row in range(9):
        exact.add(tables[:, row])
        drawn.add(tables[:, row])
    assert len(exact.chances) == 3**9 and len(drawn.chances) <= 2000
    assert drawn.chances.sum() == pytest.approx(1)
    own = entropy(tables, axis=2)
    # Information is a mean over states of numbers between 0 and log 3.
    assert_allclose(drawn.information(tables, own), exact.information(tables, own), atol=4 * np.log(3) / 2 / np.sqrt(2000))


def test_drawn_states_tell_nothing_of_what_is_known_already():
    joint = Joint(3, 2, LUCK.generator(8))
    sure = np.eye(3)[:, None, :]
    joint.add(sure[:, 0])
    assert len(joint.chances) == 2, "of three states"
    assert joint.information(sure, np.zeros((3, 1))).tolist() == [0]


def test_a_state_is_drawn_as_often_as_it_is_probable():
    sure = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    last = []
    for seed in range(1000):
        joint = Joint(4, 2, LUCK.generator(7, seed))
        joint.add(sure)
        last.append(joint.chances @ joint.weights[:, 3])
    assert abs(np.mean(last) - 0.25) < share_band(0.25, 1000)


def test_the_same_is_drawn_whenever_the_same_is_known():
    tables = many(5, 40, 4)
    strategy = BatchBald(states=50)
    first, again = (strategy.select(committee(tables, pending=(3, 4)), 10) for _ in range(2))
    assert first == again
    assert not {3, 4} & {*first.ids}


@pytest.mark.parametrize("pending", [(), (3, 4, 90)])
def test_members_of_a_large_pool_are_asked_about_the_candidates_only(pending, monkeypatch):
    draws = LUCK.generator(10)
    features, labels = draws.normal(size=(100, 2)), draws.integers(0, 3, 100)
    forest = RandomForestClassifier(5, max_depth=4, random_state=0).fit(features[:60], labels[:60])
    chosen = []
    for kept in (forecasts.KEPT, 1):
        monkeypatch.setattr(forecasts, "KEPT", kept)
        pool = view_of(features, forest)
        for row in pending:
            pool.pool.request(row)
        chosen.append(BatchBald(candidates=10).select(pool, 4))
    assert chosen[0] == chosen[1]
    assert not {*pending} & {*chosen[0].ids}


def test_hundreds_of_pending_items_leave_numbers():
    tables = many(5, 500, 4)
    chosen = BatchBald(states=20).select(committee(tables, pending=tuple(range(450))), 3)
    assert len(chosen) == 3 and all(np.isfinite(chosen.scores))


def test_a_certain_label_makes_no_states():
    joint = Joint(3, 2, LUCK.generator(6))
    for _ in range(10):
        joint.add(np.array([[0, 1.0, 0]] * 3))
    assert joint.chances.tolist() == [1]
    assert_allclose(joint.weights, [[1 / 3] * 3])


def test_what_one_member_says_tells_nothing():
    alone = committee(many(1, 5, 3))
    assert Bald().scores(alone).tolist() == [0] * 5
    assert BatchBald().select(alone, 3).ids == (0, 1, 2)
