"""Drift: skill that wanders off as answers are given."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.change import Change
from agents.annotator.experience import Moment
from agents.annotator.walk import walk
from bus.chance import Keyed


class Drift(Change):
    """Skill that goes off with each answer, straight or at random.

    After n answers, the log odds of a right answer have moved by slope n + step X(n), where X(0) = 0 and X(n) = (1 - pull) X(n - 1)
    plus a standard normal draw: a random walk (as in Donmez, Carbonell and Schneider, 2010), or, with a pull, one that comes back,
    of variance step^2 / (1 - (1 - pull)^2) in the long run. Real logs show no drift, and so do these defaults.
    """

    kind: ClassVar[str] = "drift"

    slope: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """Log odds gained with each answer."""
    step: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Standard deviation of what chance adds to the log odds with each answer."""
    pull: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of what chance has added so far that is lost with each answer."""

    def skill(self, moment: Moment, luck: Keyed) -> float:
        """Return slope n + step X(n), at a cost that grows as the logarithm of n."""
        straight = self.slope * moment.answers
        return straight + self.step * walk(luck, moment.answers, 1 - self.pull) if self.step else straight
