"""Doubt: whether answers to an item leave it open what it is."""

from abc import abstractmethod
from collections.abc import Sequence

from agents.component import Component
from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item


class Doubt(Component):
    """Says of answers to an item whether they leave it in doubt: then it is talked over, or goes to somebody else."""

    @abstractmethod
    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether there is doubt. There may be no answers."""
