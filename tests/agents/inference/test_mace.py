"""MACE, against loops, and what it owes whoever gives it odd answers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma

from agents.inference.answers import UNKNOWN, AnswerTable
from agents.inference.inference import vote_shares
from agents.inference.mace import Mace
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=40, deadline=None)


def share(count: float, total: float, variational: bool) -> float:
    """Return what a share counts as: exp of its mean logarithm under a Dirichlet posterior, or the share itself."""
    return math.exp(digamma(count) - digamma(total)) if variational else count / total


def plain_mace(table: AnswerTable, steps: int, variational: bool, even: bool) -> np.ndarray:
    """Return posteriors after that many M-steps and E-steps from vote shares, an answer at a time."""
    classes, people = len(table.classes), len(table.people)
    answers = list(zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True))
    small = 0.01 / classes
    know, spam, habit, common = (0.5, 0.5, 10.0, 1.0) if variational else (small,) * 4
    posterior = vote_shares(table).tolist()
    knew = [posterior[i][label] * 0.5 / (0.5 + 0.5 / classes) for i, _, label in answers]
    told = sorted({*table.item.tolist(), *table.known.tolist()})
    for _ in range(steps):
        prior = [common + sum(posterior[i][c] for i in told) for c in range(classes)]
        prior = [1 / classes if even else share(count, sum(prior), variational) for count in prior]
        knows, spams = [], []
        for who in range(people):
            mine = [(label, k) for (_, person, label), k in zip(answers, knew, strict=True) if person == who]
            known, spammed = know + sum(k for _, k in mine), spam + sum(1 - k for _, k in mine)
            knows.append(share(known, known + spammed, variational))
            given_ = [habit + sum(1 - k for label, k in mine if label == c) for c in range(classes)]
            spammer = share(spammed, known + spammed, variational)
            spams.append([spammer * share(count, sum(given_), variational) for count in given_])
        posterior = []
        for item in range(len(table.items)):
            joint = list(prior)
            for i, who, label in answers:
                if i == item:
                    joint = [p * (spams[who][label] + knows[who] * (c == label)) for c, p in enumerate(joint)]
            if table.gold[item] != UNKNOWN:
                joint = [float(c == table.gold[item]) for c in range(classes)]
            posterior.append([p / sum(joint) for p in joint])
        knew = [posterior[i][label] * knows[who] / (knows[who] + spams[who][label]) for i, who, label in answers]
    return np.array(posterior)


@SMALL
@given(tables(), st.integers(1, 5), st.booleans(), st.booleans())
def test_it_finds_what_loops_find(table, steps, variational, even):
    found = Mace(starts=1, most=steps, tolerance=0, variational=variational, even=even).infer(table)
    assert found.posterior == pytest.approx(plain_mace(table, found.iterations, variational, even), abs=1e-8)


@SMALL
@given(tables(), st.booleans(), st.booleans(), st.floats(0.01, 20), st.integers(0, 9))
def test_the_objective_never_falls(table, variational, even, habit, seed):
    method = Mace(starts=3, most=40, tolerance=0, variational=variational, even=even, habit=habit, smoothing=habit, seed=seed)
    found = method.infer(table)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-7
    assert np.isfinite(found.posterior).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 999))
def test_the_bound_is_below_the_evidence_and_near_it_where_answers_are_few(seed):
    # One item, one answer: the evidence is exact. Every label is as probable, whatever the priors say.
    label = np.array([seed % 3])
    table = AnswerTable(["a"], ["p"], "xyz", np.zeros(1, np.intp), np.zeros(1, np.intp), label)
    bound = Mace(even=True, most=100).infer(table).log_likelihood[-1]
    assert math.log(1 / 3) - 0.7 < bound < math.log(1 / 3)


@SMALL
@given(tables(), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(table, seed):
    assert Mace(starts=3).infer(shuffled(table, seed)).posterior.tolist() == Mace(starts=3).infer(table).posterior.tolist()


@SMALL
@given(tables(), st.integers(0, 99))
def test_other_names_for_the_classes_permute_the_posterior(table, seed):
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    method = Mace(most=8, tolerance=0, starts=1)
    there = method.infer(relabelled(table, order))
    assert there.posterior[:, order] == pytest.approx(method.infer(table).posterior, abs=1e-8)


@SMALL
@given(tables(), st.booleans())
def test_everything_is_a_distribution_and_known_items_are_certain(table, variational):
    found = Mace(starts=2, variational=variational).infer(table)
    for shares in (found.posterior, found.habits, found.confusion):
        assert shares.sum(axis=-1) == pytest.approx(1.0)
    assert found.posterior[table.known, table.gold[table.known]] == pytest.approx(1.0)
    assert ((found.spamming >= 0) & (found.spamming <= 1)).all()


@SMALL
@given(tables())
def test_more_starts_end_no_lower(table):
    first, many = Mace(starts=1, most=20).infer(table), Mace(starts=5, most=20).infer(table)
    assert many.log_likelihood[-1] >= first.log_likelihood[-1]


def test_a_start_is_the_only_one():
    table = AnswerTable(range(2), ["p"], "xy", np.arange(2), np.zeros(2, np.intp), np.zeros(2, np.intp))
    start = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert Mace(starts=9).infer(table, start).log_likelihood == Mace(starts=1).infer(table, start).log_likelihood
