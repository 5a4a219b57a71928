"""Bids above cost."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.bidding import Bidding, Offer
from bus.chance import Luck


class Markup(Bidding):
    """Asks for more than their own price, or for less."""

    kind: ClassVar[str] = "markup"

    share: Annotated[float, Field(ge=-1, le=1e6)] = 0.2
    """What is added to the price, as a share of it; below 0, what is taken off."""
    amount: Annotated[float, Field(ge=-1e12, le=1e12)] = 0.0
    """What is added to that, in units of the user's currency."""

    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Change the price; nobody pays to work."""
        return offer._replace(price=max(0.0, offer.price * (1 + self.share) + self.amount))
