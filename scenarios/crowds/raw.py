"""What a people file holds before anybody looks at what it means: columns of text, numbers and tables."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bus.table import nearest
from scenarios.errors import BadInput, brief, listed
from scenarios.rows import unreadable

MOST = 1_000_000
"""People of a file at most."""

TABLES = "annotators"
"""The tables of a file of TOML, one a person."""

CLASSES = "classes"
"""The key, or the entry of a Parquet file's metadata, that holds the classes."""

WORKER, ANSWERS = "worker", "answers"


class Column(NamedTuple):
    """A column.

    Attributes:
        values: what stands in it, each as often as it is written.
        codes: which of these is a person's; -1 for none. None if everybody has a value of their own, in order.
    """

    values: Sequence[Any]
    codes: Sequence[int] | None
    json: bool = False

    def row_of(self, place: int) -> int:
        """Return the first row in which one of the values stands."""
        return place if self.codes is None else [*self.codes].index(place)


class Raw(NamedTuple):
    """A people file.

    Attributes:
        people: how many there are.
        classes: what it says of classes; None if nothing.
        columns: what it says of people, by key.
    """

    people: int
    classes: Any
    columns: Mapping[str, Column]


def read_raw(path: Path, keys: Sequence[str]) -> Raw:
    """Read a people file: .parquet, or TOML.

    Args:
        path: the file.
        keys: the columns that there may be.

    Raises:
        BadInput: it cannot be read, or has columns or tables that it may not have.
    """
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{path}: this is no regular file")
        raw = _from_parquet(path, keys) if path.suffix.lower() == ".parquet" else _from_toml(path, keys)
    except OSError as error:
        raise unreadable(path, error) from None
    if not raw.people:
        raise BadInput(f"{path}: there is nobody in it")
    if raw.people > MOST:
        raise BadInput(f"{path}: there are {raw.people:,} people in it; {MOST:,} is the most")
    return raw


def _from_toml(path: Path, keys: Sequence[str]) -> Raw:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: this is not UTF-8 text (byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise BadInput(f"{path}: this is no TOML: {why}") from None
    rows = _rows(path, tables, keys)
    columns = {}
    for key in keys:
        values = [row[key] for row in rows if key in row]
        if values:
            places = iter(range(len(values)))
            columns[key] = Column(values, [next(places) if key in row else -1 for row in rows])
    return Raw(len(rows), tables.get(CLASSES), columns)


def _rows(path: Path, tables: dict[str, Any], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return the tables of people."""
    for key in tables:
        if key not in (CLASSES, TABLES):
            raise BadInput(f"{path}: unknown key {brief(key)}; {nearest(key, [CLASSES, TABLES])}")
    rows = tables.get(TABLES, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{path}: {TABLES} are tables, one a person: write [[{TABLES}]]")
    for number, row in enumerate(rows, 1):
        for key in row:
            if key not in keys:
                raise BadInput(f"{path}, person {number}: unknown key {brief(key)}; {nearest(key, [*keys])}")
    return rows


def _from_parquet(path: Path, keys: Sequence[str]) -> Raw:
    import pyarrow.parquet

    try:
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            schema, people = file.schema_arrow, int(file.metadata.num_rows)
            for name in schema.names:
                if name not in keys:
                    raise BadInput(f"{path}: unknown column {brief(name)}; {nearest(name, listed([*keys]))}")
            if people > MOST:
                return Raw(people, None, {})
            # Whatever is the same for all is written, and made, once.
            with pyarrow.parquet.ParquetFile(stream, read_dictionary=[*schema.names]) as coded:
                table = coded.read()
        metadata = schema.metadata or {}
        columns = {name: _column(path, name, table.column(name)) for name in schema.names}
    except (BadInput, OSError):
        raise
    except Exception as error:  # Damaged files raise almost anything.
        raise BadInput(f"{path}: this is no Parquet file, or a damaged one ({' '.join(str(error).split())[:200]})") from None
    classes = metadata.get(CLASSES.encode())
    try:
        return Raw(people, None if classes is None else parsed(classes), columns)
    except ValueError as error:
        raise BadInput(f"{path}: {CLASSES}: {error}") from None


def _column(path: Path, name: str, column: Any) -> Column:
    """Return a column of a Parquet file: numbers of answers, names of workers, or tables as JSON."""
    from pyarrow import types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if name == ANSWERS and types.is_integer(kind):
        return Column(column.to_pylist(), None)
    if name == ANSWERS or not (types.is_string(kind) or types.is_large_string(kind)):
        raise BadInput(f"{path}: column {name!r} holds {kind}; it should hold {'whole numbers' if name == ANSWERS else 'text'}")
    if name == WORKER:
        return Column(column.to_pylist(), None)
    whole = (column if types.is_dictionary(column.type) else column.dictionary_encode()).unify_dictionaries()
    texts = whole.chunk(0).dictionary.to_pylist() if whole.num_chunks else []
    codes = [code for chunk in whole.chunks for code in chunk.indices.fill_null(-1).to_pylist()]
    there = {*codes}
    # A value that stands in no row is nobody's.
    return Column([text if place in there else None for place, text in enumerate(texts)], codes, json=True)


def parsed(text: str | bytes) -> Any:
    """Return what a text of JSON holds.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(f"this is no JSON: {why}") from None
