"""The annotator: takes a task, works on it for a while, answers."""

from collections import deque

from agents.agent import Agent
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.items import Truth
from agents.messages import AnswerSubmitted, TaskAssigned, TaskCancelled, TaskDeclined
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import microseconds
from bus.message import Envelope, Message


class Annotator(Agent):
    """One person (or one language model), who works on one item at a time.

    Args:
        name: the annotator's name.
        bus: the bus.
        noise: what they answer.
        latency: how long they take.
        truth: what is true of each item.
        chance: the run's randomness; this agent uses none but the luck of its own name.
    """

    def __init__(self, name: str, bus: MessageBus, noise: Noise, latency: Latency, truth: Truth, chance: Chance) -> None:
        super().__init__(name, bus, capacity=16)
        self._truth = truth
        # Bound once: a method that is looked up on a pydantic model each time costs as much as a call.
        self._answer, self._seconds = noise.answer, latency.seconds
        self._waiting: deque[Envelope] = deque()
        self._answers = chance.keyed("annotator", name, "answer")
        self._times = chance.keyed("annotator", name, "time")

    async def run(self) -> None:
        """Work off the inbox, one task after the other."""
        # One coroutine for all: each one more, between here and the inbox, is resumed twice a task.
        inbox, bus, loop, waiting = self.inbox, self.bus, self.loop, self._waiting
        while True:
            assignment = waiting.popleft() if waiting else await inbox.get()
            task = assignment.body
            if not isinstance(task, TaskAssigned):
                continue
            began = loop.now
            due = began + microseconds(self._seconds(task.item, self._times.luck(task.item, task.attempt)))
            while (interruption := await inbox.get_before(due)) is not None:
                if _is_cancelled_by(interruption.body, task):
                    break
                self._put_by(interruption)
            else:
                await bus.publish(self._outcome(task, began), self.name, assignment.sender, assignment)

    def _put_by(self, envelope: Envelope) -> None:
        """Keep a task that comes while another is under way, and strike out one that is cancelled before it is begun."""
        if isinstance(envelope.body, TaskAssigned):
            self._waiting.append(envelope)
        for each in [
            each for each in self._waiting if isinstance(each.body, TaskAssigned) and _is_cancelled_by(envelope.body, each.body)
        ]:
            self._waiting.remove(each)

    def _outcome(self, task: TaskAssigned, began: int) -> AnswerSubmitted | TaskDeclined:
        classes = self._truth.classes
        luck = self._answers.luck(task.item, task.attempt)
        answer = self._answer(task.item, self._truth.of(task.item), len(classes), luck)
        if answer is None:
            return TaskDeclined(item=task.item, attempt=task.attempt)
        return AnswerSubmitted(item=task.item, attempt=task.attempt, label=classes[answer], began=began)


def _is_cancelled_by(body: Message, task: TaskAssigned) -> bool:
    return isinstance(body, TaskCancelled) and (body.item, body.attempt) == (task.item, task.attempt)
