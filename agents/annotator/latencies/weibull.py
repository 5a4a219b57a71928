"""Weibull: a hazard that rises or falls with time."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration

_LN2 = math.log(2)


class WeibullTime(Latency):
    """Weibull times (Weibull, 1951): the longer it takes, the sooner it ends if the shape is above 1, the later if it is below.

    The mean is median * gamma(1 + 1 / shape) / ln(2) ** (1 / shape).
    """

    kind: ClassVar[str] = "weibull"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer."""
    shape: Annotated[float, Field(ge=0.2, le=100)] = 1.5
    """Shape; 1 is the exponential distribution."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        return min(self.median * float((-math.log1p(-luck.uniform()) / _LN2) ** (1 / self.shape)), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function, 1 - 2 ** -(t / median) ** shape."""
        if seconds <= 0:
            return 0.0
        # Far beyond the median, a power of the ratio need not be a number any more.
        return -math.expm1(-_LN2 * math.exp(min(self.shape * (math.log(seconds) - math.log(self.median)), 300.0)))
