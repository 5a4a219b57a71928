"""The coordinator: runs a policy for each open item, and ends the campaign."""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping
from typing import NamedTuple

from agents.agent import Agent
from agents.component import Unusable
from agents.coordinator.agreement import Agreement
from agents.coordinator.allocation import Allocation
from agents.coordinator.crowd import Answer, Enough, NobodyLeft
from agents.coordinator.dispatcher import REPLIES, Dispatcher
from agents.coordinator.heard import heard_of
from agents.coordinator.ledger import Ledger
from agents.coordinator.policy import Policy
from agents.coordinator.request import Asked, Request
from agents.coordinator.task import Terms
from agents.messages import (
    CampaignEnded,
    Item,
    ItemGivenUp,
    ItemRequested,
    ItemResolved,
    Label,
    PoolExhausted,
    StoppedBy,
)
from agents.state import State, event_of
from bus.bus import MessageBus
from bus.chance import Chance, Luck
from bus.message import EVERYONE, Envelope


class Limits(NamedTuple):
    """When to stop: resolved labels, and simulated microseconds. The budget is the ledger's."""

    labels: int | None
    time: int | None


class _History:
    """What is remembered of an open item: the last event towards its label, who was asked, the answers so far.

    `recalled` are answers of before a restart, which the policy will ask for again.
    """

    __slots__ = ("answers", "asked", "recalled", "resolving", "seq")

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.resolving: asyncio.Task[None] | None = None
        self.asked = Asked()
        self.answers: list[Answer] = []
        self.recalled: deque[Answer] = deque()


