"""Where models differ, the skilled people tell which is right: against loops, and in crowds of which the truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from agents.inference.answers import UNKNOWN, AnswerTable, Floats, table_of
from agents.inference.auto import Auto
from agents.inference.dawid_skene import DawidSkene
from agents.inference.dispute import RIGHT, WRONG, dispute, log_bayes_factor
from agents.inference.hierarchical import HierarchicalDawidSkene
from bus.chance import Chance
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=40, deadline=None)


def two_models(table: AnswerTable, seed: int) -> tuple[Floats, Floats]:
    """Return two models' posteriors, which have about half of the items in common."""
    luck = np.random.default_rng(seed)
    one, other = luck.dirichlet(np.full(len(table.classes), 0.3), size=(2, len(table.items)))
    return one, np.where(luck.random(len(one))[:, None] < 0.5, other, one)


def loops(table: AnswerTable, one: Floats, two: Floats) -> tuple[int, int, float, float, float] | None:
    """Return classes, share, slope and its error, one item and one answer at a time."""
    answers = [*zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True)]
    heard = sorted({item for item, _, _ in answers})
    apart = [i for i in heard if sum(min(a, b) for a, b in zip(one[i], two[i], strict=True)) < 0.5]
    classes = range(len(table.classes))
    mass = {(k, o): sum(one[i, k] * two[i, o] for i in apart) for k in classes for o in classes if k != o}
    if not mass or max(mass.values()) == 0:
        return None
    k, o = max(mass, key=lambda pair: mass[pair])
    people = range(len(table.people))
    for_first = [sum(one[i, k] * two[i, o] for i, w, c in answers if w == p and i in apart and c == k) for p in people]
    for_second = [sum(one[i, k] * two[i, o] for i, w, c in answers if w == p and i in apart and c == o) for p in people]
    odds = []
    for true in (k, o):
        agreed = {i: min(one[i, true], two[i, true]) for i in heard if i not in apart}
        asked = [sum(agreed.get(i, 0.0) for i, w, _ in answers if w == p) for p in people]
        right = [sum(agreed.get(i, 0.0) for i, w, c in answers if w == p and c == true) for p in people]
        odds.append(log_odds(right, asked))
    told = [p for p in people if for_first[p] + for_second[p] > 0]
    share = mass[k, o] / len(heard)
    if len(told) < 4:
        return k, o, share, 0.0, math.inf
    mean = sum(for_first) / (sum(for_first) + sum(for_second))
    mean = min(max(mean, 0.01), 0.99)
    y = [math.log((for_first[p] + mean) / (for_second[p] + 1 - mean)) for p in told]
    noise = [1 / (for_first[p] + mean) + 1 / (for_second[p] + 1 - mean) for p in told]
    return k, o, share, *regression(y, noise, [odds[0][p] + odds[1][p] for p in told], [odds[0][p] - odds[1][p] for p in told])


def log_odds(right: list[float], asked: list[float]) -> list[float]:
    share = (sum(right) + 1) / (sum(asked) + 2)
    told = [(r, n) for r, n in zip(right, asked, strict=True) if n > 1e-6]
    each = sum(n for _, n in told) / len(told) if told else 0.0
    worth = 0.5
    if each > 1:
        spread = sum(n * (r / n - share) ** 2 for r, n in told) / sum(n for _, n in told) / (share * (1 - share))
        worth = min(max(1 / max((spread - 1 / each) / (1 - 1 / each), 1e-3) - 1, 0.5), 50)
    return [math.log((r + worth * share) / (max(n - r, 0) + worth * (1 - share))) for r, n in zip(right, asked, strict=True)]


def regression(y: list[float], noise: list[float], skill: list[float], bias: list[float]) -> tuple[float, float]:
    rows = [(1.0, s - sum(skill) / len(skill), b - sum(bias) / len(bias)) for s, b in zip(skill, bias, strict=True)]
    between = 0.5
    for _ in range(30):
        weight = [1 / (each + between) for each in noise]
        matrix = [[sum(w * r[i] * r[j] for w, r in zip(weight, rows, strict=True)) for j in range(3)] for i in range(3)]
        matrix[1][1] += 0.5
        matrix[2][2] += 0.5
        sums = [sum(w * r[i] * v for w, r, v in zip(weight, rows, y, strict=True)) for i in range(3)]
        inverse = np.linalg.inv(np.array(matrix))
        slopes = inverse @ np.array(sums)
        miss = sum((w * (v - slopes @ np.array(r))) ** 2 for w, r, v in zip(weight, rows, y, strict=True))
        between = max(0.01, between * miss / sum(weight))
    return float(slopes[1]), math.sqrt(inverse[1, 1])


def agree_with_loops(table: AnswerTable, one: Floats, two: Floats) -> None:
    found, expected = dispute(table, one, two), loops(table, one, two)
    if found is None or expected is None:
        assert found is expected
    else:
        assert (found.first, found.second) == expected[:2]
        assert (found.share, found.slope, found.error) == pytest.approx(expected[2:], rel=1e-6, abs=1e-9)


@SMALL
@given(tables(most_items=12, most_people=8), st.integers(0, 999))
def test_it_finds_what_loops_find(table, seed):
    agree_with_loops(table, *two_models(table, seed))


