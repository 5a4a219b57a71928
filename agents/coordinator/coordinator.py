"""The coordinator: runs a policy for each open item, and ends the campaign."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from agents.agent import Agent
from agents.component import Unusable
from agents.coordinator.allocation import Allocation, Workforce
from agents.coordinator.bills import Bills
from agents.coordinator.crowd import Answer, GivenUp, NobodyLeft
from agents.coordinator.dispatcher import Dispatcher
from agents.coordinator.docket import Case, Docket
from agents.coordinator.foresight import Foresight
from agents.coordinator.heard import heard_of
from agents.coordinator.learning import Learning
from agents.coordinator.ledger import Ledger
from agents.coordinator.panel import Panel
from agents.coordinator.places import Places
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.recollection import recollect
from agents.coordinator.register import Register
from agents.coordinator.replies import BIDS, REPLIES, WORDS
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.screening import Screening
from agents.coordinator.secretary import Secretary
from agents.coordinator.task import Terms
from agents.messages import (
    CampaignEnded,
    GoldKnown,
    Item,
    ItemRequested,
    Label,
    ModelPublished,
    PoolExhausted,
    StoppedBy,
    StoppingAdvised,
)
from agents.open_item import Vote
from bus.bus import MessageBus
from bus.chance import Chance
from bus.message import Envelope


class Limits(NamedTuple):
    """When to stop: resolved labels, simulated microseconds, and whether at the Selector's word. The budget is the ledger's."""

    labels: int | None
    time: int | None
    advice: bool = False


class Coordinator(Agent):
    """Decides who is asked, and what the answers amount to.

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
        extends: whether one more answer may be wanted for items that have a label.
        counts: whether the answers are to be said before each label, even where no more are wanted.
        gold: when gold questions are asked, and what is made of the answers; None if there are none.
        comers: annotators who come and go, and say so.
        topics: what each item is about; empty where the data do not say.
        foresight: what the newest model says of items; None where no policy goes by it.
        bills: what work on items has cost, which is said before each label; None if nobody wants to know.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        classes: Sequence[Label],
        policy: Policy,
        allocation: Allocation,
        prices: Mapping[str, int],
        ledger: Ledger,
        terms: Terms,
        limits: Limits,
        chance: Chance,
        able: Mapping[Item, Collection[str]] | None = None,
        extends: bool = False,
        counts: bool = False,
        gold: Gold | None = None,
        comers: Collection[str] = (),
        topics: Mapping[Item, str] | None = None,
        foresight: Foresight | None = None,
        bills: Bills | None = None,
    ) -> None:
        wanted = (*(WORDS if comers else ()), *((ModelPublished,) if foresight is not None else ()))
        wanted = (*wanted, *((StoppingAdvised,) if limits.advice else ()))
        super().__init__(name, bus, *wanted, capacity=4 * len(prices) + 4096)
        self.belief = policy.belief_of_chain(classes)
        router = allocation.router(Workforce((*prices,), prices, classes, chance, bus.loop, topics or {}))
        self._learning: tuple[Learning, ...] = tuple(
            each for each in (self.belief, router if router.learns else None) if each is not None
        )
        heed = self._tell if self._learning else None
        examiner = None if gold is None else Examiner(name, bus, gold, [*prices], chance, able)
        voids = gold is not None and gold.retroactive
        self._docket = Docket(remembers=extends or voids or self.belief is not None)
        self.secretary = secretary = Secretary(name, bus, self._docket)
        self.people = Dispatcher(
            name, bus, self.inbox, router, prices, ledger, terms, chance, self._keep, secretary.minute, heed, examiner, comers,
            bills,
        )  # fmt: skip
        self.register = Register(name, bus, self._docket, secretary, self._learning, extends or counts, bills)
        self._classes = frozenset(classes)
        self._policy = policy
        self._limits = limits
        self._foresight, self._bills = foresight, bills
        self.places = places = Places(name, bus, self.inbox, self._docket)
        self._panel = Panel(
            bus.loop, self._docket, self.people, secretary, places, prices, chance, self.belief, able, classes, foresight
        )
        self.screening = (
            None
            if examiner is None
            else Screening(name, bus, examiner, self.people, self._docket, self._learning, self._begin, self._reopen, secretary)
        )
        self._group: asyncio.TaskGroup | None = None
        self._unscored: Sequence[tuple[Item, Vote]] = ()
        self._unread: dict[Item, tuple[int, float]] = {}
        """Requests for one more answer that came when nobody was there to read them."""
        self._exhausted = self._is_advised = False
        self._ended: StoppedBy | None = None

    # The agent

    @property
    def open_items(self) -> int:
        """Items requested that have no label yet."""
        # A copy: who watches a run asks from a thread of their own.
        return sum(case.label is None for case in [*self._docket.open.values()])

    async def run(self) -> StoppedBy:
        """Take requests and answers, until a limit is reached or nothing is left to do, and return which."""
        if self._ended is not None:
            return self._ended
        if self._limits.time is not None:
            self.loop.call_at_instant(self._limits.time, self.inbox.nudge)
        people, watch = self.people, self.people.work.watch
        people.reception.open(self.loop.now)
        async with asyncio.TaskGroup() as self._group:
            await self._take_up()
            while (reason := self._reason_to_stop()) is None or (reason == "budget" and people.calls):
                if reason is not None:
                    await people.requests.break_up()
                envelope = await self.inbox.get_before(None)
                # First the leases: an answer that comes at the instant at which one has ended is late.
                if watch.is_due:
                    await people.see_to_time()
                if envelope is not None:
                    await self._hear(envelope)
                if (people.idle or people.market is not None) and people.is_wanting:
                    await people.assign()
            for case in self._docket.open.values():
                if case.resolving is not None:
                    case.resolving.cancel()
        await self._wind_up(reason)
        return reason

    async def _take_up(self) -> None:
        """Begin anew with the items that were open before a restart."""
        if self._reason_to_stop() is not None:
            # A limit was reached while nobody was there to see it: nothing more is to be asked, or settled.
            return
        if self.screening is not None:
            await self.screening.complete(self._unscored)
        for item, case in self._docket.open.items():
            if case.resolving is None:
                self._begin(item, case)
        unread, self._unread = self._unread, {}
        for item, (requested, score) in unread.items():
            await self._open(item, requested, score)
        if self.people.is_rebuilt:
            # Let policies ask for what is under way, before it is there.
            await self.loop.timer(0)

    async def _hear(self, envelope: Envelope) -> None:
        body = envelope.body
        if isinstance(body, REPLIES):
            await self.people.take(envelope, body)
        elif isinstance(body, BIDS):
            await self.people.bid(envelope, body)
        elif isinstance(body, WORDS):
            await self.people.reception.attend(envelope, body)
        elif isinstance(body, ItemRequested):
            await self._open(body.item, envelope.seq, body.score)
        elif isinstance(body, PoolExhausted | StoppingAdvised):
            self._exhausted |= isinstance(body, PoolExhausted)
            self._is_advised |= isinstance(body, StoppingAdvised)
        elif isinstance(body, GoldKnown):
            self._learn(body)
        elif isinstance(body, ModelPublished) and self._foresight is not None:
            self._foresight.hear(body.version)
        if self.screening is not None and self.screening.examiner.untold:
            await self.screening.tell()
        if self.belief is not None:
            await self.register.revise(self.belief, envelope)

    def _learn(self, known: GoldKnown) -> None:
        if self.people.examiner is not None:
            self.people.examiner.learn(known)
        for each in self._learning:
            for item, label in zip(known.items, known.labels, strict=True):
                each.know(item, label)

    async def _open(self, item: Item, requested: int, score: float) -> None:
        """Take up an item that is wanted, or wanted once more."""
        # Answers to it may have become void while the request was on its way: then it is open.
        if item not in self._docket.open:
            self._begin(item, await self._put_down(item, requested, score))

    async def _put_down(self, item: Item, requested: int, score: float) -> Case:
        """Put an item on the docket of those that are open."""
        known = self._docket.closed.pop(item, None)
        case = self._docket.open[item] = known or Case(requested)
        case.score = score
        if known is not None:
            await self.register.extend(item, case, requested)
        return case

    def _begin(self, item: Item, case: Case) -> None:
        assert self._group is not None
        case.resolving = self._group.create_task(self._resolve(item, case), name=f"resolving {item!r}")

    def _reason_to_stop(self) -> StoppedBy | None:
        (labels, time, _), people = self._limits, self.people
        if labels is not None and self.register.resolved >= labels:
            return "labels"
        if time is not None and self.loop.now >= time:
            return "time"
        if self._is_advised:
            return "rule"
        if self._exhausted and not self._docket.open:
            return "pool"
        # A policy that has its answers, and has not run yet, is about to settle on a label: it is not for want of money.
        if people.work.live:
            return None
        if people.is_wanting and not people.deciding and not self.places.granted and people.is_broke():
            return "budget"
        return None

    # Items

    async def _resolve(self, item: Item, case: Case) -> None:
        try:
            await self._bring_to_an_end(item, case)
        finally:
            self.places.leave(item)

    async def _bring_to_an_end(self, item: Item, case: Case) -> None:
        try:
            label, answers, final, _, by = await self._decide(item, case)
            if label not in self._classes:
                raise Unusable(f"coordination.policy settled on {label!r} for item {item!r}, which is none of the classes")
        except (NobodyLeft, GivenUp) as reason:
            await self.register.give_up(item, case, str(reason))
            self.inbox.nudge()
            return
        except Exception:
            # What is recorded from here on, while everything is stopped, would not be what the run is when the fault is mended.
            self.bus.fall_silent()
            raise
        case.settling = True
        if self.people.is_rebuilt or case.begun_anew:
            await self.people.cancel_unclaimed(item)
        await self.register.settle(item, case, label, len(answers), final, by)
        if self._reason_to_stop() is not None:
            self.inbox.nudge()

    async def _decide(self, item: Item, case: Case) -> Resolution:
        if case.label is None:
            resolution = await self._policy.decide(item, self._panel)
            if not case.recalled:
                return resolution
            # It had been asked for more than once when some of its answers became void: more are left than the policy asks for.
            case.asked.answered.update(answer.annotator for answer in case.recalled)
            case.answers += case.recalled
            case.recalled.clear()
            if resolution.closed:
                return resolution._replace(answers=case.answers)
            return self._policy.review(item, case.held(), self._panel)
        try:
            return await self._policy.extend(item, case.held(), self._panel)
        except (NobodyLeft, GivenUp):
            return Resolution(case.label, case.answers)

    async def _reopen(self, item: Item, case: Case, voided: Sequence[Answer], cause: int) -> None:
        """Open an item again, of which answers have become void, and begin anew with it."""
        await self.register.reopen(item, case, voided, cause)
        self._begin(item, case)

    async def _read_up(self) -> None:
        """Hear what was said up to this very instant: it is late now."""
        self.bus.read_up(self.name)
        while len(self.inbox):
            envelope = await self.inbox.get()
            body = envelope.body
            if isinstance(body, REPLIES):
                await self.people.take(envelope, body)
            elif isinstance(body, WORDS):
                await self.people.reception.attend(envelope, body)
            elif isinstance(body, ItemRequested):
                self._unread[body.item] = envelope.seq, body.score

    async def _wind_up(self, reason: StoppedBy) -> None:
        """Cancel what is under way, give up what is open, and say that it is over."""
        people = self.people
        for task in [task for task in people.tasks.values() if task.live]:
            await people.work.cancel(task)
        await self._read_up()
        for item, (requested, score) in self._unread.items():
            if item not in self._docket.open:
                await self._put_down(item, requested, score)
        for item, case in [*self._docket.open.items()]:
            if case.label is None:
                await self.register.break_off(item, case, reason)
            else:
                await self.register.settle(item, case, case.label, len(case.answers), final=False)
        if self.belief is not None:
            self.belief.finish()
            await self.register.revise(self.belief, None)
        await self.send(CampaignEnded(stopped_by=reason))
        self.log.info("the campaign has ended", stopped_by=reason, labels=self.register.resolved)

    # After a restart

    def rebuild(self, history: list[Envelope]) -> None:
        """Take up the campaign where the log says that it was left: policies begin anew, and get the answers that there were."""
        state, self._unscored = recollect(history, self._docket, self._learning, self.people.examiner, self._bills)
        self.register.read(state)
        self.secretary.sessions, self.secretary.rounds = state.sessions, state.rounds
        if self.screening is not None:
            self.screening.voided, self.screening.reopened = state.voided, state.reopened
        self._exhausted, self._ended = state.exhausted, state.stopped_by
        self._is_advised = self._limits.advice and bool(state.advice)
        self.people.rebuild(state, heard_of(history), history)
        for item, known in state.open.items():
            if item in self._docket.closed:
                self._unread[item] = known.seq, known.score
            else:
                self._docket.read_open(item, known)
        self.places.rebuild(state.escalated)
        if self._foresight is not None:
            self._foresight.hear(state.version)

    def _tell(self, item: Item, annotator: str, label: Label) -> None:
        for each in self._learning:
            each.hear(item, annotator, label)

    def _keep(self, item: Item, name: str, answer: Answer | None) -> None:
        """Remember for a policy that takes its time what somebody answered before it asked."""
        case = self._docket.open[item]
        if answer is None:
            case.asked.declined.add(name)
        else:
            case.recalled.append(answer)
