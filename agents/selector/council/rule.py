"""Rules of a council: what is made of the nominations of several strategies."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from agents.component import Component
from agents.selector.shortlist import Scores
from agents.selector.view import PoolView
from bus.chance import Keyed

Ordered = list[tuple[int, float]]
"""Rows of items and their scores, in the order in which they are to be asked for."""


@dataclass(frozen=True)
class Ballot:
    """What a member nominates.

    Attributes:
        rows: rows of items, the best first, none twice.
        bids: what it bids for each, in tokens; empty where nothing is auctioned.
        even: whether it chooses by chance, any item of those that are left being as likely as another.
    """

    rows: tuple[int, ...]
    bids: tuple[int, ...] = ()
    even: bool = False


@dataclass(frozen=True)
class Sitting:
    """All that a rule may look at.

    Attributes:
        round: number of the round, from 1.
        ballots: the members' nominations, always in the same order of members.
        left: how many items of the pool have not been asked for.
        ties: a number by chance for each item of the pool; shape (items,). Of items that are as good, the greater goes first.
        luck: chance, keyed by round.
        memory: what the rule remembers of earlier rounds; None if it has none.
    """

    round: int
    ballots: Sequence[Ballot]
    left: int
    ties: Scores
    luck: Keyed
    memory: "Memory | None" = None

    @property
    def rows(self) -> list[int]:
        """The items that somebody nominates, in an order that does not depend on who does."""
        nominated = {row for ballot in self.ballots for row in ballot.rows}
        return sorted(nominated, key=lambda row: (-self.ties[row], row))

    @property
    def longest(self) -> int:
        """How many items the longest ballot names."""
        return max(len(ballot.rows) for ballot in self.ballots)

    def places(self) -> dict[int, list[int]]:
        """Return for each nominated item its places on the ballots, from 1; behind the longest, where a ballot does not name it."""
        behind = self.longest + 1
        found = {row: [behind] * len(self.ballots) for row in self.rows}
        for member, ballot in enumerate(self.ballots):
            for place, row in enumerate(ballot.rows, 1):
                found[row][member] = place
        return found

    def ordered(self, scores: Mapping[int, float]) -> Ordered:
        """Return the nominated items by their scores, the highest first."""
        return [(row, float(scores[row])) for row in sorted(self.rows, key=lambda row: -scores[row])]


class Memory(ABC):
    """What a rule remembers. It follows from what it is told alone: after a crash it is told all of it again."""

    @property
    def tokens(self) -> tuple[int, ...] | None:
        """What each member may bid in the next round; None where nothing is auctioned."""
        return None

    @property
    @abstractmethod
    def weights(self) -> tuple[float, ...]:
        """How much say each member has now, adding up to 1."""

    @abstractmethod
    def settle(self, sitting: Sitting, rows: Sequence[int]) -> None:
        """Learn which items are asked for: the first few of those that the rule put in order."""

    @abstractmethod
    def hear(self, row: int, label: int, view: PoolView) -> None:
        """Learn the label of an item, which may be revised later.

        Args:
            row: the item; it may be one of which `settle` did not tell.
            label: index of the class.
            view: the pool by the newest model, which was not trained on this label.
        """

    @abstractmethod
    def drop(self, row: int) -> None:
        """Learn that an item gets no label; it may be one of which `settle` did not tell."""

    @abstractmethod
    def advance(self, view: PoolView) -> None:
        """Learn of a new model, by which the view is."""


class Rule(Component):
    """Decides which of the nominated items are asked for."""

    needs_model: ClassVar[bool] = False

    def memory(self, members: int, horizon: int) -> Memory | None:
        """Return what the rule is to remember, at the start of a campaign.

        Args:
            members: how many members there are.
            horizon: items that will be asked for, as far as is known.
        """
        return None

    @abstractmethod
    def order(self, sitting: Sitting) -> Ordered:
        """Return every nominated item once, with a score, in the order in which they are to be asked for.

        It is asked as often as somebody wants to know, and must not depend on that.
        """
