"""Columns of typed values, as JSON and Parquet have them, gathered from one or several files."""

import glob
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.messages import Label
from bus.table import nearest
from scenarios.errors import BadInput, brief, listed
from scenarios.rows import unreadable
from scenarios.tables.contents import HINT, Contents, Names, Where, check, placed


class Gathered(NamedTuple):
    """Columns of one or several files, row by row.

    Attributes:
        plain: values as they are, by column: text, numbers, truth values or None.
        numbers: rows x numbers, of float64, or of float32 where the files hold no more; None if no column was to be read so.
        places: what each column of `numbers` is called.
        where: where a row stands.
        classes: the names of classes that the files themselves say, by column.
    """

    plain: dict[str, list[Any]]
    numbers: NDArray[Any] | None
    places: Sequence[str]
    where: Where
    classes: dict[str, tuple[str, ...]]


def files(folder: Path, pattern: str) -> list[Path]:
    """Return the file, or in the order of their names the files that a pattern such as `train-*.parquet` stands for.

    Raises:
        BadInput: no file is called so.
    """
    parts = Path(pattern).parts
    start = next((place for place, part in enumerate(parts) if glob.has_magic(part)), None)
    if start is None or (folder / pattern).exists():
        return [folder / pattern]
    try:
        found = sorted(folder.joinpath(*parts[:start]).glob(str(Path(*parts[start:]))))
    except (OSError, ValueError) as error:
        raise unreadable(folder / pattern, error, HINT) from None
    if not found:
        raise BadInput(f"{(folder / pattern).absolute()}: no file is called so ({HINT})")
    return found


def row_finder(paths: Sequence[Path], counts: Sequence[int], word: str, numbers: Sequence[int] | None = None) -> Where:
    """Return what says where a row stands: in which file, and as which line or row.

    Args:
        paths: the files.
        counts: how many rows each has.
        word: "line" or "row".
        numbers: the number of each row in its file; None if they are counted from 1.
    """
    ends = [*accumulate(counts)]

    def where(row: int) -> tuple[Path, str]:
        file = bisect_right(ends, row)
        number = row - (ends[file] - counts[file]) + 1 if numbers is None else numbers[row]
        return paths[file], f"{word} {number}"

    return where


def places_of(names: Sequence[str] | None, widths: Sequence[int]) -> list[str]:
    """Return what each number of a row is called, `widths` being how many each column holds."""
    pairs = zip(names or (), widths, strict=False)
    return [
        f"column {name!r}" if width == 1 else f"column {name!r}, number {place}," for name, width in pairs for place in range(width)
    ]


def others(path: Path, names: Sequence[str], apart: Sequence[str]) -> list[str]:
    """Return the columns of a file that hold features if none are named: all but these.

    Args:
        path: the file, for messages.
        names: its columns.
        apart: those that hold something else, or of which a part does: `answer.label` takes `answer` away.

    Raises:
        BadInput: there are none.
    """
    taken = {*apart, *(name.split(".")[0] for name in apart if name not in names)}
    rest = [name for name in names if name not in taken]
    if not rest:
        raise BadInput(f"{path}: there is no column for features; name text, or the columns in `features`")
    return rest


def no_column(path: Path, name: str, there: Sequence[str]) -> BadInput:
    """Return what to say of a column that is missing."""
    return BadInput(f"{path}: there is no column {name!r}; {nearest(name, listed(there))}")


def wanted(names: Names) -> list[str]:
    """Return the columns whose values are taken as they are, each once."""
    return [*dict.fromkeys(name for name in (names.truth, names.ids, names.texts, names.topics) if name is not None)]


def contents_of(what: str, gathered: Gathered, names: Names, classes: tuple[str, ...] | None) -> Contents:
    """Make of columns what a source needs.

    Args:
        what: the file or the files, as messages name them.
        gathered: the columns.
        names: what each is.
        classes: what the classes are called that the truth numbers from 0; None for what the files themselves say, if they do.

    Raises:
        BadInput: a value is not what it should be. The message names its file and row.
    """
    numbers, where = gathered.numbers, gathered.where
    labels = _labels(gathered, names.truth)
    classes = classes or gathered.classes.get(names.truth)
    contents = Contents(
        labels=labels if classes is None else _named(labels, classes, names.truth, where),
        ids=_labels(gathered, names.ids) if names.ids is not None else None,
        texts=_texts(gathered, names.texts) if names.texts is not None else None,
        numbers=None if numbers is None else numbers.astype(np.float64, copy=False),
        topics=_labels(gathered, names.topics) if names.topics is not None else None,
        classes=classes,
    )
    check(what, names, contents, where, lambda column: gathered.places[column])
    return contents


def _labels(gathered: Gathered, name: str) -> list[Label]:
    """Return whole numbers or texts, all alike."""
    values = gathered.plain[name]
    found = [value.strip() if isinstance(value, str) else int(value) if isinstance(value, bool) else value for value in values]
    kinds = {str: "text", int: "a whole number"}
    for row, value in enumerate(found):
        if type(value) not in kinds:
            said = "missing" if value is None else f"{brief(values[row])}, which is neither a whole number nor text"
            raise BadInput(f"{placed(gathered.where, row)}: {name!r} is {said}")
        if type(value) is not type(found[0]):
            first = f"{kinds[type(found[0])]} in {gathered.where(0)[1]}"
            raise BadInput(f"{placed(gathered.where, row)}: {name!r} is {brief(value)}, but {first}")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise BadInput(f"{placed(gathered.where, row)}: {name!r} is {brief(value)}, which does not fit into 64 bits")
    return found


def _named(labels: list[Label], classes: tuple[str, ...], name: str, where: Where) -> list[Label]:
    """Return the names of classes that are numbered, or that stand there by their names."""
    known = set(classes)
    for row, label in enumerate(labels):
        if isinstance(label, int) and not 0 <= label < len(classes):
            unknown = " (nobody says it)" if label == -1 else ""
            raise BadInput(f"{placed(where, row)}: {name!r} is {label}{unknown}, but the {len(classes)} classes are counted from 0")
        if isinstance(label, str) and label not in known:
            raise BadInput(f"{placed(where, row)}: {name!r} is {brief(label)}; {nearest(label, listed(classes))}")
    return [classes[label] if isinstance(label, int) else label for label in labels]


def _texts(gathered: Gathered, name: str) -> list[str]:
    for row, value in enumerate(gathered.plain[name]):
        if not isinstance(value, str):
            said = "missing" if value is None else brief(value)
            raise BadInput(f"{placed(gathered.where, row)}: {name!r} is {said}; it should be text")
    return gathered.plain[name]
