"""In company: what a person makes of what others say."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Probability
from agents.annotator.saying import Said, swapped
from agents.component import Component
from bus.chance import Luck

TIE = 1e-9
"""How far apart numbers may be that are as good as equal: what rounding does must not decide."""


class Position(NamedTuple):
    """What somebody holds of an item.

    Attributes:
        label: index of the class.
        chances: how probable they hold each class to be; None where only the label is known.
        confidence: how sure they say they are of the label; None if they do not say.
        mass: how many answers they would have to hear to give these half the weight; only some count so.
        weight: how much it weighs among others that are shown.
        reasons: whether they say why.
    """

    label: int
    chances: tuple[float, ...] | None = None
    confidence: float | None = None
    mass: float = 0.0
    weight: float = 1.0
    reasons: bool = False

    def spread(self, classes: int) -> tuple[float, ...]:
        """Return how probable they hold each class to be, as far as it is known: the label has what is not said otherwise."""
        if self.chances is not None:
            return self.chances
        sure = 1.0 if self.confidence is None or classes < 2 else self.confidence
        return tuple(sure if each == self.label else (1 - sure) / (classes - 1) for each in range(classes))

    def relabelled(self, label: int) -> "Position":
        """Return what they hold who hold another label instead, as surely: what was held of the one is held of the other."""
        return self._replace(label=label, chances=swapped(self.chances, self.label, label))

    def moved(self, chances: Sequence[float]) -> "Position":
        """Return what they hold who hold each class so probable now.

        Their label is the likeliest class; if several are, their own, if it is among these, or else the first.
        """
        most = max(chances) - TIE
        label = self.label if chances[self.label] >= most else next(each for each, chance in enumerate(chances) if chance >= most)
        return Position(label, tuple(chances), None if self.confidence is None else chances[label], self.mass)


class Social(Component):
    """How a person reacts to what others say of an item."""

    anchoring: Probability = 0.0
    """Probability of taking over a label that is shown before they answer (Tversky and Kahneman, 1974)."""
    confidence_needed: Probability = 0.0
    """How sure others have to be to be heeded; who does not say how sure they are is heeded."""
    effort: Annotated[float, Field(gt=0, le=100)] = 1.0
    """Time that it takes them to reconsider, as a multiple of the time of an answer."""

    @abstractmethod
    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold after hearing others, of whom there is one at least.

        Args:
            own: what they hold now.
            first: what they held before they had heard of anybody.
            heeded: what others hold who are sure enough, and count at all.
            case: the item, and what is true of it.
            luck: draws of this person, for this item and round.
        """

    def reconsider(self, own: Position, first: Position, others: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold after hearing others; what they hold now, where nobody is sure enough to be heeded.

        Args:
            own: what they hold now.
            first: what they held before they had heard of anybody.
            others: what others hold, they themselves not among them.
            case: the item, and what is true of it.
            luck: draws of this person, for this item and round.
        """
        heeded = [each for each in others if each.weight > 0 and self._is_sure(each)]
        return self.revised(own, first, heeded, case, luck) if heeded else own

    def said(self, held: Position, first: Position, case: Case) -> Position:
        """Return what they hold as they say it, if they say how sure they are, and how probable each class is.

        Args:
            held: what they hold.
            first: what they held before they had heard of anybody.
            case: the item, and what is true of it.
        """
        chances = held.spread(case.classes)
        return Position(held.label, chances, chances[held.label] if held.confidence is None else held.confidence)

    def position(self, said: Said, chances: Chances) -> Position:
        """Return what they hold who have heard of nobody yet.

        Args:
            said: what they say; a label at least.
            chances: the probability of each class as their answer to this item.
        """
        assert said.label is not None
        return Position(said.label, said.chances, said.confidence)

    def anchored(self, label: int, shown: int, luck: Luck) -> int:
        """Return the label that they give to whom one was shown: that, with the probability `anchoring`, or else their own."""
        return shown if luck.uniform() < self.anchoring else label

    def _is_sure(self, other: Position) -> bool:
        return other.confidence is None or other.confidence >= self.confidence_needed
