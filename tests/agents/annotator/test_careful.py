"""An annotator to whom messages may come late, twice, in the wrong order or never, and who may go down."""

import asyncio
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.annotator import Annotator
from agents.annotator.latency import ExponentialTime, FixedTime, Latency
from agents.annotator.noise import Noise, OneCoin
from agents.messages import AnswerSubmitted, Item, TaskAssigned, TaskCancelled, TaskDeclined, TaskReminded, TaskUnderWay
from bus.chance import Chance, Luck
from bus.clock import SECOND, run
from bus.message import Envelope, Message
from tests.agents.samples import at_work, truth_of
from tests.bus.samples import Recorder, bus_and_record

TRUTH = truth_of(*[0, 1] * 50)


class Shy(Noise):
    """Has an answer to items of even number alone."""

    kind: ClassVar[str] = "shy"

    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int | None:
        return None if int(item) % 2 else truth


class Desk:
    """A careful annotator on a real bus, and the coordinator played by the test."""

    def __init__(self, latency: Latency = FixedTime(time=10), noise: Noise = OneCoin(accuracy=0.5), careful: bool = True) -> None:  # noqa: B008
        self.bus, self.record = bus_and_record()
        self.bus.subscribe("coordinator")
        self.person = Annotator("w", self.bus, noise, latency, TRUTH, Chance(7), careful)

    async def say(self, body: Message) -> Envelope:
        return await self.bus.publish(body, "coordinator", "w")

    async def assign(self, item: Item, attempt: int = 0, due: float | None = None) -> Envelope:
        return await self.say(TaskAssigned(item=item, attempt=attempt, price=0.1, lease_until=_instant(due)))

    async def remind(self, item: Item, attempt: int = 0, due: float | None = None) -> Envelope:
        return await self.say(TaskReminded(item=item, attempt=attempt, price=0.1, lease_until=_instant(due)))

    async def cancel(self, item: Item, attempt: int = 0) -> Envelope:
        return await self.say(TaskCancelled(item=item, attempt=attempt, paid=True))

    @property
    def said(self) -> list[tuple[float, str, Item, int]]:
        """Second, kind, item and attempt of what the annotator says."""
        mine = [event for event in self.record if event.sender == "w"]
        return [(event.time / SECOND, event.kind, event.body.item, event.body.attempt) for event in mine]


def _instant(second: float | None) -> int | None:
    return None if second is None else int(second * SECOND)


def answers(record: Recorder) -> list[tuple[Item, int, int | str, int]]:
    """Return item, attempt, label and duration of each answer."""
    said = record.of(AnswerSubmitted)
    return [(event.body.item, event.body.attempt, event.body.label, event.time - event.body.began) for event in said]


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


# After a restart


def back(before: Desk, latency: Latency = FixedTime(time=10)) -> Desk:  # noqa: B008
    """Return another desk, whose annotator has read what happened at the first one."""
    desk = Desk(latency)
    desk.person.rebuild([*before.record])
    return desk


async def test_what_was_not_done_is_begun_anew_in_the_order_in_which_it_came_and_with_the_same_luck():
    latency = ExponentialTime(mean=10)
    whole, broken = Desk(latency), Desk(latency)
    async with at_work(whole.person):
        for item in (1, 2, 3):
            await whole.assign(item)
        await asyncio.sleep(1000)
    for item in (1, 2, 3):
        await broken.assign(item)
    desk = back(broken, latency)
    async with at_work(desk.person):
        await asyncio.sleep(1000)
    assert answers(desk.record) == answers(whole.record)
    assert [event.cause for event in desk.record.of(AnswerSubmitted)] == [event.seq for event in broken.record]


async def test_the_last_answer_is_said_again_before_anything_is_begun():
    before = Desk()
    async with at_work(before.person):
        for item in (1, 2, 3):
            await before.assign(item)
        await asyncio.sleep(25)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(30)
    assert desk.said == [(25, "answer-submitted", 2, 0), (35, "answer-submitted", 3, 0)]
    assert answers(desk.record)[0] == answers(before.record)[1]
    assert desk.record[0].cause == before.record[1].seq


