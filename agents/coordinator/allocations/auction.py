"""The auction: people say what they want for a task, and whoever wants least gets it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocation import Allocation, Workforce
from agents.coordinator.allocations.contract_net import AtOnce, Candidates, Deadline, instant
from agents.coordinator.ledger import millionths
from agents.coordinator.tender import Award, Tendering
from agents.negotiation import Proposed
from bus.clock import microseconds

Money = Annotated[float, Field(ge=0, le=1e12)]
"""In units of the user's currency."""


class Auction(Allocation):
    """A sealed second-price auction of each task (Vickrey, 1961), in reverse: who wants least does it, for the second-least bid.

    So nobody gains by asking for anything but what it costs them. Of several people who are wanted at once, all get the first bid
    that loses. People bid their own price, unless their `bids` say otherwise.
    """

    kind: ClassVar[str] = "auction"

    candidates: Candidates = 5
    """People who are called for each one who is wanted, by lot; or "all". With few, tasks are dear."""
    reserve: Money | None = None
    """The most that is paid, and what is paid where nobody else bids; left out, who bids alone gets their bid, whatever it is."""
    deadline: Deadline | None = None
    """Time after which it is decided by the bids that have come; left out, a minute, or the `retry` of `[faults]`, if longer."""
    again: Deadline = 60.0
    """Time after which people are called again who have all refused; after each further time, twice as long."""
    at_once: AtOnce | None = None
    """Tenders that may be open at the same time; left out, any number."""

    def router(self, workforce: Workforce) -> Tendering:
        """Return what awards tasks in one campaign."""
        return SecondPrice(self.candidates, self.deadline, self.again, self.at_once, self.reserve)


class SecondPrice(Tendering):
    """Awards tasks to those who bid least, at the least bid that loses."""

    def __init__(
        self, candidates: Candidates, deadline: float | None, again: float, at_once: int | None, reserve: float | None
    ) -> None:
        self.candidates = None if candidates == "all" else candidates
        self.deadline, self.again, self.at_once = instant(deadline), microseconds(again), at_once
        self.reserve = None if reserve is None else millionths(reserve)

    def awards(self, bids: Mapping[str, Proposed], lots: int) -> list[Award]:
        """Return the winners, who wants least first; of equals, the first."""
        reserve = self.reserve
        prices = sorted(((millionths(bid.price), name) for name, bid in bids.items()), key=_price)
        if reserve is not None:
            prices = [each for each in prices if each[0] <= reserve]
        clearing = prices[lots][0] if len(prices) > lots else reserve
        return [Award(name, price if clearing is None else clearing) for price, name in prices[:lots]]


def _price(bid: tuple[int, str]) -> int:
    return bid[0]
