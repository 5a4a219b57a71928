"""The plurality: the label that most hold."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.pool import Pool
from agents.coordinator.vote import plurality
from agents.messages import Item, Label


class Plurality(Pool):
    """The label that most hold; of several, each with the same chance."""

    kind: ClassVar[str] = "plurality"

    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the most frequent label."""
        return plurality(positions, item, crowd)
