"""How annotators err."""

import math
from abc import abstractmethod
from collections.abc import Sequence, Set
from typing import Annotated

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.record import Record, Recording
from agents.component import Component
from agents.messages import Item
from bus.chance import Luck

Probability = Annotated[float, Field(ge=0, le=1)]

Chances = Sequence[float]
"""The probability of each class as a person's answer to one item; they sum to 1."""


class Noise(Component):
    """How answers depart from the truth."""

    @abstractmethod
    def chances(self, case: Case) -> Chances:
        """Return the probability of each class as this person's answer."""

    def answer(self, case: Case, luck: Luck) -> int | None:
        """Return the index of the class that is answered; None if this person has no answer to give.

        Args:
            case: the item, and what is true of it.
            luck: the draws of this person, for this item and attempt.
        """
        return draw(self.chances(case), case.truth, luck)

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


def draw(chances: Chances, truth: int, luck: Luck) -> int:
    """Draw an answer: first whether it is right, and if it is not, by a draw of its own, which wrong one it is.

    So whoever is better by whatever means, with the same luck, is right where they were wrong before, and never the other way
    round; and their other wrong answers stay as they were.
    """
    right = chances[truth]
    if luck.uniform() < right:
        return truth
    left = luck.uniform() * (math.fsum(chances) - right)
    answer = truth
    for label, chance in enumerate(chances):
        if label != truth and chance > 0:
            answer, left = label, left - chance
            if left < 0:
                break
    return answer


def tilt(chances: Chances, truth: int, shift: float) -> Chances:
    """Raise the log odds of a right answer by `shift`; the wrong ones keep their proportions."""
    right = chances[truth]
    if shift == 0 or right <= 0 or right >= 1:
        return chances
    odds = right / (1 - right) * math.exp(min(shift, 700.0))
    better = odds / (1 + odds) if odds < math.inf else 1.0
    scale = (1 - better) / (1 - right)
    return [better if label == truth else chance * scale for label, chance in enumerate(chances)]
