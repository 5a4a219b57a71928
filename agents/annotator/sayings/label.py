"""A label, and nothing else."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.annotator.saying import Said, Saying
from bus.chance import Luck


class JustLabel(Saying):
    """A label, and nothing else."""

    kind: ClassVar[str] = "label"

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say no more."""
        return said
