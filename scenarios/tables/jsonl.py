"""A JSON object a line (.jsonl), packed by gzip or not."""

import gzip
import zlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.answers.entry import describe, parse
from scenarios.errors import BadInput
from scenarios.rows import unreadable
from scenarios.tables.contents import HINT
from scenarios.tables.gathered import Gathered, no_column, others, places_of, row_finder

LONGEST_LINE = 2**26
"""Bytes of a line beyond which a file is refused rather than read into memory."""


def read_jsonl(paths: Sequence[Path], plain: Sequence[str], numbers: Sequence[str] | None, apart: Sequence[str] = ()) -> Gathered:
    """Read columns of files that hold a JSON object a line, as one table.

    A column within an object is named with a point: `answer.label`. Numbers may stand in lists, and these in lists, as long as
    each row has as many.

    Args:
        paths: the files, in their order.
        plain: columns whose values are taken as they are.
        numbers: columns of numbers or of lists of them; None for all others.
        apart: columns that are none of these others.

    Raises:
        BadInput: a file cannot be read, or a column is not what it should be. The message names file and line.
    """
    found: dict[str, list[Any]] = {name: [] for name in plain}
    values, lines, counts = array("d"), array("q"), []
    widths: list[int] = []
    for path in paths:
        before = len(lines)
        for line, record in _records(path):
            place = f"{path}, line {line}"
            for name, cells in found.items():
                cells.append(_value(path, place, record, name, first=not lines))
            if numbers is None:
                numbers = others(path, [*record], [*plain, *apart])
            sizes = []
            for name in numbers:
                size = len(values)
                _flatten(place, name, _value(path, place, record, name, first=not lines), values)
                sizes.append(len(values) - size)
            if lines and sizes != widths:
                name, size, width = next(each for each in zip(numbers, sizes, widths, strict=True) if each[1] != each[2])
                raise BadInput(f"{place}: {name!r} holds {size} numbers, but {width} in the first row")
            widths = sizes
            lines.append(line)
        counts.append(len(lines) - before)
    matrix = np.frombuffer(values).reshape(len(lines), -1) if numbers and lines else None
    return Gathered(found, matrix, places_of(numbers, widths), row_finder(paths, counts, "line", lines), {})


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in _lines(path):
        record = parse(f"{path}, line {line}", text)
        if not isinstance(record, dict):
            raise BadInput(f"{path}, line {line}: this is {describe(record)}; each line should be an object: {{...}}")
        yield line, record


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with path.open("rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise BadInput(f"{path}, line {number}: the line is longer than {LONGEST_LINE >> 20} MiB")
                if line.strip():
                    yield number, line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(f"{path}, after line {number}: the packed file is damaged ({error})") from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error, HINT) from None


def _value(path: Path, place: str, record: dict[str, Any], name: str, first: bool) -> Any:
    """Return what stands in a column; in the first row, a column that is missing may be misspelt."""
    if name in record:
        return record[name]
    value: Any = record
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            if first:
                raise no_column(path, name, [*record])
            raise BadInput(f"{place}: there is no {name!r}")
        value = value[part]
    return value


def _flatten(place: str, name: str, value: Any, values: "array[float]") -> None:
    """Append a number, or the numbers of a list and the lists in it."""
    if isinstance(value, list) and len(value) > 0:
        try:
            values.extend(array("d", value))
        except (TypeError, OverflowError):
            for each in value:
                _flatten(place, name, each, values)
        return
    try:
        values.append(value)
    except (TypeError, OverflowError):
        found = "missing" if value is None else describe(value)
        raise BadInput(f"{place}: column {name!r} is {found}; features are finite numbers, or lists of them") from None
