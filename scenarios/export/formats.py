"""The formats in which a log can be written, by name."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from bus.replay import LogReader
from scenarios.export.label_studio import write_label_studio
from scenarios.export.perfetto import write_perfetto
from scenarios.export.reading import Progress
from scenarios.export.tables import write_csv, write_parquet


class Format(NamedTuple):
    """A format.

    Attributes:
        suffix: what the names of its files end in.
        counts: what it is made of.
        shows_all: whether it can show answers that do not count.
        write: writes a log; told whether to show these too; returns how much it has written of what it is made of.
    """

    suffix: str
    counts: str
    shows_all: bool
    write: Callable[[LogReader, BinaryIO, bool, Progress], int]


def _counted_only(write: Callable[[LogReader, BinaryIO, Progress], int]) -> Callable[[LogReader, BinaryIO, bool, Progress], int]:
    return lambda reader, file, _, progress: write(reader, file, progress)


FORMATS = {
    "csv": Format(".csv", "answers", True, write_csv),
    "label-studio": Format(".label-studio.json", "tasks", False, _counted_only(write_label_studio)),
    "parquet": Format(".parquet", "answers", True, write_parquet),
    "perfetto": Format(".perfetto.json", "events", False, _counted_only(write_perfetto)),
}
