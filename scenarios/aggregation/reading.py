"""Reading answers and truth: at once where a file is as it should be, a row at a time where a message must say what is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bus.table import nearest
from scenarios.aggregation import bulk, memory
from scenarios.aggregation.column import Column, column_of
from scenarios.answers.reader import read_answers, refuse_no_file
from scenarios.answers.sheet import Sheet, open_sheet
from scenarios.answers.table import Columns, Draft
from scenarios.errors import BadInput, listed

TRUTHS = ("truth", "gold", "label")
"""What the column of what is true may be called, in a file that says nothing else."""

GOLD = ("gold", "truth", "label")
"""And in a file of gold."""


class Stated(NamedTuple):
    """What a file says of tasks.

    Attributes:
        path: the file.
        truth: the true label, by task; all as text.
    """

    path: Path
    truth: dict[str, str]

    def tasks(self) -> Iterable[str]:
        """Return the tasks."""
        return self.truth


@dataclass(frozen=True, eq=False)
class Reading:
    """The answers of a file, as text.

    Attributes:
        path: the file.
        unit: what it counts its entries in: line, row or entry.
        form: the format of a sheet; None for others.
        tasks, workers, labels: a row an answer, without those that were declined.
        truth: what is true by a column of the same file.
        declined: how many tasks were declined.
        columns: what the file calls its columns.
        lines: where each answer stands, from 1; None if that takes a second look.
    """

    path: Path
    unit: str
    form: str | None
    tasks: Column
    workers: Column
    labels: Column
    truth: dict[str, str]
    declined: int
    columns: Columns
    lines: Sequence[int] | None = None

    def where(self, row: int) -> str:
        """Return the place of an answer, as messages name it."""
        if self.lines is None:
            sheet = open_sheet(self.path, self.form)
            line = next(islice(sheet.rows([sheet.find(self.columns.label or "label")]), row, None))[0]
        else:
            line = self.lines[row]
        return f"{self.path}, {self.unit} {line}"

    def first(self, label: str) -> str:
        """Return the place of the first answer that says so."""
        return self.where(int(np.argmax(self.labels.codes == self.labels.names.index(label))))


def read(path: Path, columns: Columns = Columns(), form: str | None = None) -> Reading:  # noqa: B008 (frozen)
    """Read a file of answers.

    Args:
        path: the file.
        columns: what it calls its columns.
        form: its format; None for the one that its name ends in.

    Raises:
        BadInput: it cannot be read, holds what cannot be an answer, or would not fit into memory.
    """
    name = form or path.suffix.lower().removeprefix(".")
    if path.is_file():
        memory.refuse_too_large(path, name)
    found = _at_once(path, columns, name) if name in bulk.FORMS and path.is_file() else None
    return found or _carefully(path, columns, form)


def _at_once(path: Path, columns: Columns, form: str) -> Reading | None:
    sheet = open_sheet(path, form)
    names = [columns.task or "task", columns.worker or "worker", columns.label or "label"]
    places = [*map(sheet.find, names)]
    if len({*places}) < len(places):
        raise BadInput(f"{path}: task, worker and label are columns of their own, but these are {', '.join(map(repr, names))}")
    truth = sheet.find_any(columns.truth, "truth")
    if truth is not None and truth not in places:
        names.append(sheet.names[truth])
    found = bulk.columns_of(path, form, names)
    if found is None or not len(found[0].codes) or any("" in column.names for column in found[:3]):
        return None
    known = _pairs(found[0], found[3]) if len(found) > 3 else {}
    return None if known is None else Reading(path, sheet.unit, form, found[0], found[1], found[2], known, 0, columns)


def _pairs(tasks: Column, truths: Column) -> dict[str, str] | None:
    """Return what is true of each task, where anything is; None if two things are."""
    pairs = np.unique(tasks.codes * len(truths.names) + truths.codes)
    task, truth = np.divmod(pairs, max(1, len(truths.names)))
    there = np.array([name != "" for name in truths.names], bool)[truth]
    task, truth = task[there], truth[there]
    if (np.diff(task) == 0).any():
        return None
    return dict(zip(map(tasks.names.__getitem__, task.tolist()), map(truths.names.__getitem__, truth.tolist()), strict=True))


def _carefully(path: Path, columns: Columns, form: str | None) -> Reading:
    answers = read_answers(path, columns, form)
    said = [row for row, label in enumerate(answers.labels) if label is not None]
    declined = len(answers.labels) - len(said)
    sheet = form or path.suffix.lower().removeprefix(".")

    def column(cells: Sequence[object]) -> Column:
        return column_of(str(cells[row]) for row in said)

    return Reading(
        path, answers.unit, sheet if sheet in bulk.FORMS else None,
        column(answers.tasks), column(answers.workers), column(answers.labels),
        {str(task): str(truth) for task, truth in answers.truth.items()}, declined, columns, [answers.lines[row] for row in said],
    )  # fmt: skip


def read_truth(path: Path, task: str | None = None, names: Sequence[str] = TRUTHS) -> Stated:
    """Read a file of what is true, in text or Parquet.

    Args:
        path: the file, with a column of tasks, and one of what is true.
        task: what the column of tasks is called in the answers; it may be `task` here.
        names: what the other column may be called; the first that is there counts.

    Raises:
        BadInput: it cannot be read, or a cell is not what it should be. The message names its line.
    """
    sheet, form = open_table(path)
    key = key_of(sheet, task)
    value = sheet.find_any(None, *names)
    if value is None:
        raise BadInput(f"{path}: there is no column {names[0]!r} of what is true; {nearest(names[0], listed(sheet.names))}")
    found = bulk.columns_of(path, form, [sheet.names[key], sheet.names[value]])
    known = None if found is None or any("" in column.names for column in found) else _pairs(*found)
    if not known:
        known = _truth_by_rows(path, sheet.unit, sheet.rows([key, value]))
    return Stated(path, known)


def open_table(path: Path) -> tuple[Sheet, str]:
    """Open a table of tasks, and return its format too: what its name ends in, or csv.

    Raises:
        BadInput: it cannot be opened, or would not fit into memory.
    """
    refuse_no_file(path)
    suffix = path.suffix.lower().removeprefix(".")
    form = suffix if suffix in bulk.FORMS else "csv"
    memory.refuse_too_large(path, form)
    return open_sheet(path, form), form


def key_of(sheet: Sheet, task: str | None) -> int:
    """Return the place of the column of tasks: as in the answers where there is one, or `task`."""
    return sheet.names.index(task) if task is not None and task in sheet.names else sheet.find("task")


def _truth_by_rows(path: Path, unit: str, rows: Iterable[tuple[int, list[str]]]) -> dict[str, str]:
    draft = Draft(path, unit)
    for line, (task, truth) in rows:
        draft.know(draft.where(line), task, truth)
    if not draft.truths():
        raise BadInput(f"{path}: there is nothing in it but a header")
    return draft.truths()
