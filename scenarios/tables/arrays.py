"""NumPy arrays in files (.npz, .npy)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bus.table import nearest
from scenarios.errors import BadInput
from scenarios.rows import unreadable
from scenarios.tables.contents import HINT, Contents, Names, check


def read_npz(path: Path, names: Names) -> Contents:
    """Read arrays that `numpy.savez` wrote; nothing is ever unpickled.

    Args:
        path: the file.
        names: its arrays. Truth and ids are whole numbers or text; `numbers` names one array of items x features, or none.

    Raises:
        BadInput: the file cannot be read, or an array is not what it should be.
    """
    arrays = _arrays(path, [name for name in (names.truth, names.ids, names.texts, names.topics, *(names.numbers or ())) if name])
    labels = _column(path, names.truth, arrays, "iubU")
    contents = Contents(
        labels=labels,
        ids=_column(path, names.ids, arrays, "iuU") if names.ids else None,
        texts=_column(path, names.texts, arrays, "U") if names.texts else None,
        numbers=_matrix(path, names.numbers[0], arrays) if names.numbers else None,
        topics=_column(path, names.topics, arrays, "iubU") if names.topics else None,
    )
    for name, found in arrays.items():
        if len(found) != len(labels):
            raise BadInput(f"{path}: array {name!r} has {len(found)} rows, but {names.truth!r} has {len(labels)}")
    check(path, names, contents, lambda row: (path, f"row {row}"), lambda column: f"column {column}")
    return contents


def read_matrix(path: Path, name: str, ids: str | None) -> tuple[list[Any] | None, NDArray[Any]]:
    """Read an array of rows x numbers, of float32 if it holds no more, and the ids of its rows if they are named.

    Args:
        path: a .npz file, or a .npy file, which holds one array.
        name, ids: the arrays of a .npz file.

    Raises:
        BadInput: the file cannot be read, or an array is not what it should be.
    """
    if path.suffix.lower() == ".npy":
        return None, _matrix(path, "", {"": _npy(path)}, single=True)
    arrays = _arrays(path, [name, *([ids] if ids is not None else [])])
    rows, named = _matrix(path, name, arrays, single=True), None if ids is None else _column(path, ids, arrays, "iuU")
    if named is not None and len(named) != len(rows):
        raise BadInput(f"{path}: array {ids!r} has {len(named)} rows, but {name!r} has {len(rows)}")
    return named, rows


def _npy(path: Path) -> NDArray[Any]:
    try:
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise unreadable(path, error, HINT) from None
    except Exception:  # Damaged files raise almost anything.
        raise BadInput(
            f"{path}: this is no .npy file of numbers, as numpy.save writes them; Python objects are never unpickled"
        ) from None


def _arrays(path: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    try:
        # Opened here, because np.load leaves the file of a torn archive open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            there = archive.files
            found = {name: _array(path, name, archive) for name in names if name in there}
    except BadInput:
        raise
    except OSError as error:
        raise unreadable(path, error, HINT) from None
    except Exception:  # Damaged archives raise almost anything.
        raise BadInput(f"{path}: this is no .npz file, as numpy.savez writes them") from None
    for name in names:
        if name not in found:
            raise BadInput(f"{path}: there is no array {name!r}; {nearest(name, there)}")
    return found


def _array(path: Path, name: str, archive: Any) -> NDArray[Any]:
    try:
        return np.asarray(archive[name])
    except Exception as error:
        why = " ".join(str(error).split())
        raise BadInput(
            f"{path}: array {name!r} cannot be read ({why}); save numbers or text, for Python objects are never unpickled"
        ) from None


def _column(path: Path, name: str, arrays: dict[str, NDArray[Any]], kinds: str) -> list[Any]:
    found = arrays[name]
    if found.ndim != 1 or found.dtype.kind not in kinds:
        wanted = "text" if kinds == "U" else "whole numbers or text"
        raise BadInput(f"{path}: array {name!r} is {_shape(found)}; it should be one row of {wanted}")
    return [*(found.astype(np.int64) if found.dtype.kind == "b" else found).tolist()]


def _matrix(path: Path, name: str, arrays: dict[str, NDArray[Any]], single: bool = False) -> NDArray[Any]:
    """Return items x features, of float64; or, with `single`, of float32 if the array holds no more."""
    found = arrays[name]
    if found.ndim != 2 or not found.shape[1] or found.dtype.kind not in "biuf":
        called = f"array {name!r}" if name else "the array"
        raise BadInput(f"{path}: {called} is {_shape(found)}; it should be items x features, of numbers")
    with np.errstate(over="ignore"):
        return found.astype(np.float32 if single and found.dtype in (np.float16, np.float32) else np.float64, copy=False)


def _shape(found: NDArray[Any]) -> str:
    return f"{' x '.join(map(str, found.shape)) or 'a single value'}, of type {found.dtype}"
