"""A campaign: the agents of a scenario, put together on a bus and run."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from agents.annotator.annotator import Annotator
from agents.coordinator.coordinator import Coordinator, Limits
from agents.coordinator.ledger import Ledger, millionths
from agents.estimator import ModelShelf
from agents.evaluator import Evaluator
from agents.learner import Learner
from agents.messages import CampaignStarted, LabelsKnown, StoppedBy
from agents.selector.selector import Selector
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from bus.message import Envelope
from scenarios.scenario import Scenario
from scenarios.summary import Point, Summary, Work
from scenarios.world import World

T = TypeVar("T")

CAMPAIGN = "campaign"
"""The sender of what is known from the start."""


class Campaign:
    """All agents of one run. To be made inside the event loop it runs in.

    Args:
        scenario: the scenario, completed.
        world: its items, and what is true of them.
        chance: the run's randomness.
        record: called with every event, in order.
    """

    def __init__(self, scenario: Scenario, world: World, chance: Chance, record: Callable[[Envelope], None]) -> None:
        self.scenario = scenario
        self._world = world
        self._bus = bus = MessageBus(record)
        self._people = scenario.people(chance)
        models = ModelShelf() if scenario.learner else None
        self.learner = self._make_learner(models, chance)
        self.evaluator = Evaluator("evaluator", bus, world.truth, models, world.held_out, world.held_out_labels)
        self.coordinator = self._make_coordinator(chance)
        self.selector = self._make_selector(models, chance)
        self._annotators = [
            Annotator(person.name, bus, person.noise, person.latency, world.truth, chance) for person in self._people
        ]
        self._ended_at: int | None = None
        self._stopped_by: StoppedBy = "interrupted"

    @property
    def seconds(self) -> float:
        """Simulated seconds so far, or up to the campaign's end."""
        return (self._bus.loop.now if self._ended_at is None else self._ended_at) / SECOND

    async def run(self) -> None:
        """Run until the campaign has ended and everything is judged."""
        agents = [self.learner, self.selector, *self._annotators]
        async with asyncio.TaskGroup() as group:
            coordination = group.create_task(self._guard(self.coordinator.run()), name=self.coordinator.name)
            judgement = group.create_task(self._guard(self.evaluator.run()), name=self.evaluator.name)
            others = [group.create_task(self._guard(agent.run()), name=agent.name) for agent in agents if agent]
            start = CampaignStarted(items=len(self._world.items), classes=self._world.truth.classes)
            started = await self._bus.publish(start, CAMPAIGN)
            if self._world.seeds:
                await self._bus.publish(self._seed_labels(), CAMPAIGN, cause=started)
            self._stopped_by = await coordination
            self._ended_at = self._bus.loop.now
            await judgement
            for task in others:
                task.cancel()

    def fall_silent(self) -> None:
        """Record nothing more, the run being about to break up."""
        self._bus.fall_silent()

    async def _guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Do an agent's work; should it fail, what the others still do while they are stopped is not recorded."""
        try:
            return await work
        except Exception:
            self.fall_silent()
            raise

    def summary(self, log: str | None) -> Summary:
        """Return what the run amounts to, now."""
        coordinator, judged = self.coordinator, self.evaluator.judged
        curve = tuple(Point(each.labels, each.accuracy, each.macro_f1, each.log_loss) for each in self.evaluator.curve)
        last = curve[-1] if curve else None
        by_class = zip(self._world.truth.classes, judged.by_class if judged else (), strict=False)
        return Summary(
            name=self.scenario.name,
            seed=self.scenario.seed,
            stopped_by=self._stopped_by,
            accuracy=last and last.accuracy,
            macro_f1=last and last.macro_f1,
            log_loss=last and last.log_loss,
            labels=coordinator.resolved,
            label_accuracy=judged.right / judged.labels if judged and judged.labels else None,
            label_accuracy_by_class={label: right / count if count else None for label, (count, right) in by_class},
            answers=coordinator.answers.total(),
            late=coordinator.late.total(),
            expired=coordinator.expired,
            given_up=coordinator.open_items,
            cost=coordinator.ledger.committed,
            simulated_seconds=self.seconds,
            unanimous=coordinator.agreement.unanimous,
            alpha=coordinator.agreement.alpha,
            staleness=self.selector.staleness / coordinator.resolved if coordinator.resolved else None,
            events=self._bus.events,
            log=log,
            curve=curve,
            annotators=tuple(self._work(person.name) for person in self._people),
        )

    def _work(self, name: str) -> Work:
        coordinator = self.coordinator
        busy = coordinator.worked[name] / SECOND / self.seconds if self.seconds else 0.0
        return Work(name, coordinator.answers[name], coordinator.late[name], busy)

    def _seed_labels(self) -> LabelsKnown:
        truth = self._world.truth
        labels = tuple(truth.classes[truth.of(item)] for item in self._world.seeds)
        return LabelsKnown(items=self._world.seeds, labels=labels)

    def _make_learner(self, models: ModelShelf | None, chance: Chance) -> Learner | None:
        table = self.scenario.learner
        if table is None or models is None:
            return None
        items, classes, train_time = self._world.items, self._world.truth.classes, microseconds(table.train_time)
        return Learner("learner", self._bus, items, classes, table.estimator, table.retrain_every, train_time, models, chance)

    def _make_selector(self, models: ModelShelf | None, chance: Chance) -> Selector:
        table = self.scenario.selector
        assert table.strategy is not None and table.in_flight is not None, "the scenario is not completed"
        quota = self.scenario.stop.labels
        return Selector(
            "selector", self._bus, self._world.items, table.strategy, table.in_flight, table.barrier, quota, "coordinator",
            models, chance,
        )  # fmt: skip

    def _make_coordinator(self, chance: Chance) -> Coordinator:
        table, stop = self.scenario.coordination, self.scenario.stop
        return Coordinator(
            "coordinator",
            self._bus,
            self._world.truth.classes,
            table.policy,
            table.allocation,
            {person.name: millionths(person.price) for person in self._people},
            Ledger(stop.budget),
            None if table.lease is None else microseconds(table.lease),
            table.pay_cancelled,
            Limits(stop.labels, None if stop.time is None else microseconds(stop.time)),
            chance,
        )
