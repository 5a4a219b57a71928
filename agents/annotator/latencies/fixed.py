"""Fixed: every answer takes the same time."""

from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import Duration


class FixedTime(Latency):
    """Every answer takes the same time."""

    kind: ClassVar[str] = "fixed"

    time: Duration = 0.0
    """Time an answer takes."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the time."""
        return self.time

    def within(self, seconds: float) -> float:
        """Return 1 or 0."""
        return float(self.time <= seconds)
