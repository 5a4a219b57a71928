"""The annotator: takes a task, works on it for a while, answers."""

import asyncio
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.annotator import Annotator
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from agents.annotator.noises.one_coin import OneCoin
from agents.messages import AnswerSubmitted, Item, TaskAssigned, TaskCancelled
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, run
from tests.agents.annotator.cases import annotator
from tests.agents.samples import at_work, truth_of
from tests.bus.samples import Recorder, bus_and_record

NOISE = OneCoin(accuracy=0.5)
TRUTH = truth_of(*[0, 1] * 50)


def person(bus: MessageBus, name: str = "crowd-1", latency: Latency = FixedTime(time=10), seed: int = 7) -> Annotator:  # noqa: B008
    return annotator(name, bus, NOISE, latency, TRUTH, Chance(seed))


async def assign(bus: MessageBus, item: Item, attempt: int = 0, to: str = "crowd-1") -> None:
    await bus.publish(TaskAssigned(item=item, attempt=attempt, price=0.0, lease_until=None), "coordinator", to)


async def cancel(bus: MessageBus, item: Item, attempt: int = 0, to: str = "crowd-1") -> None:
    await bus.publish(TaskCancelled(item=item, attempt=attempt, paid=True), "coordinator", to)


def answered(record: Recorder) -> list[tuple[Item, float, float]]:
    """Return item, beginning and end in seconds of each answer."""
    return [(event.body.item, event.body.began / SECOND, event.time / SECOND) for event in record.of(AnswerSubmitted)]


async def test_an_answer_comes_after_its_latency_to_whoever_assigned_the_task():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        await asyncio.sleep(5)
        await assign(bus, 3)
        await asyncio.sleep(60)
    (answer,) = record.of(AnswerSubmitted)
    assert (answer.time, answer.sender, answer.recipient, answer.cause) == (15 * SECOND, "crowd-1", "coordinator", record[0].seq)
    assert (answer.body.item, answer.body.attempt, answer.body.began) == (3, 0, 5 * SECOND)
    assert answer.body.label in ("no", "yes")


async def test_an_annotator_begins_the_next_item_when_it_comes():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        for item in (1, 2, 3):
            await assign(bus, item)
            await asyncio.sleep(11 * item)
    assert answered(record) == [(1, 0, 10), (2, 11, 21), (3, 33, 43)]


async def test_an_annotator_is_never_at_two_items_at_once():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        for item in (1, 2, 3):
            await assign(bus, item)
            await asyncio.sleep(4)
        await asyncio.sleep(60)
    spans = answered(record)
    assert spans == [(1, 0, 10), (2, 10, 20), (3, 20, 30)]
    assert all(began >= ended for (_, _, ended), (_, began, _) in pairwise(spans))


async def test_a_task_that_is_cancelled_before_it_is_begun_is_never_begun():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        for item in (1, 2, 3):
            await assign(bus, item)
        await asyncio.sleep(5)
        await cancel(bus, 2)
        await asyncio.sleep(60)
    assert answered(record) == [(1, 0, 10), (3, 10, 20)]


async def test_a_cancelled_task_is_not_answered_and_the_next_begins_at_once():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        await assign(bus, 1)
        await asyncio.sleep(4)
        await cancel(bus, 1)
        await assign(bus, 2)
        await asyncio.sleep(60)
    assert answered(record) == [(2, 4, 14)]


async def test_a_task_cancelled_at_the_instant_of_its_answer_is_answered_or_not_but_the_next_is():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        await assign(bus, 1)
        await asyncio.sleep(10)
        await cancel(bus, 1)
        await assign(bus, 2)
        await asyncio.sleep(60)
    assert answered(record)[-1] == (2, 10, 20)
    assert len(answered(record)) <= 2


