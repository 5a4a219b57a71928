"""Recorded: how long people of the real world took."""

from collections.abc import Set
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from agents.annotator.record import FileFormat, Record, Recording
from agents.component import Unusable
from agents.messages import Item
from bus.chance import Luck
from bus.duration import Duration


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

    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the recorded time; 0 where the person has no answer to give."""
        record = self._record
        if record is None:
            raise Unusable("latency 'recorded': nobody has read its file yet")
        return 0.0 if self._items is not None and case.item not in self._items else self._time_of(case.item, record)

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
