"""Terrain to stand on: items whose features say something of their truth."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.annotator.nature import Nature
from agents.annotator.terrain import Terrain
from agents.items import Items
from agents.messages import Label
from bus.chance import Chance


class Land:
    """Normal clouds, one a class, and what is made of them.

    Args:
        items: number of items.
        classes: number of classes.
        separation: distance of the clouds' centres from the middle.
        topics: what each item is about.
    """

    def __init__(self, items: int, classes: int = 2, separation: float = 1.0, topics: Sequence[Label] | None = None) -> None:
        draws = np.random.default_rng(3)
        self.truth: NDArray[np.intp] = np.arange(items) % classes
        centres = separation * np.eye(classes, 4)
        self.features = centres[self.truth] + draws.standard_normal((items, 4))
        self.items = Items(range(items), self.features)
        self.terrain = Terrain(self.items, self.truth, classes, topics, Chance(7))
        self.nature = Nature(Chance(7), self.terrain)
