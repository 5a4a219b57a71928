"""Parquet files, read as rows of text, without pandas."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from scenarios.errors import BadInput
from scenarios.rows import unreadable

_ROWS_AT_ONCE = 65536
_EPOCH = datetime(1970, 1, 1)


def names_of(path: Path) -> list[str]:
    """Return the names of the columns.

    Raises:
        BadInput: the file cannot be read.
    """
    import pyarrow.parquet

    try:
        # Opened here, because what reads a damaged file leaves it open.
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            return [*file.schema_arrow.names]
    except Exception as error:  # Damaged files raise almost anything.
        _refuse(path, error)


def rows_of(path: Path, names: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of the columns of these names, a row at a time with its number, from 1.

    Numbers become text as Python writes them, whole ones without a point; times become dates and times in ISO 8601, and lengths of
    time seconds; what is missing or NaN becomes an empty text.

    Raises:
        BadInput: the file cannot be read, or a column holds something else.
    """
    import pyarrow.parquet

    row = 0
    try:
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            writers = [writer(path, name, file.schema_arrow.field(name).type) for name in names]
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=[*names]):
                columns = [write(batch.column(name)) for name, write in zip(names, writers, strict=True)]
                for cells in zip(*columns, strict=True):
                    row += 1
                    yield row, [*cells]
    except BadInput:
        raise
    except Exception as error:
        _refuse(path, error)


def _refuse(path: Path, error: Exception) -> NoReturn:
    if isinstance(error, OSError) and error.errno is not None:
        raise unreadable(path, error) from None
    why = " ".join(str(error).split())
    raise BadInput(f"{path}: this is no Parquet file, or a damaged one ({why[:200]})") from None


def writer(path: Path, name: str, kind: Any) -> Callable[[Any], list[str]]:
    """Return what turns an array of a type into text, as `rows_of` says.

    Args:
        path, name: the file and the column, for messages.
        kind: the type.

    Raises:
        BadInput: arrays of that type are none of numbers, text or times.
    """
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind):
        return _texts
    if types.is_integer(kind):
        return _written(str)
    if types.is_floating(kind):
        return _written(_number)
    if types.is_boolean(kind):
        return _written(lambda value: "true" if value else "false")
    if types.is_timestamp(kind):
        return _moments
    if types.is_duration(kind):
        return _lengths
    raise BadInput(f"{path}: column {name!r} holds {kind}; it should hold numbers, text or times")


def _texts(array: Any) -> list[str]:
    return ["" if value is None else value.strip() for value in array.to_pylist()]


def _written(write: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    return lambda array: ["" if value is None else write(value) for value in array.to_pylist()]


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def _moments(array: Any) -> list[str]:
    epoch = _EPOCH if array.type.tz is None else _EPOCH.replace(tzinfo=UTC)
    return ["" if each is None else (epoch + timedelta(microseconds=each)).isoformat() for each in _microseconds(array)]


def _lengths(array: Any) -> list[str]:
    return ["" if each is None else repr(each / 1e6) for each in _microseconds(array)]


def _microseconds(array: Any) -> list[int | None]:
    """Return an array of times, or of lengths of time, as whole numbers of microseconds."""
    import pyarrow

    kind = pyarrow.timestamp("us", getattr(array.type, "tz", None)) if hasattr(array.type, "tz") else pyarrow.duration("us")
    numbers: list[int | None] = array.cast(kind, safe=False).cast(pyarrow.int64()).to_pylist()
    return numbers
