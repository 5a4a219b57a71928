"""Taking no notice of what is under way."""

from typing import ClassVar

from agents.selector.pending import Pending
from agents.selector.selection import Selection
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class Ignore(Pending):
    """Chooses as if nothing were under way, but never the same item; what a strategy itself makes of it, it makes."""

    kind: ClassVar[str] = "ignore"

    def select(self, strategy: Strategy, view: PoolView, count: int) -> Selection:
        """Return what the strategy selects."""
        return strategy.select(view, count)
