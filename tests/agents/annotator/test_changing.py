"""Annotators who change: the same after a crash, and told what they learn from."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.annotator import Annotator
from agents.annotator.answering import Answering
from agents.annotator.change import Change
from agents.annotator.changes.drift import Drift
from agents.annotator.changes.fatigue import Fatigue
from agents.annotator.changes.learning import Learning
from agents.annotator.changes.mood import Mood
from agents.annotator.changes.practice import Practice
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.nature import Nature
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.saying import Saying
from agents.annotator.sayings.abstain import Abstain
from agents.messages import GoldAnswered, Item, Label, TaskAssigned
from bus.chance import Chance
from bus.clock import run
from bus.message import Envelope
from tests.agents.annotator.careful import TRUTH
from tests.agents.samples import at_work
from tests.bus.samples import bus_and_record

EVERYTHING: tuple[Change, ...] = (
    Practice(rate=0.3),
    Fatigue(skill_lost=2, slowdown=3, answers=10),
    Learning(gain=3, lessons=2),
    Drift(step=0.5, pull=0.05),
    Mood(sd=1, pace_sd=0.5, lasting=0.5),
)


class Desk:
    """Somebody who changes, on a real bus, and the coordinator played by the test."""

    def __init__(
        self, changes: tuple[Change, ...] = EVERYTHING, careful: bool = True, says: tuple[Saying, ...] = (Abstain(steepness=0),)
    ) -> None:
        self.bus, self.record = bus_and_record()
        self.bus.subscribe("coordinator")
        chance = Chance(7)
        answering = Answering("w", OneCoin(accuracy=0.6), ExponentialTime(mean=30), changes, says, None, chance)
        self.person = Annotator("w", self.bus, answering, TRUTH, Nature(chance), careful)

    async def assign(self, item: int) -> Envelope:
        return await self.bus.publish(TaskAssigned(item=item, attempt=0, price=0.1, lease_until=None), "coordinator", "w")

    async def tell(self, item: int, name: str = "w") -> Envelope:
        return await self.bus.publish(GoldAnswered(item=item, annotator=name, right=True), "coordinator")


async def work(desk: Desk, items: range) -> None:
    """Let somebody work through items, told of every third, with a night after every seventh."""
    async with at_work(desk.person):
        for item in items:
            await desk.assign(item)
            await asyncio.sleep(3600 * 12 if item % 7 == 6 else 800)
            if item % 3 == 0:
                await desk.tell(item)


def said(desk: Desk) -> list[tuple[Item, Label | None, int]]:
    """Return item, label and duration of all that was said; no label where they cannot tell."""
    bodies = [(event.time, event.body) for event in desk.record if event.sender == "w"]
    return [(body.item, getattr(body, "label", None), time - body.began) for time, body in bodies]


async def whole() -> Desk:
    desk = Desk()
    await work(desk, range(30))
    return desk


async def broken_off(before: Desk, crash: int, now: int) -> Desk:
    desk = Desk()
    await desk.bus.loop.timer(now)
    desk.person.rebuild([*before.record])
    await work(desk, range(crash, 30))
    return desk


async def until(crash: int) -> tuple[Desk, int]:
    desk = Desk()
    await work(desk, range(crash))
    return desk, desk.bus.loop.now


@given(st.integers(0, 29))
@settings(deadline=None, max_examples=15)
def test_who_changes_answers_after_a_crash_as_if_there_had_been_none(crash):
    before, now = run(until(crash))
    after = run(broken_off(before, crash, now))
    everything = said(run(whole()))
    assert len({label for _, label, _ in everything}) == 3, "nobody cannot tell"
    # What was said last is said again.
    assert [*said(before), *said(after)[min(crash, 1) :]] == everything


@pytest.mark.parametrize("careful", [True, False])
async def test_who_learns_from_feedback_hears_of_their_own_gold_questions_while_at_work_and_while_idle(careful):
    desk = Desk((Learning(gain=3, lessons=2),), careful)
    async with at_work(desk.person):
        await desk.assign(1)
        await desk.tell(0)
        await desk.tell(0, "somebody else")
        await asyncio.sleep(5000)
        await desk.tell(1)
        await asyncio.sleep(1)
    assert desk.person._working.moment(0).corrected == 2


async def test_what_is_said_twice_of_a_gold_question_is_one_lesson():
    desk = Desk((Learning(gain=3, lessons=2),))
    told = await desk.tell(0)
    desk.person.inbox.offer(told)
    async with at_work(desk.person):
        await asyncio.sleep(1)
    desk.person.rebuild([*desk.record])
    assert desk.person._working.moment(0).corrected == 1


async def test_who_learns_nothing_from_feedback_does_not_hear_of_it():
    desk = Desk((Practice(),))
    await desk.tell(0)
    assert desk.bus.statistics()["w"].held == 0
