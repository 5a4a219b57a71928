"""The tables of a study: a row a run, and a row a point of each learning curve, as CSV and as Parquet."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from scenarios.grid import Row
from scenarios.replacement import replacement
from scenarios.study.results import CURVE, Results, curves_of

TABLES = ("results.csv", "results.parquet", "curves.csv", "curves.parquet")
"""The files, in the folder of a study."""

_TEXTS = {"stopped_by", "error", "log", "scenario", "data_digest", "parley", "python", "numpy", "scipy", "scikit_learn"}
_NUMBERS = {"accuracy", "macro_f1", "log_loss", "label_accuracy", "cost", "simulated_seconds", "alpha", "unanimous", "staleness"}
_AT_ONCE = 4096
"""Rows of Parquet that are held in memory."""


def write_tables(results: Results, folder: Path) -> None:
    """Write what came of a study, each file when it is whole; see TABLES. Components stand in their cells as JSON.

    Raises:
        BadInput: a file cannot be written.
    """
    told = ["point", *results.dials, "seed"]
    curves = [*told, "version", *CURVE]
    _write_csv(results.rows, results.columns, folder / "results.csv")
    _write_parquet(results.rows, kinds_of(results, results.columns), folder / "results.parquet")
    _write_csv(curves_of(results.rows, told), curves, folder / "curves.csv")
    _write_parquet(curves_of(results.rows, told), kinds_of(results, curves), folder / "curves.parquet")


def _write_csv(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    with replacement(path) as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_cell(row[column]) for column in columns] for row in rows)
        finally:
            text.detach()


def _write_parquet(rows: Iterable[Row], kinds: dict[str, str], path: Path) -> None:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()])
    waiting = iter(rows)
    with replacement(path) as file, ParquetWriter(file, schema, compression="zstd") as writer:
        while some := [*islice(waiting, _AT_ONCE)]:
            arrays = [pyarrow.array([converted(kind, row[name]) for row in some], kind) for name, kind in kinds.items()]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))


def kinds_of(results: Results, columns: Sequence[str]) -> dict[str, str]:
    """Return the type of each column: of the dials by what they are set to, of the rest by what they are."""
    return {
        name: _kind_of_dial([each[name] for each in results.points]) if name in results.dials else kind_of(name) for name in columns
    }


def kind_of(column: str) -> str:
    """Return the type of a column other than a dial's."""
    if column in _TEXTS:
        return "string"
    return "float64" if column in _NUMBERS else "int64"


def _kind_of_dial(values: Sequence[Any]) -> str:
    if all(isinstance(value, bool) for value in values):
        return "bool"
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return "string"
    return "int64" if all(isinstance(value, int) and abs(value) < 2**63 for value in values) else "float64"


def converted(kind: str, value: Any) -> Any:
    """Return the value of a cell as one of its column's type; None stays None."""
    if value is None or kind in ("int64", "bool"):
        return value
    return float(value) if kind == "float64" else value if isinstance(value, str) else _json(value)


def _cell(value: Any) -> Any:
    return _json(value) if isinstance(value, dict | list | bool) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
