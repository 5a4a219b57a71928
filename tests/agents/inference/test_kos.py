"""The message passing of Karger, Oh and Shah, against messages in dictionaries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import UNKNOWN, AnswerTable, table_of
from agents.inference.inference import vote_shares
from agents.inference.kos import Kos
from bus.chance import Chance
from tests.agents.inference.reference import relabelled, shuffled, tables


def ungilded(table: AnswerTable) -> AnswerTable:
    return AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label)


def plain_messages(table: AnswerTable, index: int, load: float, rounds: int, seed: int) -> tuple[dict, dict]:
    """Return signs and last messages by (item, person), scaled over the whole crowd."""
    sign, number = {}, {}
    for item, person, label in zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True):
        sign[item, person] = sign.get((item, person), 0) + (1 if label == index else -1)
        number[item, person] = number.get((item, person), 0) + 1
    start = Chance(seed).stream("kos").normal(1.0, 1.0, len(sign))
    told = dict(zip(sign, start.tolist(), strict=True))
    for _ in range(rounds):
        heard = {(i, p): sum(sign[k] * told[k] for k in sign if k[0] == i and k[1] != p) for i, p in sign}
        told = {}
        for i, p in sign:
            others = [k for k in sign if k[1] == p and k[0] != i]
            answers = max(sum(number[k] for k in others), 1)
            told[i, p] = sum(sign[k] * heard[k] for k in others) / answers**load
        size = (sum(value**2 for value in told.values()) / len(told)) ** 0.5 or 1.0
        told = {k: value / size for k, value in told.items()}
    if sum(told[k] * number[k] for k in sign) < 0:
        told = {k: -value for k, value in told.items()}
    return sign, told


@settings(deadline=None, max_examples=50)
@given(tables(), st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 3))
def test_messages_are_those_of_the_paper_sent_one_by_one(table, load, rounds):
    # Everybody has answered item 0, so that the crowd is one circle.
    people, classes = len(table.people), len(table.classes)
    more = np.zeros(people, np.intp), np.arange(people), np.arange(people) % classes
    rows = [np.concatenate(both) for both in zip((table.item, table.person, table.label), more, strict=True)]
    table = AnswerTable(table.items, table.people, table.classes, *rows)
    found = Kos(load=load, iterations=rounds, tolerance=0.0).infer(table).posterior
    expected = vote_shares(table)
    runs = [plain_messages(table, index, load, rounds, 0) for index in range(classes)]
    for item in range(len(table.items)):
        speaks = []
        for sign, told in runs:
            said = [sign[k] * told[k] for k in sign if k[0] == item]
            weight = sum(map(abs, said))
            speaks.append(1 + sum(said) / weight if weight > 0 else float("nan"))
        if classes > 1 and sum(speaks) > 1e-9:
            expected[item] = np.array(speaks) / sum(speaks)
    assert found == pytest.approx(expected, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(tables(), st.permutations(range(4)))
def test_rows_in_another_order_change_nothing_and_other_names_of_classes_permute_it(table, order):
    found = Kos(iterations=5).infer(table).posterior
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert (found[table.known, table.gold[table.known]] == 1.0).all()
    assert Kos(iterations=5).infer(shuffled(table, 3)).posterior == pytest.approx(found)
    order = [place for place in order if place < len(table.classes)]
    assert Kos(iterations=5).infer(relabelled(table, order)).posterior[:, order] == pytest.approx(found, abs=1e-6)


def crowd(seed: int, skills: list[float], classes: int = 2, items: int = 200) -> tuple[AnswerTable, np.ndarray]:
    rng = np.random.default_rng(seed)
    true = rng.integers(0, classes, items)
    item, person = np.divmod(np.arange(items * len(skills)), len(skills))
    wrong = (true[item] + rng.integers(1, classes, len(item))) % classes
    label = np.where(rng.random(len(item)) < np.array(skills)[person], true[item], wrong)
    return AnswerTable(range(items), [f"p{n}" for n in range(len(skills))], "abcd"[:classes], item, person, label), true


def test_people_who_are_always_wrong_are_heard_against_what_they_say():
    table, true = crowd(1, [0.9, 0.9, 0.9, 0.9, 0.05, 0.05, 0.05])
    assert np.mean(Kos().infer(table).posterior.argmax(axis=1) == true) > 0.97
    assert np.mean(vote_shares(table).argmax(axis=1) == true) < 0.9


def test_several_classes_are_asked_for_one_against_the_rest():
    table, true = crowd(2, [0.95, 0.95, 0.95, 0.3, 0.3, 0.3, 0.3], classes=4)
    assert np.mean(Kos().infer(table).posterior.argmax(axis=1) == true) > 0.9


def test_those_who_answer_most_do_not_drown_the_others():
    table, true = crowd(3, [0.5, 0.5] + [0.85] * 40, items=400)
    kept = (table.person < 2) | (table.person % 40 == table.item % 40) | ((table.person + 7) % 40 == table.item % 40)
    kept |= ((table.person + 13) % 40 == table.item % 40) & (table.person > 1)
    sparse = AnswerTable(table.items, table.people, table.classes, table.item[kept], table.person[kept], table.label[kept])
    right = [np.mean(Kos(load=load).infer(sparse).posterior.argmax(axis=1) == true) for load in (0.0, 1.0)]
    assert right[1] > right[0] + 0.1


def test_nothing_overflows_however_long_messages_go_on():
    table, true = crowd(4, [0.8] * 30, items=100)
    found = Kos(iterations=2000, tolerance=0.0).infer(table)
    assert found.iterations == 2000
    assert np.isfinite(found.posterior).all()
    assert np.mean(found.posterior.argmax(axis=1) == true) > 0.97


def test_gold_turns_a_crowd_of_which_most_are_wrong():
    table, true = crowd(5, [0.1, 0.1, 0.15, 0.6])
    gold = np.where(np.arange(200) < 20, true, UNKNOWN)
    known = AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label, gold)
    assert np.mean(Kos().infer(ungilded(known)).posterior.argmax(axis=1) == true) < 0.2
    assert np.mean(Kos().infer(known).posterior.argmax(axis=1) == true) > 0.85


def test_people_who_answered_once_are_left_to_the_vote():
    table = table_of([1, 1, 1, 2], "abcd", "xxyx")
    assert Kos().infer(table).posterior == pytest.approx(vote_shares(table))
