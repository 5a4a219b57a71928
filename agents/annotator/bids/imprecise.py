"""Bids of people who do not know exactly."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.bidding import Bidding, Offer
from bus.chance import Luck

Spread = Annotated[float, Field(ge=0, le=5)]


class Imprecise(Bidding):
    """Misjudges how long it will take, and what it costs them: by a lognormal factor of median 1, drawn for each bid."""

    kind: ClassVar[str] = "imprecise"

    time: Spread = 0.5
    """Standard deviation of the natural logarithm of the time that they say."""
    price: Spread = 0.0
    """Standard deviation of the natural logarithm of the price that they ask."""

    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Draw both."""
        seconds, price = offer.seconds * math.exp(self.time * luck.normal()), offer.price * math.exp(self.price * luck.normal())
        return offer._replace(seconds=seconds, price=price)
