"""Choosing: who is best for a question, by what is known of people so far."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf, isfinite
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.allocation import Allocation, Router, Workforce
from agents.coordinator.allocations.track_records import Prior, TrackRecords
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.messages import Item, Label
from bus.chance import Luck
from bus.clock import microseconds
from bus.duration import Duration


class Chooser(Allocation):
    """Base class of those that choose people by how good they have been.

    Where one person decides an item alone, everybody agrees with its label: there, gold questions must tell who is any good.
    """

    reward: Literal["agreement", "gold"] = "agreement"
    """What counts as having been right: agreement, with the label that the item gets, once it has it; gold, gold questions only."""
    expected: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """How often somebody of whom nothing is known is expected to be right."""
    strength: Annotated[float, Field(gt=0, le=1e6)] = 2.0
    """Answers that this expectation is worth."""
    forgetting: Annotated[float, Field(gt=0, le=1)] = 1.0
    """What an answer is still worth each time that another of the same person is counted; 1 forgets nothing, less follows people
    who change."""
    sharing: Annotated[float, Field(gt=0, le=1e6)] = 5.0
    """Where topics make a difference: answers that what is known of somebody at all topics is worth at each."""
    thrift: Annotated[float, Field(ge=0, le=10)] = 0.0
    """How much prices count: scores are divided by the price to this power. At 0 not at all; at 1, it is value for money."""
    waits: Annotated[int, Field(ge=0)] = 0
    """Questions that may wait for one person who is busy, being better than those who are free. At 0, the best of the free are
    asked."""
    patience: Annotated[Duration, Field(gt=0)] | None = None
    """Time after which a question waits for nobody any more, nor lets others pass. Left out, there is no such time."""

    by_pairs: ClassVar[bool] = False
    """Whether questions are chosen too; otherwise the oldest comes first."""

    def goes_by_topics(self) -> bool:
        """Return whether it makes a difference what an item is about."""
        return False

    def needs_topics(self) -> bool:
        """Return whether it cannot do without knowing what items are about."""
        return self.goes_by_topics() and self.clusters() is None

    @abstractmethod
    def scores(self, desk: "Desk", request: Request, names: Sequence[str], value: float) -> list[float]:
        """Return how good each of these would be for a question: the higher, the better.

        Args:
            desk: what is known.
            request: the question.
            names: the people.
            value: how much it is wanted, from 0 to 1 among those that wait.
        """

    def standard(self, desk: "Desk", request: Request) -> float:
        """Return what somebody's score is measured by when questions are chosen too."""
        return 0.0

    def router(self, workforce: Workforce) -> Router:
        """Return one that knows nothing of people yet."""
        return Desk(workforce, self)


