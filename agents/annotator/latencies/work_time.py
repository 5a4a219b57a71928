"""Work time: what real logs show, person by person."""

import math
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration

_NORMAL = NormalDist()


class WorkTime(Latency):
    """Lognormal times of a person, longer for some items than for others; and over some answers, the person wanders off.

    The logarithm of a time is that of the median, plus the item's effect, plus a normal residual of standard deviation `sigma`, or
    with probability `idle` of mean ln(`factor`) and standard deviation `wander`. That is the model of van der Linden (2006), with a
    second component. In real logs, people's medians differ by .55 to 1 of a logarithm, which a distribution on `median` says; items
    by .15 to .25; residuals by .3 to .5, and for some people by much more; 5 to 15 % of the answers are idle ones.
    """

    kind: ClassVar[str] = "work-time"

    median: Annotated[Duration, Field(gt=0)] = 25.0
    """Median time of an answer, as long as the person is at work."""
    sigma: Annotated[float, Field(ge=0, le=5)] = 0.4
    """Standard deviation of the log of the times on one item."""
    hardness: Annotated[float, Field(ge=0, le=2)] = 0.1
    """By how much the log of the time grows for an item that is harder by one standard deviation; the hardness is the one by which
    people err."""
    items: Annotated[float, Field(ge=0, le=2)] = 0.14
    """Standard deviation of what else there is to items, the same for all people: their length, say."""
    idle: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Probability that the person wanders off over an answer."""
    factor: Annotated[float, Field(ge=0.1, le=1e4)] = 4.0
    """By how much an answer then takes longer, in the median."""
    wander: Annotated[float, Field(ge=0, le=5)] = 1.2
    """Standard deviation of the log of the time it then takes."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw what the person does, then how long it takes, by inversion."""
        log_time = self.hardness * _NORMAL.inv_cdf(case.nature.hardness(case.item)) if self.hardness else 0.0
        if self.items:
            log_time += self.items * case.nature.luck("work time", case.item).normal()
        if luck.uniform() < self.idle:
            log_time += math.log(self.factor) + self.wander * luck.normal()
        else:
            log_time += self.sigma * luck.normal()
        return min(self.median * math.exp(log_time), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function over items, a mixture of two lognormals."""
        if seconds <= 0:
            return 0.0
        if seconds >= LONGEST:
            return 1.0
        log_ratio, variance = math.log(seconds) - math.log(self.median), self.hardness**2 + self.items**2
        at_work = _below(log_ratio, self.sigma**2 + variance)
        away = _below(log_ratio - math.log(self.factor), self.wander**2 + variance)
        return (1 - self.idle) * at_work + self.idle * away


def _below(difference: float, variance: float) -> float:
    """Return the probability that a normal number of mean 0 is no more than `difference`."""
    return _NORMAL.cdf(difference / math.sqrt(variance)) if variance > 0 else float(difference >= 0)
