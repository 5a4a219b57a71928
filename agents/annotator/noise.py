"""What an annotator answers, given what is true."""

from abc import abstractmethod
from bisect import bisect_right
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from agents.annotator.people import PeopleChoice
from agents.component import Component
from agents.messages import Item
from bus.chance import Luck

Probability = Annotated[float, Field(ge=0, le=1)]


class Noise(Component):
    """How answers depart from the truth."""

    @abstractmethod
    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int | None:
        """Return the index of the class that is answered; None if this person has no answer to give.

        Args:
            item: the item.
            truth: index of the true class.
            classes: number of classes.
            luck: the draws of this person, for this item and attempt.
        """

    def check(self, classes: int) -> None:
        """Raise ValueError if this noise cannot answer about that many classes."""


class OneCoin(Noise):
    """Right with one probability for all classes; the wrong classes are equally likely (Dawid and Skene, 1979, simplified)."""

    kind: ClassVar[str] = "one-coin"

    accuracy: Probability = 0.8
    """Probability of a right answer."""

    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int:
        """Answer the truth with probability `accuracy`."""
        if luck.uniform() < self.accuracy or classes < 2:
            return truth
        # A draw of its own says which wrong class: a higher accuracy turns wrong answers right, and moves no other.
        other = luck.below(classes - 1)
        return other if other < truth else other + 1


class Confusion(Noise):
    """Answers drawn from the true class's row of a confusion matrix (Dawid and Skene, 1979)."""

    kind: ClassVar[str] = "confusion"

    matrix: tuple[tuple[Probability, ...], ...]
    """A row for each true class, in the order of the classes: the probability of each answer."""

    @field_validator("matrix")
    @classmethod
    def _is_stochastic(cls, matrix: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        for number, row in enumerate(matrix, 1):
            if len(row) != len(matrix):
                raise ValueError(
                    f"row {number} has {len(row)} entries, but there are {len(matrix)} rows: a confusion matrix is square"
                )
            if abs(sum(row) - 1) > 1e-6:
                raise ValueError(f"row {number} sums to {sum(row):.6g}, but the probabilities of the answers sum to 1")
        return matrix

    def check(self, classes: int) -> None:
        """Refuse data with another number of classes."""
        if len(self.matrix) != classes:
            raise ValueError(f"the confusion matrix is for {len(self.matrix)} classes, but the data have {classes}")

    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int:
        """Draw from the row of the truth, by inversion."""
        bounds = list(accumulate(self.matrix[truth]))
        return min(bisect_right(bounds, luck.uniform() * bounds[-1]), classes - 1)


NOISES = PeopleChoice("noise", OneCoin, Confusion)
AnyNoise = Annotated[Noise, NOISES]
