"""The desk: the tasks that lie before one person, and what came of those that are done."""

from collections import deque
from collections.abc import Awaitable, Callable

from agents.annotator.working import TASKS, Outcome, Task, Work
from agents.messages import (
    CampaignEnded,
    GoldAnswered,
    Item,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskReminded,
    TaskReturned,
    TaskUnderWay,
)
from agents.negotiation import CallForProposals
from bus.bus import MessageBus
from bus.mailbox import Mailbox
from bus.message import Envelope, Message

Key = tuple[Item, int]
"""Item and attempt: what one task is to this annotator."""


class Desk:
    """Puts by what comes while a task is under way, and hands in what comes of it.

    A task that comes twice is done once; who is reminded of a task that is done says again what came of it.

    Args:
        name: the person's name.
        bus: the bus.
        inbox: theirs.
        hear: is given what they hear that is no task.
        bid: replies to a call for proposals, with so many tasks to do.
        careful: whether to remember every task: needed only where messages may get lost or come twice.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        inbox: Mailbox,
        hear: Callable[[Envelope], None],
        bid: Callable[[Envelope, int], Awaitable[None]],
        careful: bool = False,
    ) -> None:
        self.waiting: deque[Envelope] = deque()
        self.past: dict[Key, Envelope | None] | None = {} if careful else None
        """What came of each task: None for one that is to be done, or was cancelled."""
        self._name, self._bus, self._inbox, self._hear, self._bid = name, bus, inbox, hear, bid
        self._unheard: Envelope | None = None
        self._tasks: dict[Key, Envelope] = {}

    async def put_by(self, envelope: Envelope) -> None:
        """Keep a task that comes while another is under way, strike out one that is cancelled before it is begun, or bid."""
        if isinstance(envelope.body, CallForProposals):
            await self._bid(envelope, len(self.waiting) + 1)
            return
        self._hear(envelope)
        if isinstance(envelope.body, TASKS):
            self.waiting.append(envelope)
        for each in [each for each in self.waiting if is_cancelled_by(envelope, each)]:
            self.waiting.remove(each)

    async def wait(self, due: int, assignment: Envelope, at_it: bool = True) -> bool:
        """Wait for an instant, and return True; or False as soon as the task is cancelled.

        Args:
            due: the instant, in microseconds.
            assignment: the task.
            at_it: whether they say that it is under way when they are reminded of it, and bid for others.
        """
        while (interruption := await self._inbox.get_before(due)) is not None:
            if is_cancelled_by(interruption, assignment):
                return False
            if not at_it and isinstance(interruption.body, CallForProposals):
                continue
            if self.past is None or await self.is_new(interruption, assignment if at_it else None):
                await self.put_by(interruption)
        return True

    async def hand_in(self, outcome: Outcome | TaskReturned, assignment: Envelope) -> None:
        """Say what came of a task."""
        sent = await self._send(outcome, assignment)
        if self.past is not None:
            self.past[outcome.item, outcome.attempt] = sent

    async def give_back(self, assignment: Envelope, task: Task) -> None:
        """Give a task back that is not done."""
        await self.hand_in(TaskReturned(item=task.item, attempt=task.attempt), assignment)

    async def _send(self, body: Message, to: Envelope) -> Envelope:
        return await self._bus.publish(body, self._name, to.sender, to)

    # Where messages may get lost or come twice

    async def is_new(self, envelope: Envelope, current: Envelope | None) -> bool:
        """Return whether a message is news; to a reminder of something known, reply.

        Args:
            envelope: the message.
            current: the task under way.
        """
        body, past = envelope.body, self.past
        assert past is not None
        if isinstance(body, GoldAnswered | CampaignEnded | CallForProposals):
            return True
        if isinstance(body, TaskCancelled):
            # It may have overtaken its task, which is then not to be begun.
            past.setdefault((body.item, body.attempt), None)
            return True
        if not isinstance(body, TASKS):
            return False
        key = (body.item, body.attempt)
        if key not in past:
            past[key] = None
            return True
        if isinstance(body, TaskReminded):
            said = past[key]
            if said is not None:
                await self._say_again(said)
            elif any(_key_of(each) == key for each in (current, *self.waiting)):
                await self._send(TaskUnderWay(item=body.item, attempt=body.attempt), envelope)
        return False

    async def is_over(self, task: Task, assignment: Envelope) -> bool:
        """Decline a task whose lease ended before it was begun."""
        if task.lease_until is None or task.lease_until >= self._bus.loop.now:
            return False
        await self.hand_in(TaskDeclined(item=task.item, attempt=task.attempt), assignment)
        return True

    async def _say_again(self, said: Envelope) -> None:
        body = said.body
        if isinstance(body, Work) and body.began is not None:
            # The work took as long as it took; the time since then is no work.
            body = body.model_copy(update={"began": self._bus.loop.now - (said.time - body.began)})
        await self._bus.publish(body, self._name, said.recipient, said.cause)

    # After a restart

    def begin_anew(self) -> None:
        """Forget everything, and remember from now on."""
        self.past, self._unheard = {}, None
        self.waiting.clear()
        self._tasks.clear()

    def read_task(self, envelope: Envelope) -> None:
        """Learn from the log that a task came, or was cancelled."""
        body, past = envelope.body, self.past
        assert isinstance(body, TaskAssigned | TaskReminded | TaskCancelled) and past is not None
        key = (body.item, body.attempt)
        if not isinstance(body, TaskCancelled) and key not in past:
            self._tasks[key] = envelope
            self.waiting.append(envelope)
        elif isinstance(body, TaskCancelled):
            self._strike(key)
        past.setdefault(key, None)

    def read_outcome(self, envelope: Envelope) -> Task | None:
        """Learn from the log what came of a task, and return the task; None if that was said before."""
        body, past = envelope.body, self.past
        assert isinstance(body, Outcome | TaskReturned) and past is not None
        key = (body.item, body.attempt)
        self._strike(key)
        is_first = past.get(key) is None
        past[key] = self._unheard = envelope
        task = self._tasks[key].body
        assert isinstance(task, TASKS)
        return task if is_first else None

    def _strike(self, key: Key) -> None:
        """Take a task off the desk."""
        for each in [each for each in self.waiting if _key_of(each) == key]:
            self.waiting.remove(each)

    async def take_up(self) -> None:
        """Say again what was said last before a restart: it may not have arrived."""
        if self._unheard is not None:
            await self._say_again(self._unheard)


def _key_of(envelope: Envelope | None) -> Key | None:
    body = None if envelope is None else envelope.body
    return (body.item, body.attempt) if isinstance(body, TASKS) else None


def is_cancelled_by(interruption: Envelope, assignment: Envelope) -> bool:
    """Return whether a message calls off a task."""
    body = interruption.body
    return isinstance(body, TaskCancelled) and (body.item, body.attempt) == _key_of(assignment)
