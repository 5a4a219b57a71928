"""Columns of text and Parquet files, read whole: a million rows in a fraction of a second.

What is read so is never judged. Where anything is odd there is no answer, and who reads a row at a time says what is wrong, and
where.
"""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.aggregation.column import Column, coded
from scenarios.answers import parquet
from scenarios.errors import BadInput
from scenarios.rows import read_rows

FORMS = ("csv", "tsv", "parquet")
"""The formats whose files can be read so."""

_SEPARATORS = {"csv": ",", "tsv": "\t"}
_AT_ONCE = 2**20


def columns_of(path: Path, form: str, names: Sequence[str]) -> list[Column] | None:
    """Return columns of text, without the blanks around cells; None where it takes a second look at the file.

    Args:
        path: a file with a header; its columns are there.
        form: csv, tsv or parquet.
        names: of the columns.

    Raises:
        BadInput: the file cannot be read, or a quote in it has no end, or goes on after it.
    """
    found = _from_parquet(path, names) if form == "parquet" else _from_text(path, _SEPARATORS[form], names)
    return None if found is None else [_coded(*each) for each in found]


def numbers_of(path: Path, form: str, key: str, names: Sequence[str]) -> tuple[Column, Any] | None:
    """Return a column of text, and columns of numbers as float64 of shape (rows, names); None as in `columns_of`."""
    import pyarrow

    if form == "parquet":
        table = _parquet_table(path, [key, *names])
        keys = _from_parquet(path, [key])
    else:
        table = _text_table(path, _SEPARATORS[form], [key, *names], pyarrow.float64())
        keys = None if table is None else [_parts(table.column(key))]
    if table is None or keys is None:
        return None
    try:
        columns = [table.column(name).cast(pyarrow.float64()).to_numpy() for name in names]
    except (pyarrow.ArrowException, ValueError):
        return None
    return _coded(*keys[0]), np.column_stack(columns)


_Parts = tuple[list[str], Any]


def _coded(values: list[str], codes: Any) -> Column:
    return coded([value.strip() for value in values], codes)


def _from_text(path: Path, separator: str, names: Sequence[str]) -> list[_Parts] | None:
    table = _text_table(path, separator, names)
    return None if table is None else [_parts(table.column(name)) for name in names]


def _text_table(path: Path, separator: str, names: Sequence[str], others: Any = None) -> Any:
    """Return the table of columns; the first, or all of them, as numbered text, the others of a type of their own."""
    import pyarrow
    from pyarrow import csv

    rows = read_rows(path, separator=separator)
    header, second = next(rows, None), next(rows, None)
    if header is None or second is None:
        return None
    found = [name.strip() for name in header[1]]
    # Columns are called by their places: names in the file may be blank, or stand in quotes.
    places = [str(found.index(name)) for name in names]
    if len({*places}) < len(places):
        return None
    quotes, other = _oddities(path)
    if other:
        return None
    if quotes:
        # Where a quote is not closed, pyarrow takes all rows up to the next one for a single cell.
        deque(rows, maxlen=0)
    text = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    kinds = {place: text if others is None or place == places[0] else others for place in places}
    try:
        table = csv.read_csv(
            path,
            csv.ReadOptions(column_names=[*map(str, range(len(found)))], skip_rows=second[0] - 1),
            csv.ParseOptions(delimiter=separator, newlines_in_values=quotes),
            csv.ConvertOptions(column_types=kinds, include_columns=places, null_values=[""], strings_can_be_null=False),
        )
    except (pyarrow.ArrowException, ValueError):
        return None
    return table.rename_columns([*names])


def _oddities(path: Path) -> tuple[bool, bool]:
    """Return whether there are quotes, in which a line may end without ending its row, and NUL characters, which are no text."""
    quotes = False
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            quotes = quotes or b'"' in block
            if b"\0" in block:
                return quotes, True
    return quotes, False


def _from_parquet(path: Path, names: Sequence[str]) -> list[_Parts] | None:
    table = _parquet_table(path, names)
    if table is None:
        return None
    found = []
    for name in names:
        column = table.column(name)
        if not hasattr(column.type, "value_type"):
            column = column.dictionary_encode()
        write = parquet.writer(path, name, column.type)
        found.append(_parts(column, write))
    return found


def _parquet_table(path: Path, names: Sequence[str]) -> Any:
    import pyarrow.parquet

    try:
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream, read_dictionary=[*names]) as file:
            return file.read(columns=[*names])
    except BadInput:
        raise
    except Exception:  # Damaged files raise almost anything; who reads them row by row says what.
        return None


def _parts(column: Any, write: Any = None) -> _Parts:
    """Return the values of a numbered column, and which of them stands in each row; nothing is an empty text."""
    import pyarrow

    whole = column.unify_dictionaries()
    values = whole.chunk(0).dictionary if whole.num_chunks else pyarrow.array([], pyarrow.string())
    names = values.to_pylist() if write is None else write(values)
    codes = np.concatenate([np.zeros(0, np.intp), *(_codes(chunk.indices, len(names)) for chunk in whole.chunks)])
    return [*names, ""], codes


def _codes(indices: Any, nothing: int) -> Any:
    return indices.fill_null(nothing).to_numpy(zero_copy_only=False).astype(np.intp)
