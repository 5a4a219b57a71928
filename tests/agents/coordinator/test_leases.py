"""Leases: what is overdue is asked of another, and what comes late is recorded, neither used nor paid."""

from collections import Counter

from agents.coordinator.policies.majority import Majority
from agents.messages import AnswerLate, ItemGivenUp, TaskAssigned, TaskExpired
from bus.clock import SECOND
from tests.agents.coordinator.desk import Desk, always

TICK = 1e-6
"""A lease has ended when its last microsecond has passed."""


def expired(desk: Desk) -> list[tuple[float, str, object]]:
    return [(event.time / SECOND, event.body.annotator, event.body.item) for event in desk.record.of(TaskExpired)]


def late(desk: Desk) -> list[tuple[float, str, object]]:
    return [(event.time / SECOND, event.body.annotator, event.body.item) for event in desk.record.of(AnswerLate)]


async def test_an_overdue_answer_is_asked_of_another_person():
    desk = Desk({"a": always("no", 100), "b": always("yes", 1)}, lease=10)
    await desk.run("x")
    assert expired(desk) == [(10 + TICK, "a", "x")]
    assert desk.assigned == [(0, "a", "x", 0), (10 + TICK, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}
    assert desk.record[-1].time == 11 * SECOND + 1


async def test_a_task_says_until_when_its_answer_is_due():
    desk = Desk({"a": always("no", 1)}, lease=10)
    await desk.run(1, 2)
    assert [event.body.lease_until for event in desk.record.of(TaskAssigned)] == [10 * SECOND, 11 * SECOND]
    endless = Desk({"a": always("no", 1)})
    await endless.run(1)
    assert [event.body.lease_until for event in endless.record.of(TaskAssigned)] == [None]


async def test_a_late_answer_is_recorded_and_neither_used_nor_paid():
    prices = {"a": 0.7, "b": 0.1}
    desk = Desk({"a": always("no", 100), "b": always("yes", 1)}, lease=10, prices=prices)
    await desk.run("x", linger=500)
    assert late(desk) == [(100, "a", "x")]
    assert desk.labels == {"x": "yes"}
    assert desk.coordinator.people.late == {"a": 1}
    assert desk.coordinator.people.answers == {"b": 1}
    assert desk.coordinator.people.work.ledger.committed == 0.1


async def test_an_answer_at_the_very_end_of_its_lease_counts():
    desk = Desk({"a": always("yes", 10), "b": always("no", 1)}, lease=10, prices={"a": 0.7, "b": 0.1})
    await desk.run("x", linger=50)
    assert desk.labels == {"x": "yes"}
    assert expired(desk) == late(desk) == []
    assert desk.coordinator.people.work.ledger.committed == 0.7


async def test_an_answer_a_microsecond_later_does_not():
    desk = Desk({"a": always("yes", 10 + TICK), "b": always("no", 1)}, lease=10)
    await desk.run("x", linger=50)
    assert desk.labels == {"x": "no"}
    assert len(expired(desk)) == len(late(desk)) == 1


async def test_a_person_who_is_overdue_gets_nothing_new_until_they_have_answered():
    desk = Desk({"a": always("no", 100), "b": always("yes", 1)}, lease=10)
    await desk.run(1, 2, 3, linger=200, then=[4])
    assert [(at, item) for at, name, item, _ in desk.assigned if name == "a"] == [(0, 1)]
    assert late(desk) == [(100, "a", 1)]


async def test_the_only_person_takes_up_first_what_they_let_pass():
    desk = Desk({"a": always("no", 100)}, lease=10, time=150)
    await desk.run(1, 2)
    assert desk.assigned == [(0, "a", 1, 0), (100, "a", 1, 1)]


async def test_an_item_that_everybody_let_pass_is_asked_again_as_another_attempt():
    desk = Desk({name: lambda _item, attempt: (1.0, "yes") if attempt else (100.0, "no") for name in "ab"}, lease=10)
    await desk.run("x")
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("b", 0), ("a", 1)]
    assert desk.assigned[2][0] == 100
    assert desk.labels == {"x": "yes"}
    assert Counter(name for _, name, _ in late(desk)) == {"a": 1}


async def test_everybody_is_asked_before_anybody_is_asked_twice():
    desk = Desk({name: lambda _item, attempt: (1.0, "yes") if attempt else (15.0, "no") for name in "abcde"}, lease=10)
    await desk.run("x")
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [*((name, 0) for name in "abcde"), ("a", 1)]


async def test_who_let_an_item_pass_waits_until_the_others_have_been_asked_although_idle():
    desk = Desk({"a": always("no", 10.5), "b": always("yes", 9.9)}, lease=10)
    await desk.run("x", "y", "z")
    # From 10.5 on, a has nothing to do; but b has not been asked about x yet, and is busy until 19.8.
    assert [each for each in desk.assigned if each[2] == "x"] == [(0, "a", "x", 0), (19.8, "b", "x", 0)]


async def test_who_has_answered_is_not_asked_again_in_place_of_who_has_not():
    slow_once = {"b": lambda _item, attempt: (1.0, "yes") if attempt else (50.0, "no")}
    desk = Desk({"a": always("yes", 1), **slow_once}, Majority(size=2), lease=10)
    await desk.run("x")
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("b", 0), ("b", 1)]
    assert desk.labels == {"x": "yes"}


async def test_the_votes_of_an_item_are_full_although_some_were_late():
    desk = Desk({"a": always("no", 100), "b": always("yes", 1), "c": always("yes", 2)}, Majority(size=2), lease=10)
    await desk.run(*range(5), linger=500)
    assert desk.labels == dict.fromkeys(range(5), "yes")


async def test_what_is_overdue_goes_before_what_was_asked_for_later():
    desk = Desk({"a": always("no", 100), "b": always("yes", 3)}, lease=10)
    await desk.run(*range(9))
    assert next((at, item) for at, name, item, _ in desk.assigned if name == "b" and at > 10) == (12, 0)


async def test_the_price_of_what_is_overdue_is_free_for_others():
    desk = Desk({"a": always("no", 100), "b": always("yes", 1)}, prices={"a": 1.0, "b": 1.0}, budget=1.0, lease=10)
    await desk.run("x")
    assert desk.labels == {"x": "yes"}
    assert desk.coordinator.people.work.ledger.committed == 1.0


async def test_leases_that_end_at_one_instant_all_end():
    desk = Desk({"a": always("no", 100), "b": always("no", 100), "c": always("no", 100)}, lease=10, time=50)
    await desk.run(1, 2, 3)
    assert expired(desk) == [(10 + TICK, name, item) for name, item in zip("abc", (1, 2, 3), strict=True)]
    assert desk.coordinator.people.work.expired == 3
    assert len(desk.record.of(ItemGivenUp)) == 3


async def test_an_answer_after_the_cancellation_of_its_overdue_task_is_late_too():
    replies = {"a": always("no", 30), "b": always("yes", 1), "c": always("yes", 2)}
    desk = Desk(replies, Majority(size=2, early=True), lease=10)
    await desk.run(1, linger=100)
    assert late(desk) == [(30, "a", 1)]
    assert desk.coordinator.people.answers == {"b": 1, "c": 1}
