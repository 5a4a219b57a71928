"""The selector: keeps items in flight, chosen by a query strategy."""

import asyncio
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.estimator import Model, ModelShelf
from agents.messages import (
    CampaignEnded,
    CampaignStarted,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    LabelsKnown,
    ModelPublished,
    PoolExhausted,
    TrainingStarted,
)
from agents.selector.flight import Pace
from agents.selector.selector import Selector
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import run
from bus.message import EVERYONE, Envelope, Message
from tests.agents.restarts import after_a_restart
from tests.agents.samples import numbered
from tests.bus.samples import Recorder, bus_and_record

CHANCE = Chance(7)


class Constant:
    """A classifier that is surest of the first items, or of the last."""

    def __init__(self, first: bool) -> None:
        self.first = first

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        sure = features[:, 0] / (2 * len(features))
        return np.stack([0.5 + sure, 0.5 - sure] if not self.first else [1 - sure, sure], axis=1)


class Office:
    """A selector on a real bus, and everybody else played by the test."""

    def __init__(
        self,
        items: int,
        in_flight: int,
        strategy: Strategy = InOrder(),  # noqa: B008 (frozen)
        barrier: bool = False,
        quota: int | None = None,
        awaits_labels: bool = False,
    ) -> None:
        self.bus, self.record = bus_and_record()
        self.inbox = self.bus.subscribe("coordinator")
        self.models = ModelShelf(kept=100)
        self._pool = numbered(items, np.arange(items, dtype=np.float64)[:, np.newaxis])
        self._dials = (strategy, Pace(in_flight, barrier, quota), "coordinator", CHANCE, awaits_labels)
        self.selector = self.another(self.bus)
        self._running = asyncio.create_task(self.selector.run())

    @property
    def views(self) -> PoolViews:
        """Views of the pool that nobody shares."""
        return PoolViews(self._pool, self.models, CHANCE.keyed("selector"))

    def another(self, bus: MessageBus) -> Selector:
        """Return a selector with the same dials on that bus."""
        return Selector("selector", bus, self.views, *self._dials)

    async def say(self, *bodies: Message) -> None:
        """Say things to everyone at one instant, and let time pass."""
        for body in bodies:
            await self.bus.publish(body, "somebody")
        await asyncio.sleep(1)

    async def start(self, seeds: Iterable[Item] = ()) -> None:
        known = tuple(seeds)
        await self.say(
            CampaignStarted(items=9, classes=(0, 1)), *([LabelsKnown(items=known, labels=(0,) * len(known))] * bool(known))
        )

    async def resolve(self, *items: Item) -> None:
        await self.say(*(ItemResolved(item=item, label=0, votes=1, revision=0) for item in items))

    async def publish(self, version: int, first: bool = True) -> None:
        self.models.put(version, Model(Constant(first), (0, 1), 2))
        await self.say(ModelPublished(version=version, labels=1))

    async def end(self) -> None:
        await self.say(CampaignEnded(stopped_by="pool"))
        await self._running

    @property
    def asked(self) -> list[Item]:
        return [event.body.item for event in self.record.of(ItemRequested)]

    @property
    def versions(self) -> list[int]:
        return [event.body.version for event in self.record.of(ItemRequested)]


async def test_so_many_items_are_open_from_the_start_and_refilled_as_labels_arrive():
    office = Office(items=9, in_flight=3)
    await office.start()
    assert office.asked == [0, 1, 2]
    await office.resolve(1)
    assert office.asked == [0, 1, 2, 3]
    await office.resolve(0, 2)
    assert office.asked == [0, 1, 2, 3, 4, 5]
    await office.end()
    assert {event.recipient for event in office.record.of(ItemRequested)} == {"coordinator"}


async def test_items_whose_label_is_known_are_not_asked():
    office = Office(items=5, in_flight=9)
    await office.start(seeds=(0, 3))
    assert office.asked == [1, 2, 4]
    await office.end()


async def test_where_labels_are_known_from_the_start_nothing_is_asked_before_it_is_heard_which():
    office = Office(items=5, in_flight=2, awaits_labels=True)
    await office.say(CampaignStarted(items=5, classes=(0, 1)))
    assert office.asked == []
    await office.say(LabelsKnown(items=(0, 2), labels=(0, 0)))
    assert office.asked == [1, 3]
    await office.end()


async def test_an_item_given_up_makes_room():
    office = Office(items=5, in_flight=1)
    await office.start()
    await office.say(ItemGivenUp(item=0, reason="nobody knows"))
    assert office.asked == [0, 1]
    await office.end()


async def test_the_pool_is_said_to_be_exhausted_once():
    office = Office(items=3, in_flight=2)
    await office.start()
    assert not office.record.of(PoolExhausted)
    await office.resolve(0)
    assert not office.record.of(PoolExhausted), "there was an item for all the room there was"
    await office.resolve(1)
    assert len(office.record.of(PoolExhausted)) == 1
    await office.resolve(2)
    assert len(office.record.of(PoolExhausted)) == 1
    assert office.asked == [0, 1, 2]
    await office.end()


