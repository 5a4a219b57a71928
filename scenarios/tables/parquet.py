"""Parquet files, read by columns."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import BadInput
from scenarios.rows import unreadable
from scenarios.tables.class_names import names_in
from scenarios.tables.contents import HINT
from scenarios.tables.gathered import Gathered, no_column, others, places_of, row_finder

_ROWS_AT_ONCE = 16384


def read_parquet(paths: Sequence[Path], plain: Sequence[str], numbers: Sequence[str] | None, apart: Sequence[str] = ()) -> Gathered:
    """Read columns of files as one table.

    A column within a struct is named with a point: `answer.label`. Numbers may stand in lists, and these in lists, as long as
    each row has as many. What classes are called is taken from what the library `datasets` writes into the files' metadata.

    Args:
        paths: the files, in their order.
        plain: columns whose values are taken as they are.
        numbers: columns of numbers or of lists of them; None for all others.
        apart: columns that are none of these others.

    Raises:
        BadInput: a file cannot be read, or a column is not what it should be. The message names file and row.
    """
    found: dict[str, list[Any]] = {name: [] for name in plain}
    blocks: list[NDArray[Any]] = []
    widths: list[int] = []
    counts: list[int] = []
    classes: dict[str, tuple[str, ...]] = {}
    for path in paths:
        with _opened(path) as file:
            schema = file.schema_arrow
            roots = [_root(path, schema, name) for name in plain]
            if numbers is None:
                numbers = others(path, schema.names, [*plain, *apart])
            roots += [_root(path, schema, name) for name in numbers]
            classes |= {name: told for name in plain if (told := _names_of(schema, name))}
            row = 0
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=[*dict.fromkeys(roots)]):
                for name, cells in found.items():
                    cells.extend(_column(batch, name).to_pylist())
                parts = [_matrix(path, row, name, _column(batch, name)) for name in numbers]
                _refuse_other_widths(path, row, numbers, [part.shape[1] for part in parts], widths)
                widths = [part.shape[1] for part in parts]
                if parts:
                    blocks.append(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1))
                row += len(batch)
            counts.append(row)
    return Gathered(found, _stacked(blocks), places_of(numbers, widths), row_finder(paths, counts, "row"), classes)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pyarrow.parquet

    try:
        # Opened here, because what reads a damaged file leaves it open.
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            yield file
    except BadInput:
        raise
    except Exception as error:  # Damaged files raise almost anything.
        if (isinstance(error, OSError) and error.errno is not None) or "null byte" in str(error):
            raise unreadable(path, error, HINT) from None  # type: ignore[arg-type]
        why = " ".join(str(error).split())
        raise BadInput(f"{path}: this is no Parquet file, or a damaged one ({why[:200]})") from None


def _root(path: Path, schema: Any, name: str) -> str:
    """Return the column of the file in which a column, perhaps of a struct, stands."""
    from pyarrow import types

    names: list[str] = schema.names
    root, *inner = [name] if name in names else name.split(".")
    if names.count(root) > 1:
        raise BadInput(f"{path}: two columns are called {root!r}")
    kind = schema.field(root).type if root in names else None
    for part in inner:
        kind = kind.field(part).type if kind is not None and types.is_struct(kind) and kind.get_field_index(part) >= 0 else None
    if kind is None:
        raise no_column(path, name, names)
    return root


def _column(batch: Any, name: str) -> Any:
    """Return a column of a batch, or of a struct in it, as a plain array."""
    import pyarrow
    from pyarrow import compute

    root, *inner = [name] if name in batch.schema.names else name.split(".")
    column = batch.column(root)
    column = compute.struct_field(column, inner) if inner else column
    if isinstance(column, pyarrow.ExtensionArray):
        column = column.storage
    return column.dictionary_decode() if isinstance(column, pyarrow.DictionaryArray) else column


def _matrix(path: Path, above: int, name: str, column: Any) -> NDArray[Any]:
    """Return numbers, or lists that are all as long, as an array of rows x numbers; `above` rows stand above it in the file."""
    from pyarrow import compute, types

    width = 1
    while types.is_list(column.type) or types.is_large_list(column.type) or types.is_fixed_size_list(column.type):
        lengths = compute.list_value_length(column).to_numpy(zero_copy_only=False)
        size = lengths[0] if len(lengths) else 1
        wrong = np.flatnonzero(~(lengths == size) | (lengths == 0))
        if len(wrong):
            row, length = above + int(wrong[0]) // width + 1, lengths[wrong[0]]
            said = "missing" if np.isnan(length) else f"a list of {int(length)}"
            expected = "there should be numbers in it" if wrong[0] == 0 else f"above, it is one of {int(size)}"
            raise BadInput(f"{path}, row {row}: {name!r} is {said}; {expected}")
        width *= int(size)
        column = column.flatten()
    kind = column.type
    if not (types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_decimal(kind)):
        raise BadInput(f"{path}: column {name!r} holds {kind}; features are numbers, or lists of them (say which in `features`)")
    single = types.is_float32(kind) or types.is_float16(kind)
    numbers: NDArray[Any] = column.cast("float32" if single else "float64", safe=False).to_numpy(zero_copy_only=False)
    return numbers.reshape(-1, width)


def _refuse_other_widths(path: Path, above: int, names: Sequence[str], widths: Sequence[int], known: Sequence[int]) -> None:
    for name, width, first in zip(names, widths, known or widths, strict=True):
        if width != first:
            raise BadInput(f"{path}, row {above + 1}: {name!r} holds {width} numbers, but {first} in the first row")


def _stacked(blocks: list[NDArray[Any]]) -> NDArray[Any] | None:
    """Put blocks of rows on top of each other, letting go of each, so that they are in memory once."""
    if not blocks:
        return None
    rows, kind = sum(len(block) for block in blocks), np.result_type(*{block.dtype for block in blocks})
    matrix = np.empty((rows, blocks[0].shape[1]), kind)
    end = rows
    while blocks:
        block = blocks.pop()
        matrix[end - len(block) : end] = block
        end -= len(block)
    return matrix


def _names_of(schema: Any, column: str) -> tuple[str, ...] | None:
    """Return what the classes of a column are called, as the library `datasets` says it in the metadata of a file."""
    told = (schema.metadata or {}).get(b"huggingface")
    try:
        features = json.loads(told or b"null")["info"]["features"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return names_in(features, column)
