"""Empirical: times that somebody measured."""

from bisect import bisect_right
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration


class EmpiricalTime(Latency):
    """Times drawn from measured ones, or from their quantiles; none is longer than the longest of these."""

    kind: ClassVar[str] = "empirical"

    times: Annotated[tuple[Duration, ...], Field(min_length=1, max_length=100_000)]
    """Times that were measured, in any order; or quantiles at even steps, from the shortest to the longest time."""
    smooth: bool = False
    """Whether times between the given ones are drawn too: the quantile function runs straight from one to the next (type 7 of
    Hyndman and Fan, 1996). Left out, every draw is one of them."""
    factor: Annotated[float, Field(gt=0, le=1e4)] = 1.0
    """What times are multiplied by, so that people may differ in speed."""

    _sorted: list[float] = PrivateAttr(default_factory=list)

    def model_post_init(self, context: object) -> None:
        """Sort the times once."""
        self._sorted = sorted(min(self.factor * time, LONGEST) for time in self.times)

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion."""
        times = self._sorted
        if not self.smooth:
            return times[luck.below(len(times))]
        place = luck.uniform() * (len(times) - 1)
        before = int(place)
        after = min(before + 1, len(times) - 1)
        return times[before] + (place - before) * (times[after] - times[before])

    def within(self, seconds: float) -> float:
        """Return the distribution function."""
        times = self._sorted
        below = bisect_right(times, seconds)
        if not self.smooth or below in (0, len(times)):
            return below / len(times) if not self.smooth else float(below > 0)
        before, after = times[below - 1], times[below]
        return (below - 1 + (seconds - before) / (after - before)) / (len(times) - 1)
