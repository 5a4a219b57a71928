"""Tests of skill, without a bus: each against the rule in its book."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.screening.skill_test import AnySkillTest, Beta, Cusum, PassMark, SkillTest, Sprt, Tally, skill_of
from tests.agents.samples import complaint, dump, make
from tests.scenarios.screening_audit import verdict_by_the_book

TESTS: list[SkillTest] = [
    Sprt(),
    Sprt(good=0.9, bad=0.5, false_alarm=0.01, miss=0.2),
    Beta(),
    Beta(threshold=0.8, confidence=0.9, a=2, b=0.5),
    Cusum(),
    Cusum(good=0.95, bad=0.4, limit=1.0),
    PassMark(),
    PassMark(questions=3, right=2, early=True),
]


def after(test: SkillTest, answers: list[bool]) -> Tally:
    tally = Tally()
    for right in answers:
        tally = test.after(tally, right)
    return tally


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TESTS), st.lists(st.booleans(), max_size=30))
def test_a_verdict_is_that_of_the_book(test: SkillTest, answers: list[bool]) -> None:
    tally = after(test, answers)
    assert tally[:2] == (len(answers), sum(answers))
    assert test.verdict(tally) == verdict_by_the_book(test, answers)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(TESTS), st.lists(st.booleans(), max_size=20))
def test_who_is_right_more_often_never_fares_worse(test: SkillTest, answers: list[bool]) -> None:
    ranks = {"failed": 0, None: 1, "passed": 2}
    verdicts = [ranks[test.verdict(after(test, [*answers[:place], True, *answers[place + 1 :]]))] for place in range(len(answers))]
    assert all(verdict >= ranks[test.verdict(after(test, answers))] for verdict in verdicts)


def test_a_cumulative_sum_finds_who_was_good_and_gets_worse_as_soon_as_who_was_bad_from_the_start() -> None:
    # Counts alone would have forgiven: this is what the sum is for.
    test = Cusum(good=0.9, bad=0.5, limit=4.0)
    assert test.verdict(after(test, [False, False, False])) == "failed"
    assert test.verdict(after(test, [True] * 50 + [False, False, False])) == "failed"
    assert test.verdict(after(test, [True] * 50 + [False, False])) is None


def test_a_pass_mark_is_decided_by_the_last_question_or_early_as_soon_as_nothing_can_change_it() -> None:
    late, early = PassMark(questions=4, right=3), PassMark(questions=4, right=3, early=True)
    assert [late.verdict(after(late, [False] * count)) for count in range(5)] == [None, None, None, None, "failed"]
    assert [early.verdict(after(early, [False] * count)) for count in range(3)] == [None, None, "failed"]
    assert [early.verdict(after(early, [True] * count)) for count in range(4)] == [None, None, None, "passed"]
    assert (late.length, Sprt().length) == (4, None)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "sprt", "good": 0.5, "bad": 0.7}, "bad is 0.7 and good is 0.5, but bad must be below good"),
        ({"kind": "cusum", "good": 0.7, "bad": 0.7}, "bad must be below good"),
        ({"kind": "pass-mark", "questions": 5, "right": 6}, "nobody can have 6 right of 5 questions"),
        ({"kind": "beta", "a": 1, "b": 100}, "has made up its mind"),
        ({"kind": "sprt", "miss": 0.5}, "less than 0.5"),
        ({"kind": "spirt"}, "there is no test of skill 'spirt'; did you mean 'sprt'?"),
    ],
)
def test_what_is_out_of_order_is_refused(table: dict[str, Any], words: str) -> None:
    assert words in complaint(AnySkillTest, table)


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.kind)
def test_a_test_is_made_again_from_its_table(test: SkillTest) -> None:
    assert make(AnySkillTest, dump(AnySkillTest, test)) == test


def test_skill_is_told_with_the_bounds_that_so_few_answers_allow() -> None:
    # Jeffreys' interval as tabled by Brown, Cai and DasGupta (2001), by Beta quantiles: 0.7 of 10 is 0.39 to 0.91.
    skill, low, high = skill_of(7, 10)
    assert (skill, low, high) == pytest.approx((7.5 / 11, 0.3943, 0.9078), abs=5e-4)
    for right, asked in ((0, 0), (0, 1), (1, 1), (500, 1000)):
        skill, low, high = skill_of(right, asked)
        assert 0 <= low < skill < high <= 1
