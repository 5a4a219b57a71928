"""Practice: who has done it often does it faster."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.change import Change
from agents.annotator.experience import Moment
from bus.chance import Keyed


class Practice(Change):
    """Answers get faster by a power of their number (the power law of practice; Newell and Rosenbloom, 1981)."""

    kind: ClassVar[str] = "practice"

    rate: Annotated[float, Field(ge=0, le=1)] = 0.05
    """By how much the logarithm of the time falls for each unit that the logarithm of the number of answers grows; real logs show
    .05 to .09, or nothing."""

    def pace(self, moment: Moment, luck: Keyed) -> float:
        """Return n ** -rate for the n-th answer."""
        return float((moment.answers + 1) ** -self.rate)
