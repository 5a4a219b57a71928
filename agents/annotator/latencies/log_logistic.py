"""Log-logistic: like the lognormal, with heavier tails."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration


class LogLogisticTime(Latency):
    """Log-logistic times (Fisk, 1961): the odds of being done by t are (t / median) ** shape.

    Of the families with two parameters, this one fits the times of single people best. The mean is median * b / sin(b) with
    b = pi / shape, and infinite for a shape of 1 or less; the variance is for 2 or less. No answer takes more than a century.
    """

    kind: ClassVar[str] = "log-logistic"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer."""
    shape: Annotated[float, Field(ge=0.5, le=100)] = 3.0
    """Shape: the lower, the heavier the tails."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        uniform = luck.uniform()
        return min(self.median * float((uniform / (1 - uniform)) ** (1 / self.shape)), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function, 1 / (1 + (t / median) ** -shape)."""
        if seconds <= 0:
            return 0.0
        if seconds >= LONGEST:
            return 1.0
        # A hundredfold shape times the log of a century is beyond what exp() takes.
        return 1 / (1 + math.exp(min(-self.shape * (math.log(seconds) - math.log(self.median)), 700.0)))
