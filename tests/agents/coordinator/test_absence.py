"""People who decline, fall silent or come back."""

import asyncio
from collections import Counter

import pytest

from agents.component import Unusable
from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.messages import (
    AnnotatorAway,
    AnnotatorBack,
    AnswerLate,
    AnswerSubmitted,
    ItemResolved,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReminded,
    TaskUnderWay,
)
from bus.clock import SECOND
from tests.agents.coordinator.desk import Desk, always, silent
from tests.agents.coordinator.policies import Lenient, Stubborn
from tests.agents.coordinator.sayings import answer, given_up, told

# Declining


async def test_a_task_that_is_declined_is_asked_of_another_at_once_and_not_paid():
    desk = Desk({"a": always(None, 2), "b": always("yes", 3)}, prices={"a": 1.0, "b": 1.0}, budget=1.0)
    assert await desk.run("x") == "pool"
    assert desk.assigned == [(0, "a", "x", 0), (2, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}
    people = desk.coordinator.people
    assert (people.declined, people.answers, people.work.expired) == (1, {"b": 1}, 0)
    assert people.work.ledger.committed == 1.0


async def test_what_follows_a_task_that_was_declined_follows_from_that():
    desk = Desk({"a": always(None, 2), "b": always("yes", 3)})
    await desk.run("x")
    (declined,) = desk.record.of(TaskDeclined)
    assert next(event for event in desk.record if event.recipient == "b").cause == declined.seq


async def test_who_declines_one_item_is_free_for_the_next():
    desk = Desk({"a": lambda item, _attempt: (2.0, None if item == "x" else "yes"), "b": always("yes", 100)})
    await desk.run("y", "x", "z")
    assert [(name, item) for _, name, item, _ in desk.assigned] == [("a", "y"), ("b", "x"), ("a", "z")]
    assert desk.labels == dict.fromkeys("xyz", "yes")


async def test_who_has_declined_an_item_is_not_asked_again_even_when_all_others_have_been():
    desk = Desk({"a": always(None, 1), "b": lambda _item, attempt: ((100.0, 1.0)[attempt], "yes")}, lease=10)
    await desk.run("x", linger=200)
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("b", 0), ("b", 1)]


async def test_an_item_that_everybody_declines_is_given_up_with_a_reason_and_the_campaign_ends():
    desk = Desk({"a": always(None, 1), "b": always(None, 2)})
    assert await desk.run("x", "y") == "pool"
    assert given_up(desk) == [(3, "y", NOBODY_LEFT), (4, "x", NOBODY_LEFT)]
    assert (desk.coordinator.register.given_up, desk.coordinator.register.resolved, desk.coordinator.open_items) == (2, 0, 0)


async def test_when_nobody_is_left_for_an_item_the_others_need_not_go_on_with_it():
    desk = Desk({"a": always(None, 2), "b": always("yes", 100)}, Majority(size=2), prices={"b": 0.5})
    assert await desk.run("x", "y", linger=500) == "pool"
    assert given_up(desk) == [(2, "x", NOBODY_LEFT), (4, "y", NOBODY_LEFT)]
    (first, second) = desk.record.of(TaskCancelled)
    assert [(event.time, event.recipient, event.body.item) for event in (first, second)] == [
        (2 * SECOND, "b", "x"),
        (4 * SECOND, "b", "y"),
    ]
    assert first.cause == desk.record.of(TaskDeclined)[0].seq
    assert desk.coordinator.people.work.ledger.committed == 1.0, "the work that they had begun is paid, as the dial says"


async def test_an_item_is_hopeless_as_soon_as_too_few_are_left_whatever_is_still_under_way():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2), "c": always("yes", 50)}, Majority(size=3))
    await desk.run("x")
    assert given_up(desk) == [(2, "x", NOBODY_LEFT)]


async def test_a_decline_and_answers_that_suffice_make_a_label():
    desk = Desk({"a": always("yes", 1), "b": always(None, 2), "c": always("yes", 5)}, Majority(size=2))
    await desk.run("x")
    assert desk.labels == {"x": "yes"}


