"""A committee: a Learner, and the members that it calls on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import numpy as np
import pytest

from agents.committee import MemberTrained
from agents.convocation import Convocation
from agents.estimator import Committee, Model, ModelShelf
from agents.learner import Learner
from agents.member import Member, poisson
from agents.messages import (
    CampaignEnded,
    Item,
    ItemResolved,
    Label,
    LabelsKnown,
    ModelPublished,
    TrainingStarted,
)
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, run
from bus.message import EVERYONE, Envelope
from tests.agents.samples import band
from tests.agents.test_learner import CLASSES, POOL, Remembering
from tests.bus.samples import bus_and_record


class Room:
    """A Learner and members on a real bus, and everybody else played by the test.

    Args:
        train_times: of each member, in seconds.
        patience: in seconds.
    """

    def __init__(
        self, train_times: Sequence[float], patience: float | None, bag: bool = False, knows: tuple[Label, ...] | None = None
    ) -> None:
        self.bus, self.record = bus_and_record()
        self.models = ModelShelf()
        self.shelves = {f"learner-{number}": ModelShelf() for number in range(1, len(train_times) + 1)}
        self._patience = None if patience is None else round(patience * SECOND)
        self._times, self._bag, self._knows = train_times, bag, knows
        self.learner = self.another_learner(self.bus)
        self.members = [self.another_member(self.bus, place) for place in range(len(train_times))]

    def another_learner(self, bus: MessageBus) -> Learner:
        convocation = Convocation(self.shelves, self._patience)
        return Learner("learner", bus, POOL, CLASSES, Remembering(), 2, 0, self.models, Chance(7), convocation)

    def another_member(self, bus: MessageBus, place: int) -> Member:
        name = f"learner-{place + 1}"
        duration = round(self._times[place] * SECOND)
        return Member(name, bus, POOL, CLASSES, Remembering(), duration, self._bag, self._knows, self.shelves[name], Chance(7))

    async def know(self, labels: dict[Item, Label]) -> None:
        await self.bus.publish(LabelsKnown(items=tuple(labels), labels=tuple(labels.values())), "campaign")
        await asyncio.sleep(1)

    async def resolve(self, *items: Item, label: Label = "a") -> None:
        for item in items:
            await self.bus.publish(ItemResolved(item=item, label=label, votes=1, revision=0), "coordinator")
        await asyncio.sleep(1)

    @property
    def versions(self) -> list[tuple[int, tuple[str, ...] | None, float]]:
        """Version, members and time of what was published."""
        return [(event.body.version, event.body.members, event.time / SECOND) for event in self.record.of(ModelPublished)]

    def remembered(self, member: str, version: int) -> dict[Item, Label]:
        """Return what a member's model was trained on."""
        sure = self.shelves[member].get(version).probabilities(POOL.features)
        return {item: CLASSES[row.argmax()] for item, row in enumerate(sure) if row.any()}


@asynccontextmanager
async def room(
    *train_times: float, patience: float | None = None, bag: bool = False, knows: tuple[Label, ...] | None = None
) -> AsyncIterator[Room]:
    """Open a room; at the end, end the campaign and wait for the Learner."""
    made = Room(train_times, patience, bag, knows)
    members = [asyncio.create_task(member.run()) for member in made.members]
    running = asyncio.create_task(made.learner.run())
    yield made
    await made.bus.publish(CampaignEnded(stopped_by="pool"), "coordinator")
    await running
    for member in members:
        member.cancel()


async def test_the_vote_waits_for_the_slowest_member():
    async with room(5, 60, 10) as here:
        await here.know({0: "a", 1: "b"})
        await asyncio.sleep(100)
        assert here.versions == [(1, ("learner-1", "learner-2", "learner-3"), 60)]
        (published,) = here.record.of(ModelPublished)
        assert published.cause == here.record.of(TrainingStarted)[0].seq
        assert len(here.models.get(1).members) == 3


async def test_who_is_slower_than_patience_has_no_vote_and_is_called_again():
    async with room(5, 25, patience=20) as here:
        await here.know({0: "a", 1: "b"})
        await asyncio.sleep(100)
        await here.resolve(2, 3)
        await asyncio.sleep(100)
        assert here.versions == [(1, ("learner-1",), 20), (2, ("learner-1",), 121)]
        late = [event for event in here.record.of(MemberTrained) if event.sender == "learner-2"]
        assert [(event.body.version, event.time / SECOND) for event in late] == [(1, 25), (2, 126)]


async def test_where_nobody_is_in_time_the_first_one_is_waited_for():
    async with room(30, 40, patience=20) as here:
        await here.know({0: "a", 1: "b"})
        await asyncio.sleep(100)
        assert here.versions == [(1, ("learner-1",), 30)]


