"""A session, as a protocol sees it: who talks an item over, and what each of them holds."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Voice
from bus.chance import Luck


class Session(NamedTuple):
    """Where a session stands between two rounds.

    Attributes:
        item: the item.
        crowd: the crowd, for its luck and its classes.
        members: what each member holds, in the order in which they sit, which is drawn by the luck of the item.
        turn: the round that comes next, from 1.
        before: what each member held before the last round; empty before the first.
        views: what each was shown in the last round who was called to it; empty before the first.
        quiet: how many rounds in a row have passed in which nobody moved.
    """

    item: Item
    crowd: Crowd
    members: Sequence[Answer]
    turn: int = 1
    before: Sequence[Answer] = ()
    views: Mapping[str, Sequence[Voice]] = {}
    quiet: int = 0

    @property
    def names(self) -> list[str]:
        """The names of the members, in the order in which they sit."""
        return [member.annotator for member in self.members]

    def luck(self, purpose: str, turn: int | None = None) -> Luck:
        """Return chance for the next round, or for another one: the same in every run with this seed, purpose and turn."""
        return self.crowd.luck(self.item, purpose, self.turn if turn is None else turn)


def shuffled(names: Sequence[str], luck: Luck) -> list[str]:
    """Return names in an order by luck, whatever order they come in (Fisher and Yates, 1938)."""
    order = sorted(names)
    for last in range(len(order) - 1, 0, -1):
        other = luck.below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order
