"""Declining: some tasks people will not do."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Probability
from agents.annotator.saying import Said, Saying
from bus.chance import Luck


class Decline(Saying):
    """Who declines gives no answer at all, is not paid, and is not asked about that item again."""

    kind: ClassVar[str] = "decline"

    probability: Probability = 0.1
    """How often they do, whatever the item."""

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say the label, or decline."""
        return Said(None) if luck.uniform() < self.probability else said
