"""Bids that claim too much."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.bidding import Bidding, Offer
from agents.annotator.saying import log_odds, sigmoid
from bus.chance import Luck


class Overclaiming(Bidding):
    """Says that they would be done sooner, and are surer, than is so."""

    kind: ClassVar[str] = "overclaiming"

    factor: Annotated[float, Field(gt=0, le=1e6)] = 2.0
    """How many times as fast they claim to be as they are; below 1, they promise less than they do."""
    sure: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    """By how much they multiply the odds that they are right."""

    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Divide the time, and multiply the odds."""
        sure = offer.confidence
        if sure is not None and self.sure != 1:
            sure = sigmoid(log_odds(sure) + math.log(self.sure))
        return offer._replace(seconds=offer.seconds / self.factor, confidence=sure)
