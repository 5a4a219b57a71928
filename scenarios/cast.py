"""The cast: makes the agents of a scenario, at the start and again after a crash."""

import sys
from collections.abc import Sequence

from agents.agent import Agent
from agents.annotator.annotator import Annotator
from agents.annotator.answering import Answering
from agents.annotator.availabilities.week import parse_week_time
from agents.annotator.bidder import Bidder
from agents.annotator.nature import Nature
from agents.annotator.presence import Presence
from agents.convocation import Convocation
from agents.coordinator.bills import Bills
from agents.coordinator.coordinator import Coordinator, Limits
from agents.coordinator.foresight import Foresight
from agents.coordinator.ledger import Ledger, millionths
from agents.coordinator.task import Terms
from agents.estimator import ModelShelf
from agents.evaluator import Evaluator
from agents.learner import Learner
from agents.member import Member
from agents.messages import Item
from agents.selector.council.council import Council
from agents.selector.council.nominator import Nominator
from agents.selector.flight import Pace
from agents.selector.selector import Selector
from agents.selector.view import PoolViews
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import microseconds
from scenarios.annotators import Person
from scenarios.learners import LearnerTable
from scenarios.scenario import Scenario
from scenarios.selecting import needs_bills
from scenarios.world import World

LEARNER, EVALUATOR, COORDINATOR, SELECTOR = "learner", "evaluator", "coordinator", "selector"
SERVICES = (LEARNER, EVALUATOR, COORDINATOR, SELECTOR)
"""Names of the agents that are no people; the members of a council come to these."""


