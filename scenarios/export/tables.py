"""The table of answers: task, worker, label, start, duration, and confidences if there are any; as CSV or as Parquet."""

import csv
import io
from collections.abc import Callable
from itertools import islice
from operator import attrgetter
from typing import Any, BinaryIO

from agents.messages import Item, Label
from bus.clock import SECOND
from bus.replay import LogReader
from scenarios.export.answers import Answer, answers, says_confidence
from scenarios.export.reading import Progress

COLUMNS = ("task", "worker", "label", "start", "duration")
CONFIDENCE = "confidence"
"""The column of how probable people say it is that they are right, where anybody says."""
STATUS = "status"
"""The column that says what became of an answer, where those that do not count are there too."""

_ROWS_AT_ONCE = 50_000
_GREATEST_WHOLE = 2**63 - 1


def write_csv(reader: LogReader, file: BinaryIO, everything: bool, progress: Progress) -> int:
    """Write the answers as comma-separated text with a header, times in seconds, and return how many there are.

    Raises:
        CorruptLog: the log is damaged.
    """
    count = 0
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text, lineterminator="\n")
        further = [CONFIDENCE] if says_confidence(reader) else []
        further += [STATUS] if everything else []
        writer.writerow((*COLUMNS, *further))
        for each in answers(reader, everything, progress):
            row = (each.item, each.annotator, each.label, seconds(each.start), seconds(each.duration))
            writer.writerow((*row, *(getattr(each, name) for name in further)) if further else row)
            count += 1
    finally:
        text.detach()
    return count


def seconds(microseconds: int | None) -> str:
    """Write microseconds as seconds, exactly; nothing for None."""
    if microseconds is None:
        return ""
    whole, rest = divmod(abs(microseconds), SECOND)
    sign = "-" if microseconds < 0 else ""
    return f"{sign}{whole}.{rest:06d}".rstrip("0") if rest else f"{sign}{whole}"


def write_parquet(reader: LogReader, file: BinaryIO, everything: bool, progress: Progress) -> int:
    """Write the answers as a Parquet file, times as float64 in seconds, and return how many there are.

    Tasks and labels are int64 where all of them are whole numbers, and text otherwise; which, is seen in a first reading.

    Raises:
        CorruptLog: the log is damaged.
    """
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    columns = _columns(reader, everything, progress)
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, (kind, _) in columns.items()])
    rows, count = answers(reader, everything, progress), 0
    with ParquetWriter(file, schema) as writer:
        while chunk := [*islice(rows, _ROWS_AT_ONCE)]:
            count += len(chunk)
            arrays = [pyarrow.array([cell(each) for each in chunk], kind) for kind, cell in columns.values()]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
    return count


_Cell = Callable[[Answer], Any]


def _columns(reader: LogReader, everything: bool, progress: Progress) -> dict[str, tuple[str, _Cell]]:
    """Return the type of each column, and what of an answer stands in it."""
    whole_items, whole_labels, confident = True, True, says_confidence(reader)
    for each in answers(reader, everything, progress):
        whole_items = whole_items and _is_whole(each.item)
        whole_labels = whole_labels and (each.label is None or _is_whole(each.label))
    columns: dict[str, tuple[str, _Cell]] = {
        "task": ("int64", attrgetter("item")) if whole_items else ("string", lambda each: str(each.item)),
        "worker": ("string", attrgetter("annotator")),
        "label": ("int64", attrgetter("label")) if whole_labels else ("string", lambda each: _text(each.label)),
        "start": ("float64", lambda each: _in_seconds(each.start)),
        "duration": ("float64", lambda each: _in_seconds(each.duration)),
    }
    if confident:
        columns[CONFIDENCE] = ("float64", attrgetter("confidence"))
    if everything:
        columns[STATUS] = ("string", attrgetter("status"))
    return columns


def _is_whole(value: Item | Label) -> bool:
    return isinstance(value, int) and abs(value) <= _GREATEST_WHOLE


def _text(label: Label | None) -> str | None:
    return None if label is None else str(label)


def _in_seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / SECOND
