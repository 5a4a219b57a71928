"""People who have no answer to some items."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.noise import Noise
from agents.messages import Item
from bus.chance import Luck


class Shy(Noise):
    """Declines a share of the tasks, and answers the others by the toss of a coin."""

    kind: ClassVar[str] = "shy"

    share: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Share of the tasks that are declined."""

    def answer(self, item: Item, truth: int, classes: int, luck: Luck) -> int | None:
        return None if luck.uniform() < self.share else luck.below(classes)
