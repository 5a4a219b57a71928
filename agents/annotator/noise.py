"""What an annotator answers, given what is true."""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Mapping, Set
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr, field_validator

from agents.annotator.people import PeopleChoice
from agents.annotator.record import FileFormat, Record, Recording
from agents.component import Component, Unusable
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

    def recording(self) -> Recording | None:
        """Return where the answers are recorded; None if they are made up."""
        return None

    def bound(self, record: Record) -> "Noise":
        """Return the noise of the person whose record this is."""
        return self

    def items(self) -> Set[Item] | None:
        """Return the items that this person may have an answer to; None for any."""
        return None


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


class Recorded(Noise):
    """People of the real world, who answer what they are recorded to have answered in a file, and decline anything else.

    The first person of the group is the first worker of the file, the second the second, in order of first appearance.
    """

    kind: ClassVar[str] = "recorded"

    file: Annotated[str, Field(min_length=1)]
    """The file of answers, such as `parley import` reads; relative to the folder of the scenario."""
    format: FileFormat | None = None
    """Its format; left out, what its name ends in says it."""
    workers: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Whose answers these people give, one worker of the file each; left out, the file's first ones."""
    task: str | None = None
    """Column of what was asked; left out, `task`."""
    worker: str | None = None
    """Column of who was asked; left out, `worker`."""
    label: str | None = None
    """Column of what they said; left out, `label`."""

    _record: Record | None = PrivateAttr(None)

    def recording(self) -> Recording:
        """Return the file."""
        return Recording(self.file, self.format, self.workers, (self.task, self.worker, self.label, None))

    def bound(self, record: Record) -> "Recorded":
        """Return the same with a person's answers."""
        person = self.model_copy()
        person._record = record
        return person

    def items(self) -> Set[Item]:
        """Return the items that they answered."""
        return self._known().keys()

    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int | None:
        """Return what they answered first; None where they did not."""
        return self._known().get(item)

    def _known(self) -> Mapping[Item, int]:
        if self._record is None:
            raise Unusable(f"noise 'recorded': nobody has read {self.file!r} yet")
        return self._record.answers


NOISES = PeopleChoice("noise", OneCoin, Confusion, Recorded)
AnyNoise = Annotated[Noise, NOISES]
