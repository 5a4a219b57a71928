"""The adviser: the Selector says when a rule fires, once, and what follows is the Coordinator's."""

import asyncio

import numpy as np
import pytest

from agents.component import Unusable
from agents.estimator import ModelShelf
from agents.messages import (
    CampaignEnded,
    CampaignStarted,
    ItemRequested,
    ItemResolved,
    LabelsKnown,
    ModelPublished,
    StoppingAdvised,
)
from agents.selector.flight import Pace
from agents.selector.selector import Selector
from agents.selector.stopping.confidence import MaxConfidence, OverallUncertainty
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Predictions, Sight
from agents.selector.stopping.stability import ClassificationChange, Kappa
from agents.selector.strategies.chance import InOrder
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import run
from bus.message import EVERYONE, Message
from tests.agents.restarts import after_a_restart
from tests.agents.selector.stopping.sights import Matrix, rows, says
from tests.bus.samples import Recorder, bus_and_record

CHANCE = Chance(7)

ITEMS = 12
RULES = (
    Kappa(patience=2, stop_set=9),
    ClassificationChange(patience=2),
    OverallUncertainty(threshold=0.5),
    MaxConfidence(threshold=0.7),
)


def table(boundary: int, sure: float) -> Matrix:
    """Return what a model says that takes the first items for one class and the rest for the other, so sure of it."""
    first = np.where(np.arange(ITEMS) < boundary, sure, 1 - sure)
    return np.stack([first, 1 - first], axis=1)


COURSE = [table(2, 0.6), table(6, 0.7), table(6, 0.7), table(6, 0.95), table(6, 0.97), table(7, 0.99)]
"""It changes its mind, and becomes surer, and changes its mind once more."""


class Office:
    """A selector that goes by rules, on a real bus, and everybody else played by the test."""

    def __init__(self, rules: tuple[StopRule, ...] = RULES, act: bool = False, kept: int = 100) -> None:
        self.bus, self.record = bus_and_record()
        self.bus.subscribe("coordinator")
        self.models = ModelShelf(kept)
        self._rules, self._act = rules, act
        self._running = asyncio.create_task(self.another(self.bus).run())

    def another(self, bus: MessageBus) -> Selector:
        """Return a selector with the same dials on that bus."""
        views = PoolViews(rows(ITEMS), self.models, CHANCE.keyed("selector"))
        return Selector("selector", bus, views, InOrder(), Pace(2), "coordinator", CHANCE, stop_rules=self._rules, act=self._act)

    async def say(self, *bodies: Message) -> None:
        """Say things to everyone at one instant, and let time pass."""
        for body in bodies:
            await self.bus.publish(body, "somebody")
        await asyncio.sleep(1)

    async def publish(self, *tables: Matrix) -> None:
        """Publish further versions, at one instant."""
        bodies = []
        for each in tables:
            version = 1 + len(self.record.of(ModelPublished)) + len(bodies)
            self.models.put(version, says(each))
            bodies.append(ModelPublished(version=version, labels=10 * version))
        await self.say(*bodies)

    async def go(self, course: list[Matrix] = COURSE) -> None:
        """Have a campaign in which a version is published after each label."""
        await self.say(CampaignStarted(items=ITEMS, classes=("a", "b")), LabelsKnown(items=(0,), labels=("a",)))
        for number, each in enumerate(course, 1):
            await self.say(ItemResolved(item=number, label="a", votes=1, revision=0))
            await self.publish(each)
        await self.end()

    async def end(self) -> None:
        await self.say(CampaignEnded(stopped_by="pool"))
        await self._running

    @property
    def advice(self) -> list[tuple[str, int]]:
        return [(event.body.rule, event.body.version) for event in self.record.of(StoppingAdvised)]


async def test_each_rule_is_heard_of_once_when_it_fires() -> None:
    office = Office()
    await office.go()
    # Kappa of 1 against 2 is low, 2 and 3 agree, 3 and 4 agree; uncertainty falls below half of its most with 0.95.
    assert office.advice == [
        ("kappa", 4),
        ("classification-change", 4),
        ("overall-uncertainty", 4),
        ("max-confidence", 4),
    ]
    first = office.record.of(StoppingAdvised)[0]
    published = office.record.of(ModelPublished)[3]
    assert (first.body, first.recipient) == (StoppingAdvised(rule="kappa", version=4, labels=40, measure=1.0), EVERYONE)
    assert (first.cause, first.time) == (published.seq, published.time)


