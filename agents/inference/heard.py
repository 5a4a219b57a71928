"""Answers as they come: who said what about which item, and the way back from an item to its answers."""

from array import array

import numpy as np
from numpy.typing import NDArray

from agents.inference.answers import AnswerTable, Indices
from agents.items import UNKNOWN
from agents.messages import Item, Label

NONE = -1
"""No earlier answer."""


class Heard:
    """Answers in the order in which they came; each knows the one before it about the same item.

    Args:
        classes: the classes.
    """

    def __init__(self, classes: tuple[Label, ...]) -> None:
        self.classes = classes
        self.items: list[Item] = []
        self.item_of: dict[Item, int] = {}
        self.person_of: dict[str, int] = {}
        # Columns that grow, of which single numbers are read sooner than of NumPy's.
        self.item, self.person, self.label = array("q"), array("q"), array("q")
        self.before, self.last = array("q"), array("q")
        self.gold = array("q")
        self.void = array("b")
        self._table: AnswerTable | None = None

    def load(self, table: AnswerTable) -> None:
        """Hold what a table holds, and nothing else."""
        self.items = [*table.items]
        self.item_of = dict(zip(self.items, range(len(self.items)), strict=True))
        self.person_of = dict(zip(table.people, range(len(table.people)), strict=True))
        self.item, self.person, self.label = _column(table.item), _column(table.person), _column(table.label)
        self.gold = _column(table.gold)
        self.void = array("b", bytes(len(table)))
        # The rows of an item stand together, in a table.
        rows = np.arange(len(table)) - 1
        rows[np.flatnonzero(np.diff(table.item, prepend=-1))] = NONE
        self.before = _column(rows)
        counts = table.answers_of_item
        self.last = _column(np.where(counts > 0, np.cumsum(counts) - 1, NONE))
        self._table = table

    def row_of(self, item: Item) -> int:
        """Return the row of an item, a new one if it has none."""
        row = self.item_of.get(item)
        if row is None:
            row = self.item_of[item] = len(self.items)
            self.items.append(item)
            self.last.append(NONE)
            self.gold.append(UNKNOWN)
            self._table = None
        return row

    def person_row_of(self, person: str) -> int:
        """Return the row of a person, a new one if they have none."""
        return self.person_of.setdefault(person, len(self.person_of))

    def add(self, row: int, person: int, label: int) -> None:
        """Put an answer at the end."""
        self.item.append(row)
        self.person.append(person)
        self.label.append(label)
        self.before.append(self.last[row])
        self.last[row] = len(self.void)
        self.void.append(False)
        self._table = None

    def know(self, row: int, label: int) -> None:
        """Hold the true class of an item."""
        self.gold[row] = label
        self._table = None

    def forget(self, person: int) -> list[int]:
        """Make a person's answers void, and return the rows of the items that they were about."""
        mine = np.flatnonzero((_rows(self.person) == person) & self._counts())
        for answer in mine.tolist():
            self.void[answer] = True
        self._table = None
        return [int(row) for row in np.unique(_rows(self.item)[mine])]

    def about(self, row: int) -> list[int]:
        """Return which answers there are to an item, the latest first."""
        answers, at = list[int](), self.last[row]
        while at != NONE:
            if not self.void[at]:
                answers.append(at)
            at = self.before[at]
        return answers

    def table(self) -> AnswerTable:
        """Return all answers that count as a table: items and people in the order in which they were first heard of."""
        if self._table is None:
            counts = self._counts()
            item, person, label = (_rows(column)[counts] for column in (self.item, self.person, self.label))
            gold = _rows(self.gold).copy()
            self._table = AnswerTable([*self.items], [*self.person_of], self.classes, item, person, label, gold)
        return self._table

    def _counts(self) -> NDArray[np.bool_]:
        """Return which answers are not void; shape (answers,)."""
        return np.asarray(np.asarray(self.void) == 0, np.bool_)


def _column(rows: Indices) -> "array[int]":
    return array("q", rows.astype(np.int64).tobytes())


def _rows(column: "array[int]") -> Indices:
    """Return a view of a column, to be let go of before it grows."""
    return np.asarray(column, np.int64)
