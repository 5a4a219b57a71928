"""Members bid for items with tokens, of which they get back the more, the more the learner learned."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.selector.council.rule import Memory, Ordered, Rule, Sitting
from agents.selector.view import PoolView


class Auction(Rule):
    """Members bid tokens for what they nominate; bids for one item add up, and the highest sum is asked for.

    A member spreads all its tokens over its nominations, the first of L getting L shares of them, the next L - 1, and so on. Bids
    for an item that is asked for are paid. When its label comes, a part of each bid is paid back, in proportion to what the learner
    gains: one less the probability that the newest model, which has not seen the label yet, gave to it (a prequential score; Dawid,
    1984). That is what agents may know: a wrong label seems a gain as well. All is paid back where no label comes, or there was no
    model.

    So a member with gain g on its items spends in the long run 1 / (1 - refund g) times its income, and has a say in proportion.
    """

    kind: ClassVar[str] = "auction"
    needs_model: ClassVar[bool] = True

    tokens: Annotated[int, Field(ge=1, le=10**9)] = 1000
    """What each member gets at the start, and again with each new model; what it does not spend it keeps."""
    refund: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of a bid that is paid back where the model held the label impossible."""

    def memory(self, members: int, horizon: int) -> "Purses":
        """Return the members' purses."""
        return Purses(members, self.tokens, self.refund)

    def order(self, sitting: Sitting) -> Ordered:
        """Return items by the sum of the bids for them."""
        sums = dict.fromkeys(sitting.rows, 0)
        for ballot in sitting.ballots:
            for row, bid in zip(ballot.rows, ballot.bids, strict=True):
                sums[row] += bid
        return sitting.ordered(sums)


def bids_of(tokens: int, count: int) -> tuple[int, ...]:
    """Return what a member bids for so many nominations, the best first: whole tokens, in all no more than it has."""
    shares = count * (count + 1) // 2
    return tuple(tokens * (count - place) // shares for place in range(count))


class Purses(Memory):
    """What members have to bid with, and what they paid for items whose labels are still to come. All in whole tokens."""

    def __init__(self, members: int, income: int, refund: float) -> None:
        self._purses = [income] * members
        self._income = income
        self._refund = refund
        self._paid: dict[int, list[int]] = {}

    @property
    def tokens(self) -> tuple[int, ...]:
        """What each member has."""
        return tuple(self._purses)

    @property
    def weights(self) -> tuple[float, ...]:
        """Each member's share of all tokens."""
        total = sum(self._purses)
        return tuple(purse / total if total else 1 / len(self._purses) for purse in self._purses)

    def settle(self, sitting: Sitting, rows: Sequence[int]) -> None:
        """Let members pay their bids for these items."""
        bids = [dict(zip(ballot.rows, ballot.bids, strict=True)) for ballot in sitting.ballots]
        for row in rows:
            self._paid[row] = paid = [each.get(row, 0) for each in bids]
            for member, bid in enumerate(paid):
                self._purses[member] -= bid

    def hear(self, row: int, label: int, view: PoolView) -> None:
        """Pay back what the first label of an item is worth."""
        if row in self._paid:
            share = 1.0 if view.model is None else self._refund * (1.0 - float(view.probabilities[row, label]))
            self._pay_back(row, share)

    def drop(self, row: int) -> None:
        """Pay back all: nobody can say what the label would have been worth."""
        self._pay_back(row, 1.0)

    def _pay_back(self, row: int, share: float) -> None:
        for member, bid in enumerate(self._paid.pop(row, ())):
            self._purses[member] += round(bid * share)

    def advance(self, view: PoolView) -> None:
        """Begin a new epoch: everybody gets their income."""
        self._purses = [purse + self._income for purse in self._purses]
