"""Open arrivals: items that are asked for at given instants, through the real bus, coordinator and annotators.

A campaign's own selector keeps so many items open, which makes a closed population. Queueing theory mostly speaks of customers who
come whenever they come, and here they do.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.agent import Agent
from agents.annotator.annotator import Annotator
from agents.annotator.answering import Answering
from agents.annotator.availability import Availability
from agents.annotator.bidder import Bidder
from agents.annotator.bidding import Bidding
from agents.annotator.change import Change
from agents.annotator.latency import Latency
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.presence import Presence
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.coordinator import Coordinator, Limits
from agents.coordinator.ledger import Ledger, millionths
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy
from agents.coordinator.task import Terms
from agents.items import Truth
from agents.messages import AnswerSubmitted, Item, ItemGivenUp, ItemRequested, ItemResolved, PoolExhausted
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import VirtualLoop, microseconds
from bus.message import Envelope
from tests.agents.samples import at_work
from tests.bus.samples import run_on

Record = Callable[[Envelope], None]
Integers = NDArray[np.int64]

COORDINATOR = "coordinator"


class Worker(NamedTuple):
    """What a person is like; by default somebody who is always right and always there, for nothing."""

    latency: Latency
    noise: Noise = OneCoin(accuracy=1)
    price: float = 0.0
    changes: tuple[Change, ...] = ()
    availability: tuple[Availability, ...] = ()
    bids: tuple[Bidding, ...] = ()


def crowd(count: int, worker: Worker) -> dict[str, Worker]:
    """Return so many people who are alike, crowd-1 and so on."""
    return {f"crowd-{number}": worker for number in range(1, count + 1)}


def poisson(rate: float, count: int, seed: int = 1) -> Iterator[int]:
    """Yield the instants, in microseconds, of so many arrivals: a Poisson process of `rate` a second."""
    luck, now = Chance(seed).keyed("arrivals"), 0.0
    for number in range(count):
        now += luck.luck(number).exponential() / rate
        yield microseconds(now)


class Outcome(NamedTuple):
    """What is left when all who came are served: the coordinator, how many came, and how many found no room."""

    coordinator: Coordinator
    came: int
    turned_away: int


def serve(
    arrivals: Iterable[int],
    people: Mapping[str, Worker],
    record: Record,
    policy: Policy = Majority(),  # noqa: B008 (frozen)
    allocation: Allocation = SharedQueue(),  # noqa: B008 (frozen)
    terms: Terms = Terms(),  # noqa: B008 (frozen)
    budget: float | None = None,
    room: int | None = None,
    seed: int = 1,
) -> Outcome:
    """Ask for items 0, 1, ... at given instants, and run until none is open.

    Nothing is kept of an item that is closed, so that a run may be as long as it likes.

    Args:
        arrivals: the instants, in microseconds, none before the one before it.
        people: who works, by name.
        record: is called with every event, in order: `Book().note`, for one.
        policy, allocation, terms, budget: the coordinator's.
        room: items that may be open; who comes when they are is turned away. None for any number.
        seed: the luck of the people.
    """
    return run_on(VirtualLoop(), _serve(arrivals, people, record, policy, allocation, terms, budget, room, Chance(seed)))  # type: ignore[no-any-return]


async def _serve(
    arrivals: Iterable[int],
    people: Mapping[str, Worker],
    record: Record,
    policy: Policy,
    allocation: Allocation,
    terms: Terms,
    budget: float | None,
    room: int | None,
    chance: Chance,
) -> Outcome:
    bus, truth = MessageBus(record), _AllAlike(("yes", "no"), {})
    coordinator = Coordinator(
        name=COORDINATOR,
        bus=bus,
        classes=truth.classes,
        policy=policy,
        allocation=allocation,
        prices={name: millionths(worker.price) for name, worker in people.items()},
        ledger=Ledger(budget),
        terms=terms,
        limits=Limits(None, None),
        chance=chance,
        comers=[name for name, worker in people.items() if worker.availability],
    )
    selector = _Requester(bus, arrivals, room)
    async with at_work(selector, *(_annotator(name, worker, bus, truth, chance) for name, worker in people.items())):
        await coordinator.run()
    return Outcome(coordinator, selector.came, selector.turned_away)


class _AllAlike(Truth):
    """A truth that needs no room: all items are of the first class."""

    def of(self, item: Item) -> int:
        return 0


def _annotator(name: str, worker: Worker, bus: MessageBus, truth: Truth, chance: Chance) -> Annotator:
    answering = Answering(name, worker.noise, worker.latency, worker.changes, (), None, chance)
    presence = Presence(name, worker.availability, chance) if worker.availability else None
    bidder = Bidder(name, worker.latency, worker.price, worker.bids, chance)
    return Annotator(name, bus, answering, truth, Nature(chance), presence=presence, bidder=bidder)


class _Requester(Agent):
    """Asks for items when they come, whatever becomes of them."""

    def __init__(self, bus: MessageBus, arrivals: Iterable[int], room: int | None) -> None:
        super().__init__("selector", bus, *(() if room is None else (ItemResolved, ItemGivenUp)))
        self._arrivals, self._room = arrivals, room
        self._open = self.came = self.turned_away = 0

    async def run(self) -> None:
        """Ask for one item an arrival, and say when there are no more."""
        for due in self._arrivals:
            assert due >= self.loop.now, "arrivals come one after the other"
            while due > self.loop.now or len(self.inbox):
                self._open -= await self.inbox.get_before(due) is not None
            self.came += 1
            if self._room is not None and self._open >= self._room:
                self.turned_away += 1
                continue
            self._open += 1
            await self.send(ItemRequested(item=self.came - 1, version=0, score=0.0), COORDINATOR)
        await self.send(PoolExhausted(), COORDINATOR)
        while True:
            await self.inbox.get()

    def rebuild(self, history: list[Envelope]) -> None:
        raise AssertionError("no selector goes down here")


class Book:
    """Reads off the events when each item came, and when each task was begun and ended. Times are in microseconds.

    Attributes:
        names: the people, in the order of their first answers.
    """

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self._arrived: dict[Item, int] = {}
        # Numbers in arrays take eight bytes each, and a run may have millions.
        self._tasks = array("q")
        self._labelled = array("q")

    def note(self, event: Envelope) -> None:
        """Take note of an event."""
        body, time = event.body, event.time
        if isinstance(body, AnswerSubmitted):
            arrived = self._arrived.get(body.item)
            if arrived is not None:
                person = self.names.setdefault(event.sender, len(self.names))
                self._tasks.extend((body.item, person, arrived, body.began, time))  # type: ignore[arg-type]
        elif isinstance(body, ItemRequested):
            self._arrived[body.item] = time
        elif isinstance(body, ItemResolved):
            self._labelled.extend((body.item, self._arrived.pop(body.item), time))  # type: ignore[arg-type]

    @property
    def tasks(self) -> "Tasks":
        """The tasks that were answered while their items were open, in the order in which they were."""
        return Tasks(*np.array(self._tasks).reshape(-1, 5).T)

    @property
    def labelled(self) -> "Labelled":
        """The items that got a label, in the order in which they did."""
        return Labelled(*np.array(self._labelled).reshape(-1, 3).T)


class Tasks(NamedTuple):
    """Answered tasks: the item, who (by place in Book.names), when the item came, when work on it began, and when it ended."""

    item: Integers
    person: Integers
    arrived: Integers
    began: Integers
    ended: Integers

    @property
    def waits(self) -> Integers:
        """How long each item waited until work on the task began."""
        return self.began - self.arrived


class Labelled(NamedTuple):
    """Items that got a label: which, when they came, and when they got it."""

    item: Integers
    arrived: Integers
    resolved: Integers

    @property
    def sojourns(self) -> Integers:
        """How long each item was open."""
        return self.resolved - self.arrived
