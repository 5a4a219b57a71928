"""How annotators err."""

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence, Set
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from agents.annotator.case import Case
from agents.annotator.people import Varied
from agents.annotator.record import Record, Recording
from agents.component import Component
from agents.messages import Item
from bus.chance import Keyed, Luck

Probability = Annotated[float, Field(ge=0, le=1)]

Chances = Sequence[float]
"""The probability of each class as a person's answer to one item; they sum to 1."""

Fact = Literal["features", "topics"]
"""What noise may go by beside the truth of an item: what it is like, and what it is about."""


class Noise(Component):
    """How answers depart from the truth.

    A noise may be made of others: those stand among its dials.
    """

    @model_validator(mode="after")
    def _is_made_of_noises(self) -> Self:
        if any(isinstance(each, Varied) for _, value in self for each in (value if isinstance(value, tuple) else (value,))):
            raise ValueError("a distribution over people cannot stand here, where it would be drawn for nobody")
        if any(part.recording() is not None for part in self.parts()):
            raise ValueError("people who are recorded answer what they answered: no other noise is made of them")
        return self

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

    def parts(self) -> Iterator["Noise"]:
        """Yield the noises that this one is made of."""
        for _, value in self:
            yield from _noises(value)

    def alike_within(self) -> int:
        """Return how many noises of this kind this one is made of, at any depth."""
        return sum(isinstance(each, type(self)) for each in self._within())

    def _within(self) -> Iterator["Noise"]:
        for part in self.parts():
            yield part
            yield from part._within()

    def check(self, classes: int) -> None:
        """Raise ValueError if this noise cannot answer about that many classes."""
        for part in self.parts():
            part.check(classes)

    def needs(self) -> Set[Fact]:
        """Return what these answers go by, beside the truth."""
        return frozenset[Fact]().union(*(part.needs() for part in self.parts()))

    def topics(self) -> Set[str]:
        """Return the topics that these answers tell apart by name."""
        return frozenset[str]().union(*(part.topics() for part in self.parts()))

    def person(self, luck: Keyed, path: str = "") -> "Noise":
        """Return this noise as one person has it: what chance decides once for a person is decided.

        Args:
            luck: the person's draws.
            path: where among their noises this one stands; draws are keyed by it.
        """
        settled = {dial: _settled(value, luck, f"{path}{dial}") for dial, value in self if _noises(value)}
        return self.model_copy(update=settled) if settled else self

    def recording(self) -> Recording | None:
        """Return where the answers are recorded; None if they are made up."""
        return None

    def bound(self, record: Record) -> "Noise":
        """Return the noise of the person whose record this is."""
        return self

    def items(self) -> Set[Item] | None:
        """Return the items that this person may have an answer to; None for any."""
        return None


def _noises(value: Any) -> tuple[Noise, ...]:
    """Return the noises that a dial holds: one, several or none."""
    return tuple(each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Noise))


def _settled(value: Any, luck: Keyed, path: str) -> Any:
    if isinstance(value, tuple):
        return tuple(each.person(luck, f"{path}.{place}.") for place, each in enumerate(value))
    return value.person(luck, f"{path}.")


def draw(chances: Chances, truth: int, luck: Luck) -> int:
    """Draw an answer: first whether it is right, and if it is not, by a draw of its own, which wrong one it is.

    So whoever is better by whatever means, with the same luck, is right where they were wrong before, and never the other way
    round; and their other wrong answers stay as they were.
    """
    return truth if luck.uniform() < chances[truth] else err(chances, truth, luck)


def err(chances: Chances, truth: int, luck: Luck) -> int:
    """Draw a wrong answer; the truth if there is none."""
    left = luck.uniform() * (math.fsum(chances) - chances[truth])
    answer = truth
    for label, chance in enumerate(chances):
        if label != truth and chance > 0:
            answer, left = label, left - chance
            if left < 0:
                break
    return answer


def righted(chances: Chances, truth: int, right: float) -> Chances:
    """Make the chance of a right answer `right`; the wrong ones keep their proportions, or share alike where there were none."""
    left = math.fsum(chances) - chances[truth]
    if len(chances) < 2:
        return chances
    others = [chance / left if left > 0 else 1 / (len(chances) - 1) for chance in chances]
    return [right if label == truth else (1 - right) * other for label, other in enumerate(others)]


def tilt(chances: Chances, truth: int, shift: float) -> Chances:
    """Raise the log odds of a right answer by `shift`; the wrong ones keep their proportions."""
    right = chances[truth]
    if shift == 0 or right <= 0 or right >= 1:
        return chances
    odds = right / (1 - right) * math.exp(min(shift, 700.0))
    better = odds / (1 + odds) if odds < math.inf else 1.0
    scale = (1 - better) / (1 - right)
    return [better if label == truth else chance * scale for label, chance in enumerate(chances)]
