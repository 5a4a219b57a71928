"""Answers as they come: who said what about which item, and the way back from an item to its answers."""

import numpy as np

from agents.inference.answers import AnswerTable
from agents.inference.growing import Growing
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
        self.item, self.person, self.label = Growing(0, np.int64), Growing(0, np.int64), Growing(0, np.int64)
        self.before, self.last = Growing(NONE, np.int64), Growing(NONE, np.int64)
        self.gold = Growing(UNKNOWN, np.int64)
        self.void = Growing(False, np.bool_)
        self._table: AnswerTable | None = None

    def load(self, table: AnswerTable) -> None:
        """Hold what a table holds, and nothing else."""
        self.items = [*table.items]
        self.item_of = dict(zip(self.items, range(len(self.items)), strict=True))
        self.person_of = dict(zip(table.people, range(len(table.people)), strict=True))
        self.item.load(table.item)
        self.person.load(table.person)
        self.label.load(table.label)
        self.gold.load(table.gold)
        self.void.load(np.zeros(len(table), np.bool_))
        # The rows of an item stand together, in a table.
        rows = np.arange(len(table)) - 1
        rows[np.flatnonzero(np.diff(table.item, prepend=-1))] = NONE
        self.before.load(rows)
        counts = table.answers_of_item
        self.last.load(np.where(counts > 0, np.cumsum(counts) - 1, NONE))
        self._table = table

    def row_of(self, item: Item) -> int:
        """Return the row of an item, a new one if it has none."""
        row = self.item_of.get(item)
        if row is None:
            row = self.item_of[item] = len(self.items)
            self.items.append(item)
            self.last.grow(row + 1)
            self.gold.grow(row + 1)
            self._table = None
        return row

    def person_row_of(self, person: str) -> int:
        """Return the row of a person, a new one if they have none."""
        return self.person_of.setdefault(person, len(self.person_of))

    def add(self, row: int, person: int, label: int) -> None:
        """Put an answer at the end."""
        answer = len(self.item)
        for column, value in ((self.item, row), (self.person, person), (self.label, label), (self.before, self.last.block[row])):
            column.grow(answer + 1)
            column.block[answer] = value
        self.void.grow(answer + 1)
        self.last.block[row] = answer
        self._table = None

    def know(self, row: int, label: int) -> None:
        """Hold the true class of an item."""
        self.gold.block[row] = label
        self._table = None

    def forget(self, person: int) -> list[int]:
        """Make a person's answers void, and return the rows of the items that they were about."""
        mine = np.flatnonzero((self.person.rows == person) & ~self.void.rows)
        self.void.rows[mine] = True
        self._table = None
        return [int(row) for row in np.unique(self.item.rows[mine])]

    def about(self, row: int) -> list[int]:
        """Return which answers there are to an item, the latest first."""
        answers, at = list[int](), int(self.last.block[row])
        while at != NONE:
            if not self.void.block[at]:
                answers.append(at)
            at = int(self.before.block[at])
        return answers

    def table(self) -> AnswerTable:
        """Return all answers that count as a table: items and people in the order in which they were first heard of."""
        if self._table is None:
            counts = ~self.void.rows
            item, person, label = (column.rows[counts] for column in (self.item, self.person, self.label))
            gold = self.gold.rows.copy()
            self._table = AnswerTable([*self.items], [*self.person_of], self.classes, item, person, label, gold)
        return self._table
