"""Writing people files: TOML for few people, Parquet for many."""

import json
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from agents.messages import Label
from scenarios.crowds.raw import ANSWERS, CLASSES, TABLES, WORKER
from scenarios.replacement import replacement
from scenarios.toml import toml

SUFFIXES = (".toml", ".parquet")

_AT_ONCE = 4096
"""Rows of Parquet that are held in memory."""

Row = Mapping[str, Any]


def write_crowd(rows: Iterable[Row], classes: Sequence[Label], keys: Sequence[str], path: Path, about: str = "") -> None:
    """Write a people file, in the format that its name ends in.

    Args:
        rows: of each person, their worker, answers, and tables by key, as a scenario has them.
        classes: what the matrices in it are about, in order.
        keys: the columns of Parquet beside worker and answers.
        path: the file.
        about: what to say of it in its first lines, if it is TOML.

    Raises:
        BadInput: it cannot be written.
    """
    with replacement(path) as file:
        if path.suffix.lower() == ".parquet":
            _write_parquet(rows, classes, keys, file)
        else:
            _write_toml(rows, classes, file, about)


def _write_toml(rows: Iterable[Row], classes: Sequence[Label], file: BinaryIO, about: str) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="\n")
    try:
        for line in about.splitlines():
            text.write(f"# {line}\n")
        text.write(f"{CLASSES} = {toml([*classes])}\n")
        for row in rows:
            text.write(f"\n[[{TABLES}]]\n")
            for key, value in row.items():
                if value is not None:
                    text.write(f"{key} = {toml(value)}\n")
    finally:
        text.detach()


def _write_parquet(rows: Iterable[Row], classes: Sequence[Label], keys: Sequence[str], file: BinaryIO) -> None:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    fields = [pyarrow.field(WORKER, pyarrow.string()), pyarrow.field(ANSWERS, pyarrow.int64())]
    fields += [pyarrow.field(key, pyarrow.string()) for key in keys]
    schema = pyarrow.schema(fields, metadata={CLASSES: json.dumps([*classes])})
    waiting = iter(rows)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while some := [*islice(waiting, _AT_ONCE)]:
            columns = [[row.get(WORKER) for row in some], [row.get(ANSWERS) for row in some]]
            columns += [[_json(row.get(key)) for row in some] for key in keys]
            arrays = [pyarrow.array(cells, field.type) for cells, field in zip(columns, fields, strict=True)]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
