"""The hierarchical method, against loops that do one thing at a time."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma, gammaln

from agents.inference.answers import UNKNOWN, AnswerTable, table_of
from agents.inference.dawid_skene import DawidSkene
from agents.inference.hierarchical import ANY, CERTAINTY, RIGHT, HierarchicalDawidSkene
from agents.inference.inference import vote_shares
from bus.chance import Chance
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=25, deadline=None)


def plain_step(a: list[float], said: list[list[float]], true: int) -> list[float]:
    """Return the parameters of one row after a step, from what each person is expected to have said there."""
    heard = [sum(a[c] * (digamma(a[c] + n[c]) - digamma(a[c])) for n in said) for c in range(len(a))]
    asked = sum(digamma(sum(a) + sum(n)) - digamma(sum(a)) for n in said)
    worth = min(max((sum(heard) + len(a)) / (asked + 1), 0.5), 1000)
    share = [heard[c] + ANY + 1 / len(a) + RIGHT * (c == true) for c in range(len(a))]
    return [max(worth * each / sum(share), 1e-3) for each in share]


class Loops:
    """The method in loops."""

    def __init__(self, table: AnswerTable, kinds: int) -> None:
        self.table, self.kinds, self.classes = table, kinds, len(table.classes)
        self.people, self.states = range(len(table.people)), range(self.classes * kinds)
        self.answers = [*zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True)]
        self.gold = table.gold.tolist()
        self.told = [i for i, g in enumerate(self.gold) if g != UNKNOWN or any(item == i for item, _, _ in self.answers)]
        self.q = [self.start(i, row) for i, row in enumerate(vote_shares(table).tolist())]
        self.alpha = []
        for s in self.states:
            row = [sum(n[s][c] for n in self.tally()) + 1 / self.classes for c in range(self.classes)]
            self.alpha.append([2 * self.classes * each / sum(row) for each in row])

    def start(self, i: int, row: list[float]) -> list[float]:
        votes = [sum(1 for item, _, label in self.answers if item == i and label == c) for c in range(self.classes)]
        top = max(max(votes) / max(sum(votes), 1), 1 / self.classes)
        hard = min(max((1 - top) / max(1 - 1 / self.classes, 1 / self.classes), CERTAINTY), 1 - CERTAINTY)
        last = self.kinds - 1
        part = [math.comb(last, g) * hard**g * (1 - hard) ** (last - g) for g in range(self.kinds)]
        return [row[s // self.kinds] * part[s % self.kinds] for s in self.states]

    def tally(self) -> list[list[list[float]]]:
        n = [[[0.0] * self.classes for _ in self.states] for _ in self.people]
        for item, person, label in self.answers:
            for s in self.states:
                n[person][s][label] += self.q[item][s]
        return n

    def step(self, learning: int) -> None:
        n = self.tally()
        for _ in range(learning):
            self.alpha = [plain_step(self.alpha[s], [each[s] for each in n], s // self.kinds) for s in self.states]
        prior = [1 + sum(self.q[i][s] for i in self.told) for s in self.states]
        self.q = [self.item(i, n, [each / sum(prior) for each in prior]) for i in range(len(self.gold))]

    def item(self, i: int, n: list[list[list[float]]], prior: list[float]) -> list[float]:
        weight = []
        for s in self.states:
            log = math.log(prior[s])
            for person, c in [(p, c) for item, p, c in self.answers if item == i]:
                log += math.log((self.alpha[s][c] + n[person][s][c]) / (sum(self.alpha[s]) + sum(n[person][s])))
            weight.append(0.0 if self.gold[i] not in (UNKNOWN, s // self.kinds) else math.exp(log))
        return [each / sum(weight) for each in weight]

    def evidence(self) -> float:
        size = [sum(self.q[i][s] for i in self.told) for s in self.states]
        value = sum(gammaln(1 + each) for each in size) + gammaln(len(size)) - gammaln(len(size) + sum(size))
        value -= sum(self.q[i][s] * math.log(self.q[i][s]) for i in self.told for s in self.states if self.q[i][s] > 0)
        for n, s in product(self.tally(), self.states):
            a = self.alpha[s]
            value += gammaln(sum(a)) - gammaln(sum(a) + sum(n[s]))
            value += sum(gammaln(a[c] + n[s][c]) - gammaln(a[c]) for c in range(self.classes))
        return float(value)

    def posterior(self) -> list[list[float]]:
        return [[sum(row[c * self.kinds : (c + 1) * self.kinds]) for c in range(self.classes)] for row in self.q]


@SMALL
@given(tables(), st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3))
def test_it_finds_what_loops_find(table, kinds, steps, learning, most):
    found = HierarchicalDawidSkene(kinds=kinds, steps=steps, learning=learning, most=most, tolerance=0).infer(table)
    if found.iterations < learning + most:  # What comes to rest stays where it is, but for rounding.
        learning, most = found.iterations - len(found.log_likelihood), len(found.log_likelihood)
    loops = Loops(table, kinds)
    for number in range(learning + most):
        loops.step(steps if number < learning else 0)
    assert found.posterior == pytest.approx(np.array(loops.posterior()), abs=1e-8)
    assert found.crowd.reshape(len(loops.alpha), -1) == pytest.approx(np.array(loops.alpha), rel=1e-8)
    assert found.evidence == pytest.approx(loops.evidence(), abs=1e-6)


@SMALL
@given(tables(), st.integers(1, 3))
def test_once_the_priors_stand_the_log_posterior_never_falls(table, kinds):
    found = HierarchicalDawidSkene(kinds=kinds, learning=2, most=30, tolerance=0).infer(table)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-7


@SMALL
@given(tables(), st.integers(1, 3))
def test_probabilities_are_probabilities_and_known_items_are_certain(table, kinds):
    found = HierarchicalDawidSkene(kinds=kinds, learning=15).infer(table)
    assert found.posterior.sum(axis=1) == pytest.approx(1)
    assert found.confusion.sum(axis=2) == pytest.approx(1)
    assert found.prior.sum() == pytest.approx(1)
    assert (found.posterior[table.known, table.gold[table.known]] == 1).all()
    assert np.isfinite([found.evidence, *found.log_likelihood]).all()


@SMALL
@given(tables(), st.integers(0, 99), st.integers(1, 2))
def test_the_order_of_rows_makes_no_difference(table, seed, kinds):
    method = HierarchicalDawidSkene(kinds=kinds, learning=15)
    assert method.infer(shuffled(table, seed)).posterior.tolist() == method.infer(table).posterior.tolist()


@SMALL
@given(tables(), st.integers(0, 99), st.integers(1, 2))
def test_other_names_for_the_classes_permute_the_posterior(table, seed, kinds):
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    method = HierarchicalDawidSkene(kinds=kinds, learning=4, most=4, tolerance=0)
    there = method.infer(relabelled(table, order))
    assert there.posterior[:, order] == pytest.approx(method.infer(table).posterior, abs=1e-8)
    assert there.evidence == pytest.approx(method.infer(table).evidence, abs=1e-6)


MATRIX = np.array([[0.85, 0.1, 0.05], [0.1, 0.8, 0.1], [0.05, 0.5, 0.45]])
"""Of a crowd that says b of c rather more often than c."""


def crowd(answers: int, careers: int, hard: float = 0.0) -> tuple[AnswerTable, np.ndarray]:
    """Return so many answers to each of 2000 items, by people of so many answers each; to some items all answer by chance."""
    stream = Chance(5).stream("crowd")
    truth = stream.integers(0, 3, 2000)
    item = np.repeat(np.arange(2000), answers)
    difficult = stream.random(2000) < hard
    chance = np.where(difficult[item][:, None], 1 / 3, MATRIX[truth[item]])
    label = (stream.random(len(item))[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    person = stream.permutation(len(item)) // careers
    names = ["a", "b", "c"]
    table = table_of(item.tolist(), [f"p{p:04}" for p in person], [names[each] for each in label], names)
    return table, truth


def right(posterior: np.ndarray, truth: np.ndarray) -> float:
    return float((posterior.argmax(axis=1) == truth).mean())


def test_people_of_four_answers_are_judged_as_the_crowd_is():
    table, truth = crowd(answers=6, careers=4)
    best = right(table.votes @ np.log(MATRIX).T, truth)
    learnt = right(HierarchicalDawidSkene().infer(table).posterior, truth)
    # Nobody does better who knows the crowd's matrix; two in a hundred is more than what four standard errors of it are.
    assert learnt > best - 0.02
    assert learnt > right(vote_shares(table), truth) + 0.1
    assert learnt > right(DawidSkene().infer(table).posterior, truth) + 0.05


@pytest.mark.parametrize("hard", [0.0, 0.4])
def test_evidence_prefers_two_kinds_of_items_only_where_there_are_two(hard):
    table, _ = crowd(answers=12, careers=300, hard=hard)
    one, two = (HierarchicalDawidSkene(kinds=kinds).infer(table).evidence for kinds in (1, 2))
    assert (two > one) == (hard > 0)


def test_a_large_crowd_is_judged_by_some_of_it():
    table, truth = crowd(answers=6, careers=4)
    half = HierarchicalDawidSkene(heard=len(table.pairs[0]) // 2).infer(table)
    everybody = HierarchicalDawidSkene().infer(table)
    assert not np.array_equal(half.crowd, everybody.crowd)
    assert right(half.posterior, truth) > right(everybody.posterior, truth) - 0.02


def test_no_items_no_people_and_no_classes_are_nothing_to_infer():
    for kinds in (1, 2):
        assert HierarchicalDawidSkene(kinds=kinds).infer(table_of([], [], [])).posterior.shape == (0, 0)
        found = HierarchicalDawidSkene(kinds=kinds).infer(table_of([], [], [], ["a", "b"], gold={1: "a"}))
        assert found.posterior.tolist() == [[1.0, 0.0]]


def test_a_prior_that_is_not_learnt_is_four_right_answers_and_one_of_each_other_label():
    table = table_of([1, 1, 2], ["p", "q", "p"], ["a", "b", "a"], ["a", "b", "c"])
    found = HierarchicalDawidSkene(kinds=2, learning=0).infer(table)
    assert found.crowd[1].tolist() == [[1.0, 4.0, 1.0], [1.0, 4.0, 1.0]]
    assert len(found.log_likelihood) == found.iterations
    silent = AnswerTable(range(1), ["p", "silent"], "abc", np.array([0]), np.array([0]), np.array([0]), np.array([UNKNOWN]))
    matrix = HierarchicalDawidSkene(learning=0).infer(silent).confusion[1]
    assert matrix == pytest.approx(np.full((3, 3), 1 / 6) + np.eye(3) / 2)
