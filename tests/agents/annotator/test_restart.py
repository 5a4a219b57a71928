"""An annotator who went down, and begins anew with what the log says of the past."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latency import Latency
from agents.messages import AnswerSubmitted, TaskAssigned
from bus.clock import run
from tests.agents.annotator.careful import Desk, Shy, answers
from tests.agents.samples import at_work
from tests.bus.samples import Recorder


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
