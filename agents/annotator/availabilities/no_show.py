"""No-shows: tasks that are taken and never begun."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.availability import Availability, Lapse
from agents.messages import Item
from bus.chance import Keyed
from bus.duration import Duration


class NoShow(Availability):
    """Takes a task now and then and never begins it: nothing is heard of it until its lease ends (Han et al., 2019)."""

    kind: ClassVar[str] = "no-show"

    probability: Annotated[float, Field(ge=0, le=0.99)]
    """Probability that a task is never begun."""
    pause: Duration = 0.0
    """Time after the lease until they look for work again."""

    def lapse(self, item: Item, attempt: int, luck: Keyed) -> Lapse | None:
        """Return that a task is not begun, as chance has it."""
        return Lapse(0.0, False, self.pause) if luck.luck(item, attempt).uniform() < self.probability else None

    def is_silent(self) -> bool:
        """Return that only the lease tells."""
        return True