class Coordinator(Agent):
    """Decides who is asked, and what the answers amount to. It is the crowd that policies see.

    Args:
        name, bus: as for every agent.
        classes: the classes there are.
        policy: how an item's label is reached.
        allocation: who gets which question.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        terms: on what terms people work.
        limits: when to stop.
        chance: the run's randomness.
        able: for items of which not everybody can say anything, who can; None if everybody can answer everything.
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
        terms: Terms,
        limits: Limits,
        chance: Chance,
        able: Mapping[Item, Collection[str]] | None = None,
    ) -> None:
        super().__init__(name, bus, capacity=4 * len(prices) + 4096)
        self.people = Dispatcher(name, bus, self.inbox, allocation, prices, ledger, terms)
        self.agreement = Agreement()
        self.resolved = 0
        self.given_up = 0
        self._classes = frozenset(classes)
        self._policy = policy
        self._headcount = len(prices)
        self._limits = limits
        self._able = able
        self._luck = chance.keyed("coordinator")
        self._open: dict[Item, _History] = {}
        self._asking: set[Item] = set()
        self._exhausted = False
        self._ended: StoppedBy | None = None

    # The crowd, as policies see it

    async def ask(self, item: Item, votes: int, enough: Enough | None = None) -> list[Answer]:
        """Return the answers of so many different people; see Crowd."""
        history, people = self._open[item], self.people
        answered = len(history.asked.answered)
        if not 1 <= votes <= self._headcount - answered:
            raise Unusable(
                f"coordination.policy asks {votes} people about item {item!r}, of {self._headcount} annotators, "
                f"{answered} of whom have answered it"
            )
        if item in self._asking:
            raise Unusable(f"coordination.policy asks about item {item!r} while it is waiting for answers to it")
        able = None if self._able is None else self._able.get(item, ())
        request = Request(item, votes, enough, self.loop.new_future(), history.seq, people.present, history.asked, able)
        self._asking.add(item)
        try:
            if not (people.is_rebuilt and self._recall(request, history)):
                await people.want(request)
                await people.outcome(request)
        finally:
            self._asking.discard(item)
            history.answers += request.answers
        history.seq = request.answers[-1].seq
        return request.answers

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._luck.luck(item)

    def _recall(self, request: Request, history: _History) -> bool:
        """Give a request the answers of before a restart, and return whether they suffice."""
        while history.recalled:
            if request.accept(history.recalled.popleft()):
                return True
        self.people.take_up(request)
        return False

    # The agent

    @property
    def open_items(self) -> int:
        """Items requested that have no label."""
        return len(self._open)

    async def run(self) -> StoppedBy:
        """Take requests and answers, until a limit is reached or nothing is left to do, and return which."""
        if self._ended is not None:
            return self._ended
        if self._limits.time is not None:
            self.loop.call_at_instant(self._limits.time, self.inbox.nudge)
        people, watch = self.people, self.people.watch
        async with asyncio.TaskGroup() as group:
            await self._take_up(group)
            while (reason := self._reason_to_stop()) is None:
                envelope = await self.inbox.get_before(None)
                # First the leases: an answer that comes at the instant at which one has ended is late.
                if watch.is_due:
                    await people.see_to_time()
                if envelope is not None:
                    await self._hear(envelope, group)
                if people.lacking and people.idle:
                    await people.assign()
            for history in self._open.values():
                if history.resolving is not None:
                    history.resolving.cancel()
        await self._wind_up(reason)
        return reason

    async def _take_up(self, group: asyncio.TaskGroup) -> None:
        """Begin anew with the items that were open before a restart."""
        if self._reason_to_stop() is not None:
            # A limit was reached while nobody was there to see it: nothing more is to be asked, or settled.
            return
        for item, history in self._open.items():
            self._begin(item, history, group)
        if self.people.is_rebuilt:
            # Let policies ask for what is under way, before it is there.
            await self.loop.timer(0)

    async def _hear(self, envelope: Envelope, group: asyncio.TaskGroup) -> None:
        body = envelope.body
        if isinstance(body, REPLIES):
            await self.people.take(envelope, body)
        elif isinstance(body, ItemRequested):
            self._open[body.item] = history = _History(envelope.seq)
            self._begin(body.item, history, group)
        elif isinstance(body, PoolExhausted):
            self._exhausted = True

    def _begin(self, item: Item, history: _History, group: asyncio.TaskGroup) -> None:
        history.resolving = group.create_task(self._resolve(item), name=f"resolving {item!r}")

    def _reason_to_stop(self) -> StoppedBy | None:
        (labels, time), people = self._limits, self.people
        if labels is not None and self.resolved >= labels:
            return "labels"
        if time is not None and self.loop.now >= time:
            return "time"
        if self._exhausted and not self._open:
            return "pool"
        # A policy that has its answers, and has not run yet, is about to settle on a label: it is not for want of money.
        if people.lacking and not people.live and not people.deciding and people.is_broke():
            return "budget"
        return None

    # Items

    async def _resolve(self, item: Item) -> None:
        try:
            label, answers = await self._policy.resolve(item, self)
            if label not in self._classes:
                raise Unusable(f"coordination.policy settled on {label!r} for item {item!r}, which is none of the classes")
        except NobodyLeft as lack:
            await self._give_up(item, str(lack))
            return
        except Exception:
            # What is recorded from here on, while everything is stopped, would not be what the run is when the fault is mended.
            self.bus.fall_silent()
            raise
        history = self._open.pop(item)
        if self.people.is_rebuilt:
            await self.people.cancel_unclaimed(item)
        self.resolved += 1
        self.agreement.add([answer.label for answer in history.answers])
        resolved = ItemResolved(item=item, label=label, votes=len(answers), revision=0)
        await self.bus.publish(resolved, self.name, EVERYONE, history.seq)
        if self._reason_to_stop() is not None:
            self.inbox.nudge()

    async def _give_up(self, item: Item, reason: str) -> None:
        history = self._open.pop(item)
        self.given_up += 1
        await self.send(ItemGivenUp(item=item, reason=reason), cause=history.seq)
        self.inbox.nudge()

    async def _wind_up(self, reason: StoppedBy) -> None:
        """Cancel what is under way, give up what is open, and say that it is over."""
        people = self.people
        for name in [name for name, task in people.tasks.items() if task.live]:
            await people.cancel(name)
        # What was said up to this very instant is late now.
        self.bus.read_up(self.name)
        while len(self.inbox):
            envelope = await self.inbox.get()
            if isinstance(envelope.body, REPLIES):
                await people.take(envelope, envelope.body)
            elif isinstance(envelope.body, ItemRequested):
                self._open[envelope.body.item] = _History(envelope.seq)
        for item, history in self._open.items():
            await self.send(ItemGivenUp(item=item, reason=reason), cause=history.seq)
        await self.send(CampaignEnded(stopped_by=reason))
        self.log.info("the campaign has ended", stopped_by=reason, labels=self.resolved)

    # After a restart

    def rebuild(self, history: list[Envelope]) -> None:
        """Take up the campaign where the log says that it was left: policies begin anew, and get the answers that there were."""
        state = State()
        for envelope in history:
            state.apply(event_of(envelope))
        state.settle()
        self.resolved, self.given_up, self.agreement = state.resolved, state.given_up, state.agreement
        self._exhausted, self._ended = state.exhausted, state.stopped_by
        self.people.rebuild(state, heard_of(history), self._keep)
        for item, known in state.open.items():
            self._open[item] = opened = _History(known.seq)
            opened.asked.times = dict(known.asked)
            opened.asked.declined.update(known.declined)
            opened.recalled.extend(Answer(vote.annotator, vote.label, vote.seq) for vote in known.votes)

    def _keep(self, item: Item, name: str, answer: Answer | None) -> None:
        """Remember for a policy that takes its time what somebody answered before it asked."""
        history = self._open[item]
        if answer is None:
            history.asked.declined.add(name)
        else:
            history.recalled.append(answer)
