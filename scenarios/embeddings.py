"""Embeddings of the user's own: where items lie, as another model sees them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.messages import Item
from bus.table import Table
from scenarios.errors import BadInput, brief
from scenarios.tables.arrays import read_matrix
from scenarios.tables.gathered import files
from scenarios.tables.jsonl import read_jsonl
from scenarios.tables.parquet import read_parquet

_Name = Annotated[str, Field(min_length=1)]


class Embeddings(Table):
    """Rows of numbers, one an item, in which strategies of diversity measure distances instead of in features."""

    path: _Name | None = None
    """A file that ends in .npy, .npz, .parquet, .jsonl or .jsonl.gz (or several: `part-*.parquet`); relative to the folder of the
    scenario. Left out, the file of the data."""
    array: _Name = "embeddings"
    """The array, items x dimensions, or the column of lists of numbers; of no account in .npy, which holds one array."""
    ids: _Name | None = None
    """The array or column of the items' ids, by which their rows are found among others; left out, there is a row an item, in
    their order."""

    def read(self, folder: Path, data: str | None, items: Sequence[Item]) -> NDArray[Any]:
        """Return the embeddings of items: finite numbers, items x dimensions, of float32 where the file holds no more, or float64.

        Args:
            folder: what relative paths start from.
            data: the file of the data, if they have one.
            items: the ids, in their order.

        Raises:
            BadInput: the file cannot be read, or does not fit the items.
        """
        pattern = self.path or data
        if pattern is None:
            raise BadInput("embeddings has no path, and these data stand in no file; say where the embeddings are")
        where = folder / pattern
        ids, rows = _read(folder, pattern, self.array, self.ids)
        if ids is not None:
            rows = rows[_rows_of(where, ids, items)]
        if len(rows) != len(items):
            raise BadInput(
                f"{where}: there are {len(rows)} embeddings, but the data have {len(items)} items; "
                "name the items in embeddings.ids, or give each a row"
            )
        wrong = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        if len(wrong):
            raise BadInput(f"{where}: the embedding of item {brief(items[wrong[0]])} has numbers that are infinite or NaN")
        return rows


def _read(folder: Path, pattern: str, array: str, ids: str | None) -> tuple[list[Any] | None, NDArray[Any]]:
    """Return the ids, if they are named, and the rows of a file by what its name ends in."""
    path = folder / pattern
    kind = Path(pattern.removesuffix(".gz")).suffix.lower()
    if kind == ".npy" and ids is not None:
        raise BadInput(f"{path}: a .npy file holds one array, and no ids; leave embeddings.ids out, or give a .npz file")
    if kind in (".npy", ".npz"):
        return read_matrix(path, array, ids)
    reader = {".parquet": read_parquet, ".jsonl": read_jsonl}.get(kind)
    if reader is None:
        raise BadInput(f"{path}: embeddings are read of .npy, .npz, .parquet, .jsonl and .jsonl.gz")
    gathered = reader(files(folder, pattern), [ids] if ids is not None else [], [array])
    if gathered.numbers is None:
        raise BadInput(f"{path}: there are no rows")
    return None if ids is None else gathered.plain[ids], gathered.numbers


def _rows_of(where: Path, ids: Sequence[Any], items: Sequence[Item]) -> NDArray[np.intp]:
    """Return the row of each item; a number and the same number as text are the same id."""
    found: dict[str, int] = {}
    for row, item in enumerate(map(str, ids)):
        if found.setdefault(item, row) != row:
            raise BadInput(f"{where}: the id {brief(item)} stands there twice, in rows {found[item] + 1} and {row + 1}")
    lacking = [item for item in items if str(item) not in found]
    if lacking:
        others = f" (nor do {len(lacking) - 1:,} others)" if len(lacking) > 1 else ""
        raise BadInput(f"{where}: item {brief(lacking[0])} has no embedding{others}")
    return np.fromiter((found[str(item)] for item in items), np.intp, len(items))