async def test_no_more_than_the_quota_is_asked():
    office = Office(items=9, in_flight=3, quota=4)
    await office.start()
    for item in range(4):
        await office.resolve(item)
    assert office.asked == [0, 1, 2, 3]
    await office.end()


async def test_a_quota_below_what_may_be_open_is_kept_from_the_start():
    office = Office(items=9, in_flight=5, quota=2)
    await office.start()
    assert office.asked == [0, 1]
    await office.end()


async def test_after_the_end_nothing_is_asked():
    office = Office(items=9, in_flight=1)
    await office.start()
    await office.say(ItemResolved(item=0, label=0, votes=1, revision=0), CampaignEnded(stopped_by="labels"))
    assert office.asked == [0]


# The barrier


async def test_a_barrier_waits_for_the_whole_batch():
    office = Office(items=9, in_flight=3, barrier=True)
    await office.start()
    await office.resolve(0, 2)
    assert office.asked == [0, 1, 2]
    await office.resolve(1)
    assert office.asked == [0, 1, 2, 3, 4, 5]
    await office.end()


async def test_a_barrier_waits_for_the_model_that_learns_from_the_batch():
    office = Office(items=9, in_flight=2, barrier=True)
    await office.start()
    await office.resolve(0)
    await office.say(ItemResolved(item=1, label=0, votes=1, revision=0), TrainingStarted(version=1, labels=2))
    assert office.asked == [0, 1]
    await office.publish(1)
    assert office.asked == [0, 1, 2, 3]
    assert office.versions == [0, 0, 1, 1]
    await office.end()


async def test_without_a_barrier_nobody_waits_for_a_model():
    office = Office(items=9, in_flight=1)
    await office.start()
    await office.say(ItemResolved(item=0, label=0, votes=1, revision=0), TrainingStarted(version=1, labels=1))
    assert office.asked == [0, 1]
    await office.end()


# Models


async def test_requests_name_the_version_they_were_scored_with_however_stale():
    office = Office(items=9, in_flight=2, strategy=Entropy())
    await office.publish(1)
    await office.say(TrainingStarted(version=2, labels=1))
    await office.resolve(*office.asked[:1])
    await office.publish(2)
    await office.resolve(*office.asked[1:2])
    assert office.versions == [1, 1, 1, 2]
    await office.end()


async def test_a_strategy_asks_by_the_newest_model():
    office = Office(items=6, in_flight=2, strategy=Entropy())
    await office.publish(1, first=True)
    assert office.asked == [5, 4]
    await office.publish(2, first=False)
    await office.resolve(5, 4)
    assert office.asked == [5, 4, 0, 1]
    scores = [event.body.score for event in office.record.of(ItemRequested)]
    assert scores[0] > scores[1]
    assert scores[2] > scores[3]
    await office.end()


async def test_labels_and_a_model_that_come_at_one_instant_are_all_seen_before_anything_is_asked():
    office = Office(items=6, in_flight=2, strategy=Entropy())
    await office.publish(1, first=True)
    office.models.put(2, Model(Constant(first=False), (0, 1), 2))
    await office.bus.publish(ItemResolved(item=5, label=0, votes=1, revision=0), "coordinator")
    for _ in range(5):
        # Turns of the loop, in which no time passes: what follows from a label may take some.
        await asyncio.sleep(0)
    await office.say(ModelPublished(version=2, labels=2))
    assert office.versions == [1, 1, 2]
    await office.end()


async def test_before_the_first_model_a_strategy_that_needs_one_asks_at_random():
    office, reference = Office(items=30, in_flight=5, strategy=Entropy()), Office(items=30, in_flight=5, strategy=Random())
    for each in (office, reference):
        await each.start()
    assert office.asked == reference.asked
    assert sorted(office.asked) != office.asked
    assert office.versions == [0] * 5
    for each in (office, reference):
        await each.end()


async def test_a_strategy_that_needs_a_model_waits_for_the_first_where_one_is_in_training():
    office = Office(items=6, in_flight=2, strategy=Entropy())
    await office.say(LabelsKnown(items=(0,), labels=(0,)), TrainingStarted(version=1, labels=1))
    assert office.asked == []
    await office.publish(1)
    assert office.asked == [5, 4]
    assert office.versions == [1, 1]
    await office.end()


# Staleness


async def test_staleness_counts_the_labels_that_came_between_scoring_and_label():
    office = Office(items=9, in_flight=3)
    await office.start()
    await office.resolve(1)
    await office.resolve(2)
    assert office.selector.staleness == 0 + 1
    await office.resolve(0)
    assert office.selector.staleness == 0 + 1 + 2
    await office.resolve(3)
    # Item 3 was asked for when there was one label, and three had come when its own did.
    assert office.selector.staleness == 0 + 1 + 2 + 2
    await office.end()


