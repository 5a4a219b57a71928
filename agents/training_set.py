"""The training set: the labels that a learner has heard of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.inference.answers import AnswerTable
from agents.items import UNKNOWN, Items
from agents.lesson import Known
from agents.messages import AnswersCounted, Item, ItemGivenUp, ItemResolved, Label, LabelsKnown
from bus.message import Message


class TrainingSet:
    """The labels there are, and what is new among them since they were last learned.

    Args:
        items: the pool.
        classes: the classes, in the order of their indices.
        answers: whether it keeps the answers that labels rest on, too.

    Attributes:
        new: labels that came, changed or went since.
        revised: how many of these changed or went.
    """

    heard = (LabelsKnown, ItemResolved, ItemGivenUp)
    """What it wants to hear; and AnswersCounted, where it keeps answers."""

    def __init__(self, items: Items, classes: Sequence[Label], answers: bool = False) -> None:
        self._items = items
        self._classes = classes
        self._index = {label: index for index, label in enumerate(classes)}
        self._labels: dict[Item, Label] = {}
        self._keeps_answers = answers
        self._answers: dict[Item, AnswersCounted] = {}
        self._recounted: set[Item] = set()
        """Items with a label, of which other answers were counted: their next label is news, whatever it says."""
        self.new = self.revised = 0

    def __len__(self) -> int:
        return len(self._labels)

    def note(self, body: Message) -> None:
        """Take note of what is said of labels."""
        if isinstance(body, LabelsKnown):
            self._labels.update(zip(body.items, body.labels, strict=True))
        elif isinstance(body, ItemResolved):
            # A revision is news if it says something else.
            self.new += self._labels.get(body.item) != body.label or body.item in self._recounted
            self._recounted.discard(body.item)
            self.revised += body.revision > 0
            self._labels[body.item] = body.label
        elif isinstance(body, AnswersCounted) and self._keeps_answers:
            if body.item in self._labels and self._answers.get(body.item) != body:
                self._recounted.add(body.item)
            self._answers[body.item] = body
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

    def known(self) -> Known:
        """Return all labels there are, and the answers that they rest on, if it keeps these."""
        rows, labels = self.arrays()
        return Known(rows, labels, self._table(labels) if self._keeps_answers else None)

    def _table(self, labels: NDArray[np.intp]) -> AnswerTable:
        counted = [self._answers.get(item) for item in self._labels]
        given = [
            (place, name, self._index[label])
            for place, each in enumerate(counted)
            if each is not None
            for name, label in zip(each.annotators, each.labels, strict=True)
        ]
        people = sorted({name for _, name, _ in given})
        number = {name: index for index, name in enumerate(people)}
        rows = [(place, number[name], label) for place, name, label in given]
        item, person, said = np.array(rows, np.intp).reshape(-1, 3).T
        # A label that nobody gave was there from the start, or somebody decided it who gives no answers.
        silent = np.array([each is None or not each.labels for each in counted], np.bool_)
        return AnswerTable([*self._labels], people, self._classes, item, person, said, np.where(silent, labels, UNKNOWN))
