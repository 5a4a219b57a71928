"""How long an annotator takes over an answer."""

import math
from abc import abstractmethod
from collections.abc import Set
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.people import PeopleChoice
from agents.annotator.record import FileFormat, Record, Recording
from agents.component import Component, Unusable
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

    def recording(self, noise: Recording | None) -> Recording | None:
        """Return where the times are recorded; None if they are made up.

        Args:
            noise: where the same person's answers are recorded.

        Raises:
            ValueError: they are to be recorded, but where is not said.
        """
        return None

    def bound(self, record: Record, items: Set[Item] | None) -> "Latency":
        """Return the latency of the person whose record this is.

        Args:
            record: what they were recorded to answer.
            items: what they may have an answer to; None for any.

        Raises:
            ValueError: the record does not suffice.
        """
        return self


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


class RecordedTime(Latency):
    """Each answer takes as long as it is recorded to have taken in a file; who declines does so at once."""

    kind: ClassVar[str] = "recorded"

    file: Annotated[str, Field(min_length=1)] | None = None
    """The file of answers; left out, with the rest of where to find them, what the noise of the same people says."""
    format: FileFormat | None = None
    """Its format; left out, what its name ends in says it."""
    workers: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Whose times these people have, one worker of the file each; left out, the file's first ones."""
    task: str | None = None
    """Column of what was asked; left out, `task`."""
    worker: str | None = None
    """Column of who was asked; left out, `worker`."""
    label: str | None = None
    """Column of what they said; left out, `label`."""
    duration: str | None = None
    """Column of how many seconds they took; left out, `duration` or `duration_s`."""
    otherwise: Duration | None = None
    """Time of an answer of which it is not recorded; left out, the median of the person's, or else of everybody's."""

    _record: Record | None = PrivateAttr(None)
    _items: Set[Item] | None = PrivateAttr(None)

    def recording(self, noise: Recording | None) -> Recording:
        """Return the file."""
        if self.file is not None:
            return Recording(self.file, self.format, self.workers, (self.task, self.worker, self.label, self.duration))
        if noise is None:
            raise ValueError("latency 'recorded' needs a `file`, since the noise is not recorded in one")
        return noise._replace(columns=(*noise.columns[:3], self.duration))

    def bound(self, record: Record, items: Set[Item] | None) -> "RecordedTime":
        """Return the same with a person's times."""
        if self.otherwise is None and record.median is None:
            raise ValueError("how long answers took is not recorded; say what they take by `otherwise`")
        person = self.model_copy()
        person._record, person._items = record, items
        return person

    def seconds(self, item: Item, luck: Luck) -> float:
        """Return the recorded time; 0 where the person has no answer to give."""
        record = self._record
        if record is None:
            raise Unusable("latency 'recorded': nobody has read its file yet")
        return 0.0 if self._items is not None and item not in self._items else self._time_of(item, record)

    def within(self, seconds: float) -> float:
        """Return the share of the recorded answers; 1 as long as nobody has read them."""
        record = self._record
        if record is None or not record.answers:
            return 1.0
        return sum(self._time_of(item, record) <= seconds for item in record.answers) / len(record.answers)

    def _time_of(self, item: Item, record: Record) -> float:
        known = record.seconds.get(item, record.median if self.otherwise is None else self.otherwise)
        assert known is not None, "that there is one was checked when it was bound"
        return known


LATENCIES = PeopleChoice("latency", FixedTime, ExponentialTime, LognormalTime, RecordedTime)
AnyLatency = Annotated[Latency, LATENCIES]
