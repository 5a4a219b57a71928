"""Doubt that goes by more than votes: how sure people are, what was learnt of them, what the model says, or a lot that is drawn."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.accuracy import AnyAccuracy, Share
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.doubt import Doubt, Ground
from agents.coordinator.reliability import Reliability
from agents.coordinator.vote import leading
from agents.inference.inference import TIED
from agents.messages import Item, Label


class LowConfidence(Doubt):
    """Where those who give the most frequent label do not say that they are sure enough of it."""

    kind: ClassVar[str] = "low-confidence"
    ground: ClassVar[Ground | None] = "confidence"

    below: Annotated[float, Field(gt=0, le=1)] = 0.8
    """Confidence under which there is doubt, as the mean of those who give the label and say how sure they are, or how
    probable each class is."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether it is less, or nobody says how sure they are."""
        labels = leading(answers)
        said = [sure for each in answers if each.label in labels and (sure := _confidence(each, crowd.classes)) is not None]
        return not said or sum(said) < (self.below - TIED) * len(said)


def _confidence(answer: Answer, classes: Sequence[Label]) -> float | None:
    """Return how sure somebody says they are of their label; None if they do not say."""
    if answer.confidence is None and answer.chances is not None:
        return answer.chances[classes.index(answer.label)]
    return answer.confidence


class AtRandom(Doubt):
    """In a share of the items, drawn by lot, whatever the answers: for others to check what nobody doubts."""

    kind: ClassVar[str] = "at-random"

    share: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Share of the items."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether the lot has fallen on the item: each time that it is asked, alike."""
        return crowd.luck(item, "at-random").uniform() < self.share


class Posterior(Doubt):
    """Where no label is probable enough, by the answers and by how good people are."""

    kind: ClassVar[str] = "posterior"
    ground: ClassVar[Ground | None] = "belief"

    below: Share = 0.9
    """Probability of the most probable label under which there is doubt."""
    accuracy: AnyAccuracy | None = None
    """How often people are right: "learnt" online, known person by person, or a number for all; left out, what the policy itself
    has learnt."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether it is less."""
        belief = crowd.belief
        assert belief is not None, "a doubt goes by what a policy has learnt that learns nothing"
        # Where only people are weighed, by these answers; or else by all that there are.
        if isinstance(belief, Reliability):
            return belief.confidence(item, answers) < self.below - TIED
        return float(belief.posterior(item).max()) < self.below - TIED

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what weighs the votes; None if the policy does."""
        return None if self.accuracy is None else self.accuracy.belief(classes)


class AgainstModel(Doubt):
    """Where the newest model holds another label probable than people do; before there is a model, there is no doubt."""

    kind: ClassVar[str] = "model"
    ground: ClassVar[Ground | None] = "model"

    above: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Probability that the model has to give to a label that is not the most frequent one, for there to be doubt."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether it gives as much to another."""
        predicted, labels = crowd.predicted(item), leading(answers)
        return predicted is not None and max((p for label, p in predicted.items() if label not in labels), default=0) > self.above