async def test_a_task_that_is_declined_after_its_lease_was_overdue_already():
    desk = Desk({"a": always(None, 12), "b": always("yes", 3)}, lease=10)
    await desk.run("x", linger=50, then=["y"])
    assert told(desk, TaskExpired) == [(10.000001, "a"), (60.000001, "a")]
    assert desk.labels == {"x": "yes", "y": "yes"}
    assert (desk.coordinator.people.declined, desk.coordinator.people.late.total()) == (0, 0)


# Nobody left, as policies see it


async def test_a_policy_may_settle_on_the_answers_that_there_are():
    desk = Desk({"a": always("no", 1), "b": always(None, 2)}, Lenient(size=2))
    assert await desk.run("x", "y") == "pool"
    assert desk.labels == {"x": "no", "y": "no"}
    assert [event.body.votes for event in desk.record.of(ItemResolved)] == [1, 1]
    assert given_up(desk) == []


async def test_a_policy_that_finds_no_answers_to_settle_on_gives_up():
    desk = Desk({"a": always(None, 1), "b": always(None, 2)}, Lenient(size=2))
    assert await desk.run("x") == "pool"
    assert given_up(desk) == [(1, "x", NOBODY_LEFT)]


async def test_a_policy_may_ask_fewer_when_too_few_are_left():
    desk = Desk({"a": always(None, 1), "b": always(None, 2), "c": always("yes", 5)}, Stubborn())
    await desk.run("x")
    assert desk.labels == {"x": "yes"}
    assert [(at, name) for at, name, _, _ in desk.assigned] == [(0, "a"), (0, "b"), (0, "c"), (1, "b"), (1, "c"), (3, "c")]
    cancelled = [(event.time / SECOND, event.recipient) for event in desk.record.of(TaskCancelled)]
    assert cancelled == [(1, "b"), (1, "c"), (3, "c")], "with a question that is over, its tasks end"


async def test_a_policy_that_asks_more_people_than_there_are_is_still_refused():
    desk = Desk({"a": always("yes")}, Majority(size=2))
    with pytest.raises(ExceptionGroup) as failed:
        await desk.run("x")
    assert failed.group_contains(Unusable, match="asks 2 people about item 'x', of 1 annotators")


# Silence


