"""The dispatcher: brings questions and people together, and takes what people say."""

from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping

from agents.coordinator.allocation import Router
from agents.coordinator.assignments import Assignments
from agents.coordinator.calls import Calls
from agents.coordinator.crowd import Answer
from agents.coordinator.heard import Heard, Key
from agents.coordinator.ledger import Ledger
from agents.coordinator.reception import Reception
from agents.coordinator.replies import PAID, Reply
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.round import Round
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.task import Task, Terms
from agents.messages import (
    AbstentionSubmitted,
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    Item,
    Label,
    TaskDeclined,
    TaskReturned,
    TaskUnderWay,
)
from agents.negotiation import PositionStated
from agents.state import State
from bus.bus import MessageBus
from bus.mailbox import Mailbox
from bus.message import EVERYONE, Envelope

Heed = Callable[[Item, str, Label], None]
"""Is told who answered an item, and what."""

Keep = Callable[[Item, str, Answer | None], None]
"""Remembers who answered an item, and what; None for nothing."""

Minute = Callable[[Task, Answer, Envelope], Awaitable[None]]
"""Takes down what a member of a session holds now."""


class Dispatcher:
    """Brings questions and people together, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when something is due.
        router: who gets which question.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        terms: on what terms people work.
        keep: takes answers that no request waits for: to tasks of before a restart, or of a policy that begins anew.
        minute: takes what members of sessions hold now, before any round is told.
        heed: is told of every answer that is accepted, before anybody else; None if nobody listens.
        examiner: says whose next task is a gold question; None if there are none.
        comers: annotators who come and go, and say so.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        router: Router,
        prices: Mapping[str, int],
        ledger: Ledger,
        terms: Terms,
        keep: Keep,
        minute: Minute,
        heed: Heed | None = None,
        examiner: Examiner | None = None,
        comers: Collection[str] = (),
    ) -> None:
        self.examiner = examiner
        self.declined = self.abstained = self.returned = self.repeated = self.positions = 0
        self.answers: Counter[str] = Counter()
        self.late: Counter[str] = Counter()
        self.worked: Counter[str] = Counter()
        """Microseconds that each annotator spent on accepted answers."""
        self.roll = Roll(prices, comers)
        self.present, self.idle = self.roll.present, self.roll.idle
        self.work = Assignments(name, bus, inbox, self.roll, prices, ledger, terms)
        self.tasks = self.work.tasks
        self.lacking: OrderedDict[Item, Request] = OrderedDict()
        self.calls = Calls()
        self._needed = 0
        self.is_rebuilt = False
        """Whether there may be answers and tasks of before a restart."""
        self.deciding = 0
        """Requests whose answers are there, and whose policies have not run yet."""
        self._name, self._bus, self._inbox = name, bus, inbox
        self._router = router
        # A method that is looked up on an object each time costs as much as a call.
        self._match = router.match
        self._prices = prices
        self._dearest = max(prices.values())
        self.reception = Reception(name, bus, self.roll, self.tasks, self.work.watch, self.despair)
        self._heard = Heard(remembers=terms.retry is not None)
        self._keep, self._minute, self._heed = keep, minute, heed

    @property
    def is_wanting(self) -> bool:
        """Whether people are wanted whom nobody has asked yet."""
        return bool(self.lacking or self.calls)

    async def want(self, request: Request) -> None:
        """Take a request, and see whom to ask."""
        if request.is_hopeless:
            await self._fail(request, None)
            return
        # After a restart, as many as are wanted may be at it already.
        if request.lacking:
            self._put_up(request)
            if self.idle:
                await self.assign()
        if not self.work.live:
            # Nobody could be asked: perhaps the money is spent, which is for the coordinator to see.
            self._inbox.nudge()

    def _put_up(self, request: Request) -> None:
        self._needed = max(self._needed, request.needs)
        if isinstance(request, Round):
            self.calls.add(request)
        else:
            self.lacking[request.item] = request
            self._router.want(request)

    async def outcome(self, request: Request) -> None:
        """Wait until a request is complete, or a round has had its time.

        Raises:
            NobodyLeft: it will never be.
        """
        try:
            await request.done
        finally:
            # A policy that is stopped, while it waits, has nothing to decide.
            self.deciding -= request.decided
        if not request.decided:
            await self.dissolve(request)

    async def dissolve(self, request: Request) -> None:
        """Wait no longer for those who have not replied in time."""
        self._withdraw(request)
        for task in self.tasks.of(request):
            request.expire(task.name, await self.work.expire(task))

    async def assign(self) -> None:
        """Bring together people and questions, as long as there are both and money; some get a gold question instead."""
        if self.calls:
            await self._convene()
        examiner, work = self.examiner, self.work
        while self.lacking and self.idle and (examiner is None or examiner.labels):
            idle = self.idle
            if not work.ledger.affords(self._dearest):
                idle = {name: None for name in idle if work.ledger.affords(self._prices[name])}
            match = self._match(self.lacking.values(), idle)
            if match is None:
                return
            request, name = match
            gold = None if examiner is None else examiner.question_for(name)
            if examiner is not None:
                question = examiner.assign(name, request.item if gold is None else gold)
            if gold is not None:
                await work.give(name, gold, None, question, request.cause)
                continue
            attempt = request.assign(name)
            if not request.lacking:
                self._withdraw(request)
            await work.give(name, request.item, request, attempt, request.cause)

    async def _convene(self) -> None:
        """Ask those who are idle for what they hold now, in the rounds to which they are called: others wait for them there."""
        while self.idle and (called := self.calls.next(self.idle, self.work.affords)) is not None:
            each, name = called
            attempt = each.assign(name)
            if self.examiner is not None:
                self.examiner.assign(name, each.item)
            await self.work.give(name, each.item, each, attempt, each.cause)

    def is_broke(self) -> bool:
        """Return whether, with nothing under way, money is why nobody can be asked."""
        if self.examiner is not None and not self.examiner.labels:
            return False
        if any(self.work.affords(name, each) for each in self.calls.rounds for name in each.called):
            return False
        if not self.lacking:
            return True
        affordable = [name for name in self.present if self.work.ledger.affords(self._prices[name])]
        if not affordable or len(affordable) == len(self.present):
            return not affordable
        if self.roll.away:
            return not any(request.might_ask(name) for request in self.lacking.values() for name in affordable)
        return len(self.idle) == len(self.present)

    # What people say

    async def take(self, envelope: Envelope, reply: Reply) -> None:
        """Take what somebody says of a task."""
        name = envelope.sender
        key = (name, reply.item, reply.attempt)
        task = self.tasks.get(key)
        if self.roll.is_unexpected(name):
            await self.reception.notice(name, envelope)
        if task is None:
            await self._take_stray(envelope, reply)
            return
        if isinstance(reply, TaskUnderWay):
            task.silent = 0
            return
        if not self.work.hand_in(task):
            await self._take_stray(envelope, reply)
            return
        self._heard.again(key)
        if isinstance(reply, AnswerSubmitted):
            await self._accept(task, reply, envelope)
        elif isinstance(reply, PositionStated):
            await self._accept_position(task, reply, envelope)
        elif isinstance(reply, TaskReturned):
            await self._take_back(task, envelope)
        else:
            await self._excuse(task, reply, envelope)

    async def _accept(self, task: Task, reply: AnswerSubmitted, envelope: Envelope) -> None:
        name = task.name
        self._pay(task, reply, envelope)
        self.answers[name] += 1
        answer = Answer(name, reply.label, envelope.seq, envelope.time, reply.confidence, reply.chances)
        if self._heed is not None:
            self._heed(task.item, name, reply.label)
        examiner = self.examiner
        if examiner is not None and task.item in examiner.labels:
            if await examiner.score(name, task.item, reply.label, envelope) == "failed":
                self.roll.block(name)
        elif task.request is None:
            self._keep(task.item, name, answer)
        elif task.request.accept(answer):
            await self.complete(task.request, envelope)
        elif task.request.lacking and task.item not in self.lacking:
            await self._ask_another(task.request, envelope)

    async def _accept_position(self, task: Task, reply: PositionStated, envelope: Envelope) -> None:
        """Take what a member of a session holds now."""
        self._pay(task, reply, envelope)
        self.positions += 1
        answer = Answer(task.name, reply.label, envelope.seq, envelope.time, reply.confidence, reply.chances)
        await self._minute(task, answer, envelope)
        if task.request is not None and task.request.accept(answer):
            await self.complete(task.request, envelope)

    def _pay(self, task: Task, reply: AnswerSubmitted | PositionStated | AbstentionSubmitted, envelope: Envelope) -> None:
        self.work.ledger.commit(task.price)
        self.worked[task.name] += 0 if reply.began is None else envelope.time - reply.began

    async def _excuse(self, task: Task, reply: AbstentionSubmitted | TaskDeclined, envelope: Envelope) -> None:
        """Take it that somebody gives no label, for work or for none, and ask another."""
        if isinstance(reply, AbstentionSubmitted):
            self._pay(task, reply, envelope)
            self.abstained += 1
        else:
            self.work.ledger.release(task.price)
            self.declined += 1
        if self.examiner is not None and task.item in self.examiner.labels:
            self.examiner.decline(task.name, task.item)
        elif task.request is not None:
            task.request.decline(task.name, envelope.seq)
            await self._ask_another(task.request, envelope)
        elif not task.turn:
            self._keep(task.item, task.name, None)

    async def _take_back(self, task: Task, envelope: Envelope) -> None:
        """Take back a task that somebody has not done; they may be asked again."""
        self.work.ledger.release(task.price)
        self.returned += 1
        if task.request is not None:
            task.request.give_back(task.name, envelope.seq)
            await self._ask_another(task.request, envelope)

    async def _take_stray(self, envelope: Envelope, reply: Reply) -> None:
        """Take what is said of a task that is over: an answer is late, or comes again."""
        if not isinstance(reply, PAID):
            return
        name = envelope.sender
        again = self._heard.again((name, reply.item, reply.attempt))
        self.repeated += again
        self.late[name] += not again
        verdict = AnswerRepeated if again else AnswerLate
        await self._bus.publish(verdict(item=reply.item, annotator=name, attempt=reply.attempt), self._name, EVERYONE, envelope)

    async def complete(self, request: Request, cause: Envelope | None) -> None:
        """Hand the answers to the policy, and cancel what is under way beyond them."""
        await self._close(request, cause)
        if not request.done.done():
            request.finish()
            self.deciding += 1

    async def _fail(self, request: Request, cause: Envelope | None) -> None:
        """Tell the policy that there is nobody left to ask."""
        await self._close(request, cause)
        if not request.done.done():
            request.fail()
            self.deciding += 1

    async def _close(self, request: Request, cause: Envelope | None) -> None:
        self._withdraw(request)
        if request.under_way:
            for task in self.tasks.of(request):
                await self.work.cancel(task, cause)

    def _withdraw(self, request: Request) -> None:
        """Look for nobody more."""
        if isinstance(request, Round):
            self.calls.remove(request)
        elif self.lacking.pop(request.item, None) is not None:
            self._router.done(request)

    async def _ask_another(self, request: Request, cause: Envelope | None) -> None:
        if request.is_hopeless:
            await self._fail(request, cause)
        elif request.lacking:
            # It has waited longest: it goes before what was asked for later.
            self._put_up(request)
            if request.item in self.lacking:
                self.lacking.move_to_end(request.item, last=False)

    # Leases and reminders

    async def see_to_time(self) -> None:
        """End leases that are over, and remind those of whom nothing was heard."""
        watch = self.work.watch
        for task in watch.ended_leases():
            await self._expire(task)
        for task in watch.silent():
            if not await self.work.remind(task):
                await self._miss_for_good(task)
        await self.reception.miss_the_overdue()

    async def _miss_for_good(self, task: Task) -> None:
        if task.live:
            await self._expire(task)
        await self.reception.miss(task.name, task.seq)

    async def despair(self) -> None:
        """Tell those who ask for more people than are left, somebody having gone."""
        # With so many people left, each may have as many as it needs.
        for request in [*self.lacking.values(), *self.calls.rounds] if len(self.present) < self._needed else ():
            if request.is_hopeless:
                await self._fail(request, None)

    async def _expire(self, task: Task) -> None:
        seq = await self.work.expire(task)
        if task.request is not None:
            task.request.expire(task.name, seq)
            await self._ask_another(task.request, None)

    # After a restart, of all or of a policy

    def rebuild(self, state: State, heard: set[Key]) -> None:
        """Take up the work where the log says that it was left.

        Args:
            state: what the log amounts to.
            heard: the tasks, by annotator, item and attempt, whose answers have come.
        """
        self.is_rebuilt = True
        self.repeated, self._heard.keys, self._heard.remembers = state.repeated, heard, True
        for name, person in state.people.items():
            self.answers[name], self.late[name], self.worked[name] = person.answers, person.late, person.worked
            self.declined += person.declined
            self.abstained += person.abstained
            self.returned += person.returned
            self.positions += person.positions
            self.roll.read(name, person)
            if person.verdict == "failed" or (self.examiner is not None and self.examiner.of(name).verdict == "failed"):
                self.roll.block(name)
        self.work.rebuild(state)

    def let_go(self, item: Item) -> None:
        """Forget the request for an item, whose policy begins anew; the tasks that it asked for go on."""
        request = self.lacking.get(item)
        if request is not None:
            self._withdraw(request)
        for each in self.calls.rounds:
            if each.item == item:
                self.calls.remove(each)
        self.tasks.let_go(item)

    async def cancel_unclaimed(self, item: Item, rounds_only: bool = False) -> None:
        """Cancel tasks of before a restart of which no policy wants the answers any more."""
        for task in self.tasks.unclaimed(item):
            if task.turn or not rounds_only:
                await self.work.cancel(task)
