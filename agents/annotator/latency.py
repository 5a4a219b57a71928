"""How long an annotator takes over an answer."""

import math
from abc import abstractmethod
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.people import PeopleChoice
from agents.component import Component
from agents.messages import Item
from bus.chance import Luck
from bus.duration import Duration


class Latency(Component):
    """The time from the assignment of a task to its answer."""

    @abstractmethod
    def seconds(self, item: Item, luck: Luck) -> float:
        """Return the time that the answer to an item takes."""

    @abstractmethod
    def within(self, seconds: float) -> float:
        """Return the probability that an answer takes no longer than `seconds`."""


class FixedTime(Latency):
    """Every answer takes the same time."""

    kind: ClassVar[str] = "fixed"

    time: Duration = 0.0
    """Time an answer takes."""

    def seconds(self, item: Item, luck: Luck) -> float:
        """Return the time."""
        return self.time

    def within(self, seconds: float) -> float:
        """Return 1 or 0."""
        return float(self.time <= seconds)


class ExponentialTime(Latency):
    """Memoryless times, as queueing theory likes them; real work times are not like that."""

    kind: ClassVar[str] = "exponential"

    mean: Annotated[Duration, Field(gt=0)] = 30.0
    """Mean time of an answer."""

    def seconds(self, item: Item, luck: Luck) -> float:
        """Draw by inversion."""
        return self.mean * luck.exponential()

    def within(self, seconds: float) -> float:
        """Return the distribution function, 1 - exp(-t / mean)."""
        return -math.expm1(-seconds / self.mean)


class LognormalTime(Latency):
    """Lognormal times: of the one-parameter families, the one that fits people's work times best."""

    kind: ClassVar[str] = "lognormal"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer."""
    sigma: Annotated[float, Field(ge=0, le=5)] = 0.8
    """Standard deviation of the time's natural logarithm; people on one task show 0.5 to 1.3."""

    def seconds(self, item: Item, luck: Luck) -> float:
        """Draw by inversion."""
        return self.median * math.exp(self.sigma * luck.normal())

    def within(self, seconds: float) -> float:
        """Return the distribution function."""
        if seconds <= 0 or self.sigma == 0:
            return float(seconds >= self.median)
        return NormalDist().cdf(math.log(seconds / self.median) / self.sigma)


LATENCIES = PeopleChoice("latency", FixedTime, ExponentialTime, LognormalTime)
AnyLatency = Annotated[Latency, LATENCIES]