async def test_who_says_nothing_is_reminded_each_time_after_twice_as_long_and_then_counts_as_away():
    desk = Desk({"a": silent, "b": always("yes", 1)}, retry=10, tries=3)
    assert await desk.run("x", linger=500) == "pool"
    reminders = desk.record.of(TaskReminded)
    assert [event.time / SECOND for event in reminders] == [10, 30, 70]
    assert {(event.recipient, event.body.item, event.body.attempt, event.cause) for event in reminders} == {("a", "x", 0, 2)}
    assert told(desk, AnnotatorAway) == told(desk, TaskExpired) == [(150, "a")]
    assert desk.assigned == [(0, "a", "x", 0), (150, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}


async def test_a_reminder_says_what_the_assignment_said():
    desk = Desk({"a": always("yes", 20)}, retry=15, lease=50, prices={"a": 0.5})
    await desk.run("x")
    (assigned,) = [event for event in desk.record if event.kind == "task-assigned"]
    (reminded,) = desk.record.of(TaskReminded)
    assert reminded.body.model_dump() == assigned.body.model_dump()


async def test_who_says_that_the_task_is_under_way_is_never_away():
    desk = Desk({"a": always("yes", 1000)}, retry=10, tries=1)
    assert await desk.run("x") == "pool"
    assert len(desk.record.of(TaskUnderWay)) == len(desk.record.of(TaskReminded)) > 10
    assert not desk.record.of(AnnotatorAway)
    assert desk.labels == {"x": "yes"}


async def test_who_answers_in_time_is_not_reminded():
    desk = Desk({"a": always("yes", 9)}, retry=10)
    await desk.run(*range(5))
    assert not desk.record.of(TaskReminded)


async def test_who_is_away_is_asked_nothing_and_the_rest_go_on_without_them():
    desk = Desk({"a": silent, "b": always("yes", 1), "c": always("yes", 1)}, Majority(size=2), retry=10, tries=1)
    await desk.run("x", linger=100, then=range(5))
    assert [item for _, name, item, _ in desk.assigned if name == "a"] == ["x"]
    assert desk.labels == dict.fromkeys(["x", *range(5)], "yes")


async def test_an_item_for_which_too_few_are_there_is_given_up_when_it_is_asked_for():
    desk = Desk({"a": silent, "b": always("yes", 1)}, Majority(size=2), retry=10, tries=1)
    assert await desk.run("x", linger=100, then=["y"]) == "pool"
    assert given_up(desk) == [(30, "x", NOBODY_LEFT), (100, "y", NOBODY_LEFT)]


async def test_a_campaign_in_which_everybody_leaves_ends_with_all_items_given_up():
    desk = Desk(dict.fromkeys("abc", silent), Majority(size=2), retry=10, tries=2)
    assert await desk.run(*range(7)) == "pool"
    assert Counter(item for _, item, _ in given_up(desk)) == dict.fromkeys(range(7), 1)
    assert {reason for _, _, reason in given_up(desk)} == {NOBODY_LEFT}
    assert told(desk, AnnotatorAway) == [(70, "a"), (70, "b")], "who is left is too few for anything, and need not be waited for"


async def test_an_item_whose_only_doubtful_answer_is_overdue_already_is_given_up_when_that_person_is_away():
    # The lease ends first; the person is listened to all the same, since nobody else can be asked.
    desk = Desk({"a": silent}, lease=5, retry=10, tries=1)
    assert await desk.run("x") == "pool"
    assert told(desk, TaskExpired) == [(5.000001, "a")]
    assert told(desk, AnnotatorAway) == [(30, "a")]
    assert given_up(desk) == [(30, "x", NOBODY_LEFT)]


# Away and back


async def test_who_is_heard_of_again_is_back_and_a_late_answer_is_late():
    desk = Desk({"a": silent, "b": always("yes", 1)}, prices={"a": 0.7, "b": 0.1}, retry=10, tries=1)
    word = asyncio.create_task(desk.say(200, "a", answer("x", "no")))
    await desk.run("x", linger=300, then=["y", "z"])
    await word
    assert told(desk, AnnotatorAway)[0] == (30, "a")
    (back,) = desk.record.of(AnnotatorBack)
    (late,) = desk.record.of(AnswerLate)
    said = next(event for event in desk.record.of(AnswerSubmitted) if event.sender == "a")
    assert (back.time / SECOND, back.body.annotator, back.cause, late.cause) == (200, "a", said.seq, said.seq)
    assert desk.labels["x"] == "yes"
    assert desk.coordinator.people.late == {"a": 1}
    assert (300, "a", "z", 0) in desk.assigned, "who is back may be asked"


async def test_who_is_back_may_be_asked_again_what_nobody_has_answered():
    script = {("x", 0): silent("x", 0), ("x", 1): (1.0, "yes")}
    desk = Desk({"a": lambda item, attempt: script[item, attempt], "b": always("no", 100)}, lease=5, retry=10, tries=1)
    word = asyncio.create_task(desk.say(50, "a", answer("x", "no")))
    await desk.run("x", linger=200)
    await word
    assert [(at, name, attempt) for at, name, _, attempt in desk.assigned] == [(0, "a", 0), (5.000001, "b", 0), (50, "a", 1)]
    assert desk.labels == {"x": "yes"}


async def test_any_word_of_somebody_who_was_away_is_enough_to_be_there_again():
    desk = Desk({"a": silent, "b": always("yes", 5)}, retry=10, tries=1)
    word = asyncio.create_task(desk.say(100, "a", TaskUnderWay(item="x", attempt=0)))
    await desk.run("x", linger=150, then=["y"])
    await word
    assert told(desk, AnnotatorAway)[0] == (30, "a")
    assert told(desk, AnnotatorBack) == [(100, "a")]
    reminders = [event.time / SECOND for event in desk.record.of(TaskReminded)]
    assert reminders[:2] == [10, 110], "and the task that they have is listened for again"


async def test_who_is_away_twice_is_told_twice():
    desk = Desk({"a": silent, "b": always("yes", 1)}, retry=10, tries=1)
    words = [asyncio.create_task(desk.say(second, "a", TaskUnderWay(item="x", attempt=0))) for second in (100, 300)]
    await desk.run("x", linger=1000)
    await asyncio.gather(*words)
    assert told(desk, AnnotatorAway) == [(30, "a"), (130, "a"), (330, "a")]
    assert told(desk, AnnotatorBack) == [(100, "a"), (300, "a")]
