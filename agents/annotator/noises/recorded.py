"""Recorded: what people of the real world answered."""

from collections.abc import Mapping, Set
from typing import Annotated, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise
from agents.annotator.record import FileFormat, Record, Recording
from agents.component import Unusable
from agents.messages import Item
from bus.chance import Luck


class Recorded(Noise):
    """People of the real world, who answer what they are recorded to have answered in a file, and decline anything else.

    The first person of the group is the first worker of the file, the second the second, in order of first appearance.
    """

    kind: ClassVar[str] = "recorded"

    file: Annotated[str, Field(min_length=1)]
    """The file of answers, such as `parley import` reads; relative to the folder of the scenario."""
    format: FileFormat | None = None
    """Its format; left out, what its name ends in says it."""
    workers: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Whose answers these people give, one worker of the file each; left out, the file's first ones."""
    task: str | None = None
    """Column of what was asked; left out, `task`."""
    worker: str | None = None
    """Column of who was asked; left out, `worker`."""
    label: str | None = None
    """Column of what they said; left out, `label`."""

    _record: Record | None = PrivateAttr(None)

    def recording(self) -> Recording:
        """Return the file."""
        return Recording(self.file, self.format, self.workers, (self.task, self.worker, self.label, None))

    def bound(self, record: Record) -> "Recorded":
        """Return the same with a person's answers."""
        person = self.model_copy()
        person._record = record
        return person

    def items(self) -> Set[Item]:
        """Return the items that they answered."""
        return self._known().keys()

    def chances(self, case: Case) -> Chances:
        """Return 1 for what they answered first, and 0 for all else."""
        answer = self._known()[case.item]
        return [float(label == answer) for label in range(case.classes)]

    def answer(self, case: Case, luck: Luck) -> int | None:
        """Return what they answered first; None where they did not."""
        return self._known().get(case.item)

    def _known(self) -> Mapping[Item, int]:
        if self._record is None:
            raise Unusable(f"noise 'recorded': nobody has read {self.file!r} yet")
        return self._record.answers
