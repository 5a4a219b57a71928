"""Gold questions at a desk: mixed in unseen, scored, and what becomes of whom they find out."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import NOBODY_LEFT, Answer, Crowd
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import PassMark, Sprt
from agents.coordinator.vote import plurality
from agents.inference.answers import Floats
from agents.messages import (
    AnnotatorBack,
    AnnotatorBlocked,
    AnnotatorQualified,
    AnswerLate,
    AnswerSubmitted,
    GoldAnswered,
    Item,
    ItemGivenUp,
    ItemReopened,
    ItemResolved,
    Label,
    TaskAssigned,
    TaskCancelled,
)
from tests.agents.coordinator.desk import Desk, Reply

KNOWN: dict[Item, Label] = {f"gold-{number}": "yes" for number in range(4)}
ONE_WRONG = Sprt(good=0.9, bad=0.1, false_alarm=0.2, miss=0.2)
"""Fails at the first wrong answer, and passes at the first right one."""


def turncoat(seconds: float = 1.0) -> Reply:
    """Be right about work, and wrong about gold."""
    return lambda item, _attempt: (seconds, "no" if item in KNOWN else "yes")


def honest(seconds: float = 1.0, gold: float | None = None) -> Reply:
    return lambda item, _attempt: (seconds if gold is None or item not in KNOWN else gold, "yes")


def voided(desk: Desk) -> dict[Item, list[str]]:
    return {event.body.item: [name for name, *_ in event.body.voided] for event in desk.record.of(ItemReopened)}


class Authority(Policy):
    """The word of one person is final."""

    kind: ClassVar[str] = "authority"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 1)
        return Resolution(answers[0].label, answers, closed=True)


# Mixed in unseen


async def test_a_gold_task_is_like_any_other_and_comes_instead_of_one():
    desk = Desk({"ann": honest()}, prices={"ann": 0.5}, gold=Gold(first=1, every=2, test=Sprt()), known=KNOWN)
    await desk.run(1, 2, 3)
    asked = [item for _, _, item, _ in desk.assigned]
    assert [item in KNOWN for item in asked] == [True, False, True, False, True, False]
    assert [item for item in asked if item not in KNOWN] == [1, 2, 3]
    assert {(event.sender, event.body.price) for event in desk.record.of(TaskAssigned)} == {("coordinator", 0.5)}
    assert desk.coordinator.people.work.ledger.committed == 3.0
    assert [event.body.right for event in desk.record.of(GoldAnswered)] == [True] * 3
    # A gold answer is nobody's vote.
    assert {event.body.item for event in desk.record.of(ItemResolved)} == {1, 2, 3}


async def test_no_gold_question_comes_again_before_all_others_and_then_as_another_attempt():
    desk = Desk({"ann": honest(), "ben": honest()}, gold=Gold(share=0.7, test=Sprt(false_alarm=1e-9, miss=1e-9)), known=KNOWN)
    await desk.run(*range(9))
    for name in ("ann", "ben"):
        gold = [(item, attempt) for _, who, item, attempt in desk.assigned if who == name and item in KNOWN]
        assert len(gold) > len(KNOWN)
        for turn in range(0, len(gold), len(KNOWN)):
            there = gold[turn : turn + len(KNOWN)]
            assert len({item for item, _ in there}) == len(there)
            assert {attempt for _, attempt in there} == {turn // len(KNOWN)}


async def test_nobody_is_asked_a_gold_question_while_there_is_nothing_to_do():
    desk = Desk({name: honest() for name in "abc"}, gold=Gold(first=2, test=Sprt()), known=KNOWN)
    await desk.run(linger=5)
    assert not desk.assigned


async def test_a_gold_question_that_is_declined_is_not_asked_again_and_who_can_be_asked_none_works_untested():
    def shy(item: Item, _attempt: int) -> tuple[float, str | None]:
        return 1.0, None if item in KNOWN else "yes"

    mark = Gold(test=PassMark(questions=4, right=4))
    desk = Desk({"ann": shy}, gold=mark, known=KNOWN)
    await desk.run(1, 2)
    assert desk.labels == {1: "yes", 2: "yes"}
    assert sorted(item for _, _, item, _ in desk.assigned if item in KNOWN) == sorted(KNOWN)
    able = {1: ["ann"], 2: ["ann"], **{item: [] for item in KNOWN}}
    desk = Desk({"ann": honest()}, gold=mark, known=KNOWN, able=able)
    await desk.run(1, 2)
    assert [item for _, _, item, _ in desk.assigned] == [1, 2]


async def test_an_overdue_gold_question_is_not_scored():
    desk = Desk({"ann": honest(1.0, gold=9.0), "ben": honest()}, lease=5.0, gold=Gold(first=1, test=Sprt()), known=KNOWN)
    await desk.run(1, linger=30, then=(2,))
    assert [event.body.annotator for event in desk.record.of(GoldAnswered)] == ["ben"]
    assert desk.record.of(AnswerLate)


# Blocking


async def test_who_fails_is_asked_no_more_and_what_they_said_stands_unless_it_is_void():
    replies = {"bad": turncoat(), "ann": honest(), "ben": honest()}
    desk = Desk(replies, Majority(size=1), gold=Gold(every=3, test=ONE_WRONG), known=KNOWN)
    await desk.run(*range(12))
    (blocked,) = desk.record.of(AnnotatorBlocked)
    assert blocked.body == AnnotatorBlocked(annotator="bad", right=0, asked=1, retroactive=False)
    assert sum(name == "bad" for _, name, _, _ in desk.assigned) == 3
    assert not desk.record.of(ItemReopened)
    assert set(desk.labels) == {*range(12)}
    assert {event.body.annotator for event in desk.record.of(AnnotatorQualified)} == {"ann", "ben"}


async def test_what_is_void_is_taken_back_open_and_closed_and_asked_of_others_and_stays_paid():
    replies = {"bad": turncoat(), "ann": honest(4.0), "ben": honest(6.0)}
    desk = Desk(replies, Majority(size=2), prices={"bad": 1.0}, gold=Gold(every=3, test=ONE_WRONG, retroactive=True), known=KNOWN)
    await desk.run(1, 2, 3)
    (blocked,) = desk.record.of(AnnotatorBlocked)
    # At 3 s, `bad` has answered items 1 and 2, which are open still, and a gold question.
    assert blocked.time == 3_000_000
    screening = desk.coordinator.screening
    assert screening is not None
    assert (screening.voided, screening.reopened) == (2, 0)
    assert desk.coordinator.people.work.ledger.committed == 3.0
    assert set(desk.labels) == {1, 2, 3}
    answered = [(name, item) for _, name, item, _ in desk.assigned if name != "bad" and item not in KNOWN]
    # Who was at it went on: nobody is asked twice, and nothing is cancelled.
    assert len(answered) == len(set(answered)) == 6
    assert not desk.record.of(TaskCancelled)


async def test_labels_that_rest_on_void_answers_are_taken_back_and_made_anew():
    replies = {"bad": turncoat(2.0), "ann": honest(1.0), "ben": honest(1.0)}
    desk = Desk(replies, Majority(size=2), gold=Gold(every=3, test=ONE_WRONG, retroactive=True), known=KNOWN)
    await desk.run(*range(6))
    taken_back = voided(desk)
    assert taken_back
    assert set(map(tuple, taken_back.values())) == {("bad",)}
    for item in taken_back:
        labels = [event.body for event in desk.record.of(ItemResolved) if event.body.item == item]
        assert [label.revision for label in labels] == [0, 1]
        assert [label.votes for label in labels] == [2, 2]
    assert desk.coordinator.register.resolved == 6
    assert desk.coordinator.screening is not None
    assert desk.coordinator.screening.reopened == len(taken_back)


async def test_an_authority_s_word_stands():
    replies = {"bad": turncoat(), "ann": honest(1.5)}
    desk = Desk(replies, Authority(), gold=Gold(every=3, test=ONE_WRONG, retroactive=True), known=KNOWN)
    await desk.run(*range(5))
    assert [event.body.annotator for event in desk.record.of(AnnotatorBlocked)] == ["bad"]
    assert not desk.record.of(ItemReopened)
    assert desk.coordinator.register.resolved == 5


async def test_what_nobody_is_left_for_is_given_up_and_has_no_label():
    desk = Desk({"bad": turncoat()}, gold=Gold(every=3, test=ONE_WRONG, retroactive=True), known=KNOWN)
    assert await desk.run(1, 2, 3) == "pool"
    assert voided(desk) == {1: ["bad"], 2: ["bad"]}
    assert {(event.body.item, event.body.reason) for event in desk.record.of(ItemGivenUp)} == {
        (item, NOBODY_LEFT) for item in (1, 2, 3)
    }
    assert desk.coordinator.register.resolved == 0


async def test_who_is_blocked_is_not_welcomed_back_by_a_late_word():
    desk = Desk({"bad": turncoat(), "ann": honest()}, gold=Gold(every=3, test=ONE_WRONG), known=KNOWN, retry=100.0)

    async def late_word() -> None:
        await desk.say(8.0, "bad", AnswerSubmitted(item=0, attempt=5, label="yes", began=None))

    async with asyncio.TaskGroup() as group:
        group.create_task(late_word())
        await desk.run(*range(6), linger=10)
    assert desk.record.of(AnnotatorBlocked)
    assert not desk.record.of(AnnotatorBack)
    assert [event.body.annotator for event in desk.record.of(AnswerLate)] == ["bad"]


async def test_the_limit_of_labels_is_reached_anew_where_labels_were_taken_back():
    replies = {"bad": turncoat(2.0), "ann": honest(1.0), "ben": honest(1.0)}
    desk = Desk(replies, Majority(size=2), labels=5, gold=Gold(every=3, test=ONE_WRONG, retroactive=True), known=KNOWN)
    assert await desk.run(*range(8)) == "labels"
    assert desk.coordinator.register.resolved == 5


# Qualification


async def test_nobody_works_before_they_have_passed_and_who_fails_never_does():
    replies = {"bad": turncoat(), "ann": honest(), "ben": honest(2.0)}
    desk = Desk(replies, gold=Gold(test=PassMark(questions=3, right=3)), known=KNOWN)
    await desk.run(*range(6))
    passed = {event.body.annotator: event.seq for event in desk.record.of(AnnotatorQualified)}
    assert set(passed) == {"ann", "ben"}
    work = [(event.recipient, event.seq) for event in desk.record.of(TaskAssigned) if event.body.item not in KNOWN]
    assert {name for name, _ in work} == {"ann", "ben"}
    assert all(seq > passed[name] for name, seq in work)
    # One wrong answer fails them already; but the mark is set on all three.
    assert [event.body for event in desk.record.of(AnnotatorBlocked)] == [
        AnnotatorBlocked(annotator="bad", right=0, asked=3, retroactive=False)
    ]


# What a policy learns


class Notes(Belief):
    """Writes down what it is told."""

    def __init__(self, classes: Sequence[Label]) -> None:
        super().__init__(classes)
        self.told: list[tuple[object, ...]] = []

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        self.told.append(("hear", item, annotator, label))

    def posterior(self, item: Item) -> Floats:
        return np.full(len(self.classes), 1 / len(self.classes))

    def know(self, item: Item, label: Label) -> None:
        self.told.append(("know", item, label))

    def forget(self, annotator: str) -> None:
        self.told.append(("forget", annotator))


class Noting(Policy):
    """One answer decides; all are noted."""

    kind: ClassVar[str] = "noting"

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        answers = await crowd.ask(item, 1)
        return Resolution(self.conclude(item, answers, crowd), answers)

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        return plurality(answers, item, crowd)

    def belief(self, classes: Sequence[Label]) -> Belief:
        return Notes(classes)


@pytest.mark.parametrize("retroactive", [False, True])
async def test_a_policy_learns_what_gold_is_and_what_was_said_of_it_and_forgets_whom_it_must(retroactive):
    gold = Gold(every=2, test=ONE_WRONG, retroactive=retroactive)
    desk = Desk({"bad": turncoat(), "ann": honest(3.0)}, Noting(), gold=gold, known=KNOWN)
    await desk.run(*range(4))
    assert isinstance(desk.coordinator.belief, Notes)
    told = desk.coordinator.belief.told
    assert told[: len(KNOWN)] == [("know", item, "yes") for item in KNOWN]
    heard = [each[1:] for each in told if each[0] == "hear"]
    answers = [(event.body.item, event.sender, event.body.label) for event in desk.record.of(AnswerSubmitted)]
    assert heard == answers
    assert (("forget", "bad") in told) is retroactive
