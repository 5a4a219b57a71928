"""The coordinator: runs a policy for each open item, hands out tasks, keeps the money, and ends the campaign."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from agents.agent import Agent
from agents.component import Unusable
from agents.coordinator.agreement import Agreement
from agents.coordinator.allocation import Allocation
from agents.coordinator.crowd import Answer, Enough
from agents.coordinator.ledger import MILLIONTHS, Ledger
from agents.coordinator.policy import Policy
from agents.coordinator.request import Request
from agents.messages import (
    AnswerLate,
    AnswerSubmitted,
    CampaignEnded,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    Label,
    PoolExhausted,
    StoppedBy,
    TaskAssigned,
    TaskCancelled,
    TaskExpired,
)
from bus.bus import MessageBus
from bus.chance import Chance, Luck
from bus.message import EVERYONE, Envelope


class Limits(NamedTuple):
    """When to stop: resolved labels, and simulated microseconds. The budget is the ledger's."""

    labels: int | None
    time: int | None


class _Task:
    """A task that an annotator is at. Not live any more, its answer will be late."""

    __slots__ = ("attempt", "due", "live", "price", "request", "seq")

    def __init__(self, request: Request, attempt: int, price: int, seq: int, due: int | None) -> None:
        self.request = request
        self.attempt = attempt
        self.price = price
        self.seq = seq
        self.due = due
        self.live = True


class _History:
    """What is remembered of an open item: the last event towards its label, who was asked how often, who answered."""

    __slots__ = ("answered", "asked", "resolving", "seq")

    def __init__(self, seq: int, resolving: asyncio.Task[None]) -> None:
        self.seq = seq
        self.resolving = resolving
        self.asked: dict[str, int] = {}
        self.answered: set[str] = set()


