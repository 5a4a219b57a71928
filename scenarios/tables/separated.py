"""Comma-separated text (.csv, .tsv)."""

from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bus.table import nearest
from scenarios.errors import BadInput, listed
from scenarios.rows import read_rows, whole_or_text
from scenarios.tables.contents import HINT, Contents, Names, check


def read_csv(path: Path, names: Names) -> Contents:
    """Read a file of comma-separated values (tab-separated, if it ends in .tsv) in UTF-8, whose first line names the columns.

    Classes and ids that are whole numbers throughout become numbers.

    Raises:
        BadInput: the file cannot be read, or a cell is not what it should be. The message names the line.
    """
    rows = read_rows(path, HINT)
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
        numbers=np.frombuffer(values).reshape(-1, len(at.numbers)) if at.numbers else None,
        topics=whole_or_text(topics) if names.topics is not None else None,
    )
    check(path, names, contents, lambda row: (path, f"line {lines[row]}"), lambda column: f"column {header[at.numbers[column]]!r}")
    return contents


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
