"""Campaigns in which agents go down at a chosen event, or as `[faults]` says; each is audited."""

import asyncio
from typing import Any

from agents.component import Trust
from agents.messages import (
    CampaignEnded,
    ItemGivenUp,
    ItemResolved,
)
from bus.chance import Chance
from bus.clock import run
from bus.faulty import FaultyBus
from bus.message import Envelope
from scenarios.annotators import Person
from scenarios.campaign import Campaign
from scenarios.loading import make
from scenarios.run import Origin, prepare
from scenarios.scenario import Scenario
from scenarios.world import World
from tests.bus.samples import Recorder
from tests.scenarios.audit import audit

FIXED = [{"name": "w", "count": 3, "latency": {"kind": "fixed", "time": 10}, "price": 0.1}]
LEARNING: dict[str, Any] = {
    "data": {"source": "synthetic", "items": 24, "features": 2, "seed_labels": 4, "test_fraction": 0.5},
    "learner": {"retrain_every": 2, "train_time": 15},
    "selector": {"in_flight": 2},
    "stop": {"labels": 6},
}
PEOPLE = ["w-1", "w-2", "w-3"]
SERVICES = ["selector", "coordinator", "evaluator"]


def scenario_of(faults: dict[str, Any], **others: Any) -> Scenario:
    tables = {
        "name": "misfortune",
        "seed": 3,
        "data": {"source": "synthetic", "items": 6},
        "annotators": FIXED,
        "coordination": {"policy": {"kind": "majority", "size": 2}},
        "faults": {"retry": 30, **faults},
        **others,
    }
    return make({key: table for key, table in tables.items() if table is not None}, "misfortune", {}, Trust()).completed()


class Struck(Campaign):
    """A campaign in which an agent goes down when so many events, and then so many turns of the loop, have passed.

    Args:
        victim: who goes down.
        event, turns: when.
        down: microseconds until they are back; None for never.
    """

    def __init__(
        self, scenario: Scenario, people: list[Person], world: World, victim: str, event: int, turns: int, down: int | None
    ) -> None:
        self._victim, self._event, self._turns, self._down = victim, event, turns, down
        self._running: asyncio.Task[Any] | None = None
        super().__init__(scenario, people, world, Chance(scenario.seed), self._watch)

    def _watch(self, envelope: Envelope) -> None:
        if envelope.seq == self._event:
            self._bus.loop.call_soon(self._strike, self._turns)

    def _strike(self, turns: int) -> None:
        if turns:
            self._bus.loop.call_soon(self._strike, turns - 1)
        elif self._running is not None:
            self._running.cancel()

    async def _live(self, name: str) -> Any:
        if name != self._victim:
            return await super()._live(name)
        bus = self._bus
        assert isinstance(bus, FaultyBus)
        self._running = running = asyncio.create_task(self._agents[name].run(), name=name)
        try:
            await asyncio.wait([running])
        finally:
            # The campaign may be over before anybody is struck.
            running.cancel()
        if not running.cancelled():
            return running.result()
        await self._go_down(bus, name, self._down)
        return None if self._down is None else await self._agents[name].run()


def played(scenario: Scenario, **struck: Any) -> tuple[Campaign, Recorder]:
    """Run a campaign, audit it, and return it with its events."""
    chance, world, people = prepare(scenario, Origin())

    async def live() -> Campaign:
        campaign = (
            Struck(scenario, people, world, **struck) if struck else Campaign(scenario, people, world, chance, lambda _: None)
        )
        await campaign.run()
        return campaign

    campaign = run(live())
    bus = campaign._bus
    assert isinstance(bus, FaultyBus)
    audit(campaign, bus.history)
    return campaign, Recorder(bus.history)


def misfortune(faults: dict[str, Any], **others: Any) -> Recorder:
    return played(scenario_of(faults, **others))[1]


def crash(agent: str, at: float, down: float | None = None) -> dict[str, Any]:
    return {"agent": agent, "at": at, **({} if down is None else {"down": down})}


def reasons(log: Recorder) -> list[str]:
    return [event.body.reason for event in log.of(ItemGivenUp)]


def stopped_by(log: Recorder) -> str:
    (ended,) = log.of(CampaignEnded)
    reason: str = ended.body.stopped_by
    return reason


def resolved(log: Recorder) -> int:
    return len(log.of(ItemResolved))
