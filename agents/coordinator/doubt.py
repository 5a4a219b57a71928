"""Doubt: whether answers to an item leave it open what it is."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal

from agents.component import Component
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Label

Ground = Literal["model", "confidence", "belief"]
"""What a doubt may go by beside the votes: what the newest model says, how sure people say they are, what the policy has learnt."""


class Doubt(Component):
    """Says of answers to an item whether they leave it in doubt: then it is talked over, or goes to somebody else."""

    ground: ClassVar[Ground | None] = None
    """What it goes by beside the votes; a scenario without that is refused."""

    @abstractmethod
    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether there is doubt. There may be no answers."""

    def is_possible(self, votes: int) -> bool:
        """Return whether so many answers can leave doubt at all."""
        return True

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what it will learn from all answers of a campaign, knowing nothing yet; None if it learns nothing. See Policy."""
        return None