@given(st.integers(1, 30), st.integers(1, 8), st.none() | st.integers(1, 40), st.booleans(), st.data())
@settings(max_examples=60, deadline=None)
def test_no_item_is_asked_twice_no_more_are_open_than_may_be_and_none_is_forgotten(items, in_flight, quota, barrier, data):
    async def live() -> None:
        office = Office(items, in_flight, Random(), barrier, quota)
        await office.start()
        resolved: list[Item] = []
        while unresolved := [item for item in office.asked if item not in resolved]:
            assert len(unresolved) <= in_flight
            batch = data.draw(st.lists(st.sampled_from(unresolved), min_size=1, unique=True))
            resolved += batch
            await office.resolve(*batch)
        assert len(set(office.asked)) == len(office.asked) == min(items, quota or items)
        await office.end()

    run(live())


@pytest.mark.parametrize("in_flight", [1, 5])
async def test_in_order_of_labelling_staleness_is_one_less_than_what_is_open(in_flight):
    office = Office(items=200, in_flight=in_flight)
    await office.start()
    for item in range(200):
        await office.resolve(item)
    assert office.selector.staleness / 200 == pytest.approx(in_flight - 1, abs=in_flight**2 / 200)
    await office.end()


# After a restart

DIALS = {
    "in order": {"items": 12, "in_flight": 3},
    "by a model": {"items": 12, "in_flight": 3, "strategy": Entropy()},
    "barrier": {"items": 12, "in_flight": 3, "barrier": True, "strategy": Entropy()},
    "quota": {"items": 12, "in_flight": 3, "quota": 7, "strategy": Random()},
    "seeds": {"items": 12, "in_flight": 4, "awaits_labels": True},
}


async def a_history(dials: str) -> tuple[Recorder, Office]:
    """Return what happens where items get their labels or are given up until the pool is exhausted, and models come and go."""
    office = Office(**DIALS[dials])
    await office.start(seeds=(2, 5))
    ended: list[Item] = []
    version = 0
    while opened := [item for item in office.asked if item not in ended]:
        batch = opened[: 1 + len(ended) % 2]
        ended += batch
        bodies = [ItemResolved(item=item, label=0, votes=1, revision=0) for item in batch]
        if len(ended) % 5 == 0:
            bodies[-1:] = [ItemGivenUp(item=batch[-1], reason="nobody knows")]
        if len(ended) % 3 == 0:
            version += 1
            await office.say(*bodies, TrainingStarted(version=version, labels=len(ended)))
            await office.publish(version, first=version % 2 == 1)
        else:
            await office.say(*bodies)
    await office.end()
    return office.record, office


@pytest.mark.parametrize("dials", DIALS)
def test_a_selector_that_goes_down_at_any_event_goes_on_as_if_it_had_not(dials):
    history, office = run(a_history(dials))
    assert len(history.of(ItemRequested)) >= 7
    for cut in range(1, len(history) + 1):
        if dials == "barrier" and {event.sender for event in history[cut - 1 : cut + 1]} == {"selector"}:
            # A batch that is broken off is a batch: nothing is added to it.
            continue
        made: list[Selector] = []

        def make(bus: MessageBus, made: list[Selector] = made) -> Selector:
            made.append(office.another(bus))
            return made[0]

        since = run(after_a_restart(make, history, cut))
        assert since == history[cut:], cut
        assert made[0].staleness == office.selector.staleness


@pytest.mark.parametrize("ended", [ItemResolved(item=0, label=0, votes=1, revision=0), ItemGivenUp(item=0, reason="nobody knows")])
def test_what_ended_while_the_selector_was_down_makes_room_at_once(ended):
    requests = [ItemRequested(item=item, version=0, score=-float(item)) for item in (0, 1)]
    past = [
        Envelope(1, 0, "campaign", EVERYONE, None, CampaignStarted(items=9, classes=(0, 1))),
        *(Envelope(seq, 0, "selector", "coordinator", 1, body) for seq, body in enumerate(requests, 2)),
        Envelope(4, 5, "coordinator", EVERYONE, 2, ended),
    ]
    over = Envelope(5, 6, "coordinator", EVERYONE, None, CampaignEnded(stopped_by="time"))

    async def live() -> Recorder:
        office = Office(items=9, in_flight=2)
        since = await after_a_restart(office.another, [*past, over], len(past))
        await office.end()
        return since

    assert [(event.time, event.body.item, event.cause) for event in run(live()).of(ItemRequested)] == [(5, 2, 4)]


def test_a_batch_that_is_not_in_yet_is_waited_for_after_a_restart_too():
    history, office = run(a_history("barrier"))
    waiting = next(event.seq for event in history if isinstance(event.body, ItemResolved))
    over = Envelope(waiting + 1, history[waiting - 1].time + 50, "coordinator", EVERYONE, None, CampaignEnded(stopped_by="time"))
    since = run(after_a_restart(office.another, [*history[:waiting], over], waiting))
    assert not since.of(ItemRequested)
