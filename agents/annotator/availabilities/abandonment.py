"""Abandonment: tasks that are begun and left half-way."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.availability import Availability, Lapse
from agents.messages import Item
from bus.chance import Keyed
from bus.duration import Duration


class Abandonment(Availability):
    """Leaves some tasks half-way: without a word, so that they are locked until the lease ends, or giving them back.

    Kucherbaev et al. (2016) take such locks for a cause of slow campaigns; Han et al. (2019) are about who abandons, and when.
    """

    kind: ClassVar[str] = "abandonment"

    probability: Annotated[float, Field(ge=0, le=0.99)]
    """Probability that a task is left half-way."""
    done: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Mean share of the work that is done when it is left; .5 lets every share be as likely."""
    returns: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Probability that it is given back then, for others to take at once."""
    pause: Duration = 0.0
    """Time after the lease until they look for work again, if they have not given it back."""

    def lapse(self, item: Item, attempt: int, luck: Keyed) -> Lapse | None:
        """Return how far a task is done, as chance has it: a share u ** ((1 - done) / done), whose mean is `done`."""
        draws = luck.luck(item, attempt)
        if draws.uniform() >= self.probability:
            return None
        share = math.pow(draws.uniform(), (1 - self.done) / self.done)
        return Lapse(share, draws.uniform() < self.returns, self.pause)

    def is_silent(self) -> bool:
        """Return whether some tasks are left without a word."""
        return self.returns < 1
