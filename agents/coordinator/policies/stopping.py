"""When answers to an item suffice."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.component import Choice, Component
from agents.coordinator.accuracy import AnyAccuracy, Common, Share, reliability_in
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.vote import plurality
from agents.inference.inference import TIED
from agents.messages import Item, Label


class Stopping(Component):
    """Says after each answer to an item whether that suffices, and what the answers amount to."""

    @abstractmethod
    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether these answers suffice."""

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what the answers amount to, whether they suffice or not: the most frequent label."""
        return plurality(answers, item, crowd)

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what it learns from all answers of a campaign; see Policy."""
        return None


class Confidence(Stopping):
    """Until one label is probable enough: the sequential probability ratio test (Wald, 1945), of several classes."""

    kind: ClassVar[str] = "confidence"

    tau: Share = 0.95
    """Probability of the most probable label at which it is settled."""
    accuracy: AnyAccuracy = Common()
    """How often people are right: a number for all, "learnt" online, or known person by person."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether the most probable label is as probable as `tau`."""
        return reliability_in(crowd).confidence(item, answers) >= self.tau - TIED

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most probable label."""
        return reliability_in(crowd).best(item, answers, crowd.luck)

    def belief(self, classes: Sequence[Label]) -> Belief:
        """Return what weighs the votes."""
        return self.accuracy.belief(classes)


class Quorum(Stopping):
    """Until one label has so many votes, however many the others have."""

    kind: ClassVar[str] = "quorum"

    votes: Annotated[int, Field(ge=1)] = 2
    """Votes that a label needs."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether a label has them."""
        return max(_tally(answers)) >= self.votes


class Lead(Stopping):
    """Until one label is so many votes ahead of every other: gambler's ruin (Feller, 1950)."""

    kind: ClassVar[str] = "lead"

    by: Annotated[int, Field(ge=1)] = 2
    """Votes between the leader and the runner-up."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether the leader is so far ahead."""
        first, second, *_ = [*sorted(_tally(answers), reverse=True), 0]
        return first - second >= self.by


def _tally(answers: Sequence[Answer]) -> list[int]:
    return [*Counter(answer.label for answer in answers).values()]


AnyStopping = Annotated[Stopping, Choice("stopping rule", Confidence, Quorum, Lead)]
