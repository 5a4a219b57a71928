"""Pareto: a tail that has no scale."""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration


class ParetoTime(Latency):
    """Pareto times of the second kind (Lomax, 1954): P(T > t) = (1 + t / scale) ** -shape, from 0 on.

    Their tail is the heaviest there is here. The mean is scale / (shape - 1) and infinite for a shape of 1 or less, the variance is
    infinite for 2 or less: then averages over a campaign do not settle, however long it is. No answer takes more than a century.
    """

    kind: ClassVar[str] = "pareto"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer: scale * (2 ** (1 / shape) - 1)."""
    shape: Annotated[float, Field(ge=0.5, le=100)] = 3.0
    """Shape: the lower, the heavier the tail."""

    @property
    def scale(self) -> float:
        """The scale, in seconds."""
        return self.median / math.expm1(math.log(2) / self.shape)

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        return min(self.scale * math.expm1(-math.log1p(-luck.uniform()) / self.shape), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function."""
        if seconds >= LONGEST:
            return 1.0
        return -math.expm1(-self.shape * math.log1p(max(seconds, 0.0) / self.scale))
