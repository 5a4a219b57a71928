"""The bidder: what one person replies to calls for proposals."""

from collections.abc import Sequence

from agents.annotator.bidding import Bidding, Offer
from agents.annotator.latency import Latency
from agents.negotiation import CallForProposals, ProposalRefused, Proposed
from bus.chance import Chance
from bus.clock import microseconds
from bus.duration import LONGEST

_HALVINGS = 60


class Bidder:
    """Makes one person's bids, out of what they know of themselves.

    Args:
        name: the person's name.
        latency: how long they take.
        price: what an answer of theirs costs, in units of the user's currency.
        bids: how they bid, each way after those before it; empty for honestly.
        chance: the run's randomness; only the luck of this name is used.
    """

    def __init__(self, name: str, latency: Latency, price: float, bids: Sequence[Bidding], chance: Chance) -> None:
        self._latency, self._price = latency, price
        self._seconds: float | None = None
        kinds = [each.kind for each in bids]
        self._bids = [
            (each.offer, chance.keyed("annotator", name, "bid", each.kind, str(kinds[:at].count(each.kind))))
            for at, each in enumerate(bids)
        ]

    @property
    def seconds(self) -> float:
        """How long they typically take: the median of their times."""
        if self._seconds is None:
            self._seconds = median(self._latency)
        return self._seconds

    def reply(self, call: CallForProposals, queue: int, confidence: float | None) -> Proposed | ProposalRefused:
        """Return what they say to a call.

        Args:
            call: the call.
            queue: the tasks that they have, the one at which they are among them.
            confidence: how probable it is that they will be right; None if that cannot be known.
        """
        item, tender = call.item, call.tender
        offer: Offer | None = Offer((queue + 1) * self.seconds, self._price, confidence)
        for bid, luck in self._bids:
            if offer is None:
                break
            offer = bid(offer, queue, luck.luck(item, tender))
        if offer is None or (call.reserve is not None and offer.price > call.reserve):
            return ProposalRefused(tender=tender, item=item)
        eta = microseconds(min(offer.seconds, LONGEST))
        return Proposed(tender=tender, item=item, eta=eta, price=offer.price, confidence=offer.confidence)


def median(latency: Latency) -> float:
    """Return the time, in seconds, within which half of all answers are there; LONGEST if it is no shorter."""
    low, high = 0.0, 1.0
    while high < LONGEST and latency.within(high) < 0.5:
        low, high = high, 2 * high
    if high >= LONGEST:
        return LONGEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if latency.within(middle) < 0.5:
            low = middle
        else:
            high = middle
    return high
