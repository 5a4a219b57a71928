"""Tables of data in files: comma-separated text (.csv, .tsv) and NumPy archives (.npz)."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.messages import Item, Label
from bus.table import nearest
from scenarios.errors import BadInput, listed
from scenarios.rows import read_rows, unreadable, whole_or_text

_HINT = "a path starts from the scenario's folder"


class Names(NamedTuple):
    """Which columns of a .csv file, or arrays of a .npz file, hold what.

    Attributes:
        truth: the class.
        ids: the items' ids; None if they have none.
        texts: text to make features of; None for no text.
        numbers: features as they are; None for all other columns, () for none.
        topics: what the item is about; None if nobody says.
    """

    truth: str
    ids: str | None
    texts: str | None
    numbers: tuple[str, ...] | None
    topics: str | None = None


class Contents(NamedTuple):
    """What a file holds, a row an item.

    Attributes:
        labels: the classes, all whole numbers or all text.
        ids: the ids, all different; None if they have none.
        texts: the texts; None if none are wanted.
        numbers: an array of finite numbers, items x features; None if none are wanted.
        topics: the topics, all whole numbers or all text; None if none are wanted.
    """

    labels: list[Label]
    ids: list[Item] | None
    texts: list[str] | None
    numbers: NDArray[np.float64] | None
    topics: list[Label] | None = None


def read_csv(path: Path, names: Names) -> Contents:
    """Read a file of comma-separated values (tab-separated, if it ends in .tsv) in UTF-8, whose first line names the columns.

    Classes and ids that are whole numbers throughout become numbers.

    Raises:
        BadInput: the file cannot be read, or a cell is not what it should be. The message names the line.
    """
    rows = read_rows(path, _HINT)
    header = [name.strip() for name in next(rows, (0, []))[1]]
    at = _places(path, header, names)
    labels, ids, texts, topics = list[str](), list[str](), list[str](), list[str]()
    values, lines = array("d"), array("q")
    for line, cells in rows:
        if len(cells) != len(header):
            raise BadInput(f"{path}, line {line}: {len(cells)} cells, but the header names {len(header)} columns")
        lines.append(line)
        labels.append(cells[at.truth].strip())
        if at.ids is not None:
            ids.append(cells[at.ids].strip())
        if at.texts is not None:
            texts.append(cells[at.texts])
        if at.topics is not None:
            topics.append(cells[at.topics].strip())
        try:
            values.extend([float(cells[place]) for place in at.numbers])
        except ValueError:
            raise BadInput(f"{path}, line {line}: {_not_a_number(header, cells, at.numbers)}") from None
    contents = Contents(
        labels=whole_or_text(labels),
        ids=whole_or_text(ids) if names.ids is not None else None,
        texts=texts if names.texts is not None else None,
        numbers=np.array(values).reshape(-1, len(at.numbers)) if at.numbers else None,
        topics=whole_or_text(topics) if names.topics is not None else None,
    )
    _check(path, names, contents, lambda row: f"line {lines[row]}", lambda column: f"column {header[at.numbers[column]]!r}")
    return contents


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
    _check(path, names, contents, lambda row: f"row {row}", lambda column: f"column {column}")
    return contents


def _check(path: Path, names: Names, contents: Contents, row_name: Callable[[int], str], column_name: Callable[[int], str]) -> None:
    """Refuse what is missing, ids that come twice, and features that are infinite or NaN."""
    if not contents.labels:
        raise BadInput(f"{path}: there are no rows")
    for name, values in ((names.truth, contents.labels), (names.ids, contents.ids or ()), (names.topics, contents.topics or ())):
        if "" in values:
            raise BadInput(f"{path}, {row_name(values.index(''))}: {name!r} is empty")
    first: dict[Item, int] = {}
    for row, item in enumerate(contents.ids or ()):
        if first.setdefault(item, row) != row:
            raise BadInput(f"{path}, {row_name(row)}: the id {item!r} stands in {row_name(first[item])} already")
    if contents.numbers is not None:
        wrong = np.argwhere(~np.isfinite(contents.numbers))
        if len(wrong):
            row, column = map(int, wrong[0])
            value = contents.numbers[row, column]
            raise BadInput(f"{path}, {row_name(row)}: {column_name(column)} is {value}; features are finite numbers")


class _Places(NamedTuple):
    """Where in a row the columns stand."""

    truth: int
    ids: int | None
    texts: int | None
    numbers: list[int]
    topics: int | None


def _places(path: Path, header: list[str], names: Names) -> _Places:
    twice = [name for name, count in Counter(header).items() if name and count > 1]
    if twice:
        raise BadInput(f"{path}, line 1: two columns are called {twice[0]!r}")
    at = {name: place for place, name in enumerate(header)}
    roles = (names.truth, names.ids, names.texts, names.topics)
    for name in (*roles, *(names.numbers or ())):
        if name is not None and name not in at:
            raise BadInput(f"{path}: there is no column {name!r}; {nearest(name, listed(header))}")
    rest = [place for place, name in enumerate(header) if name not in roles]
    if names.numbers is None and not rest:
        raise BadInput(f"{path}: there is no column for features; {nearest('', listed(header))}")
    if names.numbers is None and "" in at:
        raise BadInput(f"{path}: column {at[''] + 1} has no name (an index?); say in `features` which columns to use")
    numbers = rest if names.numbers is None else [at[name] for name in names.numbers]
    ids = None if names.ids is None else at[names.ids]
    texts = None if names.texts is None else at[names.texts]
    return _Places(at[names.truth], ids, texts, numbers, None if names.topics is None else at[names.topics])


def _not_a_number(header: list[str], cells: list[str], places: Iterable[int]) -> str:
    for place in places:
        try:
            float(cells[place])
        except ValueError:
            found = repr(cells[place]) if cells[place].strip() else "empty"
            return f"column {header[place]!r} is {found}; features are finite numbers"
    raise AssertionError(cells)


def _arrays(path: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    try:
        # Opened here, because np.load leaves the file of a torn archive open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            there = archive.files
            found = {name: _array(path, name, archive) for name in names if name in there}
    except BadInput:
        raise
    except OSError as error:
        raise unreadable(path, error, _HINT) from None
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


def _matrix(path: Path, name: str, arrays: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
    found = arrays[name]
    if found.ndim != 2 or not found.shape[1] or found.dtype.kind not in "biuf":
        raise BadInput(f"{path}: array {name!r} is {_shape(found)}; it should be items x features, of numbers")
    with np.errstate(over="ignore"):
        return found.astype(np.float64)


def _shape(found: NDArray[Any]) -> str:
    return f"{' x '.join(map(str, found.shape)) or 'a single value'}, of type {found.dtype}"
