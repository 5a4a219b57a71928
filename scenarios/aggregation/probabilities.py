"""Files of what a model says: a row a task, a column a class."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.inference.answers import Floats
from bus.table import nearest
from scenarios.aggregation import bulk
from scenarios.aggregation.reading import key_of, open_table
from scenarios.errors import BadInput, brief, listed

TOLERANCE = 0.01
"""How far from 1 probabilities may add up to, as rounding leaves them; they are scaled to add up to 1."""


@dataclass(frozen=True, eq=False)
class Beliefs:
    """What a model says of tasks.

    Attributes:
        path: the file.
        classes: names of the classes, as text.
        rows: row of each task.
        matrix: probability of each class; shape (rows, classes).
    """

    path: Path
    classes: tuple[str, ...]
    rows: dict[str, int]
    matrix: Floats

    def tasks(self) -> Iterable[str]:
        """Return the tasks."""
        return self.rows

    def of(self, tasks: Sequence[str], classes: Sequence[str]) -> Floats:
        """Return the probabilities of tasks, evenly spread where the model says nothing; shape (tasks, classes).

        Raises:
            BadInput: the model knows nothing of a class, or of any of the tasks.
        """
        for name in classes:
            if name not in self.classes:
                known = nearest(name, listed(self.classes, 30))
                raise BadInput(f"{self.path}: there is no column for the class {brief(name)}; {known}")
        if not any(task in self.rows for task in tasks):
            other = next(iter(self.rows))
            raise BadInput(f"{self.path}: none of its tasks, such as {brief(other)}, was answered, such as {brief(tasks[0])} was")
        row = np.fromiter((self.rows.get(task, -1) for task in tasks), np.intp, len(tasks))
        found = self.matrix[row][:, [self.classes.index(name) for name in classes]]
        found[row < 0] = 1.0 / len(classes)
        return np.asarray(found, np.float64)


def read_probabilities(path: Path, task: str | None = None) -> Beliefs:
    """Read a file of probabilities, in text or Parquet.

    Args:
        path: the file, with a column of tasks, and one a class.
        task: what the column of tasks is called in the answers; it may be `task` here.

    Raises:
        BadInput: it cannot be read, or a row is no distribution over the classes. The message names its line.
    """
    sheet, form = open_table(path)
    key = key_of(sheet, task)
    places = [place for place in range(len(sheet.names)) if place != key]
    classes = tuple(sheet.names[place] for place in places)
    if not classes or "" in classes:
        lack = "one has no name" if classes else "there is no other"
        raise BadInput(f"{path}: columns beside that of tasks are called as classes are, but {lack}")
    found = bulk.numbers_of(path, form, sheet.names[key], classes)
    if found is not None and "" not in found[0].names and len(found[0].names) == len(found[0].codes) and _sound(found[1]):
        names = found[0].names
        return _beliefs(path, classes, {names[code]: row for row, code in enumerate(found[0].codes.tolist())}, found[1])
    return _by_rows(path, sheet.unit, classes, sheet.rows([key, *places]))


def _sound(matrix: Floats) -> bool:
    return len(matrix) > 0 and bool((matrix >= 0).all()) and bool((np.abs(matrix.sum(axis=1) - 1) <= TOLERANCE).all())


def _beliefs(path: Path, classes: tuple[str, ...], rows: dict[str, int], matrix: Floats) -> Beliefs:
    return Beliefs(path, classes, rows, matrix / matrix.sum(axis=1, keepdims=True))


def _by_rows(path: Path, unit: str, classes: tuple[str, ...], cells: Iterable[tuple[int, list[str]]]) -> Beliefs:
    rows: dict[str, int] = {}
    lines: list[int] = []
    spreads: list[list[float]] = []
    for line, (task, *texts) in cells:
        where = f"{path}, {unit} {line}"
        if not task:
            raise BadInput(f"{where}: the task is empty")
        if task in rows:
            raise BadInput(f"{where}: task {brief(task)} stands in {unit} {lines[rows[task]]} already")
        rows[task] = len(lines)
        lines.append(line)
        spreads.append(_spread(where, classes, texts))
    if not rows:
        raise BadInput(f"{path}: there is nothing in it but a header")
    return _beliefs(path, classes, rows, np.array(spreads, np.float64))


def _spread(where: str, classes: Sequence[str], texts: Sequence[str]) -> list[float]:
    found = []
    for name, text in zip(classes, texts, strict=True):
        try:
            probability = float(text)
        except ValueError:
            probability = math.nan
        if not 0 <= probability <= 1 + TOLERANCE:
            raise BadInput(f"{where}: the probability of {brief(name)} is {text[:40]!r}; it should be a number from 0 to 1")
        found.append(probability)
    if abs(math.fsum(found) - 1) > TOLERANCE:
        raise BadInput(f"{where}: the probabilities add up to {math.fsum(found):g}, not to 1")
    return found
