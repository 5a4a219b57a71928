"""GLAD, against loops, and what it owes whoever gives it odd answers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import UNKNOWN, AnswerTable
from agents.inference.glad import Glad
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=40, deadline=None)


def plain_odds(table: AnswerTable, ability: list[float], difficulty: list[float]) -> tuple[list[list[float]], float]:
    """Return posteriors and the log posterior, but for a constant: Whitehill's formulas, an answer at a time."""
    classes = len(table.classes)
    posterior, value = [], 0.0
    for item in range(len(table.items)):
        joint = [1 / classes] * classes
        for row in np.flatnonzero(table.item == item):
            right = 1 / (1 + math.exp(-ability[table.person[row]] / difficulty[item]))
            for c in range(classes):
                joint[c] *= right if c == table.label[row] else (1 - right) / (classes - 1)
        if table.gold[item] != UNKNOWN:
            joint = [share * (c == table.gold[item]) for c, share in enumerate(joint)]
        posterior.append([share / sum(joint) for share in joint])
        value += math.log(sum(joint))
    value -= sum((a - 1) ** 2 / 2 for a in ability) + sum((math.log(1 / d) - 1) ** 2 / 2 for d in difficulty)
    return posterior, value


@SMALL
@given(tables().filter(lambda table: len(table.classes) > 1), st.integers(1, 5))
def test_posteriors_and_objective_follow_from_abilities_and_difficulties(table, most):
    found = Glad(most=most, tolerance=0).infer(table)
    posterior, value = plain_odds(table, found.ability.tolist(), found.difficulty.tolist())
    assert found.posterior == pytest.approx(np.array(posterior), abs=1e-9)
    assert found.log_likelihood[-1] == pytest.approx(value, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(tables().filter(lambda table: len(table.classes) > 1))
def test_it_comes_to_rest_where_no_ability_and_no_difficulty_can_be_bettered(table):
    found = Glad(most=5000, tolerance=1e-13).infer(table)
    ability, ease = found.ability.tolist(), (-np.log(found.difficulty)).tolist()
    best = plain_odds(table, ability, np.exp(-np.array(ease)).tolist())[1]
    for values in (ability, ease):
        for place in range(len(values)):
            for step in (-0.02, 0.02):
                values[place] += step
                assert plain_odds(table, ability, np.exp(-np.array(ease)).tolist())[1] < best + 1e-6
                values[place] -= step


@SMALL
@given(tables(), st.integers(1, 3), st.floats(-3, 3), st.floats(-2, 5), st.floats(0.2, 20))
def test_the_log_posterior_never_falls(table, sweeps, ability, ease, spread):
    dials = {"sweeps": sweeps, "ability": ability, "ability_spread": spread, "ease": ease, "ease_spread": spread}
    found = Glad(most=60, tolerance=0, **dials).infer(table)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-8
    assert np.isfinite(found.posterior).all()


def test_a_step_that_would_go_too_far_is_shortened():
    # Half of the answers contradict what is known, and log odds begin far out, where Newton's steps have no bound.
    item = np.repeat(np.arange(40), 2)
    table = AnswerTable(range(40), ["p", "q"], "xy", item, np.tile([0, 1], 40), (np.arange(80) // 4) % 2, np.zeros(40, np.intp))
    found = Glad(ability=3, ability_spread=20, ease=4, ease_spread=20, most=50, tolerance=0).infer(table)
    assert np.diff(found.log_likelihood).min() > -1e-8
    assert found.ability == pytest.approx(0, abs=0.5)


@SMALL
@given(tables(), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(table, seed):
    assert Glad().infer(shuffled(table, seed)).posterior.tolist() == Glad().infer(table).posterior.tolist()


@SMALL
@given(tables(), st.integers(0, 99))
def test_other_names_for_the_classes_permute_the_posterior(table, seed):
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    method = Glad(most=8, tolerance=0)
    assert method.infer(relabelled(table, order)).posterior[:, order] == pytest.approx(method.infer(table).posterior, abs=1e-8)


@SMALL
@given(tables())
def test_known_items_are_certain_and_rows_are_distributions(table):
    posterior = Glad().infer(table).posterior
    assert posterior[table.known, table.gold[table.known]] == pytest.approx(1.0)
    assert posterior.sum(axis=1) == pytest.approx(1.0)


def test_an_item_without_answers_is_evenly_spread_and_as_hard_as_any():
    none = np.zeros(0, np.intp)
    found = Glad().infer(AnswerTable(["a"], ["p"], "xy", none, none, none))
    assert found.posterior.tolist() == [[0.5, 0.5]]
    assert found.difficulty == pytest.approx(math.exp(-1))
    assert found.ability == pytest.approx(1.0)


def test_a_start_is_where_it_begins():
    table = AnswerTable(range(4), ["p", "q"], "xy", np.arange(8) // 2, np.arange(8) % 2, np.array([0, 1] * 4))
    start = np.array([[0.0, 1.0]] * 4)
    assert (Glad(most=1).infer(table, start).posterior[:, 1] > 0.5).all()
    assert (Glad(most=1).infer(table, 1 - start).posterior[:, 1] < 0.5).all()