class Cast:
    """Makes agents by their names.

    Args:
        scenario: the scenario, completed.
        people: its annotators.
        world: its items, and what is true of them.
        chance: the run's randomness.
        bus: where they talk.
    """

    def __init__(self, scenario: Scenario, people: Sequence[Person], world: World, chance: Chance, bus: MessageBus) -> None:
        self._scenario, self._world, self._chance, self._bus = scenario, world, chance, bus
        self._people = {person.name: person for person in people}
        self._nature = Nature(chance, world.terrain)
        # An agent that was down, or hears of a model late, still wants it.
        shelf = ModelShelf() if scenario.faults is None else ModelShelf(kept=sys.maxsize)
        self._models = shelf if scenario.learner else None
        kept = shelf.kept
        self._shelves = {name: ModelShelf(kept) for name in (scenario.learner.member_names if scenario.learner else ())}
        self._views = self._seen()
        self._nominators = {name: place for place, name in enumerate(scenario.nominators)}
        services = [name for name in SERVICES if name != LEARNER or self._models is not None]
        self.names = [*services, *self._nominators, *self._shelves, *self._people]
        """Names of all agents, in the order in which they take their places."""

    def make(self, name: str) -> Agent:
        """Make the agent of that name."""
        makers = {LEARNER: self._learner, EVALUATOR: self._evaluator, COORDINATOR: self._coordinator, SELECTOR: self._selector}
        if name in self._nominators:
            return self._nominator(name, self._nominators[name])
        if name in self._shelves:
            return self._member(name)
        return makers[name]() if name in makers else self._annotator(self._people[name])

    def _learner(self) -> Learner:
        table, world = self._scenario.learner, self._world
        assert table is not None and self._models is not None
        items, classes, train_time = world.items, world.truth.classes, microseconds(table.train_time)
        return Learner(
            LEARNER, self._bus, items, classes, table.estimator, table.retrain_every, train_time, self._models, self._chance,
            self._convocation(table), table.lesson, table.training,
        )  # fmt: skip

    def _convocation(self, table: LearnerTable) -> Convocation | None:
        patience = None if table.patience is None else microseconds(table.patience)
        return Convocation(self._shelves, patience) if self._shelves else None

    def _member(self, name: str) -> Member:
        learner, world = self._scenario.learner, self._world
        assert learner is not None
        table = learner.members[learner.member_names.index(name)]
        assert table.estimator is not None and table.train_time is not None
        return Member(
            name, self._bus, world.items, world.truth.classes, table.estimator, microseconds(table.train_time), table.bag,
            table.knows, self._shelves[name], self._chance, learner.lesson,
        )  # fmt: skip

    def _evaluator(self) -> Evaluator:
        world = self._world
        return Evaluator(EVALUATOR, self._bus, world.truth, self._models, world.held_out, world.held_out_labels)

    def _selector(self) -> Selector:
        table, stop = self._scenario.selector, self._scenario.stop
        assert table.strategy is not None and table.in_flight is not None, "the scenario is not completed"
        return Selector(
            SELECTOR, self._bus, self._views, table.strategy, Pace(table.in_flight, table.barrier, stop.labels), COORDINATOR,
            self._chance, bool(self._world.seeds), table.relabel, table.pending, stop.rules, stop.act,
        )  # fmt: skip

    def _seen(self, *twin: str) -> PoolViews:
        """Return the pool as the newest model sees it, with the luck of the Selector, or of a twin in its council."""
        learner = self._scenario.learner
        estimator = None if learner is None else learner.estimator
        return PoolViews(self._world.items, self._models, self._chance.keyed(SELECTOR, *twin), estimator)

    def _nominator(self, name: str, place: int) -> Nominator:
        council = self._scenario.selector.strategy
        assert isinstance(council, Council)
        strategy = council.members[place]
        views, twin = self._views, council.members[:place].count(strategy)
        if twin:
            # The same strategy with the same luck would say the same.
            views = self._seen(str(twin))
        pending = self._scenario.selector.pending
        return Nominator(name, self._bus, strategy, views, f"selector.strategy.members.{place}", pending)

    def _coordinator(self) -> Coordinator:
        table, stop = self._scenario.coordination, self._scenario.stop
        return Coordinator(
            COORDINATOR,
            self._bus,
            self._world.truth.classes,
            table.policy,
            table.allocation,
            {person.name: millionths(person.price) for person in self._people.values()},
            Ledger(stop.budget),
            self._terms,
            Limits(stop.labels, None if stop.time is None else microseconds(stop.time), bool(stop.rules) and stop.act),
            self._chance,
            self._able(),
            extends=self._scenario.selector.relabel is not None,
            counts=self._scenario.learner is not None and self._scenario.learner.lesson.needs_answers,
            gold=table.gold,
            comers=[person.name for person in self._people.values() if person.availability],
            foresight=self._foresight,
            bills=Bills() if needs_bills(self._scenario.selector.strategy) else None,
            topics=self._world.topics,
        )

    @property
    def _foresight(self) -> Foresight | None:
        """What the newest model says, where the policy has doubts that go by it."""
        if self._models is None or not any(each.ground == "model" for each in self._scenario.coordination.policy.doubts):
            return None
        return Foresight(self._world.items, self._models, self._world.truth.classes)

    @property
    def _terms(self) -> Terms:
        table, faults = self._scenario.coordination, self._scenario.faults
        lease = None if table.lease is None else microseconds(table.lease)
        terms = Terms(lease, table.pay_cancelled, quotas=self._quotas)
        return terms if faults is None else terms._replace(retry=microseconds(faults.retry), tries=faults.tries)

    @property
    def _quotas(self) -> dict[str, int] | None:
        quota = self._scenario.coordination.quota
        if quota is None or isinstance(quota, int):
            return None if quota is None else dict.fromkeys(self._people, quota)
        # Somebody's own comes before that of their group.
        named = {name: quota.get(name, quota.get(name.rpartition("-")[0])) for name in self._people}
        return {name: each for name, each in named.items() if each is not None}

    def _able(self) -> dict[Item, list[str]] | None:
        """Return who can say something about each item; None if everybody can about all."""
        known = {name: person.noise.items() for name, person in self._people.items()}
        if all(items is None for items in known.values()):
            return None
        anything = [name for name, items in known.items() if items is None]
        able = {item: [*anything] for item in (*self._world.items.ids, *self._world.gold)}
        for name, items in known.items():
            for item in items or ():
                if item in able:
                    able[item].append(name)
        return able

    def _annotator(self, person: Person) -> Annotator:
        answering = Answering(
            person.name, person.noise, person.latency, person.changes, person.says, person.family, self._chance, person.social
        )
        careful = self._scenario.faults is not None
        presence = self._presence(person) if person.availability else None
        bidder = Bidder(person.name, person.latency, person.price, person.bids, self._chance)
        return Annotator(person.name, self._bus, answering, self._world.truth, self._nature, careful, presence, bidder)

    def _presence(self, person: Person) -> Presence:
        epoch = 0 if self._scenario.begins is None else parse_week_time(self._scenario.begins)
        return Presence(person.name, person.availability, self._chance, epoch, self._terms.retry, self._terms.tries)
