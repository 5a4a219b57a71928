"""An annotator to whom messages may come late, twice, in the wrong order or never."""

import asyncio

import pytest

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.messages import AnswerSubmitted, TaskDeclined, TaskUnderWay
from tests.agents.annotator.careful import Desk, Shy, answers
from tests.agents.samples import at_work

# Twice


async def test_a_task_that_comes_twice_is_done_once():
    desk = Desk()
    async with at_work(desk.person):
        first = await desk.assign(3)
        await desk.assign(3)
        await asyncio.sleep(5)
        await desk.assign(3)
        await asyncio.sleep(20)
        await desk.assign(3)
        await asyncio.sleep(20)
    assert desk.said == [(10, "answer-submitted", 3, 0)]
    assert desk.record.of(AnswerSubmitted)[0].cause == first.seq


async def test_another_attempt_is_another_task():
    desk = Desk()
    async with at_work(desk.person):
        for attempt in (0, 1, 0, 1):
            await desk.assign(3, attempt)
        await asyncio.sleep(50)
    assert desk.said == [(10, "answer-submitted", 3, 0), (20, "answer-submitted", 3, 1)]


async def test_a_task_that_waits_and_comes_again_is_done_once():
    desk = Desk()
    async with at_work(desk.person):
        for item in (1, 2, 2, 1):
            await desk.assign(item)
        await asyncio.sleep(50)
    assert [item for _, _, item, _ in desk.said] == [1, 2]


# Reminders


async def test_who_is_reminded_of_a_task_at_work_says_so_and_goes_on():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(3)
        await asyncio.sleep(4)
        reminder = await desk.remind(3)
        await asyncio.sleep(20)
    assert desk.said == [(4, "task-under-way", 3, 0), (10, "answer-submitted", 3, 0)]
    (under_way,) = desk.record.of(TaskUnderWay)
    assert (under_way.recipient, under_way.cause) == ("coordinator", reminder.seq)


async def test_who_is_reminded_of_a_task_that_waits_says_that_it_is_under_way():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(1)
        await desk.assign(2)
        await asyncio.sleep(4)
        await desk.remind(2)
        await asyncio.sleep(20)
    assert desk.said == [(4, "task-under-way", 2, 0), (10, "answer-submitted", 1, 0), (20, "answer-submitted", 2, 0)]


async def test_who_is_reminded_of_a_task_that_is_done_says_again_what_came_of_it():
    desk = Desk()
    async with at_work(desk.person):
        assignment = await desk.assign(3)
        await asyncio.sleep(100)
        await desk.remind(3)
        await asyncio.sleep(100)
        await desk.remind(3)
        await asyncio.sleep(100)
    assert [time for time, _, _, _ in desk.said] == [10, 100, 200]
    said = desk.record.of(AnswerSubmitted)
    assert {event.cause for event in said} == {assignment.seq}, "each follows from the assignment, as the first did"
    assert len({*answers(desk.record)}) == 1, "the label and the time that the work took are the same each time"


async def test_who_is_reminded_of_a_task_that_never_came_takes_it_as_an_assignment():
    desk, other = Desk(ExponentialTime(mean=10)), Desk(ExponentialTime(mean=10))
    async with at_work(desk.person, other.person):
        await desk.remind(3, attempt=2)
        await other.assign(3, attempt=2)
        await asyncio.sleep(500)
    assert answers(desk.record) == answers(other.record), "with the same luck"
    assert desk.record.of(AnswerSubmitted)[0].cause == desk.record[0].seq


async def test_a_task_that_comes_after_its_reminder_is_done_once():
    desk = Desk()
    async with at_work(desk.person):
        await desk.remind(3)
        await desk.assign(3)
        await asyncio.sleep(50)
    assert desk.said == [(10, "answer-submitted", 3, 0)]


async def test_who_is_reminded_of_a_task_that_was_cancelled_says_nothing():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(3)
        await asyncio.sleep(1)
        await desk.cancel(3)
        await desk.remind(3)
        await asyncio.sleep(50)
    assert desk.said == []


# Leases


async def test_a_task_whose_lease_is_over_when_it_comes_is_declined_and_a_reminder_says_so_again():
    desk = Desk()
    async with at_work(desk.person):
        await asyncio.sleep(30)
        late = await desk.assign(3, due=29.999999)
        await asyncio.sleep(50)
        await desk.remind(3, due=29.999999)
        await asyncio.sleep(50)
    assert desk.said == [(30, "task-declined", 3, 0), (80, "task-declined", 3, 0)]
    assert [event.cause for event in desk.record.of(TaskDeclined)] == [late.seq] * 2


async def test_a_task_whose_lease_ends_at_this_very_instant_is_begun():
    desk = Desk(FixedTime(time=0))
    async with at_work(desk.person):
        await asyncio.sleep(30)
        await desk.assign(3, due=30)
        await asyncio.sleep(1)
    assert desk.said == [(30, "answer-submitted", 3, 0)]


async def test_a_task_whose_lease_ended_while_it_waited_is_declined():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(1)
        await desk.assign(2, due=5)
        await asyncio.sleep(50)
    assert desk.said == [(10, "answer-submitted", 1, 0), (10, "task-declined", 2, 0)]


async def test_a_task_that_was_begun_in_time_is_answered_though_its_lease_has_ended():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(1, due=5)
        await asyncio.sleep(50)
    assert desk.said == [(10, "answer-submitted", 1, 0)]


# Cancellations


@pytest.mark.parametrize("at_work_on", [None, 1])
async def test_a_task_whose_cancellation_overtakes_it_is_not_begun(at_work_on):
    desk = Desk()
    async with at_work(desk.person):
        if at_work_on is not None:
            await desk.assign(at_work_on)
        await desk.cancel(3)
        await asyncio.sleep(1)
        await desk.assign(3)
        await desk.remind(3)
        await desk.assign(4)
        await asyncio.sleep(50)
    assert 3 not in [item for _, _, item, _ in desk.said]
    assert 4 in [item for _, _, item, _ in desk.said]


async def test_a_cancellation_that_comes_twice_disturbs_nobody():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(1)
        await asyncio.sleep(1)
        for _ in range(2):
            await desk.cancel(1)
        await desk.assign(1, attempt=1)
        await asyncio.sleep(50)
    assert desk.said == [(11, "answer-submitted", 1, 1)]


async def test_what_is_known_of_a_task_outlives_its_cancellation():
    desk = Desk()
    async with at_work(desk.person):
        await desk.assign(1)
        await asyncio.sleep(20)
        await desk.cancel(1)
        await desk.remind(1)
        await asyncio.sleep(20)
    assert desk.said == [(10, "answer-submitted", 1, 0), (20, "answer-submitted", 1, 0)]


# Declining


@pytest.mark.parametrize("careful", [True, False])
async def test_who_has_no_answer_to_give_declines_after_as_long_as_an_answer_takes(careful):
    desk = Desk(noise=Shy(), careful=careful)
    async with at_work(desk.person):
        assignments = [await desk.assign(item, attempt=2) for item in (3, 4)]
        await asyncio.sleep(50)
    assert desk.said == [(10, "task-declined", 3, 2), (20, "answer-submitted", 4, 2)]
    declined = desk.record.of(TaskDeclined)[0]
    assert (declined.recipient, declined.cause) == ("coordinator", assignments[0].seq)
