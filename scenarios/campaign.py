"""A campaign: the agents of a scenario, put together on a bus and run."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar, cast

from agents.advice import Advice
from agents.coordinator.coordinator import Coordinator
from agents.coordinator.ledger import MILLIONTHS
from agents.evaluator import Evaluator
from agents.judgement import Evaluation
from agents.messages import (
    CampaignStarted,
    GoldKnown,
    Item,
    Label,
    LabelsKnown,
    StoppedBy,
)
from agents.person import Stays
from agents.selector.selector import Selector
from agents.selector.stopping.choice import STOP_RULES
from agents.state import State
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from bus.faulty import FaultyBus
from bus.mailbox import MailboxStatistics
from scenarios.accounts import Curve, Record, with_state, with_stays
from scenarios.annotators import Person
from scenarios.cast import COORDINATOR, EVALUATOR, LEARNER, SELECTOR, SERVICES, Cast
from scenarios.scenario import Scenario
from scenarios.stopping import advised_of, best_of, not_reached_of
from scenarios.summary import Screened, Summary, Work, in_order_of_skill, points_of, screened, stays_of, utilisation_of
from scenarios.world import World

T = TypeVar("T")

CAMPAIGN = "campaign"
"""The sender of what is known from the start."""


class Campaign:
    """All agents of one run. To be made inside the event loop it runs in.

    Args:
        scenario: the scenario, completed.
        people: its annotators.
        world: its items, and what is true of them.
        chance: the run's randomness.
        record: called with every event, in order.
        recorded: events that its log holds already, which it repeats first.
    """

    def __init__(
        self,
        scenario: Scenario,
        people: Sequence[Person],
        world: World,
        chance: Chance,
        record: Record,
        recorded: int = 0,
    ) -> None:
        self.scenario = scenario
        self.recorded = recorded
        self._people = people
        self._world = world
        faults = scenario.faults
        self._stays: dict[str, Stays] = {person.name: Stays() for person in people if person.availability}
        record = with_stays(self._stays, record) if self._stays else record
        self._state = State() if scenario.stop.rules else None
        record = record if self._state is None else with_state(self._state, record)
        self._curve = Curve(self._spent)
        record = record if scenario.learner is None else self._curve.drawn_by(record)
        services = {CAMPAIGN, *SERVICES, *scenario.seats}
        self._bus = MessageBus(record) if faults is None else FaultyBus(record, faults.plan(chance), services)
        self._cast = Cast(scenario, people, world, chance, self._bus)
        self._agents = {name: self._cast.make(name) for name in self._cast.names}
        self._ended_at: int | None = None
        self._stopped_by: StoppedBy = "interrupted"

    def _spent(self) -> int:
        return round(self.coordinator.people.work.ledger.committed * MILLIONTHS)

    @property
    def coordinator(self) -> Coordinator:
        """The coordinator: after a crash, the one that took its place."""
        return cast(Coordinator, self._agents[COORDINATOR])

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator, likewise."""
        return cast(Evaluator, self._agents[EVALUATOR])

    @property
    def selector(self) -> Selector:
        """The selector, likewise."""
        return cast(Selector, self._agents[SELECTOR])

    @property
    def names(self) -> list[str]:
        """The annotators, in the order of the scenario."""
        return [person.name for person in self._people]

    @property
    def pool(self) -> int:
        """Items that may be asked for."""
        return len(self._world.items) - len(self._world.seeds)

    @property
    def evaluated(self) -> Sequence[Evaluation]:
        """The learning curve so far; it grows."""
        return self._curve.evaluations

    @property
    def inboxes(self) -> dict[str, MailboxStatistics]:
        """How the inbox of each agent is doing, by name."""
        return self._bus.statistics()

    @property
    def down(self) -> frozenset[str]:
        """Agents that are down."""
        return self._bus.down

    @property
    def faults(self) -> int:
        """Faults so far."""
        return sum(self._bus.faults.values())

    @property
    def advised(self) -> Sequence[Advice]:
        """What stop rules have said so far; it grows."""
        return () if self._state is None else self._state.advice

    @property
    def events(self) -> int:
        """Events so far."""
        return self._bus.events

    @property
    def repeating(self) -> bool:
        """Whether all that has happened so far was recorded before."""
        return self.events < self.recorded

    @property
    def seconds(self) -> float:
        """Simulated seconds so far, or up to the campaign's end."""
        return (self._bus.loop.now if self._ended_at is None else self._ended_at) / SECOND

    async def run(self) -> None:
        """Run until the campaign has ended and everything is judged."""
        first = (COORDINATOR, EVALUATOR, LEARNER, SELECTOR)
        services = [name for name in first if name in self._agents]
        order = [*services, *self.scenario.seats, *(person.name for person in self._people)]
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(self._live(name), name=name) for name in order}
            start = CampaignStarted(items=len(self._world.items), classes=self._world.truth.classes)
            started = await self._bus.publish(start, CAMPAIGN)
            if self._world.seeds:
                known = LabelsKnown(items=self._world.seeds, labels=self._true_labels(self._world.seeds))
                await self._bus.publish(known, CAMPAIGN, cause=started)
            if self._world.gold:
                gold = GoldKnown(items=self._world.gold, labels=self._true_labels(self._world.gold))
                await self._bus.publish(gold, CAMPAIGN, COORDINATOR, started)
            self._stopped_by = await tasks[COORDINATOR]
            self._ended_at = self._bus.loop.now
            await tasks[EVALUATOR]
            # It still has to hear of the last labels.
            await tasks[SELECTOR]
            for task in tasks.values():
                task.cancel()

    async def _live(self, name: str) -> Any:
        """Do an agent's work; where faults bring it down, let it come back as one that has read the log."""
        faults, bus = self.scenario.faults, self._bus
        for crash in () if faults is None else faults.crashes_of(name):
            assert isinstance(bus, FaultyBus)
            try:
                async with asyncio.timeout_at(crash.at) as limit:
                    return await self._guard(self._agents[name].run())
            except TimeoutError:
                if not limit.expired():
                    raise
            await self._go_down(bus, name, None if crash.down is None else microseconds(crash.down))
            if crash.down is None:
                return None
        return await self._guard(self._agents[name].run())

    async def _go_down(self, bus: FaultyBus, name: str, down: int | None) -> None:
        """Let an agent be down for so many microseconds, and another take its place; None is for good."""
        bus.bring_down(name, None if down is None else bus.loop.now + down)
        if down is not None:
            await bus.loop.timer(down)
            self._agents[name] = agent = self._cast.make(name)
            agent.rebuild(bus.history)
            bus.bring_up(name)

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
        screening, flips = self.coordinator.screening, self.evaluator.flips
        coordinator, judged, people = self.coordinator, self.evaluator.judged, self.coordinator.people
        curve = points_of(self._curve.priced())
        last = curve[-1] if curve else None
        by_class = zip(self._world.truth.classes, judged.by_class if judged else (), strict=False)
        return Summary(
            name=self.scenario.name,
            seed=self.scenario.seed,
            stopped_by=self._stopped_by,
            accuracy=last and last.accuracy,
            macro_f1=last and last.macro_f1,
            log_loss=last and last.log_loss,
            labels=coordinator.register.resolved,
            label_accuracy=judged.right / judged.labels if judged and judged.labels else None,
            label_accuracy_by_class={label: right / count if count else None for label, (count, right) in by_class},
            answers=people.answers.total(),
            late=people.late.total(),
            expired=people.work.expired,
            declined=people.declined,
            abstained=people.abstained,
            returned=people.returned,
            cancelled=people.work.cancelled,
            cancelled_cost=people.work.cancelled_cost / MILLIONTHS,
            repeated=people.repeated,
            faults=self._bus.faults,
            given_up=coordinator.register.given_up + coordinator.open_items,
            revised=coordinator.register.revised,
            cost=people.work.ledger.committed,
            simulated_seconds=self.seconds,
            unanimous=coordinator.register.agreement.unanimous,
            alpha=coordinator.register.agreement.alpha,
            staleness=self.selector.staleness / coordinator.register.resolved if coordinator.register.resolved else None,
            events=self._bus.events,
            log=log,
            curve=curve,
            annotators=tuple(self._work(person.name) for person in self._people),
            stays=stays_of(((name, each) for name, each in self._stays.items() if each.number >= 0), round(self.seconds * SECOND)),
            utilisation=utilisation_of(
                [(self._stays.get(each.name), people.worked[each.name]) for each in self._people], self.seconds
            ),
            screened=in_order_of_skill(self._tested()),
            voided=0 if screening is None else screening.voided,
            reopened=0 if screening is None else screening.reopened,
            sessions=self.coordinator.secretary.sessions,
            rounds=self.coordinator.secretary.rounds,
            decided=dict(sorted(self.coordinator.register.decided.items())),
            escalated=self.coordinator.places.escalated,
            positions=people.positions,
            best=best_of([(each.labels, each.accuracy, each.macro_f1) for each in curve]),
            advised=() if self._state is None else advised_of(self._state),
            not_reached=() if self._state is None else not_reached_of(self._kinds_of_rules(), self._state),
            **({} if flips is None else flips._asdict()),
        )

    def _kinds_of_rules(self) -> list[str]:
        return [STOP_RULES.dump(rule)["kind"] for rule in self.scenario.stop.rules]

    def _work(self, name: str) -> Work:
        people = self.coordinator.people
        busy = people.worked[name] / SECOND / self.seconds if self.seconds else 0.0
        return Work(name, people.answers[name], people.late[name], busy)

    def _tested(self) -> Iterator[Screened]:
        examiner = self.coordinator.people.examiner
        for person in self._people if examiner is not None else ():
            assert examiner is not None
            examinee = examiner.of(person.name)
            if examinee.tally.asked:
                yield screened(person.name, examinee.tally.asked, examinee.tally.right, examinee.verdict)

    def _true_labels(self, items: Sequence[Item]) -> tuple[Label, ...]:
        truth = self._world.truth
        return tuple(truth.classes[truth.of(item)] for item in items)