async def test_a_member_trains_on_the_labels_there_are_when_it_begins():
    async with room(5, 50, patience=10) as here:
        await here.know({0: "a", 1: "b"})
        await here.resolve(2, 3, label="c")
        await asyncio.sleep(200)
        # The second call came while the slow one was at the first.
        assert here.remembered("learner-2", 1) == {0: "a", 1: "b"}
        assert here.remembered("learner-2", 2) == {0: "a", 1: "b", 2: "c", 3: "c"}
        second = [event for event in here.record.of(MemberTrained) if event.sender == "learner-2"][1]
        assert (second.body.labels, second.time / SECOND) == (4, 100)


async def test_of_several_calls_a_member_answers_the_last():
    async with room(1, 100, patience=2) as here:
        await here.know({0: "a", 1: "b"})
        for item in range(2, 10, 2):
            await here.resolve(item, item + 1)
            await asyncio.sleep(5)
        await asyncio.sleep(300)
        versions = [event.body.version for event in here.record.of(MemberTrained) if event.sender == "learner-2"]
        assert versions == [1, 5]


async def test_members_may_know_other_classes():
    async with room(1, knows=("a", "c")) as here:
        await here.know({0: "a", 1: "b", 2: "c"})
        await asyncio.sleep(5)
        assert here.remembered("learner-1", 1) == {0: "a", 2: "c"}


async def test_who_knows_none_of_the_classes_so_far_takes_what_there_is():
    async with room(1, knows=("c",)) as here:
        await here.know({0: "a", 1: "b"})
        await asyncio.sleep(5)
        assert here.remembered("learner-1", 1) == {0: "a", 1: "b"}


async def test_bags_differ_from_member_to_member_and_grow_with_the_labels():
    async with room(1, 1, bag=True) as here:
        await here.know({item: "abc"[item % 3] for item in range(30)})
        await asyncio.sleep(5)
        await here.resolve(*range(30, 50))
        await asyncio.sleep(5)
        first, second = (here.remembered(member, 1) for member in here.shelves)
        assert first != second
        assert 10 <= len(first) <= 28, "some two thirds of the labels"
        for member, early in zip(here.shelves, (first, second), strict=True):
            later = here.remembered(member, 2)
            assert early.items() <= later.items()
            assert {item for item in later if item < 30} == {*early}


def test_a_bag_holds_a_label_as_often_as_a_poisson_variable_of_mean_one_says():
    uniforms = Chance(5).keyed("bag").uniforms(np.arange(100_000, dtype=np.uint64))
    times = poisson(uniforms)
    assert times.mean() == pytest.approx(1, abs=band(1, 100_000))
    assert times.var() == pytest.approx(1, abs=band(np.sqrt(3), 100_000))
    assert poisson(np.array([0.3678, 0.3679, 0.7357, 0.7358, 1 - 1e-12])).tolist() == [0, 1, 1, 2, 10]


def test_a_committee_is_the_mean_of_its_members():
    class Sure(Model):
        def __init__(self, *chances: float) -> None:
            super().__init__(None, (), len(chances))
            self._chances = chances

        def probabilities(self, features):
            return np.tile(self._chances, (len(features), 1))

    committee = Committee([Sure(1.0, 0.0, 0.0), Sure(0.0, 0.5, 0.5)])
    assert committee.probabilities(np.zeros((2, 1))).tolist() == [[0.5, 0.25, 0.25]] * 2
    assert (committee.classes, len(committee.members)) == (3, 2)


@pytest.mark.parametrize("place", [0, 1])
def test_a_member_that_goes_down_at_any_time_answers_what_was_left_unanswered(place: int):
    async def whole() -> Room:
        async with room(3, 8, patience=5, bag=True) as here:
            await here.know({0: "a", 1: "b", 2: "c"})
            for item in range(3, 9, 2):
                await here.resolve(item, item + 1)
                await asyncio.sleep(20)
            return here

    here = run(whole())
    history = list(here.record)
    name = f"learner-{place + 1}"
    assert [event.body.version for event in history if event.sender == name] == [1, 2, 3, 4]
    for cut in range(len(history) + 1):
        record = run(_the_rest(here.another_member, place, history, cut))
        # A training that was broken off is done again, on the labels that there are by then; unless there is a later call.
        versions = [event.body.version for event in [*history[:cut], *record] if event.sender == name]
        assert versions == sorted(set(versions))
        assert len(versions) >= 3 and versions[-1] == 4


async def _the_rest(
    another: Callable[[MessageBus, int], Member], place: int, history: Sequence[Envelope], cut: int
) -> Sequence[Envelope]:
    """Return what follows where a member comes back after so many events, with all else as it was."""
    bus, record = bus_and_record()
    agent = another(bus, place)
    bus.subscribe("learner")
    bus._seq = cut
    await bus.loop.timer(history[cut - 1].time if cut else 0)
    agent.rebuild([*history[:cut]])
    running = asyncio.create_task(agent.run())
    for event in history[cut:]:
        if event.sender == agent.name or event.recipient not in (agent.name, "learner", EVERYONE):
            continue
        if event.time > bus.loop.now:
            await bus.loop.timer(event.time - bus.loop.now)
        await bus.publish(event.body, event.sender, event.recipient)
    await asyncio.sleep(100)
    running.cancel()
    return [*record]