class Coordinator(Agent):
    """Decides who is asked, and what the answers amount to. It is the crowd that policies see.

    Args:
        name, bus: as for every agent.
        classes: the classes there are.
        policy: how an item's label is reached.
        allocation: who gets which question.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        lease: microseconds in which an answer is due; None for ever.
        pay_cancelled: whether a cancelled task is paid, the work on it having begun.
        limits: when to stop.
        chance: the run's randomness.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        classes: Collection[Label],
        policy: Policy,
        allocation: Allocation,
        prices: Mapping[str, int],
        ledger: Ledger,
        lease: int | None,
        pay_cancelled: bool,
        limits: Limits,
        chance: Chance,
    ) -> None:
        super().__init__(name, bus, capacity=4 * len(prices) + 4096)
        self.ledger = ledger
        self.agreement = Agreement()
        self.resolved = 0
        self.expired = 0
        self.answers: Counter[str] = Counter()
        self.late: Counter[str] = Counter()
        self.worked: Counter[str] = Counter()
        """Microseconds that each annotator spent on accepted answers."""
        self._classes = frozenset(classes)
        self._policy = policy
        # A method that is looked up on a pydantic model each time costs as much as a call.
        self._match = allocation.match
        self._prices = prices
        self._dearest = max(prices.values())
        self._lease = lease
        self._pay_cancelled = pay_cancelled
        self._limits = limits
        self._luck = chance.keyed("coordinator")
        self._open: dict[Item, _History] = {}
        self._asking: set[Item] = set()
        self._lacking: OrderedDict[Item, Request] = OrderedDict()
        self._idle: dict[str, None] = dict.fromkeys(prices)
        self._tasks: dict[str, _Task] = {}
        self._live = 0
        self._deciding = 0
        self._leases: deque[tuple[int, str, _Task]] = deque()
        self._lease_is_watched = False
        self._lease_has_ended = False
        self._exhausted = False

    # The crowd, as policies see it

    async def ask(self, item: Item, votes: int, enough: Enough | None = None) -> list[Answer]:
        """Return the answers of so many different people; see Crowd."""
        history = self._open[item]
        people = len(self._prices)
        if not 1 <= votes <= people - len(history.answered):
            raise Unusable(
                f"coordination.policy asks {votes} people about item {item!r}, of {people} annotators, "
                f"{len(history.answered)} of whom have answered it"
            )
        if item in self._asking:
            raise Unusable(f"coordination.policy asks about item {item!r} while it is waiting for answers to it")
        done: asyncio.Future[list[Answer]] = self.loop.new_future()
        request = Request(item, votes, enough, done, history.seq, people, history.asked, history.answered)
        self._asking.add(item)
        self._lacking[item] = request
        if self._idle:
            await self._assign()
        if not self._live:
            # Nobody could be asked: perhaps the money is spent, which is for run() to see.
            self.inbox.nudge()
        answers = await done
        self._asking.discard(item)
        self._deciding -= 1
        history.seq = answers[-1].seq
        return answers

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._luck.luck(item)

    # The agent

    @property
    def open_items(self) -> int:
        """Items requested that have no label."""
        return len(self._open)

    async def run(self) -> StoppedBy:
        """Take requests and answers, until a limit is reached or nothing is left to do, and return which."""
        if self._limits.time is not None:
            self.loop.call_at_instant(self._limits.time, self.inbox.nudge)
        async with asyncio.TaskGroup() as group:
            while (reason := self._reason_to_stop()) is None:
                envelope = await self.inbox.get_before(None)
                # First the leases: an answer that comes at the instant at which one has ended is late.
                if self._lease_has_ended:
                    await self._expire_leases()
                if envelope is None:
                    pass
                elif isinstance(envelope.body, AnswerSubmitted):
                    await self._take(envelope, envelope.body)
                else:
                    self._take_note(envelope, group)
                if self._lacking and self._idle:
                    await self._assign()
            for history in self._open.values():
                history.resolving.cancel()
        await self._wind_up(reason)
        return reason

    def _take_note(self, envelope: Envelope, group: asyncio.TaskGroup) -> None:
        body = envelope.body
        if isinstance(body, ItemRequested):
            resolving = group.create_task(self._resolve(body.item), name=f"resolving {body.item!r}")
            self._open[body.item] = _History(envelope.seq, resolving)
        elif isinstance(body, PoolExhausted):
            self._exhausted = True

    def _reason_to_stop(self) -> StoppedBy | None:
        labels, time = self._limits
        if labels is not None and self.resolved >= labels:
            return "labels"
        if time is not None and self.loop.now >= time:
            return "time"
        if self._exhausted and not self._open:
            return "pool"
        # A policy that has its answers, and has not run yet, is about to settle on a label: it is not for want of money.
        if self._lacking and not self._live and not self._deciding and self._is_broke():
            return "budget"
        return None

    def _is_broke(self) -> bool:
        """Return whether, with nothing under way, money is why nobody can be asked."""
        affordable = [name for name, price in self._prices.items() if self.ledger.affords(price)]
        everyone_waits = len(self._idle) == len(self._prices)
        return not affordable or (everyone_waits and len(affordable) < len(self._prices))

    # Tasks

    async def _assign(self) -> None:
        """Bring together people and questions, as long as there are both and money."""
        while self._lacking and self._idle:
            idle: Iterable[str] = self._idle
            if not self.ledger.affords(self._dearest):
                idle = [name for name in self._idle if self.ledger.affords(self._prices[name])]
            match = self._match(self._lacking.values(), idle)
            if match is None:
                return
            request, name = match
            price = self._prices[name]
            self.ledger.reserve(price)
            attempt = request.assign(name)
            del self._idle[name]
            if not request.lacking:
                del self._lacking[request.item]
            due = None if self._lease is None else self.loop.now + self._lease
            body = TaskAssigned(item=request.item, attempt=attempt, price=price / MILLIONTHS, lease_until=due)
            assignment = await self.bus.publish(body, self.name, name, request.cause)
            self._tasks[name] = task = _Task(request, attempt, price, assignment.seq, due)
            self._live += 1
            if due is not None:
                self._leases.append((due, name, task))
                self._watch_leases()

    async def _take(self, envelope: Envelope, answer: AnswerSubmitted) -> None:
        name = envelope.sender
        task = self._tasks.get(name)
        if task is None or (task.request.item, task.attempt) != (answer.item, answer.attempt):
            await self._take_late(envelope, answer)
            return
        del self._tasks[name]
        self._idle[name] = None
        if not task.live:
            await self._take_late(envelope, answer)
            return
        task.live = False
        self._live -= 1
        self.ledger.commit(task.price)
        self.answers[name] += 1
        self.worked[name] += 0 if answer.began is None else envelope.time - answer.began
        if task.request.accept(Answer(name, answer.label, envelope.seq)):
            await self._complete(task.request, envelope)

    async def _take_late(self, envelope: Envelope, answer: AnswerSubmitted) -> None:
        self.late[envelope.sender] += 1
        await self.send(AnswerLate(item=answer.item, annotator=envelope.sender, attempt=answer.attempt), cause=envelope)

    async def _complete(self, request: Request, cause: Envelope) -> None:
        """Hand the answers to the policy, and cancel what is under way beyond them."""
        self._lacking.pop(request.item, None)
        if request.under_way:
            for name in [name for name, task in self._tasks.items() if task.request is request and task.live]:
                await self._cancel(name, cause)
        if not request.done.done():
            request.done.set_result(request.answers)
            self._deciding += 1

    async def _cancel(self, name: str, cause: Envelope | None) -> None:
        task = self._tasks.pop(name)
        self._idle[name] = None
        self._end(task)
        # People begin a task as soon as they get it, so the work on a task under way has always begun.
        settle = self.ledger.commit if self._pay_cancelled else self.ledger.release
        settle(task.price)
        cancelled = TaskCancelled(item=task.request.item, attempt=task.attempt, paid=self._pay_cancelled)
        await self.send(cancelled, name, cause or task.seq)

    def _watch_leases(self) -> None:
        """Have run() look when the oldest lease has ended. All being equally long, they end in the order of assignment."""
        if self._leases and not self._lease_is_watched:
            self._lease_is_watched = True
            # An answer that comes at the very end of its lease is in time.
            self.loop.call_at_instant(self._leases[0][0] + 1, self._end_lease)

    def _end_lease(self) -> None:
        self._lease_is_watched = False
        self._lease_has_ended = True
        self.inbox.nudge()

    async def _expire_leases(self) -> None:
        self._lease_has_ended = False
        while self._leases and (self._leases[0][0] < self.loop.now or not self._leases[0][2].live):
            _, name, task = self._leases.popleft()
            if task.live:
                await self._expire(name, task)
        self._watch_leases()

    async def _expire(self, name: str, task: _Task) -> None:
        self._end(task)
        self.ledger.release(task.price)
        self.expired += 1
        request = task.request
        expired = TaskExpired(item=request.item, annotator=name, attempt=task.attempt)
        event = await self.send(expired, cause=task.seq)
        request.expire(name, event.seq)
        # It has waited longest: it goes before what was asked for later.
        self._lacking[request.item] = request
        self._lacking.move_to_end(request.item, last=False)

    def _end(self, task: _Task) -> None:
        task.live = False
        self._live -= 1

    # Items

    async def _resolve(self, item: Item) -> None:
        try:
            label, answers = await self._policy.resolve(item, self)
            if label not in self._classes:
                raise Unusable(f"coordination.policy settled on {label!r} for item {item!r}, which is none of the classes")
        except Exception:
            # What is recorded from here on, while everything is stopped, would not be what the run is when the fault is mended.
            self.bus.fall_silent()
            raise
        history = self._open.pop(item)
        self.resolved += 1
        self.agreement.add([answer.label for answer in answers])
        resolved = ItemResolved(item=item, label=label, votes=len(answers), revision=0)
        await self.bus.publish(resolved, self.name, EVERYONE, history.seq)
        if self._reason_to_stop() is not None:
            self.inbox.nudge()

    async def _wind_up(self, reason: StoppedBy) -> None:
        """Cancel what is under way, give up what is open, and say that it is over."""
        for name in [name for name, task in self._tasks.items() if task.live]:
            await self._cancel(name, None)
        for item, history in self._open.items():
            await self.send(ItemGivenUp(item=item, reason=reason), cause=history.seq)
        await self.send(CampaignEnded(stopped_by=reason))
        self.log.info("the campaign has ended", stopped_by=reason, labels=self.resolved)
