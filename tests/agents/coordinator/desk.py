"""A coordinator on a real bus, with fake annotators; its log is audited after each run."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping

from agents.agent import Agent
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.shared_queue import SharedQueue
from agents.coordinator.coordinator import Coordinator, Limits
from agents.coordinator.ledger import Ledger, millionths
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy
from agents.coordinator.screening.gold import Gold
from agents.coordinator.task import Terms
from agents.messages import (
    AbstentionSubmitted,
    AnswerSubmitted,
    GoldKnown,
    Item,
    ItemRequested,
    ItemResolved,
    Label,
    PoolExhausted,
    StoppedBy,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskReminded,
    TaskUnderWay,
    View,
)
from agents.negotiation import CallForProposals, PositionStated, ProposalRefused, Proposed
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, microseconds
from bus.faults import Faults
from bus.faulty import FaultyBus
from bus.message import Envelope, Message
from tests.agents.coordinator.audit import Audit
from tests.agents.samples import at_work
from tests.bus.samples import Recorder

CLASSES = (0, 1, 2, 3, "no", "yes", "maybe", "a", "b", "c")

CANNOT_TELL = "I can't tell"
"""What a fake annotator answers to give no label."""

Reply = Callable[[Item, int], tuple[float, Label | None]]
"""What a fake annotator answers about an item at an attempt: after how many seconds, and what; None for declining."""


def always(label: Label | None, seconds: float = 1.0) -> Reply:
    """Give the same answer after the same time."""
    return lambda _item, _attempt: (seconds, label)


React = Callable[[str, View], Label]
"""What a fake annotator holds, by name, who is shown what others hold."""


Bid = Callable[[str, CallForProposals, int], Proposed | ProposalRefused | None]
"""What a fake annotator replies to a call for proposals, by name, with so many tasks; None for nothing."""


def silent(_item: Item, _attempt: int) -> tuple[float, Label]:
    """Never say anything."""
    return math.inf, "silence"


class FakeAnnotator(Agent):
    """Does what a test's script says. Of a task that is done, it says the same again when it is reminded, unless it is silent.

    Who is to reconsider holds what `react` has them hold, after the time that the script has for the attempt. Called for proposals,
    they say what `bid` has them say; by default, that each of their tasks takes a second, and their price.
    """

    def __init__(
        self, name: str, bus: MessageBus, reply: Reply, react: React | None = None, bid: Bid | None = None, price: float = 0.0
    ) -> None:
        super().__init__(name, bus)
        self._reply, self._react, self._bid, self._price = reply, react, bid, price
        self._waiting: deque[Envelope] = deque()
        self._said: dict[tuple[Item, int], Envelope] = {}

    async def run(self) -> None:
        while True:
            envelope = self._waiting.popleft() if self._waiting else await self.inbox.get()
            body = envelope.body
            if isinstance(body, TaskReminded):
                await self._say_again(body)
            elif isinstance(body, CallForProposals):
                await self._answer_call(envelope, body, 0)
            elif isinstance(body, TaskAssigned):
                seconds, label = self._reply(body.item, body.attempt)
                if seconds < math.inf:
                    await self._work(envelope, body, self.loop.now + microseconds(seconds), label)

    async def _work(self, envelope: Envelope, task: TaskAssigned, due: int, label: Label | None) -> None:
        began = self.loop.now
        while (interruption := await self.inbox.get_before(due)) is not None:
            other = interruption.body
            if isinstance(other, TaskCancelled):
                if (other.item, other.attempt) == (task.item, task.attempt):
                    return
                self._strike_out(other)
            if isinstance(other, TaskAssigned):
                self._waiting.append(interruption)
            if isinstance(other, CallForProposals):
                await self._answer_call(interruption, other, 1 + len(self._waiting))
            if isinstance(interruption.body, TaskReminded):
                await self.send(TaskUnderWay(item=task.item, attempt=task.attempt), envelope.sender, interruption)
        body: Message = TaskDeclined(item=task.item, attempt=task.attempt)
        view = task.view
        if view is not None and view[0] and label is not None and label != CANNOT_TELL:
            held = label if self._react is None else self._react(self.name, view)
            body = PositionStated(item=task.item, attempt=task.attempt, turn=view[0], label=held, began=began)
        elif label == CANNOT_TELL:
            body = AbstentionSubmitted(item=task.item, attempt=task.attempt, began=began)
        elif label is not None:
            body = AnswerSubmitted(item=task.item, attempt=task.attempt, label=label, began=began)
        self._said[task.item, task.attempt] = await self.send(body, envelope.sender, envelope)

    def _strike_out(self, cancelled: TaskCancelled) -> None:
        key = (cancelled.item, cancelled.attempt)
        self._waiting = deque(each for each in self._waiting if (each.body.item, each.body.attempt) != key)

    async def _answer_call(self, envelope: Envelope, call: CallForProposals, tasks: int) -> None:
        bid: Message | None = Proposed(tender=call.tender, item=call.item, eta=(tasks + 1) * SECOND, price=self._price)
        if self._bid is not None:
            bid = self._bid(self.name, call, tasks)
        if bid is not None:
            await self.send(bid, envelope.sender, envelope)

    async def _say_again(self, task: TaskReminded) -> None:
        said = self._said.get((task.item, task.attempt))
        if said is not None:
            await self.send(said.body, said.recipient, said.cause)

    def rebuild(self, history: list[Envelope]) -> None:
        raise AssertionError("no annotator goes down here")


class Desk:
    """A coordinator, fake annotators, and items asked for as a selector would.

    Args:
        replies: the script of each annotator.
        prices: of those who are not free.
        times: what Coordinator and Limits take, but in seconds.
        able: as for Coordinator.
        faults: what goes wrong on the way; None for a bus without faults.
        gold: as for Coordinator.
        known: gold items, and what they truly are.
        react: what people hold who are shown what others hold; None for what their script says.
        bid: what people reply to calls for proposals; None for what they do by default.
        allocation, topics, quotas, comers: the coordinator's.
        scores: of items that are wanted more than others.
    """

    def __init__(
        self,
        replies: Mapping[str, Reply],
        policy: Policy = Majority(),  # noqa: B008 (frozen)
        prices: Mapping[str, float] | None = None,
        budget: float | None = None,
        lease: float | None = None,
        pay_cancelled: bool = True,
        labels: int | None = None,
        time: float | None = None,
        seed: int = 7,
        retry: float | None = None,
        tries: int = 2,
        able: Mapping[Item, Collection[str]] | None = None,
        faults: Faults | None = None,
        gold: Gold | None = None,
        known: Mapping[Item, Label] | None = None,
        react: React | None = None,
        allocation: Allocation = SharedQueue(),  # noqa: B008 (frozen)
        topics: Mapping[Item, str] | None = None,
        quotas: Mapping[str, int] | None = None,
        scores: Mapping[Item, float] | None = None,
        comers: Collection[str] = (),
        bid: Bid | None = None,
    ) -> None:
        self.record = Recorder()
        self.watchers: list[Callable[[Envelope], None]] = [self.record.append]
        services = ("coordinator", "selector", "campaign")
        self.bus = MessageBus(self._note) if faults is None else FaultyBus(self._note, faults.plan(Chance(seed)), services)
        self.policy = policy
        self.prices = {name: millionths((prices or {}).get(name, 0.0)) for name in replies}
        self.budget = None if budget is None else millionths(budget)
        self.pay_cancelled = pay_cancelled
        self.stopped_by: StoppedBy | None = None
        self.able = able
        self.gold = gold
        self.known = dict(known or {})
        self.allocation, self.topics, self.scores, self.comers = allocation, topics, dict(scores or {}), comers
        self._budget = budget
        self._terms = Terms(
            None if lease is None else microseconds(lease),
            pay_cancelled,
            None if retry is None else microseconds(retry),
            tries,
            quotas,
        )
        self._limits = Limits(labels, None if time is None else microseconds(time))
        self._seed = seed
        self._strike: tuple[int, int] | None = None
        self._running: asyncio.Task[StoppedBy] | None = None
        self.coordinator = self.appoint(self.bus)
        self.people: list[Agent] = [
            FakeAnnotator(name, self.bus, reply, react, bid, (prices or {}).get(name, 0.0)) for name, reply in replies.items()
        ]

    def appoint(self, bus: MessageBus) -> Coordinator:
        """Return a new coordinator for this desk."""
        return Coordinator(
            name="coordinator",
            bus=bus,
            classes=CLASSES,
            policy=self.policy,
            allocation=self.allocation,
            prices=self.prices,
            ledger=Ledger(self._budget),
            terms=self._terms,
            limits=self._limits,
            chance=Chance(self._seed),
            able=self.able,
            gold=self.gold,
            comers=self.comers,
            topics=self.topics,
        )

    def strike(self, event: int, turns: int = 0) -> None:
        """Let the coordinator go down when so many events, and then so many turns of the loop, have passed; it is back at once."""
        self._strike = (event, turns)

    async def say(self, second: float, name: str, body: Message) -> None:
        """Have somebody say something to the coordinator at a certain second."""
        await asyncio.sleep(second - self.bus.loop.time())
        await self.bus.publish(body, name, "coordinator")

    async def run(self, *items: Item, linger: float = 0, then: Iterable[Item] = ()) -> StoppedBy:
        """Ask for items at once, for others after some seconds, and say that there are no more; audit what came of it."""
        async with at_work(*self.people):
            running = asyncio.create_task(self._live())
            if self.known:
                labels = GoldKnown(items=(*self.known,), labels=(*self.known.values(),))
                await self.bus.publish(labels, "campaign", "coordinator")
            await self._request(items)
            await asyncio.wait([running], timeout=linger)
            if not running.done():
                await self._request(then)
                await self.bus.publish(PoolExhausted(), "selector", "coordinator")
            self.stopped_by = await running
        Audit(self).run()
        return self.stopped_by

    async def _live(self) -> StoppedBy:
        self._running = running = asyncio.create_task(self.coordinator.run(), name="coordinator")
        await asyncio.wait([running])
        if not running.cancelled():
            return running.result()
        assert isinstance(self.bus, FaultyBus)
        self.bus.bring_down("coordinator", self.bus.loop.now)
        self.coordinator = self.appoint(self.bus)
        self.coordinator.rebuild(self.bus.history)
        self.bus.bring_up("coordinator")
        return await self.coordinator.run()

    def _go_down(self, turns: int) -> None:
        assert self._running is not None
        if turns:
            self.bus.loop.call_soon(self._go_down, turns - 1)
        else:
            self._running.cancel()

    def _note(self, event: Envelope) -> None:
        for watcher in self.watchers:
            watcher(event)
        if self._strike is not None and event.seq == self._strike[0]:
            self.bus.loop.call_soon(self._go_down, self._strike[1])

    async def _request(self, items: Iterable[Item]) -> None:
        for item in items:
            await self.bus.publish(ItemRequested(item=item, version=0, score=self.scores.get(item, 0.0)), "selector", "coordinator")

    # What the record says

    @property
    def labels(self) -> dict[Item, Label]:
        return {event.body.item: event.body.label for event in self.record.of(ItemResolved)}

    @property
    def assigned(self) -> list[tuple[float, str, Item, int]]:
        """Second, annotator, item and attempt of each task."""
        tasks = self.record.of(TaskAssigned)
        return [(event.time / SECOND, event.recipient, event.body.item, event.body.attempt) for event in tasks]
