"""A Selector and its council on a real bus, and everybody else played by the test."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from agents.estimator import Model, ModelShelf
from agents.messages import (
    CampaignEnded,
    CampaignStarted,
    Item,
    ItemRequested,
    ItemResolved,
    ItemsNominated,
    LabelsKnown,
    ModelPublished,
    NominationsSettled,
    NominationsWanted,
)
from agents.selector.council.council import Council
from agents.selector.council.nominator import Nominator
from agents.selector.flight import Pace
from agents.selector.relabel import Relabel
from agents.selector.selector import Selector
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.message import Envelope, Message
from tests.agents.samples import numbered
from tests.agents.selector.test_selector import Constant
from tests.bus.samples import Recorder, bus_and_record

CHANCE = Chance(7)


class House:
    """Who sits there, and what they say.

    Args:
        council: the council.
        items, in_flight, barrier, quota, awaits_labels, relabel: as for the Selector.
        asleep: whether members sleep until they are woken.
    """

    def __init__(
        self,
        council: Council,
        items: int = 20,
        in_flight: int = 2,
        barrier: bool = False,
        quota: int | None = None,
        awaits_labels: bool = False,
        relabel: Relabel | None = None,
        asleep: bool = False,
    ) -> None:
        self.bus, self.record = bus_and_record()
        self.inbox = self.bus.subscribe("coordinator")
        self.models = ModelShelf(kept=100)
        self.council = council
        self.pool = numbered(items, np.arange(items, dtype=np.float64)[:, np.newaxis])
        self._dials: tuple[Any, ...] = (Pace(in_flight, barrier, quota), "coordinator", CHANCE, awaits_labels, relabel)
        self.selector = self.another(self.bus)
        self.members = [self.member(name, self.bus) for name in council.names("selector")]
        self._running = [asyncio.create_task(self.selector.run())]
        if not asleep:
            self.wake()

    def wake(self) -> None:
        """Set the members to work."""
        self._running += [asyncio.create_task(member.run()) for member in self.members]

    @property
    def views(self) -> PoolViews:
        """Views of the pool that nobody shares."""
        return PoolViews(self.pool, self.models, CHANCE.keyed("selector"))

    def another(self, bus: MessageBus) -> Selector:
        """Return such a Selector on that bus."""
        return Selector("selector", bus, self.views, self.council, *self._dials)

    def member(self, name: str, bus: MessageBus) -> Nominator:
        """Return a member on that bus."""
        place = self.council.names("selector").index(name)
        return Nominator(name, bus, self.council.members[place], self.views, f"selector.strategy.members.{place}")

    async def say(self, *bodies: Message) -> None:
        """Say things to everyone at one instant, and let time pass."""
        for body in bodies:
            await self.bus.publish(body, "somebody")
        await asyncio.sleep(1)

    async def start(self, seeds: Iterable[Item] = ()) -> None:
        known = tuple(seeds)
        told = [LabelsKnown(items=known, labels=(0,) * len(known))] * bool(known)
        await self.say(CampaignStarted(items=len(self.pool), classes=(0, 1)), *told)

    async def resolve(self, *items: Item) -> None:
        await self.say(*(ItemResolved(item=item, label=0, votes=1, revision=0) for item in items))

    async def publish(self, version: int, first: bool = True) -> None:
        self.models.put(version, Model(Constant(first), (0, 1), 2))
        await self.say(ModelPublished(version=version, labels=1))

    async def end(self) -> None:
        await self.say(CampaignEnded(stopped_by="pool"))
        await asyncio.gather(*self._running)

    def bodies(self, kind: type[Message]) -> list[Any]:
        """Return what was said of a kind."""
        return [event.body for event in self.record.of(kind)]

    @property
    def asked(self) -> list[Item]:
        return [body.item for body in self.bodies(ItemRequested)]


def check_rounds(record: Recorder | Sequence[Envelope], members: Sequence[str]) -> None:
    """Check that of each round there is one call and one reply a member, and that nothing is nominated that was taken before."""
    taken: set[Item] = set()
    calls: dict[tuple[int, str], NominationsWanted] = {}
    named: dict[tuple[int, str], ItemsNominated] = {}
    for event in record:
        body = event.body
        if isinstance(body, LabelsKnown):
            taken |= {*body.items}
        elif isinstance(body, NominationsWanted):
            assert (body.round, event.recipient) not in calls, "a member is asked twice"
            calls[body.round, event.recipient] = body
        elif isinstance(body, ItemsNominated):
            call = calls[body.round, event.sender]
            assert (body.round, event.sender) not in named, "a member replies twice"
            named[body.round, event.sender] = body
            assert len({*body.items}) == len(body.items) <= call.count
            assert not taken & {*body.items}, "an item is nominated that has been asked for"
            assert len(body.bids) == (0 if call.tokens is None else len(body.items))
            assert sum(body.bids) <= (call.tokens or 0)
        elif isinstance(body, NominationsSettled):
            ballots = [{*named[body.round, member].items} for member in members]
            assert {*body.items} <= set().union(*ballots), "an item is taken that nobody nominated"
            assert len(body.items) == len(body.scores) > 0
            assert not taken & {*body.items}, "an item is taken twice"
            taken |= {*body.items}
