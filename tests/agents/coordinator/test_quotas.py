"""Quotas: so many answers are taken of somebody, and no more."""

from collections import Counter

import pytest

from agents.coordinator.allocations.choice import ALLOCATIONS
from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.coordinator.screening.gold import Gold
from agents.messages import ItemGivenUp, TaskAssigned
from bus.faults import Faults
from tests.agents.coordinator.desk import Desk, always
from tests.agents.coordinator.policies import Lenient


def asked(desk: Desk) -> Counter[str]:
    return Counter(event.recipient for event in desk.record.of(TaskAssigned))


async def test_who_has_given_as_many_answers_as_are_taken_is_asked_no_more():
    desk = Desk({"a": always("yes", 1), "b": always("yes", 10)}, quotas={"a": 2})
    await desk.run(*range(5))
    assert asked(desk) == {"a": 2, "b": 3}


async def test_an_item_that_too_few_are_left_for_is_given_up():
    desk = Desk({"a": always("yes"), "b": always("yes")}, Majority(size=2), quotas={"a": 2, "b": 9})
    await desk.run(*range(3))
    assert len(desk.labels) == 2
    assert [event.body.reason for event in desk.record.of(ItemGivenUp)] == [NOBODY_LEFT]


async def test_a_policy_may_make_do_with_those_who_are_left():
    desk = Desk({"a": always("yes"), "b": always("yes")}, Lenient(size=2), quotas={"a": 1})
    # Who waits for somebody who has answered for the last time is told at once.
    await desk.run(*range(2))
    assert len(desk.labels) >= 1
    assert asked(desk)["a"] == 1


async def test_when_everybody_has_done_theirs_the_rest_is_given_up():
    desk = Desk({"a": always("yes"), "b": always("yes")}, quotas={"a": 2, "b": 1})
    await desk.run(*range(6))
    assert (len(desk.labels), desk.coordinator.register.given_up, desk.stopped_by) == (3, 3, "pool")


async def test_an_answer_that_was_not_taken_does_not_count():
    desk = Desk({"a": always("yes", 10), "b": always("yes", 1)}, quotas={"a": 1}, lease=5)
    await desk.run(0, 1, linger=30, then=[2, 3])
    assert desk.coordinator.people.answers["a"] == 0
    assert asked(desk)["a"] > 1


async def test_answers_to_gold_questions_count_too():
    desk = Desk({"a": always("yes"), "b": always("yes")}, quotas={"a": 1, "b": 9}, gold=Gold(first=1), known={"gold": "yes"})
    await desk.run(0, 1)
    assert {event.body.item for event in desk.record.of(TaskAssigned) if event.recipient == "a"} == {"gold"}
    assert len(desk.labels) == 2


@pytest.mark.parametrize("event", range(3, 20))
async def test_after_a_restart_it_is_known_who_has_done_theirs(event):
    desk = Desk({"a": always("yes", 1), "b": always("yes", 3)}, quotas={"a": 2}, faults=Faults(retry=100), retry=100)
    desk.strike(event)
    await desk.run(*range(5))
    assert len(desk.labels) == 5
    # An answer that was on its way when the coordinator went down is lost, and said again much later.
    assert desk.coordinator.people.answers["a"] == asked(desk)["a"] <= 2


@pytest.mark.parametrize("kind", sorted(ALLOCATIONS.members.keys() - {"posted-price"}))
async def test_every_allocation_keeps_to_them(kind):
    replies = {name: always("yes", seconds) for seconds, name in enumerate("abc", start=1)}
    desk = Desk(replies, allocation=ALLOCATIONS.members[kind](), quotas={"a": 3, "b": 1}, topics=dict.fromkeys(range(10), "t"))
    await desk.run(*range(10))
    assert len(desk.labels) == 10
    assert desk.coordinator.people.answers["a"] <= 3 and desk.coordinator.people.answers["b"] <= 1
