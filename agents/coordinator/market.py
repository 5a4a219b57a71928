"""The market: calls for proposals, hears bids, and awards tasks, into people's own queues."""

from collections import OrderedDict
from collections.abc import Sequence

from agents.coordinator.allocation import Router
from agents.coordinator.assignments import Assignments
from agents.coordinator.callees import Callees, Efforts
from agents.coordinator.ledger import MILLIONTHS
from agents.coordinator.replies import PAID, Bid
from agents.coordinator.request import Request
from agents.coordinator.requests import Requests
from agents.coordinator.roll import Roll
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.task import Task
from agents.coordinator.tender import Award, Tender, Tendering
from agents.messages import Item, TaskAssigned, TaskExpired
from agents.negotiation import CallForProposals, ProposalRejected, Proposed
from agents.state import State
from bus.bus import MessageBus
from bus.clock import SECOND
from bus.mailbox import Mailbox
from bus.message import Envelope

MINUTE = 60 * SECOND
"""Time after which a tender is decided, in microseconds, if nothing else is said, and messages are not known to take longer."""

_MOST = 2048
"""Replies that are waited for at a time: all have room in the coordinator's mailbox, lest everybody wait for everybody."""


class Market(Router):
    """Holds tenders, in the coordinator's name.

    A request that lacks several people is one tender for all of them: so they are different people. Nobody is called
    a second time before everybody has been.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when people are to be called again.
        rules: how many people are called, and who of those who bid is awarded what.
        roll: who may be asked.
        work: who is at what.
        examiner: says whose next task is a gold question; None if there are none.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        rules: Tendering,
        roll: Roll,
        work: Assignments,
        examiner: Examiner | None,
    ) -> None:
        self.rules = rules
        self.open: dict[int, Tender] = {}
        """Tenders that are not decided, by number, and so by deadline."""
        self.waiting: OrderedDict[Item, Request] = OrderedDict()
        """Requests for which people are to be called now."""
        self._refused: dict[Item, Request] = {}
        self._stalled: dict[Item, Request] = {}
        self._efforts: dict[Item, Efforts] = {}
        self._of: dict[Item, Tender] = {}
        self._number = self._awaited = 0
        self._watched = False
        self._seen = -1
        self._name, self._bus, self._loop, self._inbox = name, bus, bus.loop, inbox
        self._roll, self._work, self._examiner, self._tries = roll, work, examiner, work.terms.tries
        self._deadline = max(MINUTE, work.terms.retry or 0) if rules.deadline is None else rules.deadline
        self._is_limited = work.ledger.is_limited or bool(work.terms.quotas) or examiner is not None
        self._reserve = None if rules.reserve is None else rules.reserve / MILLIONTHS
        self._requests: Requests
        self._callees: Callees

    def serve(self, requests: Requests, callees: Callees) -> None:
        """Learn, before anything is wanted, whose requests these are, and whom to call for them."""
        self._requests, self._callees = requests, callees

    # What is wanted

    def match(self, requests: object, idle: object) -> None:
        """Return no pair: who is asked comes of bids."""
        return

    def want(self, request: Request) -> None:
        """Have people called for a request, unless that is under way."""
        item = request.item
        if item not in self._of:
            self._stalled.pop(item, None)
            self._refused.pop(item, None)
            self.waiting[item] = request
            if request.assigned:
                # It has waited longest: it goes before what was asked for later.
                self.waiting.move_to_end(item, last=False)

    def done(self, request: Request) -> None:
        """Call nobody more for a request."""
        item = request.item
        self.waiting.pop(item, None)
        if self._efforts.pop(item, None) is not None:
            self._stalled.pop(item, None)
            self._refused.pop(item, None)
        tender = self._of.get(item)
        if tender is not None:
            self._close(tender)

    async def dismiss(self, request: Request) -> None:
        """Tell those who have bid for a request that it is over."""
        tender = self._of.get(request.item)
        if tender is not None:
            await self._reject(tender, {})

    def stir(self, everybody: bool = False) -> None:
        """Have people called again who could not be before: somebody is done with something, or has come or gone."""
        # Where there is no limit to what people are given, it takes somebody's coming or going to have anybody to call.
        for item in [*self._stalled] if self._stalled and (everybody or self._is_limited) else ():
            efforts = self._efforts[item]
            is_payable = efforts.short is None or self._work.ledger.affords(efforts.short)
            if is_payable:
                efforts.dear.clear()
            if everybody or is_payable:
                self.waiting[item] = self._stalled.pop(item)
        # One task less is one person's chance: to ask all for everything again would be a storm of messages.
        while self._refused:
            item = next(iter(self._refused))
            self.waiting[item] = self._refused.pop(item)
            # Those who come and go, and do not want it, are not to have it wait for ever.
            if not everybody:
                self._efforts[item].begin_anew()
                break

    # Calls

    @property
    def is_stirred(self) -> bool:
        """Whether there is somebody else to call than before, people having come or gone."""
        return bool(self._stalled or self._refused) and self._seen != self._roll.changes

    async def call(self) -> None:
        """Call for proposals, for all requests that wait for it."""
        if self.is_stirred:
            self.stir(everybody=True)
        self._seen = self._roll.changes
        most, known = self.rules.at_once, self._examiner is None or self._examiner.labels
        while self.waiting and known and self._awaited < _MOST and (most is None or len(self.open) < most):
            _, request = self.waiting.popitem(last=False)
            await self._call(request)

    async def _call(self, request: Request) -> None:
        item, lots, efforts = request.item, request.lacking, self._efforts.get(request.item)
        called = self._callees.draw(request, lots, efforts)
        if not called:
            await self._stall(request, efforts or self._efforts.setdefault(item, Efforts()))
            return
        self._number = number = self._number + 1
        due = self._loop.now + self._deadline
        self.open[number] = self._of[item] = Tender(number, request, lots, called, due)
        self._awaited += len(called)
        body = CallForProposals(tender=number, item=item, deadline=due, reserve=self._reserve)
        publish, name, cause = self._bus.publish, self._name, request.cause
        for each in called:
            await publish(body, name, each, cause)
        if not self._watched:
            self._watch(due)

    async def _stall(self, request: Request, efforts: Efforts) -> None:
        """Pause, nobody being left who may be called for a request."""
        item = request.item
        if not efforts.names and not self._work.affords_all:
            efforts.short = min(
                (self._work.price(name, request) for name in self._roll.present if self._callees.may_call(name, request)),
                default=None,
            )
        if efforts.short is not None or not efforts.names:
            self._stalled[item] = request
            efforts.names.clear()
        elif self._is_tried(efforts) and self._is_quiet:
            await self._requests.fail(request, None)
        else:
            if efforts.since is None:
                efforts.since = self._loop.now
            efforts.names.clear()
            pause = self.rules.again << min(efforts.pauses, self._tries)
            efforts.pauses += 1
            self._refused[item] = request
            self._loop.call_at_instant(self._loop.now + pause, self._wake, request, efforts.calls)

    def _is_tried(self, efforts: Efforts) -> bool:
        """Return whether it was tried for as long as all pauses take."""
        return efforts.since is not None and self._loop.now >= efforts.since + self.rules.again * ((1 << self._tries) - 1)

    @property
    def _is_quiet(self) -> bool:
        """Whether nobody is at work, and nobody has bid who may be soon: who is called may be no more."""
        return not self._work.live and not any(tender.bids for tender in self.open.values())

    def _wake(self, request: Request, calls: int) -> None:
        item = request.item
        # Meanwhile it may have been called for again, and have been refused again.
        if self._refused.get(item) is request and self._efforts[item].calls == calls:
            self.waiting[item] = self._refused.pop(item)
            self._inbox.nudge()

    # Bids

    async def receive(self, envelope: Envelope, body: Bid) -> None:
        """Hear what somebody bids, or that they do not; what comes too late, or twice, is nothing."""
        tender, name = self.open.get(body.tender), envelope.sender
        if tender is None or name not in tender.awaited:
            return
        del tender.awaited[name]
        self._awaited -= 1
        if type(body) is Proposed:
            tender.bids[name] = envelope
        if not tender.awaited:
            await self._decide(tender)

    async def close_overdue(self) -> None:
        """Decide the tenders whose deadlines have passed."""
        while self.open:
            tender = next(iter(self.open.values()))
            if tender.due >= self._loop.now:
                if not self._watched:
                    self._watch(tender.due)
                return
            await self._decide(tender)

    def _watch(self, due: int) -> None:
        self._watched = True
        # A bid that comes at the very deadline is in time.
        self._loop.call_at_instant(due + 1, self._ring)

    def _ring(self) -> None:
        self._watched = False
        if self.open:
            self._work.watch.call()

    # Awards

    async def _decide(self, tender: Tender) -> None:
        request, bids = tender.request, tender.bids
        self._close(tender)
        ranked = self.rules.awards({name: bids[name].body for name in tender.called if name in bids}, tender.lots)  # type: ignore[misc]
        taken: dict[str, None] = {}
        short: int | None = None
        for award in ranked:
            if len(taken) == tender.lots or not self._is_wanted(request):
                break
            if not self._work.ledger.affords(award.price):
                short = award.price if short is None else min(short, award.price)
            elif self._callees.may_call(award.name, request):
                taken[award.name] = None
                await self._award(request, award, bids[award.name])
        await self._reject(tender, taken)
        if self._is_wanted(request):
            self._note_effort(tender, ranked, taken, short)
            self.waiting[request.item] = request

    def _close(self, tender: Tender) -> None:
        del self.open[tender.number], self._of[tender.request.item]
        self._awaited -= len(tender.awaited)

    def _is_wanted(self, request: Request) -> bool:
        return self._requests.lacking.get(request.item) is request and request.lacking > 0

    async def _award(self, request: Request, award: Award, bid: Envelope) -> None:
        """Give somebody the task that they have bid for, or a gold question instead."""
        name, examiner, item = award.name, self._examiner, request.item
        gold = None if examiner is None else examiner.question_for(name)
        if examiner is not None:
            question = examiner.assign(name, item if gold is None else gold)
        if gold is not None:
            await self._work.give(name, gold, None, question, bid.seq, award.price)
            return
        attempt = request.assign(name)
        if not request.lacking:
            self._requests.withdraw(request)
        self.rules.promise(name, item, attempt, bid.body.eta, self._loop.now)  # type: ignore[attr-defined]
        await self._work.give(name, item, request, attempt, bid.seq, award.price)

    async def _reject(self, tender: Tender, taken: dict[str, None]) -> None:
        bids = tender.bids
        if len(bids) > len(taken):
            body = ProposalRejected(tender=tender.number, item=tender.request.item)
            for name in tender.called:
                if name in bids and name not in taken:
                    await self._bus.publish(body, self._name, name, bids[name].seq)

    def _note_effort(self, tender: Tender, ranked: Sequence[Award], taken: dict[str, None], short: int | None) -> None:
        """Remember who is not to be called for a request before all others have been."""
        efforts = self._efforts.setdefault(tender.request.item, Efforts())
        efforts.calls += 1
        if taken:
            efforts.begin_anew()
            efforts.short = None
            efforts.dear.clear()
        if short is not None:
            efforts.short = short if efforts.short is None else min(short, efforts.short)
        acceptable = {award.name for award in ranked if self._work.ledger.affords(award.price)}
        others = [name for name in tender.called if name not in acceptable]
        efforts.names.update(dict.fromkeys(others))
        if efforts.short is not None:
            efforts.dear.update(dict.fromkeys(others))

    @property
    def is_broke(self) -> bool:
        """Whether, with nothing under way, all that is wanted is too dear for what is left of the budget."""
        if self.open or self.waiting or self._refused or not self._stalled:
            return False
        return all(self._is_too_dear(item, request) for item, request in self._stalled.items())

    def _is_too_dear(self, item: Item, request: Request) -> bool:
        """Return whether nobody who may come, and of whom it is not known that they want more, might do it for what is left."""
        efforts, roll, work = self._efforts[item], self._roll, self._work
        names = roll.present if efforts.short is None else roll.away
        return not any(name not in efforts.dear and request.might_ask(name) and work.affords(name, request) for name in names)

    # Promises

    def end(self, name: str, reply: object, time: int) -> None:
        """Learn what somebody says of a task, at an instant."""
        if isinstance(reply, PAID):
            self.rules.end(name, reply.item, reply.attempt, time)

    def expire(self, task: Task) -> None:
        """Learn that a lease has ended."""
        self.rules.end(task.name, task.item, task.attempt, self._loop.now)

    def rebuild(self, state: State, history: Sequence[Envelope]) -> None:
        """Begin anew with what is wanted, and remember what was promised; bids of before a restart are not heard."""
        self._number = state.tenders
        etas: dict[int | None, int] = {}
        for envelope in history:
            body = envelope.body
            if isinstance(body, Proposed):
                etas[envelope.seq] = body.eta
            elif isinstance(body, TaskAssigned) and envelope.cause in etas and body.item not in state.gold:
                self.rules.promise(envelope.recipient, body.item, body.attempt, etas.pop(envelope.cause), envelope.time)
            elif isinstance(body, TaskExpired):
                self.rules.end(body.annotator, body.item, body.attempt, envelope.time)
            else:
                self.end(envelope.sender, body, envelope.time)