async def test_what_fires_comes_to_what_the_rule_measured() -> None:
    office = Office((OverallUncertainty(threshold=0.9), MaxConfidence(threshold=0.3)))
    await office.go()
    entropy = -(0.7 * np.log2(0.7) + 0.3 * np.log2(0.3))
    surer = -(0.95 * np.log2(0.95) + 0.05 * np.log2(0.05))
    assert office.advice == [("overall-uncertainty", 2), ("max-confidence", 4)]
    assert [event.body.measure for event in office.record.of(StoppingAdvised)] == [pytest.approx(entropy), pytest.approx(surer)]


async def test_where_the_word_is_acted_on_nothing_more_is_asked_for_and_nothing_more_is_said() -> None:
    office = Office((OverallUncertainty(threshold=0.9), MaxConfidence(threshold=0.3)), act=True)
    await office.go()
    assert office.advice == [("overall-uncertainty", 2)]
    said = office.record.of(StoppingAdvised)[0].seq
    assert not [event for event in office.record.of(ItemRequested) if event.seq > said]
    assert len(office.record.of(ItemRequested)) == 4


async def test_where_it_is_noted_only_the_selector_goes_on() -> None:
    advised, plain = Office(), Office(())
    await advised.go()
    await plain.go()
    asked = [event.body for event in advised.record.of(ItemRequested)]
    assert asked == [event.body for event in plain.record.of(ItemRequested)] and len(asked) == 8


async def test_versions_of_one_instant_are_looked_at_one_by_one() -> None:
    office = Office((Kappa(patience=2, stop_set=9),))
    await office.say(CampaignStarted(items=ITEMS, classes=("a", "b")))
    await office.publish(*COURSE[1:4])
    assert office.advice == [("kappa", 3)]
    await office.end()


async def test_versions_that_are_forgotten_before_anybody_could_look_are_passed_over() -> None:
    office = Office((Kappa(patience=2, stop_set=9),), kept=2)
    await office.say(CampaignStarted(items=ITEMS, classes=("a", "b")))
    await office.publish(*[COURSE[1]] * 3)
    assert office.advice == []
    await office.publish(COURSE[1])
    assert office.advice == [("kappa", 4)]
    await office.end()


async def test_nothing_is_said_once_the_campaign_has_ended() -> None:
    office = Office((OverallUncertainty(threshold=0.9),))
    await office.say(CampaignStarted(items=ITEMS, classes=("a", "b")))
    office.models.put(1, says(table(6, 0.95)))
    await office.say(ModelPublished(version=1, labels=10), CampaignEnded(stopped_by="time"))
    assert office.advice == []


async def test_a_model_whose_probabilities_are_no_numbers_stops_nothing() -> None:
    office = Office((OverallUncertainty(), MaxConfidence()))
    await office.go([np.full((ITEMS, 2), np.nan)])
    assert office.advice == []


class Picky(StopRule):
    """Cannot do its work."""

    def measure(self, sight: Sight, before: Predictions | None) -> float | None:
        raise Unusable("needs a committee, and the model is none")

    def is_met(self, measure: float) -> bool:
        return True


async def test_a_rule_that_cannot_do_its_work_is_named() -> None:
    office = Office((Picky(),))
    await office.say(CampaignStarted(items=ITEMS, classes=("a", "b")))
    await office.publish(COURSE[0])
    with pytest.raises(Unusable, match=r"^stop.rules 'Picky' needs a committee, and the model is none$"):
        await office._running


async def history(act: bool) -> tuple[Recorder, Office]:
    office = Office((*RULES, MaxConfidence(threshold=0.3)), act)
    await office.go()
    return office.record, office


@pytest.mark.parametrize("act", [True, False])
def test_a_selector_that_goes_down_at_any_event_says_what_it_would_have_said(act: bool) -> None:
    past, office = run(history(act))
    assert len(past.of(StoppingAdvised)) >= (1 if act else 4)
    for cut in range(1, len(past) + 1):
        since = run(after_a_restart(office.another, past, cut))
        assert since == past[cut:], cut
