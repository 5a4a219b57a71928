"""The annotator: takes a task, works on it for a while, answers."""

from collections import deque

from agents.agent import Agent
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.items import Truth
from agents.messages import AnswerSubmitted, Item, TaskAssigned, TaskCancelled, TaskDeclined, TaskReminded, TaskUnderWay
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import microseconds
from bus.message import Envelope

Outcome = AnswerSubmitted | TaskDeclined
Key = tuple[Item, int]
"""Item and attempt: what one task is to this annotator."""

_TASKS = (TaskAssigned, TaskReminded)


class Annotator(Agent):
    """One person (or one language model), who works on one item at a time.

    A task that comes twice is done once; who is reminded of a task that is done says again what came of it.

    Args:
        name: the annotator's name.
        bus: the bus.
        noise: what they answer.
        latency: how long they take.
        truth: what is true of each item.
        chance: the run's randomness; this agent uses none but the luck of its own name.
        careful: whether to remember every task: needed only where messages may get lost or come twice.
    """

    def __init__(
        self, name: str, bus: MessageBus, noise: Noise, latency: Latency, truth: Truth, chance: Chance, careful: bool = False
    ) -> None:
        super().__init__(name, bus, capacity=16)
        self._truth = truth
        # Bound once: a method that is looked up on a pydantic model each time costs as much as a call.
        self._answer, self._seconds = noise.answer, latency.seconds
        self._waiting: deque[Envelope] = deque()
        self._answers = chance.keyed("annotator", name, "answer")
        self._times = chance.keyed("annotator", name, "time")
        # What came of each task: None for one that is to be done, or was cancelled.
        self._past: dict[Key, Envelope | None] | None = {} if careful else None
        self._unheard: Envelope | None = None

    async def run(self) -> None:
        """Work off the inbox, one task after the other."""
        # One coroutine for all: each one more, between here and the inbox, is resumed twice a task.
        inbox, bus, loop, waiting, past = self.inbox, self.bus, self.loop, self._waiting, self._past
        if self._unheard is not None:
            await self._say_again(self._unheard)
        while True:
            if waiting:
                assignment = waiting.popleft()
            else:
                assignment = await inbox.get()
                if past is not None and not await self._is_new(assignment, None):
                    continue
            task = assignment.body
            if not isinstance(task, _TASKS) or (past is not None and await self._is_over(task, assignment)):
                continue
            began = loop.now
            due = began + microseconds(self._seconds(task.item, self._times.luck(task.item, task.attempt)))
            while (interruption := await inbox.get_before(due)) is not None:
                if _is_cancelled_by(interruption, assignment):
                    break
                if past is None or await self._is_new(interruption, assignment):
                    self._put_by(interruption)
            else:
                sent = await bus.publish(self._outcome(task, began), self.name, assignment.sender, assignment)
                if past is not None:
                    past[task.item, task.attempt] = sent

    def _put_by(self, envelope: Envelope) -> None:
        """Keep a task that comes while another is under way, and strike out one that is cancelled before it is begun."""
        if isinstance(envelope.body, _TASKS):
            self._waiting.append(envelope)
        for each in [each for each in self._waiting if _is_cancelled_by(envelope, each)]:
            self._waiting.remove(each)

    def _outcome(self, task: TaskAssigned | TaskReminded, began: int) -> Outcome:
        classes = self._truth.classes
        luck = self._answers.luck(task.item, task.attempt)
        answer = self._answer(task.item, self._truth.of(task.item), len(classes), luck)
        if answer is None:
            return TaskDeclined(item=task.item, attempt=task.attempt)
        return AnswerSubmitted(item=task.item, attempt=task.attempt, label=classes[answer], began=began)

    # Where messages may get lost or come twice

    async def _is_new(self, envelope: Envelope, current: Envelope | None) -> bool:
        """Return whether a message is news; to a reminder of something known, reply.

        Args:
            envelope: the message.
            current: the task under way.
        """
        body, past = envelope.body, self._past
        assert past is not None
        if isinstance(body, TaskCancelled):
            # It may have overtaken its task, which is then not to be begun.
            past.setdefault((body.item, body.attempt), None)
            return True
        if not isinstance(body, _TASKS):
            return False
        key = (body.item, body.attempt)
        if key not in past:
            past[key] = None
            return True
        if isinstance(body, TaskReminded):
            said = past[key]
            if said is not None:
                await self._say_again(said)
            elif any(_key_of(each) == key for each in (current, *self._waiting)):
                await self.send(TaskUnderWay(item=body.item, attempt=body.attempt), envelope.sender, envelope)
        return False

    async def _is_over(self, task: TaskAssigned | TaskReminded, envelope: Envelope) -> bool:
        """Decline a task whose lease ended before it came."""
        if task.lease_until is None or task.lease_until >= self.loop.now:
            return False
        assert self._past is not None
        declined = TaskDeclined(item=task.item, attempt=task.attempt)
        self._past[task.item, task.attempt] = await self.send(declined, envelope.sender, envelope)
        return True

    async def _say_again(self, said: Envelope) -> None:
        body = said.body
        if isinstance(body, AnswerSubmitted) and body.began is not None:
            # The work took as long as it took; the time since then is no work.
            body = body.model_copy(update={"began": self.loop.now - (said.time - body.began)})
        await self.send(body, said.recipient, said.cause)

    def rebuild(self, history: list[Envelope]) -> None:
        """Begin anew what was to be done, and say again what was said last: it may not have arrived."""
        past: dict[Key, Envelope | None] = {}
        open_tasks: dict[Key, Envelope] = {}
        for envelope in history:
            body = envelope.body
            if envelope.recipient == self.name and isinstance(body, TaskAssigned | TaskReminded | TaskCancelled):
                key = (body.item, body.attempt)
                if isinstance(body, TaskCancelled):
                    open_tasks.pop(key, None)
                elif key not in past:
                    open_tasks[key] = envelope
                past.setdefault(key, None)
            elif envelope.sender == self.name and isinstance(body, AnswerSubmitted | TaskDeclined):
                key = (body.item, body.attempt)
                open_tasks.pop(key, None)
                past[key] = self._unheard = envelope
        self._past = past
        self._waiting.extend(open_tasks.values())


def _key_of(envelope: Envelope | None) -> Key | None:
    body = None if envelope is None else envelope.body
    return (body.item, body.attempt) if isinstance(body, _TASKS) else None


def _is_cancelled_by(interruption: Envelope, assignment: Envelope) -> bool:
    body = interruption.body
    return isinstance(body, TaskCancelled) and (body.item, body.attempt) == _key_of(assignment)
