"""The median: for classes that have an order."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.pool import Pool
from agents.messages import Item, Label


class Median(Pool):
    """The label in the middle, for classes with an order, which is that of the data (Galton, 1907); of two, each as likely."""

    kind: ClassVar[str] = "median"

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the middle one of the labels."""
        places = sorted(crowd.classes.index(position.label) for position in positions)
        middle = [places[(len(places) - 1) // 2], places[len(places) // 2]]
        return crowd.classes[middle[0] if middle[0] == middle[1] else middle[crowd.luck(item).below(2)]]
