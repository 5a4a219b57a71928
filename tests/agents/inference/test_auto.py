"""The default method: it never collapses, whatever the crowd is like, and says what it chose and why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import AnswerTable, table_of
from agents.inference.auto import Auto
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import vote_shares
from bus.chance import Chance
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=20, deadline=None)


@SMALL
@given(tables())
def test_probabilities_are_probabilities_and_known_items_are_certain(table):
    found = Auto().infer(table)
    assert found.posterior.sum(axis=1) == pytest.approx(1)
    assert found.confusion.sum(axis=2) == pytest.approx(1)
    assert found.prior.sum() == pytest.approx(1)
    assert (found.posterior[table.known, table.gold[table.known]] == 1).all()
    assert sum(weight for _, weight in found.weights) == pytest.approx(1)
    assert found.chosen in dict(found.weights)
    assert found.note


@SMALL
@given(tables(), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(table, seed):
    there, here = Auto().infer(shuffled(table, seed)), Auto().infer(table)
    assert (there.posterior.tolist(), there.note) == (here.posterior.tolist(), here.note)


def test_nothing_to_infer_is_no_error():
    assert Auto().infer(table_of([], [], [], ["a", "b"])).posterior.shape == (0, 2)
    assert Auto().infer(table_of([], [], [], [])).posterior.shape == (0, 0)
    assert Auto().infer(table_of([], [], [], ["a", "b"], gold={1: "a"})).posterior.tolist() == [[1.0, 0.0]]


CROWDS = {
    "one coin": (0.7, 0.15, 0.0, 60, 8),
    "a bias that all share": (0.72, 0.08, 1.2, 40, 12),
    "adversaries": (0.6, 0.3, 0.0, 40, 10),
    "few answers an item": (0.75, 0.12, 0.2, 60, 3),
    "careers of three answers": (0.75, 0.1, 0.2, 800, 6),
    "complete": (0.65, 0.12, 0.4, 20, 20),
}
"""Mean skill, its spread, bias towards one class (log odds), people, and answers an item."""


def answers_of(crowd: str, classes: int) -> tuple[AnswerTable, np.ndarray]:
    mean, spread, bias, people, answers = CROWDS[crowd]
    stream = Chance(11).stream("crowd")
    truth = stream.integers(0, classes, 400)
    skill = np.clip(stream.normal(mean, spread, people), 0.02, 0.98)
    item = np.repeat(np.arange(400), answers)
    person = np.concatenate([stream.choice(people, answers, replace=False) for _ in range(400)])
    logits = np.tile(np.log((1 - skill[person]) / (classes - 1))[:, None], classes)
    logits[np.arange(len(item)), truth[item]] = np.log(skill[person])
    logits[:, 0] += bias
    label = (logits + stream.gumbel(size=logits.shape)).argmax(axis=1)
    names = "abcd"[:classes]
    return table_of(item.tolist(), [f"p{p:03}" for p in person], [names[each] for each in label], [*names]), truth


def share_right(posterior: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return 1 for each item that is right, 0 for a wrong one, and the chance of being right where classes tie."""
    top = posterior >= posterior.max(axis=1, keepdims=True) - 1e-9
    return top[np.arange(len(truth)), truth] / top.sum(axis=1)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("crowd", CROWDS)
def test_it_never_collapses(crowd, classes):
    table, truth = answers_of(crowd, classes)
    right, voted, plain = (
        share_right(posterior, truth)
        for posterior in (Auto().infer(table).posterior, vote_shares(table), DawidSkene().infer(table).posterior)
    )
    for other in (voted, plain):
        difference = right - other
        assert difference.mean() > -max(0.01, 4 * difference.std() / 20)


@pytest.mark.parametrize("crowd", CROWDS)
def test_other_names_for_the_classes_permute_the_posterior(crowd):
    table, _ = answers_of(crowd, 4)
    order = [2, 0, 3, 1]
    there, here = Auto().infer(relabelled(table, order)), Auto().infer(table)
    assert there.posterior[:, order] == pytest.approx(here.posterior, abs=1e-6)
    assert there.note == here.note