async def test_the_cancellation_of_another_task_disturbs_nobody():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus)):
        await assign(bus, 1, attempt=1)
        await asyncio.sleep(1)
        await cancel(bus, 2)
        await asyncio.sleep(1)
        await cancel(bus, 1, attempt=0)
        await asyncio.sleep(60)
        await cancel(bus, 1, attempt=1)
        await assign(bus, 5)
        await asyncio.sleep(60)
    assert answered(record) == [(1, 0, 10), (5, 62, 72)]


async def test_a_task_that_takes_no_time_is_answered_at_the_same_instant():
    bus, record = bus_and_record()
    bus.subscribe("coordinator")
    async with at_work(person(bus, latency=FixedTime(time=0))):
        await assign(bus, 1)
        await asyncio.sleep(1)
    assert answered(record) == [(1, 0, 0)]


# The same annotator draws the same luck

Told = dict[tuple[str, Item, int], tuple[int | str, int]]


def told(people: Iterable[str], tasks: Iterable[tuple[Item, int]], latency: Latency, seed: int = 7) -> Told:
    """Return label and duration by annotator, item and attempt."""

    async def live() -> Told:
        bus, record = bus_and_record()
        bus.subscribe("coordinator")
        async with at_work(*(person(bus, name, latency, seed) for name in people)):
            for item, attempt in tasks:
                for name in people:
                    await assign(bus, item, attempt, name)
                await asyncio.sleep(10_000)
        answers = record.of(AnswerSubmitted)
        return {
            (each.sender, each.body.item, each.body.attempt): (each.body.label, each.time - each.body.began) for each in answers
        }

    return run(live())


TASKS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 3)), min_size=1, max_size=10, unique=True)


@given(TASKS, st.randoms(use_true_random=False), st.sets(st.sampled_from(["crowd-2", "expert-1", "zoë"])))
@settings(max_examples=30, deadline=None)
def test_a_person_answers_a_task_alike_whatever_the_order_and_whoever_else_there_is(tasks, random, others):
    latency = LognormalTime()
    alone = told(["crowd-1"], tasks, latency)
    shuffled = [*tasks]
    random.shuffle(shuffled)
    together = told(["crowd-1", *sorted(others)], shuffled, latency)
    assert alone == {key: value for key, value in together.items() if key[0] == "crowd-1"}
    assert len(alone) == len(tasks)


def test_another_attempt_another_person_and_another_seed_draw_anew():
    tasks = [(item, attempt) for item in range(40) for attempt in (0, 1)]
    drawn = told(["crowd-1", "crowd-2"], tasks, ExponentialTime(mean=10))
    assert len({duration for _, duration in drawn.values()}) == len(drawn) == 160
    first, second = ([drawn["crowd-1", item, attempt][0] for item in range(40)] for attempt in (0, 1))
    other = [drawn["crowd-2", item, 0][0] for item in range(40)]
    reseeded = told(["crowd-1"], [(item, 0) for item in range(40)], ExponentialTime(mean=10), seed=8)
    # Of 40 answers that agree by the toss of a coin, all do once in 10**12 runs.
    assert first != second
    assert first != other
    assert first != [label for label, _ in reseeded.values()]


def test_what_a_person_answers_does_not_depend_on_how_long_they_take():
    tasks = [(item, 0) for item in range(40)]
    slow, quick = told(["a"], tasks, ExponentialTime(mean=10)), told(["a"], tasks, FixedTime(time=1))
    assert [label for label, _ in slow.values()] == [label for label, _ in quick.values()]


@pytest.mark.parametrize("name", ["crowd-1", "Zoë O'Neill"])
def test_answer_and_duration_are_independent(name):
    drawn = told([name], [(item, 0) for item in range(100)], ExponentialTime(mean=10))
    right = [label == ("no", "yes")[item % 2] for (_, item, _), (label, _) in drawn.items()]
    long = [duration > 6.9 * SECOND for _, duration in drawn.values()]
    agree = sum(one == other for one, other in zip(right, long, strict=True))
    # Four standard errors of 100 tosses.
    assert abs(agree - 50) < 20
