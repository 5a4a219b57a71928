"""Conformity: opinions move towards each other."""

import math
from collections.abc import Sequence
from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Probability
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Conformity(Social):
    """Opinions move towards those of others, and some are held on to.

    What they hold probable becomes (1 - stubbornness) ((1 - openness) x + openness m) + stubbornness x0, where x is what they held,
    m the mean of what the others hold, and x0 what they held at first (Friedkin and Johnsen, 1990; without stubbornness, DeGroot,
    1974). Their label is the class that they hold most probable; if several are, their own, if it is among these, or else the
    first.
    """

    kind: ClassVar[str] = "conformity"

    openness: Probability = 0.3
    """Weight of others, all of them together, against one's own opinion: 0 for none."""
    stubbornness: Probability = 0.0
    """Weight of what one held at first: with 1, nothing moves them."""

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard others."""
        classes, stubborn, open_ = case.classes, self.stubbornness, self.openness
        voices = [each.spread(classes) for each in heeded]
        held, began = own.spread(classes), first.spread(classes)
        chances = tuple(
            (1 - stubborn) * ((1 - open_) * held[each] + open_ * math.fsum(voice[each] for voice in voices) / len(voices))
            + stubborn * began[each]
            for each in range(classes)
        )
        most = max(chances)
        label = own.label if chances[own.label] >= most else chances.index(most)
        return Position(label, chances, None if own.confidence is None else chances[label], own.mass)
