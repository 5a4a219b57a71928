"""Strategies that look at no item: by chance, or as the data stand."""

from typing import ClassVar

import numpy as np

from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class Random(Strategy):
    """Any item is as good as another: each has a score by chance, drawn once."""

    kind: ClassVar[str] = "random"
    needs_model: ClassVar[bool] = False

    def scores(self, view: PoolView) -> Scores:
        """Return the items' luck."""
        return view.luck.uniforms(view.items.keys)


class InOrder(Strategy):
    """Items are asked for in the order in which they stand in the data."""

    kind: ClassVar[str] = "in-order"
    needs_model: ClassVar[bool] = False

    def scores(self, view: PoolView) -> Scores:
        """Return falling numbers."""
        return -np.arange(len(view.items), dtype=np.float64)


BY_CHANCE = Random()
"""What takes the place of a strategy that needs a model, before there is one."""
