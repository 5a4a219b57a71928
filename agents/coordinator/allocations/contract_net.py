"""The contract net: people bid when they would be done, and for how much; the best bid gets the task."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.allocation import Allocation, Workforce
from agents.coordinator.allocations.promises import Promises
from agents.coordinator.ledger import millionths
from agents.coordinator.tender import Award, Tendering
from agents.messages import Item, Label
from agents.negotiation import Proposed
from bus.clock import SECOND, microseconds
from bus.duration import Duration
from bus.table import Table

Candidates = Annotated[int, Field(ge=1)] | Literal["all"]
"""People who are called for each one who is wanted."""
AtOnce = Annotated[int, Field(ge=1)]
"""Tenders that may be open at the same time."""
Deadline = Annotated[Duration, Field(gt=0)]
"""A time by which a tender is decided."""


class Weights(Table):
    """What a bid's score is: confidence x confidence - price x price - eta x seconds until it is done."""

    confidence: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    """What it is worth that somebody is certainly right and not certainly wrong."""
    price: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    """What a unit of the user's currency costs."""
    eta: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    """What a second costs."""


class ContractNet(Allocation):
    """People are called for proposals, and the best bid gets the task at once, into the person's own queue (Smith, 1980).

    With two candidates, and bids that say how long each one's queue is, it is the supermarket model (Mitzenmacher, 2001): most of
    the waiting goes. It takes 3 d + 1 messages a task: d calls, d proposals, an award and d - 1 rejections, and the answer.
    Where no more items are open than there are people, some have two while others have none: a few times as many keep all at work.
    """

    kind: ClassVar[str] = "contract-net"

    candidates: Candidates = 2
    """People who are called for each one who is wanted, by lot; or "all"."""
    deadline: Deadline | None = None
    """Time after which it is decided by the bids that have come; left out, a minute, or the `retry` of `[faults]`, if longer."""
    again: Deadline = 60.0
    """Time after which people are called again who have all refused; after each further time, twice as long."""
    at_once: AtOnce | None = None
    """Tenders that may be open at the same time; left out, any number: who bids in several does not know which they will win."""
    weights: Weights = Weights()
    """How bids are scored."""
    reputation: bool = False
    """Whether claims are taken for what came of earlier ones."""
    prior: Annotated[float, Field(gt=0, le=1e6)] = 5.0
    """With `reputation`: tasks of which it is assumed, of everybody, that they kept what they promised."""

    def router(self, workforce: Workforce) -> Tendering:
        """Return what awards tasks in one campaign."""
        return Reputed(self) if self.reputation else BestBid(self)


class BestBid(Tendering):
    """Awards a task to the best bid, at the price that was bid."""

    def __init__(self, net: ContractNet) -> None:
        self.candidates = None if net.candidates == "all" else net.candidates
        self.deadline, self.again = instant(net.deadline), microseconds(net.again)
        self.at_once = net.at_once
        # Looked up on a pydantic model each time, they would cost as much as the score.
        self._weights = net.weights.confidence, net.weights.price, net.weights.eta / SECOND

    def awards(self, bids: Mapping[str, Proposed], lots: int) -> list[Award]:
        """Return all bids, the best first; of equals, the first."""
        scored = [(-self.score(name, bid), name, bid) for name, bid in bids.items()]
        if len(scored) > 1:
            scored.sort(key=_cost)
        return [Award(name, millionths(bid.price)) for _, name, bid in scored]

    def score(self, name: str, bid: Proposed) -> float:
        """Return what a bid is worth."""
        confidence, price, eta = self._weights
        return confidence * (bid.confidence or 0.0) - price * bid.price - eta * bid.eta


class Reputed(BestBid):
    """Takes what people claim for what came of it before."""

    learns: ClassVar[bool] = True

    def __init__(self, net: ContractNet) -> None:
        super().__init__(net)
        self.promises = Promises(net.prior)

    def score(self, name: str, bid: Proposed) -> float:
        """Return what a bid is worth, with the time that such promises took, and as sure as those who made it were right."""
        confidence, price, eta = self._weights
        sure = (bid.confidence or 0.0) * self.promises.trust(name)
        return confidence * sure - price * bid.price - eta * bid.eta / self.promises.punctuality(name)

    def promise(self, name: str, item: Item, attempt: int, eta: int, time: int) -> None:
        """Remember what was promised."""
        self.promises.make(name, item, attempt, eta, time)

    def end(self, name: str, item: Item, attempt: int, time: int) -> None:
        """See how long it took."""
        self.promises.end(name, item, attempt, time)

    def hear(self, item: Item, annotator: str, label: Label) -> None:
        """Remember what somebody answered, until the item has a label."""
        self.promises.hear(item, annotator, label)

    def settle(self, item: Item, label: Label) -> None:
        """See who agrees with the label."""
        self.promises.settle(item, label)

    def forget(self, annotator: str) -> None:
        """Strike out what somebody answered."""
        self.promises.forget(annotator)


def instant(seconds: float | None) -> int | None:
    """Return a time in microseconds, if there is one."""
    return None if seconds is None else microseconds(seconds)


def _cost(scored: tuple[float, str, Proposed]) -> float:
    return scored[0]
