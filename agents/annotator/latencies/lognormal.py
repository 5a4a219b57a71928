"""Lognormal: many small causes that multiply."""

import math
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import Duration


class LognormalTime(Latency):
    """Lognormal times: they fit people's work times better than exponential, gamma and Weibull ones."""

    kind: ClassVar[str] = "lognormal"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer."""
    sigma: Annotated[float, Field(ge=0, le=5)] = 0.8
    """Standard deviation of the time's natural logarithm; people on one task show 0.5 to 1.3."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        return self.median * math.exp(self.sigma * luck.normal())

    def within(self, seconds: float) -> float:
        """Return the distribution function."""
        if seconds <= 0 or self.sigma == 0:
            return float(seconds >= self.median)
        return NormalDist().cdf((math.log(seconds) - math.log(self.median)) / self.sigma)
