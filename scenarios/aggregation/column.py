"""A column of a table, by its different values: millions of cells are held as numbers."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from agents.inference.answers import Indices


class Column(NamedTuple):
    """The cells of a column.

    Attributes:
        names: the different values, in order.
        codes: which of them stands in each row; shape (rows,).
    """

    names: list[Any]
    codes: Indices

    def renamed(self, names: Sequence[Any]) -> "Column":
        """Return the column with other values in the places of its own, in order again."""
        return coded(names, self.codes)

    def widened(self, names: Iterable[Any]) -> "Column":
        """Return the column with further names, which stand in no row."""
        wide = sorted({*self.names, *names})
        rank = {name: number for number, name in enumerate(wide)}
        return Column(wide, np.fromiter((rank[name] for name in self.names), np.intp, len(self.names))[self.codes])


def coded(values: Sequence[Any], codes: Indices) -> Column:
    """Return the column whose rows hold these of the values; the values may be in any order, equal, or in no row.

    Raises:
        TypeError: values cannot be put in order, as numbers and text cannot.
    """
    used = np.bincount(codes, minlength=len(values)) > 0
    names = sorted({value for value, there in zip(values, used.tolist(), strict=True) if there})
    rank = {name: number for number, name in enumerate(names)}
    place = np.fromiter((rank.get(value, -1) for value in values), np.intp, len(values))
    return Column(names, place[codes])


def column_of(cells: Iterable[Any]) -> Column:
    """Return the column of these cells.

    Raises:
        TypeError: they cannot be put in order.
    """
    first: dict[Any, int] = {}
    codes = np.fromiter((first.setdefault(cell, len(first)) for cell in cells), np.intp)
    return coded([*first], codes)
