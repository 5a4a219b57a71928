"""The flight: items that were asked for and are not back yet, and how many there may be."""

from typing import NamedTuple

from agents.messages import Item, ItemGivenUp, ItemReopened, ItemResolved
from bus.message import Message


class Pace(NamedTuple):
    """How many items are asked for.

    Attributes:
        in_flight: items open at once.
        barrier: whether the next batch is opened only when the whole batch is in, and the model trained on it.
        quota: items to have labelled; None for all.
    """

    in_flight: int
    barrier: bool = False
    quota: int | None = None


class Flight:
    """The items that are open, and the labels that there were when each was opened.

    Args:
        pace: how many there may be.

    Attributes:
        resolved: items that have a label, of those that were asked for.
        staleness: labels that came between an item's scoring and its own label, summed over the resolved items.
    """

    def __init__(self, pace: Pace) -> None:
        self.resolved = 0
        self.staleness = 0
        self._pace = pace
        self._open: dict[Item, int] = {}
        self._voided: set[Item] = set()

    def __len__(self) -> int:
        return len(self._open)

    def open(self, item: Item) -> None:
        """Take note that an item is asked for."""
        self._open[item] = self.resolved

    def note(self, body: Message, is_over: bool) -> None:
        """Take note of what is said to everyone; and whether a label is what its item was asked for."""
        match body:
            case ItemResolved() if body.item in self._open and is_over:
                self.staleness += self.resolved - self._open.pop(body.item)
                self.resolved += body.revision == 0 or body.item in self._voided
                self._voided.discard(body.item)
            case ItemGivenUp():
                self._open.pop(body.item)
                self._voided.discard(body.item)
            case ItemReopened() if body.voided:
                self.resolved -= 1
                self.open(body.item)
                self._voided.add(body.item)

    def room(self, training: bool) -> int:
        """Return how many more may be opened now, a model being in training or not."""
        held_back = self._pace.barrier and (self._open or training)
        return 0 if held_back else self._pace.in_flight - len(self._open)

    def wanting(self, again: int) -> int | None:
        """Return how many more items without a label may be opened for the quota; None for any number.

        Args:
            again: how many of the open ones have a label, and were asked for again.
        """
        quota = self._pace.quota
        return None if quota is None else quota - self.resolved - (len(self._open) - again)
