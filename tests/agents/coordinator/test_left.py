"""A coordinator that went down in the middle of something, and what it does with what was left."""

import asyncio
from collections.abc import Sequence
from typing import Any

from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.messages import (
    AnnotatorAway,
    AnnotatorBack,
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    CampaignEnded,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReminded,
)
from bus.clock import SECOND
from bus.message import EVERYONE, Message
from tests.agents.coordinator.desk import Desk, always, silent
from tests.agents.coordinator.policies import Pensive, SecondOpinion
from tests.bus.samples import Recorder

SAID = (AnswerSubmitted, TaskDeclined)


async def left(desk: Desk, *events: tuple[Any, ...]) -> Desk:
    """Have all that happened (second, sender, recipient, message, cause), with a coordinator that read it and then went down."""
    for second, sender, recipient, body, *cause in events:
        await asyncio.sleep(second - desk.bus.loop.time())
        await desk.bus.publish(body, sender, recipient, *cause)
    said = {(event.sender, event.body.item, event.body.attempt) for event in desk.record if isinstance(event.body, SAID)}
    for person in desk.people:
        for task in person.inbox.empty():
            if (person.name, task.body.item, task.body.attempt) not in said:
                person.inbox.offer(task)
    desk.coordinator.inbox.empty()
    desk.coordinator.rebuild([*desk.record])
    return desk


def requested(item: Item, second: float = 0) -> tuple[Any, ...]:
    return second, "selector", "coordinator", ItemRequested(item=item, version=0, score=0.0)


def assigned(
    name: str, item: Item, attempt: int = 0, second: float = 0, due: float | None = None, price: float = 0.0
) -> tuple[Any, ...]:
    until = None if due is None else int(due * SECOND)
    return second, "coordinator", name, TaskAssigned(item=item, attempt=attempt, price=price, lease_until=until)


def answered(name: str, item: Item, label: str = "yes", attempt: int = 0, second: float = 1) -> tuple[Any, ...]:
    return second, name, "coordinator", AnswerSubmitted(item=item, attempt=attempt, label=label, began=0)


def told(body: Message, second: float = 1) -> tuple[Any, ...]:
    return second, "coordinator", EVERYONE, body


def new(desk: Desk, events: Sequence[object]) -> Recorder:
    """Return what has happened since those events."""
    return Recorder(desk.record[len(events) :])


async def go_on(desk: Desk, *events: tuple[Any, ...], items: Sequence[Item] = (), linger: float = 0) -> Recorder:
    await left(desk, *events)
    await desk.run(*items, linger=linger)
    return new(desk, events)


async def test_who_is_at_an_item_is_not_joined_by_others_who_are_idle():
    desk = Desk({"a": always("yes", 50), "b": always("no", 1), "c": always("no", 1)})
    since = await go_on(desk, requested("x"), assigned("a", "x"))
    assert not since.of(TaskAssigned)
    assert desk.labels == {"x": "yes"}


