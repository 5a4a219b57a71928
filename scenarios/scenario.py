"""A scenario: what a campaign is, table by table. These keys are a contract: people's files depend on them."""

from collections import Counter
from collections.abc import Sequence
from operator import not_
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator, model_validator

from agents.annotator.availabilities.week import WeekTime
from agents.annotator.latency import Latency
from agents.annotator.people import Varied
from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.ledger import MILLIONTHS
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.screening.gold import Gold
from agents.selector.council.council import AnyQueryStrategy, Council
from agents.selector.pendings.choice import AnyPending
from agents.selector.pendings.ignore import Ignore
from agents.selector.relabel import AnyRelabel
from agents.selector.stopping.choice import AnyStopRule, named
from agents.selector.stopping.rule import StopRule
from agents.selector.strategies.chance import InOrder, Random
from agents.several import Several
from bus.chance import MASK, Chance
from bus.duration import Duration, format_duration
from bus.faults import Faults
from bus.table import Table
from scenarios.annotators import AnnotatorsTable, Person
from scenarios.learners import LearnerTable
from scenarios.roster import Roster
from scenarios.selecting import refuse_unlearned
from scenarios.sources import AnyData
from scenarios.staffed import refuse_unstaffed

Name = Annotated[str, StringConstraints(pattern=r"^\w[\w.-]*$", max_length=64)]
"""A name of letters, digits, `_`, `.` and `-`: it stands in file names and logs."""

LEAST_CHANCE = 0.001
"""Probability of meeting a lease below which an annotator is said never to meet it."""

Quota = Annotated[int, Field(ge=1)]
"""Answers of one person."""


class SelectorTable(Table):
    """`[selector]`: which items are asked for, and how many at once."""

    strategy: AnyQueryStrategy | None = None
    """The query strategy, or a council of several; left out, random with a learner, and in the order of the data without."""
    in_flight: Annotated[int, Field(ge=1)] | None = None
    """Items open at once; left out, as many as there are annotators."""
    pending: AnyPending = Ignore()
    """What is made of items that are under way when further ones are chosen."""
    barrier: bool = False
    """Open the next batch only when the whole batch is in."""
    relabel: AnyRelabel | None = None
    """Whether items that have a label are asked for again, and which; left out, they are not."""


class CoordinationTable(Table):
    """`[coordination]`: who is asked, and what the answers amount to."""

    policy: AnyPolicy = Majority()
    """How an item's label is reached."""
    allocation: AnyAllocation = SharedQueue()
    """Who gets which question."""
    lease: Annotated[Duration, Field(gt=0)] | None = None
    """Time from the assignment in which an answer is due; an overdue one is asked of another. Left out, for ever."""
    quota: Quota | dict[str, Quota] | None = None
    """Answers that are taken of each person at most, or of each of some groups or single people, by their names; who has given
    them is asked no more. Left out, any number."""
    pay_cancelled: bool = True
    """Whether a cancelled task is paid, the work on it having begun."""
    gold: Gold | None = None
    """Gold questions, mixed in unseen, that tell who is any good; left out, none are asked."""


class StopTable(Table):
    """`[stop]`: the first limit that is reached ends the campaign. Left out, it ends with the pool."""

    labels: Annotated[int, Field(ge=1)] | None = None
    """Resolved items; seed labels are not among them."""
    budget: Annotated[float, Field(ge=1 / MILLIONTHS, le=1e12)] | None = None
    """Money, in units of the user's currency."""
    time: Annotated[Duration, Field(gt=0)] | None = None
    """Simulated time."""
    rules: Annotated[tuple[AnyStopRule, ...], Several(), Field(exclude_if=not_)] = ()
    """Rules that go by what successive models say of the pool."""
    act: Annotated[bool, Field(exclude_if=bool)] = True
    """Whether the first rule that fires ends the campaign; if not, it is noted when each would have, and the campaign goes on."""

    @field_validator("rules")
    @classmethod
    def _rules_differ(cls, rules: tuple[StopRule, ...]) -> tuple[StopRule, ...]:
        for name, rule in named(rules).items():
            if rules.count(rule) > 1:
                raise ValueError(f"{name!r} stands there twice with the same dials; one of them says it all")
        return rules


