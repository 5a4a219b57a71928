"""A careful annotator, and a test that plays the coordinator."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latency import Latency
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.one_coin import OneCoin
from agents.messages import AnswerSubmitted, Item, TaskAssigned, TaskCancelled, TaskReminded
from bus.chance import Chance, Luck
from bus.clock import SECOND
from bus.message import Envelope, Message
from tests.agents.annotator.cases import annotator
from tests.agents.samples import truth_of
from tests.bus.samples import Recorder, bus_and_record

TRUTH = truth_of(*[0, 1] * 50)


class Shy(Noise):
    """Has an answer to items of even number alone."""

    kind: ClassVar[str] = "shy"

    def chances(self, case: Case) -> Chances:
        return [float(label == case.truth) for label in range(case.classes)]

    def answer(self, case: Case, luck: Luck) -> int | None:
        return None if int(case.item) % 2 else case.truth


class Desk:
    """A careful annotator on a real bus, and the coordinator played by the test."""

    def __init__(self, latency: Latency = FixedTime(time=10), noise: Noise = OneCoin(accuracy=0.5), careful: bool = True) -> None:  # noqa: B008
        self.bus, self.record = bus_and_record()
        self.bus.subscribe("coordinator")
        self.person = annotator("w", self.bus, noise, latency, TRUTH, Chance(7), careful)

    async def say(self, body: Message) -> Envelope:
        return await self.bus.publish(body, "coordinator", "w")

    async def assign(self, item: Item, attempt: int = 0, due: float | None = None) -> Envelope:
        return await self.say(TaskAssigned(item=item, attempt=attempt, price=0.1, lease_until=_instant(due)))

    async def remind(self, item: Item, attempt: int = 0, due: float | None = None) -> Envelope:
        return await self.say(TaskReminded(item=item, attempt=attempt, price=0.1, lease_until=_instant(due)))

    async def cancel(self, item: Item, attempt: int = 0) -> Envelope:
        return await self.say(TaskCancelled(item=item, attempt=attempt, paid=True))

    @property
    def said(self) -> list[tuple[float, str, Item, int]]:
        """Second, kind, item and attempt of what the annotator says."""
        mine = [event for event in self.record if event.sender == "w"]
        return [(event.time / SECOND, event.kind, event.body.item, event.body.attempt) for event in mine]


def _instant(second: float | None) -> int | None:
    return None if second is None else int(second * SECOND)


def answers(record: Recorder) -> list[tuple[Item, int, int | str, int]]:
    """Return item, attempt, label and duration of each answer."""
    said = record.of(AnswerSubmitted)
    return [(event.body.item, event.body.attempt, event.body.label, event.time - event.body.began) for event in said]
