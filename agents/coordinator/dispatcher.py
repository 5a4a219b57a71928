"""The dispatcher: hands out tasks to people, takes what they say, and keeps leases, reminders and money."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping

from agents.coordinator.allocation import Allocation
from agents.coordinator.crowd import Answer, NobodyLeft
from agents.coordinator.heard import Heard, Key
from agents.coordinator.ledger import MILLIONTHS, Ledger
from agents.coordinator.reception import Reception
from agents.coordinator.replies import PAID, Reply
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.task import Task, Terms
from agents.coordinator.tasks import Tasks
from agents.coordinator.watch import Watch
from agents.messages import (
    AbstentionSubmitted,
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    Item,
    Label,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReminded,
    TaskReturned,
    TaskUnderWay,
)
from agents.state import State
from bus.bus import MessageBus
from bus.mailbox import Mailbox
from bus.message import EVERYONE, Envelope

Heed = Callable[[Item, str, Label], None]
"""Is told who answered an item, and what."""

Keep = Callable[[Item, str, Answer | None], None]
"""Remembers who answered an item, and what; None for nothing."""


class Dispatcher:
    """Brings questions and people together, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        inbox: the coordinator's, to be nudged when something is due.
        allocation: who gets which question.
        prices: what an answer of each annotator costs, in millionths.
        ledger: the money.
        terms: on what terms people work.
        keep: takes answers that no request waits for: to tasks of before a restart, or of a policy that begins anew.
        heed: is told of every answer that is accepted, before anybody else; None if nobody listens.
        examiner: says whose next task is a gold question; None if there are none.
        comers: annotators who come and go, and say so.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        allocation: Allocation,
        prices: Mapping[str, int],
        ledger: Ledger,
        terms: Terms,
        keep: Keep,
        heed: Heed | None = None,
        examiner: Examiner | None = None,
        comers: Collection[str] = (),
    ) -> None:
        self.ledger = ledger
        self.examiner = examiner
        self.expired = self.declined = self.abstained = self.returned = self.repeated = 0
        # Tasks, and the millionths that were paid for them.
        self.cancelled = self.cancelled_cost = 0
        self.answers: Counter[str] = Counter()
        self.late: Counter[str] = Counter()
        self.worked: Counter[str] = Counter()
        """Microseconds that each annotator spent on accepted answers."""
        self.roll = Roll(prices, comers)
        self.present, self.idle = self.roll.present, self.roll.idle
        self.lacking: OrderedDict[Item, Request] = OrderedDict()
        self._needed = 0
        self.live = 0
        """Tasks whose answers would count."""
        self.is_rebuilt = False
        """Whether there may be answers and tasks of before a restart."""
        self.deciding = 0
        """Requests whose answers are there, and whose policies have not run yet."""
        self.tasks = Tasks()
        self._name, self._bus, self._loop, self._inbox = name, bus, bus.loop, inbox
        # A method that is looked up on a pydantic model each time costs as much as a call.
        self._match = allocation.match
        self._prices = prices
        self._dearest = max(prices.values())
        self._terms = terms
        self._is_watched = terms.lease is not None or terms.retry is not None
        self.watch = Watch(bus.loop, inbox, self.tasks, terms)
        self.reception = Reception(name, bus, self.roll, self.tasks, self.watch, self.despair)
        self._heard = Heard(remembers=terms.retry is not None)
        self._keep = keep
        self._heed = heed

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
        if not self.live:
            # Nobody could be asked: perhaps the money is spent, which is for the coordinator to see.
            self._inbox.nudge()

    def _put_up(self, request: Request) -> None:
        self.lacking[request.item] = request
        self._needed = max(self._needed, request.needs)

    async def outcome(self, request: Request) -> None:
        """Wait until a request is complete.

        Raises:
            NobodyLeft: it will never be.
        """
        done = request.done
        try:
            await done
        finally:
            # A policy that is stopped, while it waits, has nothing to decide.
            self.deciding -= not done.cancelled()

    async def assign(self) -> None:
        """Bring together people and questions, as long as there are both and money; some get a gold question instead."""
        examiner = self.examiner
        while self.lacking and self.idle and (examiner is None or examiner.labels):
            idle: Iterable[str] = self.idle
            if not self.ledger.affords(self._dearest):
                idle = {name: None for name in self.idle if self.ledger.affords(self._prices[name])}
            match = self._match(self.lacking.values(), idle)
            if match is None:
                return
            request, name = match
            gold = None if examiner is None else examiner.question_for(name)
            if examiner is not None:
                question = examiner.assign(name, request.item if gold is None else gold)
            if gold is not None:
                await self._give(name, gold, None, question, request.cause)
                continue
            attempt = request.assign(name)
            if not request.lacking:
                del self.lacking[request.item]
            await self._give(name, request.item, request, attempt, request.cause)

    async def _give(self, name: str, item: Item, request: Request | None, attempt: int, cause: int) -> None:
        """Give somebody who is idle a task."""
        price, lease = self._prices[name], self._terms.lease
        self.ledger.reserve(price)
        del self.idle[name]
        due = None if lease is None else self._loop.now + lease
        body = TaskAssigned(item=item, attempt=attempt, price=price / MILLIONTHS, lease_until=due)
        assignment = await self._bus.publish(body, self._name, name, cause)
        self.tasks[name] = task = Task(item, request, attempt, price, assignment.seq, due)
        self.live += 1
        if self._is_watched:
            self.watch.add(name, task)

    def is_broke(self) -> bool:
        """Return whether, with nothing under way, money is why nobody can be asked."""
        if self.examiner is not None and not self.examiner.labels:
            return False
        affordable = [name for name in self.present if self.ledger.affords(self._prices[name])]
        if not affordable or len(affordable) == len(self.present):
            return not affordable
        if self.roll.away:
            return not any(request.might_ask(name) for request in self.lacking.values() for name in affordable)
        return len(self.idle) == len(self.present)

    # What people say

    async def take(self, envelope: Envelope, reply: Reply) -> None:
        """Take what somebody says of a task."""
        name = envelope.sender
        task = self.tasks.get(name)
        if self.roll.is_unexpected(name):
            await self.reception.notice(name, envelope)
        if task is None or (task.item, task.attempt) != (reply.item, reply.attempt):
            await self._take_stray(envelope, reply)
            return
        if isinstance(reply, TaskUnderWay):
            task.silent = 0
            return
        del self.tasks[name]
        self.roll.free(name)
        if not task.live:
            await self._take_stray(envelope, reply)
            return
        self._heard.again((name, task.item, task.attempt))
        self._end(task)
        if isinstance(reply, AnswerSubmitted):
            await self._accept(name, task, reply, envelope)
        elif isinstance(reply, TaskReturned):
            await self._take_back(name, task, envelope)
        else:
            await self._excuse(name, task, reply, envelope)

    async def _accept(self, name: str, task: Task, reply: AnswerSubmitted, envelope: Envelope) -> None:
        self._pay(name, task, reply, envelope)
        self.answers[name] += 1
        answer = Answer(name, reply.label, envelope.seq, envelope.time)
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

    def _pay(self, name: str, task: Task, reply: AnswerSubmitted | AbstentionSubmitted, envelope: Envelope) -> None:
        self.ledger.commit(task.price)
        self.worked[name] += 0 if reply.began is None else envelope.time - reply.began

    async def _excuse(self, name: str, task: Task, reply: AbstentionSubmitted | TaskDeclined, envelope: Envelope) -> None:
        """Take it that somebody gives no label, for work or for none, and ask another."""
        if isinstance(reply, AbstentionSubmitted):
            self._pay(name, task, reply, envelope)
            self.abstained += 1
        else:
            self.ledger.release(task.price)
            self.declined += 1
        if self.examiner is not None and task.item in self.examiner.labels:
            self.examiner.decline(name, task.item)
        elif task.request is None:
            self._keep(task.item, name, None)
        else:
            task.request.decline(name, envelope.seq)
            await self._ask_another(task.request, envelope)

    async def _take_back(self, name: str, task: Task, envelope: Envelope) -> None:
        """Take back a task that somebody has not done; they may be asked again."""
        self.ledger.release(task.price)
        self.returned += 1
        if task.request is not None:
            task.request.expire(name, envelope.seq)
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
            request.done.set_result(request.answers)
            self.deciding += 1

    async def _fail(self, request: Request, cause: Envelope | None) -> None:
        """Tell the policy that there is nobody left to ask."""
        await self._close(request, cause)
        if not request.done.done():
            request.done.set_exception(NobodyLeft(request.answers))
            self.deciding += 1

    async def _close(self, request: Request, cause: Envelope | None) -> None:
        self.lacking.pop(request.item, None)
        if request.under_way:
            for name in self.tasks.of(request):
                await self.cancel(name, cause)

    async def _ask_another(self, request: Request, cause: Envelope | None) -> None:
        if request.is_hopeless:
            await self._fail(request, cause)
            return
        # It has waited longest: it goes before what was asked for later.
        self._put_up(request)
        self.lacking.move_to_end(request.item, last=False)

    async def cancel(self, name: str, cause: Envelope | None = None) -> None:
        """Cancel the live task of somebody."""
        task = self.tasks.pop(name)
        self.roll.free(name)
        self._end(task)
        # People begin a task as soon as they get it, so the work on a task under way has always begun.
        paid = self._terms.pay_cancelled
        settle = self.ledger.commit if paid else self.ledger.release
        settle(task.price)
        self.cancelled += 1
        self.cancelled_cost += task.price if paid else 0
        cancelled = TaskCancelled(item=task.item, attempt=task.attempt, paid=paid)
        await self._bus.publish(cancelled, self._name, name, cause or task.seq)

    def _end(self, task: Task) -> None:
        task.live = False
        self.live -= 1

    # Leases and reminders

    async def see_to_time(self) -> None:
        """End leases that are over, and remind those of whom nothing was heard."""
        for name, task in self.watch.ended_leases():
            await self._expire(name, task)
        for name, task in self.watch.silent():
            await self._remind(name, task)
        await self.reception.miss_the_overdue()

    async def _remind(self, name: str, task: Task) -> None:
        task.silent += 1
        if task.silent > self._terms.tries:
            await self._miss_for_good(name, task)
            return
        price = task.price / MILLIONTHS
        reminded = TaskReminded(item=task.item, attempt=task.attempt, price=price, lease_until=task.due)
        await self._bus.publish(reminded, self._name, name, task.seq)
        self.watch.listen(name, task)

    async def _miss_for_good(self, name: str, task: Task) -> None:
        if task.live:
            await self._expire(name, task)
        await self.reception.miss(name, task.seq)

    async def despair(self) -> None:
        """Tell those who ask for more people than are left, somebody having gone."""
        # With so many people left, each may have as many as it needs.
        for request in [*self.lacking.values()] if len(self.present) < self._needed else ():
            if request.is_hopeless:
                await self._fail(request, None)

    async def _expire(self, name: str, task: Task) -> None:
        self._end(task)
        self.ledger.release(task.price)
        self.expired += 1
        expired = TaskExpired(item=task.item, annotator=name, attempt=task.attempt)
        event = await self._bus.publish(expired, self._name, EVERYONE, task.seq)
        if task.request is not None:
            task.request.expire(name, event.seq)
            await self._ask_another(task.request, None)

    # After a restart, of all or of a policy

    def rebuild(self, state: State, heard: set[Key]) -> None:
        """Take up the work where the log says that it was left.

        Args:
            state: what the log amounts to.
            heard: the tasks, by annotator, item and attempt, whose answers have come.
        """
        self.is_rebuilt = True
        self.ledger.restore(state.reserved, state.committed)
        self.cancelled, self.cancelled_cost = state.cancelled, state.cancelled_cost
        self.repeated, self._heard.keys, self._heard.remembers = state.repeated, heard, True
        for name, person in state.people.items():
            self.answers[name], self.late[name], self.worked[name] = person.answers, person.late, person.worked
            self.expired += person.expired
            self.declined += person.declined
            self.abstained += person.abstained
            self.returned += person.returned
            self.roll.read(name, person)
            if person.verdict == "failed" or (self.examiner is not None and self.examiner.of(name).verdict == "failed"):
                self.roll.block(name)
        for name, task in self.tasks.read(state):
            self.idle.pop(name, None)
            self.live += task.live
            # Who has left for good may have handed in something that was never heard.
            if name in self.present or self.roll.is_gone(name):
                self.watch.add(name, task)

    def let_go(self, item: Item) -> None:
        """Forget the request for an item, whose policy begins anew; the tasks that it asked for go on."""
        self.lacking.pop(item, None)
        self.tasks.let_go(item)

    async def cancel_unclaimed(self, item: Item) -> None:
        """Cancel tasks of before a restart of which no policy wants the answers any more."""
        for name, _ in self.tasks.unclaimed(item):
            await self.cancel(name)
