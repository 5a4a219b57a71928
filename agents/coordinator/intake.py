"""The intake: takes what people say of their tasks, and counts it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from agents.coordinator.assignments import Assignments
from agents.coordinator.bills import Bills
from agents.coordinator.crowd import Answer
from agents.coordinator.heard import Heard, Key
from agents.coordinator.market import Market
from agents.coordinator.reception import Reception
from agents.coordinator.replies import PAID, Reply
from agents.coordinator.requests import Requests
from agents.coordinator.roll import Roll
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.task import Task
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
from bus.message import EVERYONE, Envelope

Heed = Callable[[Item, str, Label], None]
"""Is told who answered an item, and what."""

Keep = Callable[[Item, str, Answer | None], None]
"""Remembers who answered an item, and what; None for nothing."""

Minute = Callable[[Task, Answer, Envelope], Awaitable[None]]
"""Takes down what a member of a session holds now."""


class Intake:
    """Takes answers and other replies, in the coordinator's name.

    Args:
        name: the coordinator's.
        bus: the bus.
        roll: who may be asked.
        reception: takes note of people of whom something is heard again.
        work: who is at what.
        requests: what is wanted.
        remembers: whether a reply may come twice.
        keep: takes answers that no request waits for: to tasks of before a restart, or of a policy that begins anew.
        minute: takes what members of sessions hold now, before any round is told.
        heed: is told of every answer that is accepted, before anybody else; None if nobody listens.
        examiner: scores answers to gold questions; None if there are none.
        market: is told of what people have bid for; None if they do not bid.
        quotas: how many answers are taken of some people at most; None where nobody has a quota.
        bills: are told what was paid for an item; None if nobody wants to know.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        roll: Roll,
        reception: Reception,
        work: Assignments,
        requests: Requests,
        remembers: bool,
        keep: Keep,
        minute: Minute,
        heed: Heed | None,
        examiner: Examiner | None,
        market: Market | None = None,
        quotas: Mapping[str, int] | None = None,
        bills: Bills | None = None,
    ) -> None:
        self.declined = self.abstained = self.returned = self.repeated = self.positions = 0
        self.answers: Counter[str] = Counter()
        self.late: Counter[str] = Counter()
        self.worked: Counter[str] = Counter()
        """Microseconds that each annotator spent on accepted answers."""
        self._name, self._bus, self._roll, self._reception = name, bus, roll, reception
        self._work, self._tasks, self._ledger, self._requests = work, work.tasks, work.ledger, requests
        self._heard = Heard(remembers)
        self._keep, self._minute, self._heed, self._examiner = keep, minute, heed, examiner
        self._market, self._quotas, self._bills = market, quotas, bills

    async def take(self, envelope: Envelope, reply: Reply) -> None:
        """Take what somebody says of a task."""
        name = envelope.sender
        key = (name, reply.item, reply.attempt)
        task = self._tasks.get(key)
        if self._roll.is_unexpected(name):
            await self._reception.notice(name, envelope)
        if task is None:
            await self._take_stray(envelope, reply)
            return
        if isinstance(reply, TaskUnderWay):
            task.silent = 0
            return
        if self._market is not None:
            self._market.end(name, reply, envelope.time)
        if not self._work.hand_in(task):
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
        # Before anybody else has a chance to ask them more.
        has_done = self._quotas is not None and self._let_off(name)
        answer = Answer(name, reply.label, envelope.seq, envelope.time, reply.confidence, reply.chances)
        if self._heed is not None:
            self._heed(task.item, name, reply.label)
        examiner = self._examiner
        if examiner is not None and task.item in examiner.labels:
            if await examiner.score(name, task.item, reply.label, envelope) == "failed":
                self._roll.block(name)
                await self._take_all_back(name, envelope)
        elif task.request is None:
            self._keep(task.item, name, answer)
        elif task.request.accept(answer):
            await self._requests.complete(task.request, envelope)
        elif task.request.lacking and (task.item not in self._requests.lacking or task.request.is_hopeless):
            await self._requests.ask_another(task.request, envelope)
        elif task.request.staggers and task.request.lacking:
            self._requests.lack_more(task.request)
        if has_done:
            await self._requests.despair()

    def _let_off(self, name: str) -> bool:
        """Ask nothing more of somebody who has given as many answers as are taken of them, and return whether they have."""
        quota = (self._quotas or {}).get(name)
        if quota is None or self.answers[name] < quota:
            return False
        self._roll.block(name)
        return True

    async def _accept_position(self, task: Task, reply: PositionStated, envelope: Envelope) -> None:
        """Take what a member of a session holds now."""
        self._pay(task, reply, envelope)
        self.positions += 1
        answer = Answer(task.name, reply.label, envelope.seq, envelope.time, reply.confidence, reply.chances)
        await self._minute(task, answer, envelope)
        if task.request is not None and task.request.accept(answer):
            await self._requests.complete(task.request, envelope)

    def _pay(self, task: Task, reply: AnswerSubmitted | PositionStated | AbstentionSubmitted, envelope: Envelope) -> None:
        self._ledger.commit(task.price)
        worked = 0 if reply.began is None else envelope.time - reply.began
        self.worked[task.name] += worked
        if self._bills is not None:
            self._bills.add(task.item, task.price, worked)

    async def _excuse(self, task: Task, reply: AbstentionSubmitted | TaskDeclined, envelope: Envelope) -> None:
        """Take it that somebody gives no label, for work or for none, and ask another."""
        if isinstance(reply, AbstentionSubmitted):
            self._pay(task, reply, envelope)
            self.abstained += 1
        else:
            self._ledger.release(task.price)
            self.declined += 1
        if self._examiner is not None and task.item in self._examiner.labels:
            self._examiner.decline(task.name, task.item)
        elif task.request is not None:
            task.request.decline(task.name, envelope.seq)
            await self._requests.ask_another(task.request, envelope)
        elif not task.turn:
            self._keep(task.item, task.name, None)

    async def _take_back(self, task: Task, envelope: Envelope) -> None:
        """Take back a task that somebody has not done; they may be asked again."""
        self._ledger.release(task.price)
        self.returned += 1
        if task.request is not None:
            task.request.give_back(task.name, envelope.seq)
            await self._requests.ask_another(task.request, envelope)

    async def _take_all_back(self, name: str, cause: Envelope) -> None:
        """Have others do what somebody has in their queue who is asked no more."""
        for task in self._tasks.of_person(name):
            if task.live:
                await self._work.cancel(task, cause)
                if task.request is not None:
                    task.request.give_back(name, cause.seq)
                    await self._requests.ask_another(task.request, cause)

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

    def rebuild(self, state: State, heard: set[Key]) -> None:
        """Take over what the log tells of what people have said.

        Args:
            state: what the log amounts to.
            heard: the tasks, by annotator, item and attempt, whose answers have come.
        """
        self.repeated, self._heard.keys, self._heard.remembers = state.repeated, heard, True
        for name, person in state.people.items():
            self.answers[name], self.late[name], self.worked[name] = person.answers, person.late, person.worked
            self.declined += person.declined
            self.abstained += person.abstained
            self.returned += person.returned
            self.positions += person.positions
            self._let_off(name)
