"""The log of a real crowd: who answered what, when, and how long it took, with what is true of the tasks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.items import UNKNOWN
from scenarios.aggregation import bulk
from scenarios.aggregation.column import Column
from scenarios.aggregation.problem import pose
from scenarios.aggregation.reading import Reading, Stated, read
from scenarios.answers.moment import Kind, parse_moment
from scenarios.answers.reader import read_answers
from scenarios.answers.sheet import open_sheet
from scenarios.answers.table import LONGEST, Answers, Columns
from scenarios.errors import BadInput


@dataclass(frozen=True, eq=False)
class Log:
    """What a file of answers, and one of what is true, tell of a crowd.

    Attributes:
        path: the file of answers.
        table: the answers.
        truth: index of the true class of each item, or UNKNOWN; shape (items,).
        person, item: who gave each answer, and to what, in the order of the file; shape (answers,).
        seconds: how long each answer took; NaN where it is not known; shape (answers,).
        start: when it was begun, in seconds since the earliest; NaN where it is not known; shape (answers,).
        midnight: a midnight by that clock; None where starts are no dates and times.
        declined: how many tasks were declined.
        remarks: what whoever asked should know of the files.
    """

    path: Path
    table: AnswerTable
    truth: Indices
    person: Indices
    item: Indices
    seconds: Floats
    start: Floats
    midnight: float | None
    declined: int
    remarks: tuple[str, ...]

    @property
    def known(self) -> int:
        """Of how many items it is known what is true."""
        return int((self.truth != UNKNOWN).sum())

    @property
    def position(self) -> Indices | None:
        """How many answers the person had given before each; shape (answers,). None where their order is not known."""
        if not np.isfinite(self.start).all():
            return None
        order = np.lexsort((np.arange(len(self.start)), self.start, self.person))
        who = self.person[order]
        first = np.flatnonzero(np.concatenate([[True], who[1:] != who[:-1]]))
        place = np.arange(len(who)) - np.repeat(first, np.diff(np.append(first, len(who))))
        found = np.empty(len(who), np.intp)
        found[order] = place
        return found


def read_log(path: Path, columns: Columns, form: str | None, truth: Stated | None, classes: Sequence[str] | None = None) -> Log:
    """Read the log of a crowd.

    Args:
        path: the file of answers.
        columns: what it calls its columns.
        form: its format; None for the one that its name ends in.
        truth: what is true of the tasks; None for what stands with the answers, if anything does.
        classes: the classes, in order; None for those that occur.

    Raises:
        BadInput: it cannot be read, or does not fit what is true.
    """
    reading = read(path, columns, form)
    times = _times(reading, columns, form)
    problem = pose(reading, classes, None, truth, None)
    table = problem.table
    if len(table.classes) < 2:
        raise BadInput(f"{path}: every answer is {table.classes[0]!r}; nothing can be learnt of people who had no choice")
    item = _rows([str(name) for name in table.items], reading.tasks)
    person = _rows([*table.people], reading.workers)
    return Log(path, table, problem.truth, person, item, *times, problem.declined, problem.remarks)


def _rows(names: Sequence[str], column: Column) -> Indices:
    """Return the row of each cell of a column among some names."""
    place = {name: number for number, name in enumerate(names)}
    return np.fromiter((place[name] for name in column.names), np.intp, len(column.names))[column.codes]


_Times = tuple[Floats, Floats, float | None]
"""Seconds, starts, and a midnight."""


def _times(reading: Reading, columns: Columns, form: str | None) -> _Times:
    """Return what is known of times, in the order of the answers; NaN where it is not."""
    found = None if reading.lines is not None else _at_once(reading, columns)
    return _carefully(reading, columns, form) if found is None else found


def _at_once(reading: Reading, columns: Columns) -> _Times | None:
    """Return it from whole columns; None where a message must say what is wrong with a cell."""
    assert reading.form is not None
    sheet = open_sheet(reading.path, reading.form)
    start = sheet.find_any(columns.start, "start")
    duration = sheet.find_any(columns.duration, "duration", "duration_s")
    nothing = np.full(len(reading.labels.codes), np.nan)
    names = [sheet.names[place] for place in (duration, start) if place is not None]
    if not names:
        return nothing, nothing, None
    # A table of one column would have no row where its cell is empty: that of tasks keeps them.
    found = bulk.columns_of(reading.path, reading.form, [columns.task or "task", *names])
    if found is None or len(found[0].codes) != len(nothing):
        return None
    cells = iter(found[1:])
    try:
        seconds = nothing if duration is None else _numbers(next(cells), float)
        moments, midnight = (nothing, None) if start is None else _moments(next(cells))
    except (ValueError, BadInput):
        return None
    with np.errstate(invalid="ignore"):
        if ((seconds < 0) | (seconds > LONGEST) | np.isinf(seconds)).any() or (moments > LONGEST).any():
            return None
    return seconds, moments, midnight


def _numbers(column: Column, parse: Callable[[str], float]) -> Floats:
    return np.array([parse(name) if name else np.nan for name in column.names], np.float64)[column.codes]


def _moments(column: Column) -> tuple[Floats, float | None]:
    """Return moments as seconds since the earliest, and a midnight by that clock, if it is one of days.

    Raises:
        ValueError: some are dates and times, and some numbers, or one is neither.
    """
    parsed = [parse_moment(name) if name else None for name in column.names]
    kinds = {each.kind: None for each in parsed if each is not None}
    if len(kinds) > 1:
        raise ValueError("dates and numbers are mixed")
    values = np.array([np.nan if each is None else each.seconds for each in parsed], np.float64)
    if not kinds:
        return values[column.codes], None
    earliest = float(np.nanmin(values))
    return (values - earliest)[column.codes], None if Kind.NUMBER in kinds else -(earliest % 86400.0)


def _carefully(reading: Reading, columns: Columns, form: str | None) -> _Times:
    answers: Answers = read_answers(reading.path, columns, form)
    said = [row for row, label in enumerate(answers.labels) if label is not None]

    def column(cells: Sequence[float | None]) -> Floats:
        values: Iterable[float] = (np.nan if cells[row] is None else float(cells[row] or 0.0) for row in said)
        return np.fromiter(values, np.float64, len(said))

    return column(answers.durations), column(answers.starts), None
