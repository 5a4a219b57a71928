"""The posted price: a task is offered at a price that is not asked for."""

from collections.abc import Mapping
from typing import ClassVar

from agents.coordinator.allocation import Allocation, Workforce
from agents.coordinator.allocations.auction import Money, SecondPrice
from agents.coordinator.allocations.contract_net import AtOnce, Candidates, Deadline
from agents.coordinator.ledger import millionths
from agents.coordinator.tender import Award, Tendering
from agents.negotiation import Proposed


class PostedPrice(Allocation):
    """Each task is offered at one price; who takes less for it accepts, and of those who accept, the lot decides."""

    kind: ClassVar[str] = "posted-price"

    price: Money
    """What an answer is paid."""
    candidates: Candidates = 5
    """People who are called for each one who is wanted, by lot; or "all"."""
    deadline: Deadline | None = None
    """Time after which it is decided, should some not have replied; left out, a minute, or the `retry` of `[faults]`, if longer."""
    again: Deadline = 60.0
    """Time after which people are called again who have all refused; after each further time, twice as long."""
    at_once: AtOnce | None = None
    """Tenders that may be open at the same time; left out, any number."""

    def router(self, workforce: Workforce) -> Tendering:
        """Return what awards tasks in one campaign."""
        return Posted(self.candidates, self.deadline, self.again, self.at_once, self.price)


class Posted(SecondPrice):
    """Awards tasks to whoever accepts the price."""

    def awards(self, bids: Mapping[str, Proposed], lots: int) -> list[Award]:
        """Return all who accept, in the order of chance in which they were called."""
        reserve = self.reserve
        assert reserve is not None, "a price is posted"
        return [Award(name, reserve) for name, bid in bids.items() if millionths(bid.price) <= reserve]
