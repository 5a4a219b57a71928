"""What people bid: when they say that they would be done, for how much, and how sure they say they are."""

from abc import abstractmethod
from typing import NamedTuple

from agents.component import Component
from bus.chance import Luck


class Offer(NamedTuple):
    """A bid.

    Attributes:
        seconds: until they would be done, counting what waits for them already.
        price: in units of the user's currency.
        confidence: how probable they say it is that they will be right; None if they do not say.
    """

    seconds: float
    price: float
    confidence: float | None


class Bidding(Component):
    """How somebody bids. Of several ways, each makes something of the offer of the one before it; the first, of an honest one."""

    @abstractmethod
    def offer(self, offer: Offer, queue: int, luck: Luck) -> Offer | None:
        """Return what they bid; None if they refuse.

        Args:
            offer: what they would bid otherwise.
            queue: the tasks that they have, the one at which they are among them.
            luck: draws of this person for this tender.
        """
