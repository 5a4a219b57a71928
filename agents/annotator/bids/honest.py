"""Honest bids."""

from typing import ClassVar

from agents.annotator.bidding import Bidding, Offer
from bus.chance import Luck


class Honest(Bidding):
    """Says what is so: their typical time for each task in their queue and this one, their own price, and how sure they are."""

    kind: ClassVar[str] = "honest"

    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Return the offer as it is."""
        return offer