async def test_what_was_declined_last_is_declined_again():
    before = Desk(noise=Shy())
    async with at_work(before.person):
        await before.assign(1)
        await asyncio.sleep(20)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(30)
    assert desk.said == [(20, "task-declined", 1, 0)]


async def test_who_had_nothing_to_do_and_said_nothing_says_nothing():
    desk = back(Desk())
    async with at_work(desk.person):
        await asyncio.sleep(30)
        await desk.assign(1)
        await asyncio.sleep(30)
    assert desk.said == [(40, "answer-submitted", 1, 0)]


async def test_what_was_cancelled_while_somebody_was_down_is_not_begun():
    before = Desk()
    await before.assign(1)
    await before.assign(2)
    await before.cancel(1)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(50)
    assert desk.said == [(10, "answer-submitted", 2, 0)]


async def test_a_task_whose_lease_ended_while_somebody_was_down_is_declined():
    before = Desk()
    await before.assign(1, due=20)
    await asyncio.sleep(30)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(50)
    assert desk.said == [(30, "task-declined", 1, 0)]


async def test_a_task_that_was_said_twice_before_the_restart_is_begun_once():
    before = Desk()
    await before.assign(1)
    await before.remind(1)
    desk = back(before)
    async with at_work(desk.person):
        await desk.remind(1)
        await asyncio.sleep(50)
    assert desk.said == [(0, "task-under-way", 1, 0), (10, "answer-submitted", 1, 0)]


async def test_what_was_done_is_not_done_again_for_a_reminder_that_came_while_somebody_was_down():
    before = Desk()
    async with at_work(before.person):
        await before.assign(1)
        await asyncio.sleep(20)
    await before.remind(1)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(50)
    assert desk.said == [(20, "answer-submitted", 1, 0)]


async def test_after_a_restart_reminders_are_answered_as_before():
    before = Desk()
    async with at_work(before.person):
        for item in (1, 2, 3):
            await before.assign(item)
        await asyncio.sleep(25)
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(1)
        await desk.remind(1)
        await desk.remind(3)
        await asyncio.sleep(30)
    assert desk.said == [
        (25, "answer-submitted", 2, 0),
        (26, "answer-submitted", 1, 0),
        (26, "task-under-way", 3, 0),
        (35, "answer-submitted", 3, 0),
    ]
    assert answers(desk.record)[1] == answers(before.record)[0]


async def test_tasks_of_others_are_no_part_of_what_somebody_was():
    before = Desk()
    before.bus.subscribe("v")
    await before.bus.publish(TaskAssigned(item=1, attempt=0, price=0.1, lease_until=None), "coordinator", "v")
    await before.bus.publish(AnswerSubmitted(item=1, attempt=0, label="no", began=0), "v", "coordinator")
    desk = back(before)
    async with at_work(desk.person):
        await asyncio.sleep(50)
    assert desk.said == []


# Whatever happens

TASKS = [(item, attempt) for item in (1, 2, 3) for attempt in (0, 1)]
copies = st.lists(st.tuples(st.sampled_from(TASKS), st.booleans(), st.sampled_from([0, 3, 15])), min_size=1, max_size=15)


@given(copies, st.none() | st.integers(0, 100))
@settings(deadline=None, max_examples=100)
def test_however_often_a_task_comes_and_whenever_somebody_goes_down_all_its_answers_are_the_same(messages, down):
    async def live() -> list[Recorder]:
        desk = Desk(ExponentialTime(mean=10))
        records = [desk.record]
        async with at_work(desk.person):
            for (item, attempt), reminds, pause in messages:
                await (desk.remind if reminds else desk.assign)(item, attempt)
                await asyncio.sleep(pause)
            await asyncio.sleep(1000 if down is None else down)
        if down is not None:
            desk = back(desk, ExponentialTime(mean=10))
            records.append(desk.record)
            async with at_work(desk.person):
                await asyncio.sleep(1000)
        return records

    records = run(live())
    told = [answer for record in records for answer in answers(record)]
    assert {(item, attempt) for item, attempt, _, _ in told} == {task for task, _, _ in messages}
    assert len({*told}) == len({task for task, _, _ in messages})
