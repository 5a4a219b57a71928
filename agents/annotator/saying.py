"""What people say: a label, and perhaps more than a label."""

import math
from abc import abstractmethod
from typing import ClassVar, NamedTuple

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.component import Component
from bus.chance import Luck


class Said(NamedTuple):
    """What a person says of an item.

    Attributes:
        label: index of the class; None if they give none.
        abstains: where they give none: whether they say that they cannot tell, which is an answer too, or decline the task.
        confidence: how probable they say it is that they are right; None if they do not say.
        chances: how probable they say each class is; None if they do not say.
        ranking: indices of the classes, the likeliest first; None if they do not say.
    """

    label: int | None
    abstains: bool = False
    confidence: float | None = None
    chances: tuple[float, ...] | None = None
    ranking: tuple[int, ...] | None = None

    def relabelled(self, label: int) -> "Said":
        """Return what they say who give another label as their own: of it, what they would have said of theirs, and the reverse."""
        assert self.label is not None
        places = {self.label: label, label: self.label}
        ranking = self.ranking and tuple(places.get(each, each) for each in self.ranking)
        return self._replace(label=label, chances=swapped(self.chances, self.label, label), ranking=ranking)


class Saying(Component):
    """What a person says who has come to an answer. Of several sayings, each adds to what those before it say."""

    draws: ClassVar[str] = ""
    """What its draws are for: sayings of one person that name the same draw alike; left empty, its kind."""

    @abstractmethod
    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Return what they say.

        Args:
            said: what they say so far: a label at least.
            chances: the probability of each class as their answer to this item; that of the truth is how likely they are right.
            case: the item, and what is true of it.
            luck: draws of this person, for this item and attempt, of what they say beyond the label.
        """


def swapped(chances: tuple[float, ...] | None, one: int, other: int) -> tuple[float, ...] | None:
    """Return chances, if there are any, of which two have changed places."""
    if chances is None or one == other:
        return chances
    places = {one: other, other: one}
    return tuple(chances[places.get(each, each)] for each in range(len(chances)))


def confidence_of(said: Said, chances: Chances, case: Case) -> float:
    """Return how sure they are of their label: as they say; or, if they do not say, as sure as they can be."""
    return assured(chances[case.truth], len(chances)) if said.confidence is None else said.confidence


def assured(probability: float, classes: int) -> float:
    """Return a confidence that is at least what guessing would be right with: nobody names a label and claims less."""
    return max(probability, 1 / classes)


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, certainty being 36 nats."""
    bounded = min(max(probability, 2e-16), 1 - 2e-16)
    return math.log(bounded / (1 - bounded))


def sigmoid(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0
