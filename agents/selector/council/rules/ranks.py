"""Rules that go by the members' rankings alone."""

from statistics import median
from typing import Annotated, ClassVar

from pydantic import Field

from agents.selector.council.rule import Ordered, Rule, Sitting


class Borda(Rule):
    """The first of a ballot of L items has L points, the next L - 1, and so on; points add up (Borda, 1784)."""

    kind: ClassVar[str] = "borda"

    def order(self, sitting: Sitting) -> Ordered:
        """Return items by their points; from a ballot that does not name it an item has none."""
        behind = sitting.longest + 1
        return sitting.ordered({row: float(sum(behind - place for place in each)) for row, each in sitting.places().items()})


class MedianRank(Rule):
    """The item whose median place is best; whoever does not name it has it behind the last (Bassett and Persky, 1999)."""

    kind: ClassVar[str] = "median-rank"

    def order(self, sitting: Sitting) -> Ordered:
        """Return items by minus their median place; for an even number of members that is the mean of the middle two."""
        return sitting.ordered({row: -float(median(each)) for row, each in sitting.places().items()})


class ReciprocalRank(Rule):
    """Reciprocal rank fusion: the sum of 1 / (k + place) over the ballots (Cormack, Clarke and Buettcher, 2009)."""

    kind: ClassVar[str] = "reciprocal-rank"

    k: Annotated[float, Field(ge=0, le=1e6)] = 60.0
    """How little the first places stand out; with 0, the first is worth twice the second."""

    def order(self, sitting: Sitting) -> Ordered:
        """Return items by their sums; a ballot that does not name an item adds nothing."""
        behind = sitting.longest + 1
        sums = {
            # Sorted, lest rounding depend on the order of members.
            row: sum(1.0 / (self.k + place) for place in sorted(each, reverse=True) if place < behind)
            for row, each in sitting.places().items()
        }
        return sitting.ordered(sums)


class Approval(Rule):
    """Whoever nominates an item approves of it, at whatever place; approvals are counted (Brams and Fishburn, 1978)."""

    kind: ClassVar[str] = "approval"

    def order(self, sitting: Sitting) -> Ordered:
        """Return items by how many ballots name them."""
        behind = sitting.longest + 1
        return sitting.ordered({row: float(sum(place < behind for place in each)) for row, each in sitting.places().items()})
