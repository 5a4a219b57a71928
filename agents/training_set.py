"""The training set: the labels that a learner has heard of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.items import Items
from agents.messages import Item, ItemGivenUp, ItemResolved, Label, LabelsKnown
from bus.message import Message


class TrainingSet:
    """The labels there are, and what is new among them since they were last learned.

    Args:
        items: the pool.
        classes: the classes, in the order of their indices.

    Attributes:
        new: labels that came, changed or went since.
        revised: how many of these changed or went.
    """

    heard = (LabelsKnown, ItemResolved, ItemGivenUp)
    """What it wants to hear."""

    def __init__(self, items: Items, classes: Sequence[Label]) -> None:
        self._items = items
        self._index = {label: index for index, label in enumerate(classes)}
        self._labels: dict[Item, Label] = {}
        self.new = self.revised = 0

    def __len__(self) -> int:
        return len(self._labels)

    def note(self, body: Message) -> None:
        """Take note of what is said of labels."""
        if isinstance(body, LabelsKnown):
            self._labels.update(zip(body.items, body.labels, strict=True))
        elif isinstance(body, ItemResolved):
            # A revision is news if it says something else.
            self.new += self._labels.get(body.item) != body.label
            self.revised += body.revision > 0
            self._labels[body.item] = body.label
        elif isinstance(body, ItemGivenUp):
            # What its label rested on had become void.
            lost = self._labels.pop(body.item, None) is not None
            self.new += lost
            self.revised += lost

    def learned(self) -> None:
        """Take note that a training begins on all that there is."""
        self.new = self.revised = 0

    def recall(self, labels: int) -> None:
        """Learn from the log that a training had begun on so many labels.

        Labels that stood in the log by then, but had not been heard of, are still to be learned. Of revised ones it cannot be told
        whether they had been.
        """
        self.new = max(0, len(self._labels) - labels) + (self.revised > 0)
        self.revised = 0

    def arrays(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the items' rows, and the indices of their classes; shape (labels,) each."""
        rows = np.fromiter(map(self._items.row, self._labels), np.intp, len(self._labels))
        return rows, np.fromiter((self._index[label] for label in self._labels.values()), np.intp, len(self._labels))
