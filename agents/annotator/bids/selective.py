"""Refusing to bid."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.bidding import Bidding, Offer
from agents.annotator.noise import Probability
from bus.chance import Luck


class Selective(Bidding):
    """Refuses to bid with enough to do, or now and then."""

    kind: ClassVar[str] = "selective"

    queue: Annotated[int, Field(ge=1)] | None = None
    """Tasks, the one at which they are among them, with which they take on no more; left out, there are never too many."""
    refuses: Probability = 0.0
    """Share of all calls that they refuse."""

    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Refuse, or leave the offer as it is."""
        if self.queue is not None and queue >= self.queue:
            return None
        return None if self.refuses and luck.uniform() < self.refuses else offer
