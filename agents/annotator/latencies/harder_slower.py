"""Harder, slower: any latency, and more of it for harder items."""

import math
from collections.abc import Set
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latencies.average import average
from agents.annotator.latencies.plain import AnyPlainLatency
from agents.annotator.latency import Latency
from agents.annotator.record import Record, Recording
from agents.messages import Item
from bus.chance import Luck
from bus.duration import LONGEST

_NORMAL = NormalDist()
_FARTHEST = 8.3
"""Standard deviations beyond which nothing is drawn."""


class HarderSlower(Latency):
    """Times of another latency, multiplied by a factor that follows from the item's hardness: lognormal over items, of median 1."""

    kind: ClassVar[str] = "harder-slower"

    hardness: Annotated[float, Field(ge=0, le=2)] = 0.2
    """By how much the log of the time grows for an item that is harder by one standard deviation."""
    work: AnyPlainLatency
    """How long an item of middling hardness takes."""

    def recording(self, noise: Recording | None) -> Recording | None:
        """Return where the times of the work are recorded."""
        return self.work.recording(noise)

    def bound(self, record: Record, items: Set[Item] | None) -> "HarderSlower":
        """Return the same with a person's recorded times."""
        return self.model_copy(update={"work": self.work.bound(record, items)})

    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the time of the work, times the factor."""
        factor = math.exp(self.hardness * _NORMAL.inv_cdf(case.nature.hardness(case.item)))
        return min(factor * self.work.seconds(case, luck), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function over items, to within 1e-4."""
        if seconds >= LONGEST:
            return 1.0
        return average(
            lambda score: self.work.within(seconds * math.exp(-self.hardness * score)), _NORMAL.cdf, -_FARTHEST, _FARTHEST
        )
