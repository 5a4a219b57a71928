"""The annotator: takes a task, works on it for a while, answers."""

from agents.agent import Agent
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.items import Truth
from agents.messages import AnswerSubmitted, TaskAssigned, TaskCancelled
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import microseconds
from bus.message import Envelope


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
        self._noise = noise
        self._latency = latency
        self._truth = truth
        self._answers = chance.keyed("annotator", name, "answer")
        self._times = chance.keyed("annotator", name, "time")

    async def run(self) -> None:
        """Work off the inbox, one task after the other."""
        while True:
            envelope = await self.inbox.get()
            if isinstance(envelope.body, TaskAssigned):
                await self._work(envelope, envelope.body)

    async def _work(self, assignment: Envelope, task: TaskAssigned) -> None:
        began = self.loop.now
        seconds = self._latency.seconds(self._times.luck(task.item, task.attempt))
        due = began + microseconds(seconds)
        while (interruption := await self.inbox.get_before(due)) is not None:
            body = interruption.body
            if isinstance(body, TaskCancelled) and (body.item, body.attempt) == (task.item, task.attempt):
                return
        luck = self._answers.luck(task.item, task.attempt)
        answer = self._noise.answer(self._truth.of(task.item), len(self._truth.classes), luck)
        label = self._truth.classes[answer]
        submitted = AnswerSubmitted(item=task.item, attempt=task.attempt, label=label, began=began)
        await self.send(submitted, assignment.sender, assignment)
