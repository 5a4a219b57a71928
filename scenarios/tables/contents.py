"""What is read of a file: which columns hold what, and what all formats refuse."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.messages import Item, Label
from scenarios.errors import BadInput, brief

HINT = "a path starts from the scenario's folder"


class Names(NamedTuple):
    """Which columns of a table, or arrays of a .npz file, hold what.

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
        classes: all classes, in their order, whether they occur or not; None if those that occur are all.
    """

    labels: list[Label]
    ids: list[Item] | None
    texts: list[str] | None
    numbers: NDArray[np.float64] | None
    topics: list[Label] | None = None
    classes: tuple[Label, ...] | None = None


Where = Callable[[int], tuple[Path, str]]
"""In which file a row stands, and what it is called there."""


def check(what: object, names: Names, contents: Contents, where: Where, column_name: Callable[[int], str]) -> None:
    """Refuse what is missing, ids that come twice, and features that are infinite or NaN.

    Args:
        what: the file or the files, as messages name them.
        names, contents: what was to be read, and what was.
        where: where a row stands.
        column_name: what a column of the features is called.

    Raises:
        BadInput: something is wrong. The message names the file and the row.
    """
    if not contents.labels:
        raise BadInput(f"{what}: there are no rows")
    for name, values in ((names.truth, contents.labels), (names.ids, contents.ids or ()), (names.topics, contents.topics or ())):
        if "" in values:
            raise BadInput(f"{placed(where, values.index(''))}: {name!r} is empty")
    first: dict[Item, int] = {}
    for row, item in enumerate(contents.ids or ()):
        if first.setdefault(item, row) != row:
            (path, place), (other, before) = where(row), where(first[item])
            before = before if other == path else f"{before} of {other}"
            raise BadInput(f"{path}, {place}: the id {brief(item)} stands in {before} already")
    if contents.numbers is not None:
        wrong = np.argwhere(~np.isfinite(contents.numbers))
        if len(wrong):
            row, column = map(int, wrong[0])
            value = contents.numbers[row, column]
            raise BadInput(f"{placed(where, row)}: {column_name(column)} is {value}; features are finite numbers")


def placed(where: Where, row: int) -> str:
    """Return where a row stands, as messages begin."""
    path, place = where(row)
    return f"{path}, {place}"
