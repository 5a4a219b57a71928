"""Answers that come again or at the last instant, items of which few can say anything, and budgets with people away."""

import asyncio

import pytest

from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.messages import (
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    ItemRequested,
    ItemResolved,
    TaskDeclined,
)
from bus.clock import SECOND
from bus.message import Envelope, Message
from tests.agents.coordinator.desk import Desk, always, silent
from tests.agents.coordinator.policies import Lenient
from tests.agents.coordinator.sayings import answer, given_up, told

# Again


async def test_an_answer_that_comes_again_is_told_and_neither_counted_nor_paid():
    desk = Desk({"a": always("no", 1), "b": always("yes", 10)}, Majority(size=2), prices={"a": 0.5, "b": 0.5}, retry=100)
    again = asyncio.create_task(desk.say(5, "a", answer("x", "no")))
    await desk.run("x", linger=50)
    await again
    (repeated,) = desk.record.of(AnswerRepeated)
    assert (repeated.time / SECOND, repeated.body.annotator, repeated.body.item, repeated.body.attempt) == (5, "a", "x", 0)
    assert repeated.cause == next(event.seq for event in desk.record.of(AnswerSubmitted) if event.time == 5 * SECOND)
    assert [(event.time / SECOND, event.body.votes) for event in desk.record.of(ItemResolved)] == [(10, 2)]
    people = desk.coordinator.people
    assert (people.repeated, people.answers, people.late.total()) == (1, {"a": 1, "b": 1}, 0)
    assert people.work.ledger.committed == 1.0


async def test_an_answer_that_comes_again_while_its_annotator_is_at_another_item_disturbs_nobody():
    desk = Desk({"a": always("yes", 10)}, retry=100)
    again = asyncio.create_task(desk.say(15, "a", answer("x")))
    await desk.run("x", "y", linger=50)
    await again
    assert len(desk.record.of(AnswerRepeated)) == 1
    assert [event.time / SECOND for event in desk.record.of(ItemResolved)] == [10, 20]


async def test_a_late_answer_that_comes_again_is_late_once():
    desk = Desk({"a": always("no", 20), "b": always("yes", 1)}, lease=10, retry=100)
    again = asyncio.create_task(desk.say(30, "a", answer("x", "no")))
    await desk.run("x", linger=50)
    await again
    assert told(desk, AnswerLate) == [(20, "a")]
    assert told(desk, AnswerRepeated) == [(30, "a")]


async def test_a_decline_that_comes_again_is_passed_over():
    desk = Desk({"a": always(None, 1), "b": always("yes", 10)}, retry=100)
    again = asyncio.create_task(desk.say(5, "a", TaskDeclined(item="x", attempt=0)))
    await desk.run("x", linger=50)
    await again
    assert desk.coordinator.people.declined == 1
    assert desk.labels == {"x": "yes"}


async def test_an_answer_to_a_task_that_was_never_given_is_late_and_counts_for_nothing():
    desk = Desk({"a": always("yes", 10), "b": always("yes", 10)}, retry=100)
    words = [
        asyncio.create_task(desk.say(5, name, answer(item, "no", attempt)))
        for name, item, attempt in (("a", "x", 7), ("b", "q", 0))
    ]
    await desk.run("x", linger=50)
    await asyncio.gather(*words)
    assert told(desk, AnswerLate) == [(5, "a"), (5, "b")]
    assert desk.labels == {"x": "yes"}


# At the last instant


def at_the_label(desk: Desk, number: int, turns: int, body: Message, sender: str) -> None:
    """Let somebody say something at the instant of the label of that number, so many turns of the loop later."""
    labels = []

    async def say() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await desk.bus.publish(body, sender, "coordinator")

    def watch(event: Envelope) -> None:
        if isinstance(event.body, ItemResolved):
            labels.append(event)
            if len(labels) == number:
                desk.saying = asyncio.create_task(say())  # type: ignore[attr-defined]

    desk.watchers.append(watch)


@pytest.mark.parametrize("turns", range(4))
async def test_an_answer_at_the_very_instant_of_the_end_counts_or_is_late_but_is_never_passed_over(turns):
    desk = Desk({"a": always("yes", 1), "b": silent}, labels=1, prices={"a": 0.5, "b": 0.5}, retry=100)
    at_the_label(desk, 1, turns, answer("y"), "b")
    assert await desk.run("x", "y", linger=50) == "labels"
    before_the_end = [event for event in desk.record.of(AnswerSubmitted) if event.seq < desk.record[-1].seq]
    heard = len(desk.record.of(AnswerLate)) + desk.coordinator.people.answers.total()
    assert heard == len(before_the_end) >= 1


async def test_among_the_turns_of_the_last_instant_are_those_in_which_an_answer_is_late_and_those_in_which_it_counts():
    late = []
    for turns in range(4):
        desk = Desk({"a": always("yes", 1), "b": silent}, labels=1, retry=100)
        at_the_label(desk, 1, turns, answer("y"), "b")
        await desk.run("x", "y", linger=50)
        late.append(len(desk.record.of(AnswerLate)))
    assert {0, 1} == {*late}


