"""Items as the agents may know them, and, apart from them, the truth."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.messages import Item, Label
from bus.chance import number_of

Features = Any
"""A matrix with a row an item: a NumPy array, or a SciPy sparse matrix in rows (CSR)."""


UNKNOWN = -1
"""The true class of an item of which nobody knows it."""


class Items:
    """Items and their features, without a trace of what they truly are.

    Args:
        ids: the items' ids, all different.
        features: a row an item; None where no agent looks at them.
        embeddings: other features of the user's own, in which distances are measured; None if there are none.
    """

    def __init__(self, ids: Sequence[Item], features: Features | None, embeddings: Features | None = None) -> None:
        self.ids = ids
        self.features = features
        self.embeddings = embeddings
        self._rows = {item: row for row, item in enumerate(ids)}
        self.keys: NDArray[np.uint64] = np.fromiter(map(number_of, ids), np.uint64, len(ids))

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, item: Item) -> int:
        """Return the row of an item; KeyError if it is none of these."""
        return self._rows[item]

    def only(self, rows: NDArray[np.intp]) -> "Items":
        """Return the items of these rows, in this order."""
        features, embeddings = (None if each is None else each[rows] for each in (self.features, self.embeddings))
        return Items([self.ids[row] for row in rows.tolist()], features, embeddings)


class Truth:
    """What items truly are: for annotators and the evaluator only.

    Args:
        classes: the classes, in the order of their indices.
        labels: class index by item.
    """

    def __init__(self, classes: Sequence[Label], labels: dict[Item, int]) -> None:
        self.classes = tuple(classes)
        self._labels = labels

    def of(self, item: Item) -> int:
        """Return the index of an item's true class; UNKNOWN where nobody knows it, as in records of people of the real world."""
        return self._labels.get(item, UNKNOWN)
