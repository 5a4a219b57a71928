"""A glimpse of a campaign while it runs: figures that its agents keep anyway, read from another thread."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeVar

from agents.advice import Advice
from agents.coordinator.coordinator import Coordinator
from agents.coordinator.task import Task
from agents.judgement import Evaluation
from agents.messages import Item
from bus.clock import SECOND
from bus.mailbox import MailboxStatistics
from scenarios.campaign import Campaign
from scenarios.cast import SERVICES

T = TypeVar("T")

TRIES = 8
"""How often something is read that is changed meanwhile."""

Doing = Literal["at work", "free", "not there", "silent", "blocked", "gone", "down"]
"""What somebody does: `silent` is who is asked nothing because nothing is heard of them, `gone` who has left for good."""


class AnnotatorSeen(NamedTuple):
    """An annotator at a glimpse.

    Attributes:
        name: of the annotator.
        doing: what they do.
        item: that lies before them; None for none.
        turn: the round of a negotiation that it belongs to; 0 for a first answer.
        overdue: whether its lease is over.
        more: tasks that they have beside it.
        back: simulated seconds at which somebody who is not there means to be back; None for others.
        answers: accepted answers.
        busy: share of the time spent on these.
    """

    name: str
    doing: Doing
    item: Item | None
    turn: int
    overdue: bool
    more: int
    back: float | None
    answers: int
    busy: float


class Money(NamedTuple):
    """Money in units of the user's currency; `budget` is None for no limit."""

    committed: float
    reserved: float
    budget: float | None


class Queues(NamedTuple):
    """What waits, and for whom.

    Attributes:
        open_items: items that were asked for and have no label yet.
        tasks: tasks whose answers would count.
        overdue: tasks whose lease is over.
        questions: items that lack people to answer them.
        rounds: rounds of negotiations that lack members.
        inboxes: messages in the inbox of each agent that is no annotator, and the most there ever were.
        annotators: messages in the inboxes of all annotators, and the most that one of them ever had.
    """

    open_items: int
    tasks: int
    overdue: int
    questions: int
    rounds: int
    inboxes: dict[str, tuple[int, int]]
    annotators: tuple[int, int]


class Glimpse(NamedTuple):
    """A campaign at a moment; times in simulated seconds.

    Attributes:
        name, seed: of the scenario.
        events: so far.
        recorded: events that the log of a run that is resumed holds already, and which are repeated first.
        seconds: so far.
        time: at which it stops; None for no limit.
        labels, wanted: items that have a label, and at how many it stops, or how many there are.
        answers, given_up, revised, faults: counts so far.
        money: so far.
        queues: now.
        annotators: now, in the order of the scenario.
        learns: whether there is a learner.
        version: the newest model; 0 before the first.
        training: whether the next is in training.
        curve: the evaluated versions.
        advised: what stop rules have said.
    """

    name: str
    seed: int
    events: int
    recorded: int
    seconds: float
    time: float | None
    labels: int
    wanted: int
    answers: int
    given_up: int
    revised: int
    faults: int
    money: Money
    queues: Queues
    annotators: Sequence[AnnotatorSeen]
    learns: bool
    version: int
    training: bool
    curve: Sequence[Evaluation]
    advised: Sequence[Advice]

    @property
    def repeating(self) -> bool:
        """Whether all that has happened so far was recorded before."""
        return self.events < self.recorded


def steady(read: Callable[[], T], otherwise: T) -> T:
    """Return what can be read of something that another thread changes; what else to say, if it never holds still.

    A dict or a deque that grows while it is gone through raises RuntimeError. It is copied in one step of the interpreter, so that
    this is rare; and then it is tried again.
    """
    for _ in range(TRIES):
        try:
            return read()
        except RuntimeError:
            continue
    return otherwise


def glimpse_of(campaign: Campaign) -> Glimpse:
    """Return what a campaign has come to, from whatever thread: nothing is changed, and nothing waits."""
    scenario, coordinator = campaign.scenario, campaign.coordinator
    people, register, stop = coordinator.people, coordinator.register, scenario.stop
    tasks: list[Task] = steady(lambda: [*people.tasks.values()], [])
    ledger, curve, chosen_by = people.work.ledger, [*campaign.evaluated], campaign.selector.version
    # Of the last versions, which nobody chooses by any more, the Selector hears nothing.
    version = max(chosen_by, curve[-1].version if curve else 0)
    return Glimpse(
        name=scenario.name,
        seed=scenario.seed,
        events=campaign.events,
        recorded=campaign.recorded,
        seconds=campaign.seconds,
        time=stop.time,
        labels=register.resolved,
        wanted=stop.labels or campaign.pool,
        answers=steady(people.answers.total, 0),
        given_up=register.given_up,
        revised=register.revised,
        faults=steady(lambda: campaign.faults, 0),
        money=Money(ledger.committed, ledger.reserved, stop.budget),
        queues=_queues(campaign, tasks),
        annotators=_annotators(campaign, tasks),
        learns=scenario.learner is not None,
        version=version,
        training=campaign.selector.is_training and version == chosen_by,
        curve=curve,
        advised=[*campaign.advised],
    )


def _queues(campaign: Campaign, tasks: Iterable[Task]) -> Queues:
    coordinator, services = campaign.coordinator, {*SERVICES, *campaign.scenario.seats}
    inboxes = steady(lambda: campaign.inboxes, dict[str, MailboxStatistics]())
    others = [each for name, each in inboxes.items() if name not in services]
    return Queues(
        open_items=steady(lambda: coordinator.open_items, 0),
        tasks=coordinator.people.work.live,
        overdue=sum(not task.live for task in tasks),
        questions=len(coordinator.people.lacking),
        rounds=steady(lambda: len(coordinator.people.calls.rounds), 0),
        inboxes={name: (each.held, each.peak) for name, each in inboxes.items() if name in services},
        annotators=(sum(each.held for each in others), max((each.peak for each in others), default=0)),
    )


def _annotators(campaign: Campaign, tasks: Iterable[Task]) -> list[AnnotatorSeen]:
    people, seconds = campaign.coordinator.people, campaign.seconds
    nothing = dict[str, int]()
    answers, worked = steady(lambda: {**people.answers}, nothing), steady(lambda: {**people.worked}, nothing)
    down = steady(lambda: campaign.down, frozenset[str]())
    had: dict[str, list[Task]] = {}
    for task in tasks:
        had.setdefault(task.name, []).append(task)
    found = []
    for name in campaign.names:
        own = had.get(name, ())
        first = own[0] if own else None
        doing = "down" if name in down else _doing(campaign.coordinator, name, first)
        back = people.roll.away.get(name) if doing == "not there" else None
        found.append(
            AnnotatorSeen(
                name=name,
                doing=doing,
                item=None if first is None else first.item,
                turn=0 if first is None else first.turn,
                overdue=first is not None and not first.live,
                more=max(0, len(own) - 1),
                back=None if back is None else back / SECOND,
                answers=answers.get(name, 0),
                busy=worked.get(name, 0) / SECOND / seconds if seconds else 0.0,
            )
        )
    return found


def _doing(coordinator: Coordinator, name: str, task: Task | None) -> Doing:
    roll = coordinator.people.roll
    if roll.is_blocked(name):
        return "blocked"
    if roll.is_gone(name):
        return "gone"
    if name not in roll.present:
        return "silent"
    if name in roll.away:
        return "not there"
    return "free" if task is None else "at work"