@pytest.mark.parametrize("turns", range(4))
async def test_an_item_requested_at_the_very_instant_of_the_end_is_given_up(turns):
    desk = Desk({"a": always("yes", 1)}, labels=1, retry=100)
    at_the_label(desk, 1, turns, ItemRequested(item="z", version=0, score=0.0), "selector")
    assert await desk.run("x", "y", linger=50) == "labels"
    in_time = any(event.body.item == "z" and event.seq < desk.record[-1].seq for event in desk.record.of(ItemRequested))
    assert [item for _, item, _ in given_up(desk)] == ["y", *(["z"] if in_time else [])]


# Who can say what


async def test_only_those_are_asked_about_an_item_who_can_say_something():
    able = {"x": ["b"], "y": ["a", "c"], "z": ["c"]}
    desk = Desk({name: always("yes", 5) for name in "abc"}, able=able)
    await desk.run("x", "y", "z")
    assert {(name, item) for _, name, item, _ in desk.assigned} == {("b", "x"), ("a", "y"), ("c", "z")}


@pytest.mark.parametrize("able", [{"x": []}, {}])
async def test_an_item_of_which_nobody_can_say_anything_is_given_up_at_once(able):
    desk = Desk({"a": always("yes", 5)}, able=able | {"y": ["a"]})
    assert await desk.run("x", "y") == "pool"
    assert given_up(desk) == [(0, "x", NOBODY_LEFT)]
    assert desk.labels == {"y": "yes"}


async def test_an_item_is_given_up_when_those_are_away_who_could_say_something():
    desk = Desk({"a": silent, "b": always("yes", 5)}, able={"x": ["a"], "y": ["b"]}, retry=10, tries=1)
    assert await desk.run("x", "y", linger=100) == "pool"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)]


async def test_who_is_overdue_is_asked_again_when_all_have_been_who_can_say_something():
    desk = Desk({"a": lambda _item, attempt: ((20.0, 1.0)[attempt], "yes"), "b": always("no", 1)}, able={"x": ["a"]}, lease=10)
    await desk.run("x", linger=50)
    assert desk.assigned == [(0, "a", "x", 0), (20, "a", "x", 1)]
    assert desk.labels == {"x": "yes"}


# Money and time


async def test_money_that_was_promised_to_somebody_who_is_away_is_free_for_others():
    desk = Desk({"a": silent, "b": always("yes", 5)}, prices={"a": 1.0, "b": 1.0}, budget=1.0, retry=10, tries=1)
    assert await desk.run("x", linger=100) == "pool"
    assert desk.labels == {"x": "yes"}
    assert desk.coordinator.people.work.ledger.committed == 1.0


async def test_a_budget_that_buys_nothing_of_those_who_are_left_ends_the_campaign():
    desk = Desk({"a": silent, "b": always("yes", 5)}, prices={"a": 0.1, "b": 1.0}, budget=0.5, retry=10, tries=1)
    assert await desk.run("x", "y", linger=100) == "budget"
    assert given_up(desk) == [(30, "x", "budget"), (30, "y", "budget")]


async def test_a_budget_ends_a_campaign_in_which_an_item_was_given_up_before():
    declining = {name: (lambda item, _attempt: (1.0, None if item == "x" else "yes")) for name in "ab"}
    desk = Desk(declining, prices={"a": 1.0, "b": 1.0}, budget=3.0)
    assert await desk.run("x", "y", "z", "w", "v", linger=100) == "budget"
    assert [(item, reason) for _, item, reason in given_up(desk)] == [("x", NOBODY_LEFT), ("v", "budget")]


async def test_a_policy_that_is_about_to_settle_on_what_there_is_does_so_before_the_budget_ends_the_campaign():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2)}, Lenient(size=2), prices={"a": 1.0, "b": 1.0}, budget=2.0)
    words = [asyncio.create_task(desk.say(0.5, "selector", ItemRequested(item="y", version=0, score=0.0)))]
    assert await desk.run("x", linger=100) == "budget"
    await asyncio.gather(*words)
    assert desk.labels["x"] == "yes"


async def test_a_time_limit_ends_a_campaign_in_which_everybody_is_silent():
    desk = Desk(dict.fromkeys("ab", silent), time=25, retry=10, tries=5)
    assert await desk.run("x", "y") == "time"
    assert given_up(desk) == [(25, "x", "time"), (25, "y", "time")]


async def test_a_time_limit_ends_a_campaign_in_which_everybody_is_away():
    desk = Desk(dict.fromkeys("ab", silent), time=500, retry=10, tries=1)
    assert await desk.run("x", linger=1000) == "time"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)] or given_up(desk) == [(60, "x", NOBODY_LEFT)]
    assert desk.record[-1].time == 500 * SECOND
