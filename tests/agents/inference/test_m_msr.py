"""M-MSR: robust completion of a matrix of rank one, against matrices and loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import UNKNOWN, AnswerTable, table_of
from agents.inference.ballot import Ballot
from agents.inference.colleagues import Colleagues
from agents.inference.inference import TIED, vote_shares
from agents.inference.m_msr import MMsr, _completed, _with_gold
from tests.agents.inference.reference import relabelled, shuffled, tables
from tests.agents.inference.test_kos import crowd, ungilded


def plain_agreements(table: AnswerTable) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of answers in common, and agreement beyond chance, of each two people, answer by answer."""
    people, classes = len(table.people), len(table.classes)
    common, same = np.zeros((people, people)), np.zeros((people, people))
    rows = list(zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True))
    for item, person, label in rows:
        for other_item, other, other_label in rows:
            if item == other_item and person != other:
                common[person, other] += 1
                same[person, other] += label == other_label
    return common, (classes * same / np.maximum(common, 1) - 1) / (classes - 1)


def plain_quotient(values: list[float], before: float, cut: int) -> list[float]:
    """Return the values that are left: of those on either side of what was before, `cut` fewer, from the ends."""
    below = sorted(value for value in values if value < before * (1 - TIED))[cut:]
    above = sorted((value for value in values if value > before * (1 + TIED)), reverse=True)[cut:]
    return below + above + [value for value in values if abs(value - before) <= TIED * before]


def plain_skills(table: AnswerTable, cut: int, rounds: int) -> np.ndarray:
    common, beyond = plain_agreements(table)
    # One more, who stands for gold labels, of which there are none.
    people = len(table.people) + 1
    common, beyond = np.pad(common, (0, 1)), np.pad(beyond, (0, 1))
    floor = 1 / max(len(set(table.item.tolist())), 1) ** 0.5
    left, right = np.full(people, 0.5), np.full(people, 0.5)

    def means(skill, before):
        after = before.copy()
        for person in range(people):
            values = [abs(beyond[person, other]) / skill[other] for other in range(people) if common[person, other]]
            values = plain_quotient(values, before[person], cut)
            after[person] = (sum(values) / len(values) if values else before[person]) or floor
        return after

    for _ in range(rounds):
        right = means(left, right)
        left = means(right, left)
        # Whoever falls to the floor does so at a scale: that at which both sides are as long.
        balance = (np.linalg.norm(left) / np.linalg.norm(right)) ** 0.5
        left, right = left / balance, right * balance
    return np.sqrt(left * right)[:-1]


@settings(deadline=None, max_examples=60)
@given(tables(most_people=6), st.integers(0, 2), st.integers(1, 3))
def test_skills_are_trimmed_means_of_agreements_by_the_skills_of_others(table, cut, rounds):
    if len(table.classes) < 2:
        return
    table = ungilded(table)
    colleagues = Colleagues(_with_gold(Ballot(table)), len(table.classes))
    first = np.full(len(table.people) + 1, 0.5)
    found = _completed(colleagues, first, first, cut, rounds, 0.0)[0][:-1]
    assert found == pytest.approx(plain_skills(table, cut, rounds), rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(tables(), st.permutations(range(4)))
def test_rows_in_another_order_change_nothing_and_other_names_of_classes_permute_it(table, order):
    method = MMsr(iterations=20)
    found = method.infer(table).posterior
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert (found[table.known, table.gold[table.known]] == 1.0).all()
    assert method.infer(shuffled(table, 3)).posterior == pytest.approx(found, abs=1e-6)
    order = [place for place in order if place < len(table.classes)]
    assert method.infer(relabelled(table, order)).posterior[:, order] == pytest.approx(found, abs=1e-6)


def test_the_posterior_is_that_of_one_coin_people_with_their_skills():
    skills = [0.9, 0.8, 0.7, 0.6]
    table, _ = crowd(1, skills, classes=3, items=20_000)
    right = np.ones((20_000, 3))
    for item, person, label in zip(table.item, table.person, table.label, strict=True):
        right[item] *= np.where(np.arange(3) == label, skills[person], (1 - skills[person]) / 2)
    assert MMsr().infer(table).posterior == pytest.approx(right / right.sum(axis=1, keepdims=True), abs=0.05)


def test_people_who_are_always_wrong_are_heard_against_what_they_say():
    table, true = crowd(2, [0.9, 0.9, 0.85, 0.9, 0.05, 0.1, 0.05])
    assert np.mean(MMsr().infer(table).posterior.argmax(axis=1) == true) > 0.97


def test_a_clique_that_agrees_on_nothing_but_itself_does_not_move_the_others():
    table, true = crowd(3, [0.8] * 9, items=400)
    rng = np.random.default_rng(4)
    same = rng.integers(0, 2, 400)
    item = np.concatenate([table.item, np.tile(np.arange(400), 2)])
    person = np.concatenate([table.person, np.repeat([9, 10], 400)])
    label = np.concatenate([table.label, same, same])
    table = AnswerTable(table.items, [*table.people, "x", "y"], table.classes, item, person, label)
    colleagues = Colleagues(_with_gold(Ballot(table)), 2)
    first = np.full(12, 0.5)
    plain, robust = (_completed(colleagues, first, first, cut, 1000, 1e-10)[0] for cut in (0, 3))
    assert np.abs(robust[:9] - 0.6).mean() < np.abs(plain[:9] - 0.6).mean()
    assert np.mean(MMsr().infer(table).posterior.argmax(axis=1) == true) > 0.95


def test_gold_turns_a_crowd_of_which_most_are_wrong():
    table, true = crowd(5, [0.1, 0.1, 0.15, 0.6])
    gold = np.where(np.arange(200) < 40, true, UNKNOWN)
    known = AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label, gold)
    assert np.mean(MMsr().infer(ungilded(known)).posterior.argmax(axis=1) == true) < 0.2
    assert np.mean(MMsr().infer(known).posterior.argmax(axis=1) == true) > 0.85


def test_people_without_colleagues_are_left_to_the_vote():
    table = table_of([1, 1, 2, 3, 4, 4], "aabcde", "xyxyxx")
    assert MMsr().infer(table).posterior[:3] == pytest.approx(vote_shares(table)[:3])
    assert MMsr().infer(table).posterior[3, 0] > 0.5


def test_two_people_who_agree_by_chance_only_divide_nothing_by_zero():
    table = table_of([1, 1, 2, 2], "abab", "xxxy")
    assert np.isfinite(MMsr().infer(table).posterior).all()


def test_three_people_of_whom_nothing_holds_the_scale_do_not_overflow() -> None:
    rows = [
        (item, name, label)
        for item, labels in enumerate(["aab", "bbb", "aaa", "bba", "abb", "aaa"])
        for name, label in zip("abc", labels, strict=True)
    ]
    inferred = MMsr().infer(table_of(*zip(*rows, strict=True)))
    assert np.isfinite(inferred.posterior).all()