def test_a_model_in_which_a_class_has_been_renamed_has_no_say():
    # Of the class "b", which is rare, the crowd knows nothing: it says "a" or "c" of it, and "b" of anything by chance.
    stream = Chance(2).stream("renamed")
    truth = stream.choice(3, 500, p=[0.6, 0.1, 0.3])
    matrix = np.array([[0.8, 0.05, 0.15], [0.5, 0.05, 0.45], [0.15, 0.05, 0.8]])
    item = np.repeat(np.arange(500), 10)
    person = np.concatenate([stream.choice(30, 10, replace=False) for _ in range(500)])
    label = (stream.random(len(item))[:, None] > matrix[truth[item]].cumsum(axis=1)).sum(axis=1)
    table = table_of(item.tolist(), [f"p{p:02}" for p in person], [int(each) for each in label], [0, 1, 2])
    found, plain = Auto().infer(table), DawidSkene(smoothing=0.1, trust=0.1).infer(table)
    assert found.chosen == "plain"
    assert "rename" in found.note
    assert found.posterior.tolist() == plain.posterior.tolist()
    assert Auto(own=0.0, drift=99.0).infer(table).chosen != "plain"


def test_the_plain_model_has_the_less_say_the_less_people_have_answered():
    table, truth = answers_of("careers of three answers", 4)
    say = dict(Auto().infer(table).weights)["plain"]
    assert say == pytest.approx(0.5 * len(table) / (len(table.people) * 4 * 5.0))
    assert dict(Auto().infer(answers_of("complete", 2)[0]).weights)["plain"] in (0.5, 0.25)
    plain = share_right(DawidSkene(smoothing=0.1, trust=0.1).infer(table).posterior, truth)
    assert share_right(Auto().infer(table).posterior, truth).mean() > plain.mean() + 0.01


def test_hard_items_are_told_by_the_evidence():
    stream = Chance(3).stream("hard")
    truth = stream.integers(0, 2, 500)
    item, person = np.repeat(np.arange(500), 15), np.tile(np.arange(15), 500)
    skill = np.where(stream.random(500) < 0.35, 0.55, 0.95)[item]
    label = np.where(stream.random(len(item)) < skill, truth[item], 1 - truth[item])
    table = table_of(item.tolist(), [f"p{p:02}" for p in person], [int(each) for each in label], [0, 1])
    found = Auto(odds=1e99).infer(table)
    evidence = dict(found.evidence)
    assert found.chosen == "two-kinds"
    assert evidence["two-kinds"] > evidence["hierarchical"] + 0.01
    assert dict(found.weights)["two-kinds"] == 0.5
    assert Auto(odds=1e99, gain=1.0).infer(table).chosen == "hierarchical"


def test_what_is_known_of_some_items_helps_with_others():
    # Most people are adversaries: votes, and whatever starts from them, are wrong, until a few true classes are known.
    stream = Chance(7).stream("liars")
    truth = stream.integers(0, 2, 300)
    item, person = np.repeat(np.arange(300), 8), np.tile(np.arange(8), 300)
    skill = np.array([0.1, 0.1, 0.15, 0.2, 0.2, 0.25, 0.8, 0.9])[person]
    label = np.where(stream.random(len(item)) < skill, truth[item], 1 - truth[item])
    rows = item.tolist(), [f"p{p}" for p in person], [int(each) for each in label], [0, 1]
    known = {number: int(truth[number]) for number in range(120)}
    accuracy = [
        float((Auto().infer(table).posterior.argmax(axis=1)[120:] == truth[120:]).mean())
        for table in (table_of(*rows), table_of(*rows, gold=known))
    ]
    assert accuracy[0] < 0.2
    assert accuracy[1] > 0.8


def biased_and_hard() -> AnswerTable:
    """Return answers by people who all lean to one of two classes, to items of which many are hard."""
    stream = Chance(10).stream("ambiguous")
    truth = stream.integers(0, 2, 300)
    item = np.repeat(np.arange(300), 15)
    person = np.concatenate([stream.choice(40, 15, replace=False) for _ in range(300)])
    ease = 2.5 * (1.0 - stream.exponential(size=300))
    able = stream.normal(1.2, 0.8, 40)
    right = able[person] + ease[item] + np.where(truth[item] == 1, 1.4, -1.4) + stream.logistic(size=len(item)) > 0
    label = np.where(right, truth[item], 1 - truth[item])
    return table_of(item.tolist(), [f"p{p:02}" for p in person], [int(each) for each in label], [0, 1])


def test_where_two_starts_end_apart_items_of_two_kinds_have_no_say():
    table = biased_and_hard()
    found = Auto().infer(table)
    assert "ambiguous" in found.note
    assert found.chosen == "hierarchical"
    assert dict(found.evidence)["two-kinds"] > dict(found.evidence)["hierarchical"] + 0.01
    assert Auto(agreement=0.0).infer(table).chosen == "two-kinds"
