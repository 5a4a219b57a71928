"""What people say: a label, and perhaps more than a label."""

from abc import abstractmethod
from typing import NamedTuple

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


class Saying(Component):
    """What a person says who has come to an answer."""

    @abstractmethod
    def say(self, label: int, chances: Chances, case: Case, luck: Luck) -> Said:
        """Return what they say.

        Args:
            label: index of the class that they would answer.
            chances: the probability of each class as their answer to this item; that of the truth is how likely they are right.
            case: the item, and what is true of it.
            luck: draws of this person, for this item and attempt, of what they say beyond the label.
        """
