"""A world in which nothing costs anything but choosing: a classifier that is a table, and the items whose rows it has."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from benchmarks.contenders.selecting import LookedUp
from benchmarks.elders import probabilities
from bus.chance import Chance
from scenarios.source import Dataset, Source

ITEMS, CLASSES = 20_000, 10
TABLE = probabilities(ITEMS, Chance(1).stream("table"), CLASSES)["probabilities"]
"""What the model says of each item, whatever it was trained on; shape (items, classes)."""


class Free(LookedUp):
    """A classifier that is trained at once, and says what the table says."""

    def __init__(self) -> None:
        super().__init__(TABLE)


class Numbered(Source):
    """The items of the table, whose only feature is their row."""

    kind: ClassVar[str] = "benchmarks.free.Numbered"

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the items; their classes take turns."""
        rows = np.arange(ITEMS)
        return Dataset([*range(ITEMS)], rows.reshape(-1, 1).astype(np.float64), rows % CLASSES, tuple(range(CLASSES)))
