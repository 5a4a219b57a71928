"""Dawid and Skene's method, against loops over dictionaries, and what it owes whoever gives it odd answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference import answers, ascent, inference
from agents.inference.answers import AnswerTable, table_of
from agents.inference.dawid_skene import DawidSkene
from agents.inference.inference import Inferred, vote_shares
from bus.chance import Chance, Keyed
from tests.agents.inference.reference import plain_em, relabelled, shuffled, tables

SMALL = settings(max_examples=60, deadline=None)
dials = st.sampled_from([(0.0, 0.0), (0.5, 0.0), (0.0, 2.0), (1.0, 3.0)])


@SMALL
@given(tables(), st.integers(1, 5), dials)
def test_it_finds_what_loops_find(table, steps, dial):
    smoothing, trust = dial
    found = DawidSkene(most=steps, tolerance=0, smoothing=smoothing, trust=trust, floor=0).infer(table)
    posterior, confusion, course = plain_em(table, vote_shares(table), found.iterations, False, smoothing, trust)
    assert found.posterior == pytest.approx(posterior, abs=1e-8)
    assert found.confusion == pytest.approx(confusion, abs=1e-8)
    if not smoothing + trust:
        assert found.log_likelihood == pytest.approx(course, abs=1e-7)


@SMALL
@given(tables(), st.integers(1, 5))
def test_what_never_went_together_counts_a_little_and_nothing_more(table, steps):
    found = DawidSkene(most=steps, tolerance=0, floor=1e-3).infer(table)
    assert found.posterior == pytest.approx(plain_em(table, vote_shares(table), found.iterations, False, floor=1e-3)[0], abs=1e-8)


@SMALL
@given(tables(), dials)
def test_the_log_likelihood_never_falls(table, dial):
    found = DawidSkene(most=40, tolerance=0, smoothing=dial[0], trust=dial[1]).infer(table)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-7


@SMALL
@given(tables(), st.integers(0, 99), st.integers(1, 3))
def test_the_order_of_rows_makes_no_difference(table, seed, starts):
    method = DawidSkene(starts=starts)
    assert method.infer(shuffled(table, seed)).posterior.tolist() == method.infer(table).posterior.tolist()


@SMALL
@given(tables(), st.integers(1, 3), dials)
def test_how_many_items_are_taken_at_once_makes_no_difference(table, at_once, dial):
    method, luck = DawidSkene(smoothing=dial[0], trust=dial[1], most=5, tolerance=0), Keyed(1, "ties")
    whole, places = method.infer(table), (answers, ascent, inference)
    with pytest.MonkeyPatch.context() as patch:
        for place in places:
            patch.setattr(place, "BLOCK", at_once)
        again = AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label, table.gold)
        parts = method.infer(again)
        tied = Inferred(again, vote_shares(again)).labels(luck)
    assert parts.posterior == pytest.approx(whole.posterior, abs=1e-10)
    assert parts.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-9)
    assert parts.prior == pytest.approx(whole.prior, abs=1e-12)
    assert tied == Inferred(table, vote_shares(table)).labels(luck)


@SMALL
@given(tables(), st.integers(0, 99))
def test_other_names_for_the_classes_permute_the_posterior(table, seed):
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    method = DawidSkene(most=8, smoothing=0.1, tolerance=0)
    there = method.infer(relabelled(table, order))
    assert there.posterior[:, order] == pytest.approx(method.infer(table).posterior, abs=1e-8)


@SMALL
@given(tables(), dials)
def test_probabilities_are_probabilities_and_known_items_are_certain(table, dial):
    found = DawidSkene(smoothing=dial[0], trust=dial[1]).infer(table)
    assert found.posterior.sum(axis=1) == pytest.approx(1)
    assert found.confusion.sum(axis=2) == pytest.approx(1)
    assert found.prior.sum() == pytest.approx(1)
    assert (found.posterior[table.known, table.gold[table.known]] == 1).all()
    assert np.isfinite(found.log_likelihood).all()


@SMALL
@given(tables(), st.integers(1, 4), st.integers(1, 4))
def test_going_on_from_where_one_stopped_is_going_on(table, first, second):
    halfway = DawidSkene(most=first, tolerance=0).infer(table)
    if halfway.iterations == first and not halfway.converged:
        there = DawidSkene(most=second, tolerance=0).infer(table, start=halfway.posterior)
        straight = DawidSkene(most=first + there.iterations, tolerance=0).infer(table)
        if straight.iterations == first + there.iterations:
            assert there.posterior.tolist() == straight.posterior.tolist()


def noisy(seed: int = 0, items: int = 300, classes: int = 3) -> tuple[AnswerTable, np.ndarray]:
    """Return answers of six people of unequal skill about every item, and the truth."""
    draw = Chance(seed).stream("noisy")
    truth = draw.integers(0, classes, items)
    skill = np.array([0.95, 0.9, 0.5, 0.45, 0.4, 0.4])
    right = draw.random((items, 6)) < skill
    labels = np.where(right, truth[:, None], (truth[:, None] + draw.integers(1, classes, (items, 6))) % classes)
    item, person = np.divmod(np.arange(items * 6), 6)
    people = [f"p{number}" for number in range(6)]
    return AnswerTable(range(items), people, range(classes), item, person, labels.ravel()), truth


def test_who_is_often_right_counts_for_more_than_the_many():
    table, truth = noisy()
    found = DawidSkene().infer(table)
    better = (found.posterior.argmax(axis=1) == truth).mean()
    assert better > (vote_shares(table).argmax(axis=1) == truth).mean() + 0.05
    assert found.skill()[0] > 0.85 > 0.6 > found.skill()[2]


def test_iterations_are_counted_and_stopping_is_honest():
    table, _ = noisy()
    short = DawidSkene(most=3).infer(table)
    assert (short.iterations, len(short.log_likelihood), short.converged) == (3, 3, False)
    whole = DawidSkene(most=200).infer(table)
    assert whole.converged
    gains = np.diff(whole.log_likelihood) / len(table)
    assert gains[-1] < 1e-5 <= gains[:-1].min()


def test_gold_that_contradicts_the_votes_stands():
    table = table_of("aabb", "xyxy", "1122", gold={"a": "2"})
    found = DawidSkene().infer(table)
    assert found.posterior[0].tolist() == [0.0, 1.0]


def test_gold_tells_who_is_right_where_votes_cannot():
    # Two people who always disagree: only the known items say whom to believe.
    items = [f"i{number:02}" for number in range(20)]
    truth = ["1", "2"] * 10
    table = table_of(
        items * 2,
        ["liar"] * 20 + ["witness"] * 20,
        [{"1": "2", "2": "1"}[each] for each in truth] + truth,
        gold=dict(zip(items[:4], truth[:4], strict=True)),
    )
    found = DawidSkene(smoothing=0.1).infer(table)
    assert found.posterior.argmax(axis=1).tolist() == [0, 1] * 10


def test_further_starts_end_no_lower_and_are_the_same_every_time():
    table, _ = noisy(seed=4, items=40)
    one, many = DawidSkene(most=300).infer(table), DawidSkene(most=300, starts=10).infer(table)
    assert many.log_likelihood[-1] >= one.log_likelihood[-1]
    assert many.posterior.tolist() == DawidSkene(most=300, starts=10).infer(table).posterior.tolist()


def test_an_item_without_answers_takes_the_prior_and_has_no_part_in_it():
    answered = table_of("aabbcc", "xyxyxy", "112211", classes="12")
    more = table_of("aabbcc", "xyxyxy", "112211", classes="12", probabilities=None, gold={})
    found = DawidSkene().infer(answered)
    silent = AnswerTable([*more.items, "d"], more.people, more.classes, more.item, more.person, more.label)
    with_silent = DawidSkene().infer(silent)
    assert with_silent.prior.tolist() == found.prior.tolist()
    assert with_silent.posterior[3] == pytest.approx(found.prior)


def test_no_answers_at_all_leave_everything_open():
    empty = table_of([], [], [], classes="123", gold={})
    nothing = AnswerTable(["a"], ["x"], "123", empty.item, empty.person, empty.label)
    for table in (empty, nothing):
        found = DawidSkene().infer(table)
        assert found.posterior == pytest.approx(np.full((len(table.items), 3), 1 / 3))
        assert found.prior == pytest.approx(np.full(3, 1 / 3))


def test_an_item_with_a_thousand_answers_does_not_drown():
    # Products of a thousand probabilities are zero in floating point.
    count = 1000
    people = [f"p{number:04}" for number in range(count)]
    labels = np.array(["1", "2"])[(np.arange(count) % 10 < 3).astype(int)].tolist()
    table = table_of(["a"] * count + ["b"] * count, people * 2, labels + ["2"] * count)
    found = DawidSkene(smoothing=0.5).infer(table)
    assert np.isfinite(found.posterior).all()
    assert np.isfinite(found.log_likelihood).all()


def test_a_start_is_left_as_it_is():
    table = table_of("aabb", "xyxy", "1122", gold={"a": "2"})
    start = np.full((2, 2), 0.5)
    DawidSkene().infer(table, start=start)
    assert start.tolist() == [[0.5, 0.5], [0.5, 0.5]]