class Desk(Router):
    """Has the best of those who are free asked, or lets a question wait for somebody better.

    Args:
        workforce: the people.
        chooser: who says how good they are.
    """

    learns: ClassVar[bool] = True

    def __init__(self, workforce: Workforce, chooser: Chooser) -> None:
        self.people = [*workforce.people]
        self.roll = Roll(self.people)
        prior = Prior(chooser.expected, chooser.strength, chooser.sharing)
        topics = workforce.topics if chooser.goes_by_topics() else {}
        self.records = TrackRecords(prior, chooser.forgetting, chooser.reward == "gold", topics)
        self.prices = workforce.prices
        self._chooser, self._loop = chooser, workforce.loop
        self._thrift = {name: max(price, 1) ** chooser.thrift for name, price in workforce.prices.items()}
        self._lots = workforce.chance.keyed("allocation")
        self._own = {name: workforce.chance.keyed("allocation", name) for name in self.people}
        self._nudge: Callable[[], None] = _stay
        self._patience = None if chooser.patience is None else microseconds(chooser.patience)
        self._since: dict[Request, int] = {}
        self._waiting: dict[Request, str] = {}
        self._queued: Counter[str] = Counter()

    def meet(self, roll: Roll, nudge: Callable[[], None]) -> None:
        """Learn who is there."""
        self.roll, self._nudge = roll, nudge

    def luck(self, request: Request, name: str | None = None) -> Luck:
        """Return chance for a question, or for asking somebody a question: the same however often it is thought over."""
        if name is None:
            return self._lots.luck(request.item, request.people_asked)
        return self._own[name].luck(request.item, request.times(name))

    # Who is asked

    def want(self, request: Request) -> None:
        """Take note since when a question waits."""
        if self._patience is not None:
            self._since.setdefault(request, self._loop.now)
            self._loop.call_at_instant(self._loop.now + self._patience, self._nudge)

    def done(self, request: Request) -> None:
        """Forget that, and let it wait for nobody."""
        self._since.pop(request, None)
        self._stop_waiting(request)

    def match(self, requests: Iterable[Request], idle: Mapping[str, None]) -> tuple[Request, str] | None:
        """Return the oldest question with whom is best for it; or the best pair of all, where questions are chosen too."""
        by_pairs = self._chooser.by_pairs
        low = high = 0.0
        if by_pairs:
            requests = [*requests]
            scores = [each.score for each in requests if isfinite(each.score)]
            low, high = min(scores, default=0.0), max(scores, default=0.0)
        best: tuple[float, Request, str] | None = None
        for request in requests:
            if request in self._waiting and (self._is_overdue(request) or not self._waits_on(request)):
                self._stop_waiting(request)
            names = [] if request in self._waiting else [name for name in request.candidates(idle) if request.may_ask(name)]
            if not names:
                continue
            value = min(max((request.score - low) / (high - low), 0.0), 1.0) if high > low else 1.0
            score, name = self._best(request, names, value)
            if self._is_overdue(request):
                return request, name
            if self._chooser.waits and self._begins_to_wait(request, value, score):
                continue
            if not by_pairs:
                return request, name
            merit = score - self._chooser.standard(self, request)
            if best is None or merit > best[0]:
                best = merit, request, name
        return None if best is None else best[1:]

    def _best(self, request: Request, names: Sequence[str], value: float) -> tuple[float, str]:
        if len(names) == 1 and not self._chooser.by_pairs and not self._chooser.waits:
            return 0.0, names[0]
        scores = self._chooser.scores(self, request, names, value)
        if self._chooser.thrift:
            scores = [score / self._thrift[name] for score, name in zip(scores, names, strict=True)]
        best = max(scores)
        return best, names[scores.index(best)]

    def _is_overdue(self, request: Request) -> bool:
        return self._patience is not None and self._loop.now >= self._since[request] + self._patience

    # Waiting for somebody who is busy

    def _begins_to_wait(self, request: Request, value: float, score: float) -> bool:
        """Let a question wait for somebody who is busy, and better than the best who is free, if there is such a one."""
        roll, queued, most = self.roll, self._queued, self._chooser.waits
        busy = [name for name in self.people if name not in roll.idle and queued[name] < most and roll.is_there(name)]
        names = [name for name in busy if request.may_ask(name)]
        if not names:
            return False
        better, name = self._best(request, names, value)
        if not score < better < inf:
            return False
        self._waiting[request] = name
        queued[name] += 1
        return True

    def _waits_on(self, request: Request) -> bool:
        """Return whether a question has whom to wait for still: not if they are free, or have left."""
        name = self._waiting[request]
        return name not in self.roll.idle and self.roll.is_there(name) and request.may_ask(name)

    def _stop_waiting(self, request: Request) -> None:
        name = self._waiting.pop(request, None)
        if name is not None:
            self._queued[name] -= 1

    # What is learnt

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Take in an answer."""
        self.records.hear(item, annotator, label)

    def know(self, item: Item, label: Label) -> None:
        """Learn what a gold item is."""
        self.records.know(item, label)

    def settle(self, item: Item, label: Label) -> None:
        """Judge the answers to an item."""
        self.records.settle(item, label)

    def forget(self, annotator: str) -> None:
        """Forget what is known of somebody."""
        self.records.forget(annotator)


def _stay() -> None:
    """Nobody is to be told."""