async def test_only_those_are_asked_who_are_still_lacking():
    desk = Desk({name: always("yes", 5) for name in "abcd"}, Majority(size=3))
    since = await go_on(desk, requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x"))
    assert [(event.recipient, event.body.attempt) for event in since.of(TaskAssigned)] == [("c", 0)]
    assert [event.body.votes for event in since.of(ItemResolved)] == [3]


async def test_between_the_last_answer_and_the_label_nothing_is_lost_and_nobody_is_asked():
    desk = Desk({name: always("no", 5) for name in "ab"}, Majority(size=2))
    since = await go_on(desk, requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x"), answered("b", "x"))
    (resolved,) = since.of(ItemResolved)
    assert (resolved.time, resolved.body.label, resolved.body.votes, resolved.cause) == (SECOND, "yes", 2, 5)
    assert not since.of(TaskAssigned)


async def test_when_the_answers_of_before_suffice_the_rest_is_cancelled():
    desk = Desk({name: always("no", 50) for name in "abc"}, Majority(size=3, early=True))
    past = [requested("x"), *(assigned(name, "x") for name in "abc"), answered("a", "x"), answered("b", "x")]
    since = await go_on(desk, *past, requested("y", 1))
    first = since.of(TaskCancelled)[0]
    assert (first.time, first.recipient, first.body.item) == (SECOND, "c", "x")
    assert [(event.recipient, event.body.item) for event in since.of(TaskAssigned)] == [("a", "y"), ("b", "y"), ("c", "y")]
    assert [event.body.votes for event in since.of(ItemResolved)] == [2, 2]


async def test_an_answer_at_the_instant_of_the_restart_finds_its_question():
    desk = Desk({"a": silent, "b": silent}, Majority(size=2))
    past = [requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x")]
    await left(desk, *past)
    await desk.bus.publish(answered("b", "x")[3], "b", "coordinator")
    await desk.run()
    assert [(event.time, event.body.votes) for event in new(desk, past).of(ItemResolved)] == [(SECOND, 2)]


async def test_a_policy_that_asks_twice_gets_the_answers_of_before_one_question_after_the_other():
    desk = Desk({name: always("no", 5) for name in "abc"}, SecondOpinion())
    past = [requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x", "yes"), answered("b", "x", "no")]
    since = await go_on(desk, *past)
    assert [event.recipient for event in since.of(TaskAssigned)] == ["c"]
    assert desk.labels == {"x": "no"}
    assert [event.body.votes for event in since.of(ItemResolved)] == [3]


async def test_what_comes_before_a_policy_asks_for_it_again_is_kept_for_it():
    desk = Desk({"a": silent, "b": always("yes", 1), "c": always(None, 2), "d": always("no", 20)}, Pensive())
    past = [requested("x"), assigned("a", "x", second=5), answered("a", "x", second=6), assigned("b", "x", second=11)]
    since = await go_on(desk, *past, assigned("c", "x", second=11))
    assert [(event.time / SECOND, event.recipient) for event in since.of(TaskAssigned)] == [(21, "d")]
    assert [(event.time / SECOND, event.body.label, event.body.votes) for event in since.of(ItemResolved)] == [(41, "yes", 3)]
    assert desk.coordinator.people.declined == 1


async def test_who_has_answered_or_declined_an_item_is_not_asked_about_it_again():
    desk = Desk({name: always("no", 5) for name in "abc"}, Majority(size=2))
    declined = (1, "b", "coordinator", TaskDeclined(item="x", attempt=0))
    past = [requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x"), declined]
    since = await go_on(desk, *past, linger=50)
    assert [event.recipient for event in since.of(TaskAssigned)] == ["c"]
    assert desk.coordinator.people.declined == 1


async def test_an_item_for_which_nobody_is_left_is_given_up_after_a_restart_as_before():
    desk = Desk({name: always("no", 5) for name in "ab"}, Majority(size=2))
    declined = (1, "b", "coordinator", TaskDeclined(item="x", attempt=0))
    since = await go_on(desk, requested("x"), assigned("a", "x"), assigned("b", "x"), declined)
    assert [(event.time, event.body.reason) for event in since.of(ItemGivenUp)] == [(SECOND, NOBODY_LEFT)]
    assert [event.recipient for event in since.of(TaskCancelled)] == ["a"]


async def test_attempts_go_on_from_those_of_before():
    desk = Desk({"a": lambda _item, attempt: (1.0, f"{'yes' if attempt == 1 else 'no'}")}, lease=10)
    expired = told(TaskExpired(item="x", annotator="a", attempt=0), 11)
    late = (*told(AnswerLate(item="x", annotator="a", attempt=0), 20), 4)
    past = [requested("x"), assigned("a", "x", due=10), expired, answered("a", "x", second=20), late]
    since = await go_on(desk, *past)
    assert [event.body.attempt for event in since.of(TaskAssigned)] == [1]
    assert desk.labels == {"x": "yes"}
    assert (desk.coordinator.people.late, desk.coordinator.people.work.expired) == ({"a": 1}, 1)


async def test_a_lease_that_ended_while_nobody_was_there_ends_at_once_and_one_that_has_not_ends_in_time():
    desk = Desk({"a": silent, "b": silent, "c": always("yes", 1)}, lease=10)
    past = [requested("x"), requested("y"), assigned("a", "x", due=10), assigned("b", "y", second=5, due=15), requested("z", 12)]
    since = await go_on(desk, *past, linger=100)
    assert [(event.time / SECOND, event.body.annotator) for event in since.of(TaskExpired)] == [(12, "a"), (15.000001, "b")]
    assert {*desk.labels} == {"x", "y", "z"}


async def test_an_answer_to_a_lease_that_ended_while_nobody_was_there_is_late():
    desk = Desk({"a": always("no", 0), "b": always("yes", 1)}, lease=10)
    since = await go_on(desk, requested("x"), assigned("a", "x", due=10), requested("y", 12), linger=100)
    assert [event.time / SECOND for event in since.of(TaskExpired)] == [12]
    assert [event.body.item for event in since.of(AnswerLate)] == ["x"]


async def test_a_time_limit_that_passed_while_nobody_was_there_ends_the_campaign_before_anything_is_asked_or_settled():
    desk = Desk({"a": always("yes", 5), "b": always("yes", 5)}, time=10, prices={"a": 1.0, "b": 1.0})
    past = [requested("x"), requested("y"), requested("z"), assigned("a", "x", price=1.0), answered("a", "x"), requested("w", 20)]
    since = await go_on(desk, *past)
    assert desk.stopped_by == "time"
    assert not since.of(TaskAssigned)
    assert not since.of(ItemResolved)
    assert {event.body.item for event in since.of(ItemGivenUp)} == {"x", "y", "z", "w"}
    assert desk.coordinator.people.work.ledger.committed == 1.0


async def test_a_time_limit_that_has_not_passed_still_holds():
    desk = Desk({"a": always("yes", 50)}, time=30)
    since = await go_on(desk, requested("x"), assigned("a", "x"), requested("y", 20))
    assert since[-1].body == CampaignEnded(stopped_by="time")
    assert since[-1].time == 30 * SECOND


async def test_a_limit_of_labels_counts_those_of_before():
    desk = Desk({"a": always("yes", 5)}, labels=2)
    resolved = told(ItemResolved(item="x", label="yes", votes=1, revision=0))
    since = await go_on(desk, requested("x"), assigned("a", "x"), answered("a", "x"), resolved, items=["y", "z"], linger=100)
    assert desk.stopped_by == "labels"
    assert [event.body.item for event in since.of(ItemResolved)] == ["y"]


async def test_money_that_was_promised_and_spent_stays_so():
    desk = Desk({"a": always("yes", 5), "b": always("yes", 5)}, prices={"a": 1.0, "b": 1.0}, budget=3.0)
    past = [
        requested("x"),
        requested("y"),
        assigned("a", "x", price=1.0),
        answered("a", "x"),
        assigned("a", "y", second=1, price=1.0),
    ]
    await left(desk, *past)
    ledger = desk.coordinator.people.work.ledger
    assert (ledger.reserved, ledger.committed) == (1.0, 1.0)
    assert await desk.run("z", "w", linger=100) == "budget"
    assert ledger.committed == 3.0
    assert {*desk.labels} == {"x", "y", "z"}


async def test_who_was_away_is_asked_nothing_until_they_are_heard_of():
    desk = Desk({"a": always("no", 30), "b": always("yes", 5)}, retry=1000)
    expired, away = told(TaskExpired(item="x", annotator="a", attempt=0)), told(AnnotatorAway(annotator="a"))
    since = await go_on(desk, requested("x"), assigned("a", "x"), expired, away, items=["y", "z"], linger=100)
    assert [(event.time / SECOND, event.body.annotator) for event in since.of(AnnotatorBack)] == [(31, "a")]
    assert [(event.body.item, event.time / SECOND) for event in since.of(AnswerLate)] == [("x", 31)]
    assert {event.recipient for event in since.of(TaskAssigned)} == {"b"}
    assert {*desk.labels} == {"x", "y", "z"}


async def test_who_has_a_task_is_listened_for_from_the_restart():
    desk = Desk({"a": silent, "b": always("yes", 5)}, retry=10, tries=1)
    since = await go_on(desk, requested("x"), assigned("a", "x"), requested("y", 7))
    assert [event.time / SECOND for event in since.of(TaskReminded)] == [17]
    assert [event.time / SECOND for event in since.of(AnnotatorAway)] == [37]


async def test_an_answer_of_before_that_comes_again_is_told_and_not_counted():
    desk = Desk({"a": silent, "b": always("yes", 5)}, Majority(size=2), retry=100)
    past = [requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x")]
    await left(desk, *past)
    again = asyncio.create_task(desk.say(2, "a", answered("a", "x")[3]))
    await desk.run(linger=50)
    await again
    since = new(desk, past)
    assert [event.body.annotator for event in since.of(AnswerRepeated)] == ["a"]
    assert [(event.time / SECOND, event.body.votes) for event in since.of(ItemResolved)] == [(6, 2)]


async def test_answers_that_came_again_before_are_still_counted():
    desk = Desk({"a": silent, "b": always("yes", 5)}, Majority(size=2))
    repeated = (*told(AnswerRepeated(item="x", annotator="a", attempt=0), 3), 5)
    past = [requested("x"), assigned("a", "x"), assigned("b", "x"), answered("a", "x"), answered("a", "x", second=3), repeated]
    await go_on(desk, *past)
    assert desk.coordinator.people.repeated == 1
    assert desk.labels == {"x": "yes"}


async def test_a_campaign_that_has_ended_is_over():
    desk = Desk({"a": always("yes", 5)})
    past = [requested("x"), told(ItemGivenUp(item="x", reason="pool")), told(CampaignEnded(stopped_by="pool"))]
    await left(desk, *past)
    assert await desk.coordinator.run() == "pool"
    assert not new(desk, past)


async def test_who_went_down_before_anything_was_said_begins_as_new():
    desk = Desk({"a": always("yes", 5)})
    await go_on(desk, items=["x"])
    assert desk.labels == {"x": "yes"}