@pytest.mark.parametrize("seed", range(12))
def test_it_finds_what_loops_find_among_people_who_answered_much(seed):
    luck = np.random.default_rng(seed)
    classes = 2 + seed % 3
    columns = luck.integers(0, [[30], [8], [classes]], (3, 250))
    table = AnswerTable(range(30), [f"p{who}" for who in range(8)], "abcd"[:classes], *columns, np.full(30, UNKNOWN))
    one, two = luck.dirichlet(np.full(classes, 1.0), size=(2, 30))
    assert np.isfinite(dispute(table, one, two).error)
    agree_with_loops(table, one, two)


@SMALL
@given(tables(most_items=12, most_people=8), st.integers(0, 999))
def test_neither_the_order_of_rows_nor_names_of_classes_matter(table, seed):
    one, two = two_models(table, seed)
    found = dispute(table, one, two)
    assert dispute(shuffled(table, seed), one, two) == found
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    back = np.argsort(order)
    there = dispute(relabelled(table, order), one[:, back], two[:, back])
    if found is None or there is None:
        assert there is found
    else:
        assert (there.first, there.second) == (order[found.first], order[found.second])
        assert (there.slope, there.log_odds) == pytest.approx((found.slope, found.log_odds), rel=1e-6, abs=1e-9)


def test_models_that_agree_have_no_dispute():
    table = table_of([1, 1, 2], ["p", "q", "p"], ["a", "b", "a"])
    same = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert dispute(table, same, same) is None
    assert dispute(table_of([], [], [], ["a", "b"]), np.zeros((0, 2)), np.zeros((0, 2))) is None


def test_what_models_half_agree_about_is_not_their_dispute():
    table = table_of([1, 2, 3], ["p", "q", "r"], ["a", "a", "a"], ["a", "b", "c", "d"])
    one = np.array([[0.4, 0.6, 0, 0], [0.4, 0, 0.6, 0], [0.4, 0, 0, 0.6]])
    two = np.array([[0.4, 0, 0.6, 0], [0.4, 0, 0, 0.6], [0.4, 0.6, 0, 0]])
    found = dispute(table, one, two)
    assert (found.first, found.second) == (1, 2)
    assert found.share == pytest.approx(0.12)
    assert (found.error, found.log_odds) == (math.inf, 0.0)


def crowd(seed: int, bias: float, hard: float, shared: float) -> tuple[AnswerTable, np.ndarray]:
    """Return ten answers to each of 1000 items: `hard` is the spread of their difficulty (log odds), `shared` of noise in common.

    A bias of so many log odds keeps everybody from the class 1.
    """
    stream = Chance(seed).stream("dispute")
    truth = (stream.random(1000) < 0.4).astype(int)
    skill = stream.normal(1.5, 1.2, 60)
    item = np.repeat(np.arange(1000), 10)
    person = np.concatenate([stream.choice(60, 10, replace=False) for _ in range(1000)])
    ease = hard * (1 - stream.exponential(1, 1000))
    own, common = stream.logistic(size=len(item)), stream.logistic(size=1000)
    noise = np.where(stream.random(len(item)) < shared, common[item], own)
    right = skill[person] + ease[item] + bias * np.where(truth[item] == 1, -1, 1) + noise > 0
    label = np.where(right, truth[item], 1 - truth[item])
    return table_of(item.tolist(), [f"p{p:02}" for p in person], label.tolist(), [0, 1]), truth


def right(posterior: Floats, truth: np.ndarray) -> np.ndarray:
    return (posterior.argmax(axis=1) == truth).astype(float)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_where_answers_hang_together_skill_does_better_than_dawid_and_skene(seed):
    table, truth = crowd(seed, bias=0.0, hard=1.5, shared=0.25)
    found = Auto().infer(table)
    gain = right(found.posterior, truth) - right(DawidSkene().infer(table).posterior, truth)
    assert "skilled" in found.note
    assert found.chosen == "two-kinds"
    assert found.dispute.slope + 4 * found.dispute.error < RIGHT[0]
    assert gain.mean() > 4 * gain.std() / math.sqrt(len(gain))
    # Skill it is: without it, the same models do worse.
    assert right(Auto(odds=1e99).infer(table).posterior, truth).mean() < right(found.posterior, truth).mean() - 0.01


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_where_votes_mislead_skilled_people_do_not_follow_them(seed):
    table, truth = crowd(seed, bias=2.5, hard=0.3, shared=0.0)
    single = HierarchicalDawidSkene(learning=25).infer(table).posterior
    votes = table.votes / table.votes.sum(axis=1, keepdims=True)
    found = dispute(table, single, votes.round())
    assert right(single, truth).mean() > right(votes, truth).mean() + 0.1
    assert (found.first, found.second) == (1, 0)
    assert found.slope > 4 * found.error
    assert found.log_odds < -3


@pytest.mark.parametrize("slope, error", [(0.45, 0.1), (-0.3, 0.1), (0.0, 0.02), (-2.0, 0.3), (0.1, 1.5)])
def test_the_bayes_factor_is_that_of_a_uniform_slope_and_a_normal_one(slope, error):
    second = quad(lambda s: norm.pdf(slope, s, error) / -WRONG, WRONG, 0)[0]
    first = quad(lambda s: norm.pdf(slope, s, error) * norm.pdf(s, *RIGHT), -2, 3, points=[slope, RIGHT[0]], limit=500)[0]
    assert log_bayes_factor(slope, error) == pytest.approx(math.log(second / first), abs=1e-4)
