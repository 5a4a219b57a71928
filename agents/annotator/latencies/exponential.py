"""Exponential: without memory."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import Duration


class ExponentialTime(Latency):
    """Memoryless times, as queueing theory likes them; real work times are not like that."""

    kind: ClassVar[str] = "exponential"

    mean: Annotated[Duration, Field(gt=0)] = 30.0
    """Mean time of an answer."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        return self.mean * luck.exponential()

    def within(self, seconds: float) -> float:
        """Return the distribution function, 1 - exp(-t / mean)."""
        return -math.expm1(-seconds / self.mean)
