"""The pool as one agent knows it: what may be asked for, what is under way, and which labels there are."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from agents.items import UNKNOWN, Items
from agents.messages import (
    CampaignStarted,
    Item,
    ItemBilled,
    ItemGivenUp,
    ItemReopened,
    ItemResolved,
    Label,
    LabelsKnown,
)
from bus.clock import SECOND
from bus.message import Message

T = TypeVar("T")


class Pool:
    """What is known of each item; its owner keeps it up to date.

    Args:
        items: the items.

    Attributes:
        available: which items may be asked for, never having been; shape (items,).
        pending: which items are under way, those that have a label and were asked for again among them; shape (items,).
        labels: index of each item's label, UNKNOWN without one; shape (items,).
        covered: rows of the items that are labelled or pending, in the order in which they came to be.
        losses: how many items have left `covered`.
        asked: how many items were asked for.
        classes: the classes, in the order of their indices; empty before they are known.
        bills: what answers have cost, as far as it is said: each time an item's row, the money, and the seconds of work, in all.
        shortlists: what strategies have put in order for this pool, each with its strategy and version.
    """

    def __init__(self, items: Items) -> None:
        self.items = items
        self.available: NDArray[np.bool_] = np.ones(len(items), np.bool_)
        self.pending: NDArray[np.bool_] = np.zeros(len(items), np.bool_)
        self.labels: NDArray[np.intp] = np.full(len(items), UNKNOWN, np.intp)
        self.covered: dict[int, None] = {}
        self.losses = 0
        self.asked = 0
        self.classes: tuple[Label, ...] = ()
        self.bills: list[tuple[int, float, float]] = []
        self.shortlists: list[Any] = []
        self._index: dict[Label, int] = {}
        self._kept: dict[str, Any] = {}

    def note(self, body: Message, is_over: bool = True) -> None:
        """Take note of what is said to everyone; and whether a label is what its item was asked for."""
        match body:
            case CampaignStarted():
                self.start(body.classes)
            case LabelsKnown():
                self.know(body.items, body.labels)
            case ItemResolved():
                self.resolve(body.item, body.label, is_over)
            case ItemReopened() if body.voided:
                self.void(body.item)
            case ItemGivenUp():
                self.drop(body.item)
            case ItemBilled():
                self.bill(body.item, body.price, body.time)

    def start(self, classes: Sequence[Label]) -> None:
        """Learn which classes there are."""
        self.classes = tuple(classes)
        self._index = {label: index for index, label in enumerate(classes)}

    def know(self, items: Sequence[Item], labels: Sequence[Label]) -> None:
        """Learn labels that are known from the start."""
        for item, label in zip(items, labels, strict=True):
            row = self.items.row(item)
            self.available[row] = False
            self._label(row, label)

    def request(self, row: int) -> None:
        """Take note that an item is asked for."""
        self.asked += 1
        self.available[row] = False
        self.pending[row] = True
        self.covered[row] = None

    def resolve(self, item: Item, label: Label, is_over: bool = True) -> None:
        """Learn an item's label, or another one that takes its place; and whether that is what it was asked for."""
        row = self.items.row(item)
        pending = bool(self.pending[row]) and not is_over
        self._label(row, label)
        self.pending[row] = pending

    def _label(self, row: int, label: Label) -> None:
        self.pending[row] = False
        self.labels[row] = self._index.get(label, UNKNOWN)
        self.covered[row] = None

    def bill(self, item: Item, price: float, time: int) -> None:
        """Learn what the answers to an item have cost so far, and how many microseconds they took."""
        self.bills.append((self.items.row(item), price, time / SECOND))

    def void(self, item: Item) -> None:
        """Learn that an item lost its label, and is to get another."""
        row = self.items.row(item)
        self.labels[row], self.pending[row] = UNKNOWN, True

    def drop(self, item: Item) -> None:
        """Learn that an item gets no label."""
        row = self.items.row(item)
        self.labels[row], self.pending[row] = UNKNOWN, False
        if row in self.covered:
            del self.covered[row]
            self.losses += 1

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """Return what was made under this key, making it the first time. It must follow from the items, or keep up to date."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(T, self._kept[key])

    def among(self, allowed: NDArray[np.bool_]) -> "Pool":
        """Return the same pool, of which only these items may be asked for; shape (items,)."""
        narrowed = Pool.__new__(Pool)
        narrowed.__dict__.update(self.__dict__, available=self.available & allowed, shortlists=[])
        return narrowed

    def supposing(self, rows: Sequence[int], fresh: bool) -> "Pool":
        """Return the same pool as if these items had been asked for too, with labels and pending items of its own.

        Args:
            rows: which items.
            fresh: whether what is kept for this pool may not suit the other, as it goes by what is labelled or pending.
        """
        other = Pool.__new__(Pool)
        other.__dict__.update(self.__dict__, shortlists=[], _kept={} if fresh else self._kept)
        other.available, other.pending = self.available.copy(), self.pending.copy()
        other.labels, other.covered = self.labels.copy(), self.covered.copy()
        for row in rows:
            other.request(row)
        return other

    def only(self, rows: NDArray[np.intp]) -> "Pool":
        """Return the same pool, as if there were no items but those of these rows, in this order."""
        part = Pool(self.items.only(rows))
        part.available, part.pending, part.labels = self.available[rows], self.pending[rows], self.labels[rows]
        places = {row: place for place, row in enumerate(rows.tolist())}
        part.covered = {places[row]: None for row in self.covered if row in places}
        part.bills = [(places[row], price, seconds) for row, price, seconds in self.bills if row in places]
        part.asked, part.classes, part._index = self.asked, self.classes, self._index
        return part
