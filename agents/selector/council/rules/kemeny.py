"""The order that contradicts the members least."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.selector.council.rule import Ordered, Rule, Sitting
from agents.selector.council.rules.ranks import Borda


class Kemeny(Rule):
    """The order with the fewest pairs that members have the other way round (Kemeny, 1959).

    To find it takes time that doubles with each item, so only the best few by Borda's points are put in this order, and the others
    follow by their points.
    """

    kind: ClassVar[str] = "kemeny"

    exact: Annotated[int, Field(ge=1, le=10)] = 8
    """Items that are put in this order."""

    def order(self, sitting: Sitting) -> Ordered:
        """Return items with minus their place as a score; of orders that are as good, the one whose first items are luckier."""
        by_points = [row for row, _ in Borda().order(sitting)]
        kept = {*by_points[: self.exact]}
        places = sitting.places()
        head = least_contradicted([row for row in sitting.rows if row in kept], places)
        return [(row, -float(place)) for place, row in enumerate([*head, *by_points[self.exact :]])]


def least_contradicted(rows: list[int], places: dict[int, list[int]]) -> list[int]:
    """Return the order of some items with the fewest contradictions; of several, the first by the order in which they are given.

    O(2^n n) for n items, by dynamic programming over what has been placed (Held and Karp, 1962).

    Args:
        rows: the items.
        places: for each item its place with each member; equal places contradict no order.
    """
    count = len(rows)
    # How many members would have item j before item i: contradictions, if i comes first.
    before = [[sum(b < a for a, b in zip(places[i], places[j], strict=True)) for j in rows] for i in rows]
    whole = (1 << count) - 1
    cost = [0] * (whole + 1)
    for placed in range(whole - 1, -1, -1):
        rest = [i for i in range(count) if not placed >> i & 1]
        cost[placed] = min(sum(before[i][j] for j in rest) + cost[placed | 1 << i] for i in rest)
    order, placed = [], 0
    while placed != whole:
        rest = [i for i in range(count) if not placed >> i & 1]
        best = next(i for i in rest if sum(before[i][j] for j in rest) + cost[placed | 1 << i] == cost[placed])
        order.append(rows[best])
        placed |= 1 << best
    return order
