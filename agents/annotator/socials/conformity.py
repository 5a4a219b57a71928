"""Conformity: opinions move towards each other."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

from agents.annotator.case import Case
from agents.annotator.noise import Probability
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Conformity(Social):
    """Opinions move towards those of others, and some are held on to.

    What they hold probable becomes (1 - stubbornness) ((1 - openness) x + openness m) + stubbornness x0, where x is what they held,
    m the mean of what they hear, weighted as it is shown, and x0 what they held at first (Friedkin and Johnsen, 1990; without
    stubbornness, DeGroot, 1974). With an openness of 1 and `counts_oneself`, everybody they hear counts as much as they themselves.
    Who says a label and nothing else is taken to be certain of it.

    With the logarithmic pool, logarithms of probabilities are added up so, and not probabilities (Genest and Zidek, 1986): for two
    classes, log odds. An openness of 1 and a stubbornness of 1 - g make it the reviser of a Delphi study, who weighs what they made
    of it alone by 1 - g, and the mean of the log odds that are reported back by g; with g = 0, nobody ever moves.

    Their label is the class that they hold most probable; if several are, their own, if it is among these, or else the first.
    """

    kind: ClassVar[str] = "conformity"

    openness: Probability = 0.3
    """Weight of what is heard, all of it together, against what one held just before: 0 for none."""
    stubbornness: Probability = 0.0
    """Weight of what one held at first: with 1, nothing moves them."""
    counts_oneself: bool = False
    """Whether what one holds is one voice among those that are heard, of weight 1."""
    pool: Literal["linear", "logarithmic"] = "linear"
    """What is averaged: probabilities, or their logarithms."""

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard others."""
        classes, stubborn, open_ = case.classes, self.stubbornness, self.openness
        voices = [*heeded, own._replace(weight=1.0)] if self.counts_oneself else heeded
        heard = [(each.weight, self._scaled(each.spread(classes))) for each in voices]
        total = math.fsum(weight for weight, _ in heard)
        held, began = self._scaled(own.spread(classes)), self._scaled(first.spread(classes))
        scaled = [
            (1 - stubborn)
            * ((1 - open_) * held[each] + open_ * (math.fsum(weight * voice[each] for weight, voice in heard) / total))
            + stubborn * began[each]
            for each in range(classes)
        ]
        return own.moved(self._chances(scaled))

    def _scaled(self, chances: Sequence[float]) -> Sequence[float]:
        return chances if self.pool == "linear" else [math.log(max(chance, _LEAST)) for chance in chances]

    def _chances(self, scaled: Sequence[float]) -> Sequence[float]:
        if self.pool == "linear":
            return scaled
        most = max(scaled)
        parts = [math.exp(each - most) for each in scaled]
        total = math.fsum(parts)
        return [part / total for part in parts]


_LEAST = 2e-16
"""The probability that stands for none, which has no logarithm: who is certain has log odds of 36."""
