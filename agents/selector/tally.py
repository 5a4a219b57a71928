"""The tally: the answers to each item, as far as the selector has been told of them."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from agents.inference.answers import AnswerTable, Floats
from agents.items import UNKNOWN, Items
from agents.messages import Label

Counts = NDArray[np.int64]


class Tally:
    """Counts answers item by item, as they come; what it costs goes by the answers of that item.

    Args:
        items: the pool.

    Attributes:
        answers: answers to each item; shape (items,).
        lead: votes of each item's most frequent label; shape (items,).
        second: votes of the next one, 0 where all agree; shape (items,).
        total: answers to all items.
    """

    def __init__(self, items: Items) -> None:
        self.answers: Counts = np.zeros(len(items), np.int64)
        self.lead: Counts = np.zeros(len(items), np.int64)
        self.second: Counts = np.zeros(len(items), np.int64)
        self.total = 0
        self._items = items
        self._classes: tuple[Label, ...] = ()
        self._index: dict[Label, int] = {}
        self._people: dict[str, int] = {}
        self._given: dict[int, tuple[list[int], list[int]]] = {}
        self._gold = np.full(len(items), UNKNOWN, np.intp)

    def start(self, classes: Sequence[Label]) -> None:
        """Learn which classes there are."""
        self._classes = tuple(classes)
        self._index = {label: index for index, label in enumerate(classes)}

    def know(self, row: int, label: Label) -> None:
        """Learn what an item truly is."""
        self._gold[row] = self._index[label]

    def count(self, row: int, annotators: Sequence[str], labels: Sequence[Label]) -> None:
        """Take the answers to an item for those that it has, whatever it had before."""
        votes: dict[Label, int] = {}
        for label in labels:
            votes[label] = votes.get(label, 0) + 1
        first, second, *_ = (*sorted(votes.values(), reverse=True), 0, 0)
        self.total += len(labels) - int(self.answers[row])
        self.answers[row], self.lead[row], self.second[row] = len(labels), first, second
        people = self._people
        self._given[row] = [people.setdefault(name, len(people)) for name in annotators], [self._index[each] for each in labels]

    def table(self, probabilities: Floats) -> tuple[NDArray[np.intp], AnswerTable]:
        """Return the rows of the items that have answers, or are known, in order, and a table of these items.

        Args:
            probabilities: a model's, of the whole pool; shape (items, classes).
        """
        given, ids = self._given, self._items.ids
        asked = np.fromiter(given, np.intp, len(given))
        rows = np.union1d(asked, np.flatnonzero(self._gold != UNKNOWN))
        people, labels = (
            np.fromiter(chain.from_iterable(each[which] for each in given.values()), np.int64, self.total) for which in (0, 1)
        )
        item = np.repeat(np.searchsorted(rows, asked), self.answers[asked])
        names = [ids[row] for row in rows.tolist()]
        return rows, AnswerTable(names, [*self._people], self._classes, item, people, labels, self._gold[rows], probabilities[rows])
