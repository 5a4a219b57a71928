"""Boundary: errors where the classes border on each other."""

from collections.abc import Set
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Fact, Noise, Probability
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin


class Boundary(Noise):
    """Takes items near the boundary of two classes for those beyond it: noise that depends on the features of the item.

    A hidden logistic regression, fitted to the truth of other items, says how clear an item is: its margin m is the probability of
    the true class less that of the likeliest other one. That other class is answered with probability error * min(1, 1 - m) **
    power, and what else is answered is another noise. Of two classes, 1 - m is 2 (1 - eta), so that with a power above 1 this noise
    is polynomial-margin diminishing (Zhang et al., 2021). It comes from the items and not from the people: they err alike.
    """

    kind: ClassVar[str] = "boundary"

    of: AnyNoise = OneCoin(accuracy=1.0)
    """What is answered but for this."""
    error: Probability = 0.5
    """Probability of the mistake for items on the boundary, and beyond it."""
    power: Annotated[float, Field(gt=0, le=50)] = 2.0
    """How fast that falls with the margin: the higher, the nearer to the boundary the mistakes stay."""

    def needs(self) -> Set[Fact]:
        """Return that these answers go by features."""
        return super().needs() | {"features"}

    def chances(self, case: Case) -> Chances:
        """Return the chances of the noise within, less those of the mistake, which go to the class beyond the boundary."""
        margin, rival = case.nature.terrain.doubt(case.item)
        mistake = self.error * min(1.0, 1.0 - margin) ** self.power
        chances = [(1 - mistake) * chance for chance in self.of.chances(case)]
        chances[rival] += mistake
        return chances