class JournalTable(Table):
    """`[journal]`: how the event log is written."""

    flush: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    """Lines held back before they are written: what `kill -9` may cost at most."""


class Scenario(Table):
    """A whole campaign: the tables of a scenario file."""

    name: Name
    """Name of the scenario; its logs are called after it."""
    seed: Annotated[int, Field(ge=0, le=MASK)] = 0
    """Seed of everything that is left to chance."""
    data: AnyData
    """The items, and what is true of them."""
    learner: LearnerTable | None = None
    selector: SelectorTable = SelectorTable()
    begins: WeekTime | None = None
    """Weekday and time of day, in UTC, at which the campaign begins, such as "mon 09:00"; left out, Monday at midnight."""
    annotators: tuple[AnnotatorsTable, ...]
    coordination: CoordinationTable = CoordinationTable()
    stop: StopTable = StopTable()
    faults: Faults | None = None
    journal: JournalTable = JournalTable()

    @field_validator("annotators")
    @classmethod
    def _names_differ(cls, groups: tuple[AnnotatorsTable, ...]) -> tuple[AnnotatorsTable, ...]:
        if not groups:
            raise ValueError("there are no annotators; add an [[annotators]] table")
        twice = [name for name, times in Counter(group.name for group in groups).items() if times > 1]
        if twice:
            raise ValueError(f"two tables are called {twice[0]!r}, but annotator tables are told apart by their names")
        return groups

    @model_validator(mode="after")
    def _is_possible(self) -> "Scenario":
        # Of people in files, nothing is known before these are read; then the scenario is checked again.
        if not any(group.unread for group in self.annotators):
            self.check()
        return self

    def check(self) -> None:
        """Raise ValueError if its tables do not fit each other."""
        refuse_unstaffed(self.coordination.policy, self.annotators, self.learner is not None)
        self._check_strategy()
        self._check_rules()
        self._check_quota()
        self._check_gold()
        self._check_relabel()
        self._check_leases()
        self._check_budget()
        self._check_faults()

    @property
    def nominators(self) -> list[str]:
        """The names of the agents that sit in the Selector's council; none, where it has none."""
        strategy = self.selector.strategy
        return strategy.names("selector") if isinstance(strategy, Council) else []

    @property
    def seats(self) -> list[str]:
        """The names of the agents that sit in a council or a committee."""
        return [*self.nominators, *(self.learner.member_names if self.learner else ())]

    @property
    def people_count(self) -> int:
        """How many annotators there are in all, as far as is known."""
        return sum(group.size or 0 for group in self.annotators)

    def people(self, chance: Chance) -> list[Person]:
        """Make the annotators, drawing each one's own dials where they differ from person to person."""
        return [person for group in self.annotators for person in group.drawn(chance)]

    def completed(self) -> "Scenario":
        """Return the scenario with every default that depends on other tables written out."""
        with_learner, people = self.learner is not None, self.people_count or None
        data = self.data.completed(with_learner)
        relabel = self.selector.relabel
        if relabel is not None and relabel.most is None:
            relabel = relabel.model_copy(update={"most": people})
        selector = self.selector.model_copy(
            update={
                "relabel": relabel,
                "strategy": self.selector.strategy or (Random() if with_learner else InOrder()),
                "in_flight": self.selector.in_flight or people,
            }
        )
        return self.model_copy(update={"data": data, "selector": selector})

    def tables(self) -> dict[str, Any]:
        """Return the scenario as plain tables: what a log's header holds, and what makes the same scenario again."""
        return self.model_dump(mode="json", exclude_none=True)

    def _roster(self, services: Sequence[str]) -> Roster:
        """Return the names of all annotators, as far as is known, and of these services."""
        return Roster(services, [(group.name, group.size or 0) for group in self.annotators])

    def _check_strategy(self) -> None:
        learner = self.learner
        estimator, committee = (learner.estimator, bool(learner.committee)) if learner else (None, False)
        refuse_unlearned(self.selector.strategy, self.selector.pending, estimator, committee)
        roster = self._roster(())
        for name in self.seats:
            if roster.is_person(name):
                whose = "council" if name in self.nominators else "committee"
                raise ValueError(
                    f"an annotator would be called {name!r}, as a member of the {whose} is; give that annotator table another name"
                )

    def _check_rules(self) -> None:
        if self.stop.rules and self.learner is None:
            name = next(iter(named(self.stop.rules)))
            raise ValueError(f"stop.rules {name!r} goes by models, but there is no [learner]")

    def _check_quota(self) -> None:
        quota = self.coordination.quota
        roster = self._roster([group.name for group in self.annotators])
        for name in quota if isinstance(quota, dict) else ():
            roster.refuse_stranger("coordination.quota", name)

    def _check_gold(self) -> None:
        gold, labels = self.coordination.gold, self.data.gold_labels
        if gold is not None and labels == 0:
            raise ValueError("coordination.gold asks gold questions, but there are none; set data.gold_labels")
        if gold is not None and gold.beginning > labels:
            raise ValueError(
                f"coordination.gold begins with {gold.beginning} gold questions for everybody, but data.gold_labels is {labels}"
            )

    def _check_relabel(self) -> None:
        relabel, people, policy = self.selector.relabel, self.people_count, self.coordination.policy
        if relabel is None:
            return
        if relabel.needs_model and self.learner is None:
            kind = relabel.kind or type(relabel).__name__
            raise ValueError(f"selector.relabel {kind!r} needs a model, but there is no [learner]")
        if relabel.most is not None and relabel.most > people:
            raise ValueError(
                f"selector.relabel.most is {relabel.most}, but nobody answers an item twice, and there {_are(people, 'annotator')}"
            )
        if people < 2:
            raise ValueError(
                "selector.relabel asks for further answers, but nobody answers an item twice, "
                f"and there {_are(people, 'annotator')}"
            )
        most = relabel.most or people
        if isinstance(policy, Majority) and not policy.early and policy.size >= most:
            raise ValueError(
                f"selector.relabel gives an item {most} {'answer' if most == 1 else 'answers'} at most, "
                f"but coordination.policy asks for {policy.size} before it has a label: there would be none to ask for"
            )

    def _check_leases(self) -> None:
        lease = self.coordination.lease
        if lease is None:
            return
        for group in self.annotators:
            if isinstance(group.latency, Varied) or group.differs("latency"):
                continue
            if group.latency.within(lease) < LEAST_CHANCE:
                raise ValueError(f"annotators.{group.name} {never_in_time(group.latency, lease)}")

    def _check_budget(self) -> None:
        budget = self.stop.budget
        groups = [group for group in self.annotators if not group.differs("price")]
        prices = [group.price for group in groups if isinstance(group.price, float)]
        if budget is not None and len(prices) == len(self.annotators) and min(prices) > budget:
            raise ValueError(f"stop.budget is {budget:g}, which buys no answer: the cheapest costs {min(prices):g}")

    def _check_faults(self) -> None:
        if self.faults is None:
            return
        services = ["selector", "coordinator", "evaluator", *(["learner"] if self.learner else []), *self.seats]
        roster = self._roster(services)
        for crash in self.faults.crashes:
            roster.refuse_stranger("faults.crashes: agent", crash.agent)
            if crash.down is None and crash.agent in services:
                raise ValueError(f"faults.crashes: only annotators leave for good; say how long {crash.agent!r} is `down`")
        ends = [("faults.links", each.sender, each.recipient) for each in self.faults.links]
        ends += [("faults.messages", each.sender, each.recipient) for each in self.faults.messages]
        for table, sender, recipient in ends:
            for end, name in (("sender", sender), ("recipient", recipient)):
                if table == "faults.messages" or not any(mark in name for mark in "*?["):
                    roster.refuse_stranger(f"{table}: {end}", name, "campaign")
                else:
                    roster.refuse_pattern(f"{table}: {end}", name, "campaign")


def never_in_time(latency: Latency, lease: float) -> str:
    """Return the half sentence that says why somebody can never meet the lease."""
    return (
        f"can never meet the lease: an answer takes no longer than {format_duration(lease)} with probability "
        f"{latency.within(lease):.2g}; make coordination.lease longer, or the latency shorter"
    )


def _are(count: int, noun: str) -> str:
    return f"is 1 {noun}" if count == 1 else f"are {count} {noun}s"
