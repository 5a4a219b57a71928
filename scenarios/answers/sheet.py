"""Sheets of answers: a row an answer, in comma- or tab-separated text or in Parquet."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bus.table import nearest
from scenarios.answers import parquet
from scenarios.answers.moment import Moment, parse_moment
from scenarios.answers.table import Columns, Draft
from scenarios.errors import BadInput, brief, listed
from scenarios.rows import read_rows

Rows = Iterator[tuple[int, list[str]]]


class Sheet(NamedTuple):
    """A file of columns.

    Attributes:
        path: the file.
        unit: what it counts its rows in.
        names: of the columns.
        rows: yields the number of each row, and its cells in the columns at these places; nothing is an empty text.
    """

    path: Path
    unit: str
    names: list[str]
    rows: Callable[[Sequence[int]], Rows]

    def find(self, name: str) -> int:
        """Return the place of a column.

        Raises:
            BadInput: there is none of that name.
        """
        if name not in self.names:
            raise BadInput(f"{self.path}: there is no column {name!r}{self._hint(name)}")
        return self.names.index(name)

    def _hint(self, name: str) -> str:
        """Say why there may be no such column."""
        if not self.names:
            return ": the file is empty"
        between = next((each for each in ",;\t|" if len(self.names) == 1 and each in self.names[0]), None)
        why = f"; what stands between cells seems to be {between!r}" if between else ""
        if self.unit == "line" and not between and not {*self.names} & {"task", "worker", "label", "truth"}:
            why = "; the first line should name the columns"
        return f"{why}; {nearest(name, listed(self.names))}"

    def find_any(self, name: str | None, *defaults: str) -> int | None:
        """Return the place of a column that need not be there: of the one that is named, or else the first of some by default."""
        if name is not None:
            return self.find(name)
        return next((self.names.index(each) for each in defaults if each in self.names), None)


def open_sheet(path: Path, form: str | None = None) -> Sheet:
    """Open a file of a format: parquet, tsv or csv; None for what its name ends in, or csv.

    Raises:
        BadInput: it cannot be read.
    """
    form = form or path.suffix.lower().removeprefix(".")
    if form == "parquet":
        names = parquet.names_of(path)
        sheet = Sheet(path, "row", names, lambda places: parquet.rows_of(path, [names[place] for place in places]))
    else:
        rows = read_rows(path, separator="\t" if form == "tsv" else ",")
        names = [name.strip() for name in next(rows, (0, list[str]()))[1]]
        sheet = Sheet(path, "line", names, lambda places: _picked(path, len(names), rows, places))
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise BadInput(f"{path}: two columns are called {brief(twice[0])}")
    return sheet


def read(path: Path, columns: Columns, draft: Draft, form: str) -> None:
    """Read answers from the columns task, worker and label, and start, duration (or duration_s) and truth if they are there.

    A column of confidences is read if it is named.

    Raises:
        BadInput: it cannot be read, or a cell is not what it should be. The message names its line or row.
    """
    sheet = open_sheet(path, form)
    task = sheet.find(columns.task or "task")
    worker = sheet.find(columns.worker or "worker")
    label = sheet.find(columns.label or "label")
    start = sheet.find_any(columns.start, "start")
    duration = sheet.find_any(columns.duration, "duration", "duration_s")
    truth = sheet.find_any(columns.truth, "truth")
    confidence = sheet.find_any(columns.confidence)
    further = [place for place in (start, duration, confidence, truth) if place is not None]
    for line, cells in sheet.rows([task, worker, label, *further]):
        rest = iter(cells[3:])
        began = None if start is None else _moment(next(rest), line, draft)
        took = None if duration is None else _number(next(rest), line, draft, "the duration", "durations are numbers of seconds")
        sure = None if confidence is None else _number(next(rest), line, draft, "the confidence", "confidences are probabilities")
        draft.add(line, cells[0], cells[1], cells[2], began, took, sure)
        if truth is not None and (true := next(rest)):
            draft.know(draft.where(line), cells[0], true)


def read_truth(path: Path, columns: Columns, draft: Draft) -> None:
    """Read what is true from the columns task and truth of a file of its own.

    Raises:
        BadInput: it cannot be read, or a cell is not what it should be.
    """
    sheet = open_sheet(path)
    for line, (task, truth) in sheet.rows([sheet.find(columns.task or "task"), sheet.find(columns.truth or "truth")]):
        draft.know(f"{path}, {sheet.unit} {line}", task, truth)


def _picked(path: Path, width: int, rows: Rows, places: Sequence[int]) -> Rows:
    for line, cells in rows:
        if len(cells) != width:
            raise BadInput(f"{path}, line {line}: {len(cells)} cells, but the header names {width} columns")
        yield line, [cells[place].strip() for place in places]


def _moment(cell: str, line: int, draft: Draft) -> Moment | None:
    try:
        return parse_moment(cell) if cell else None
    except ValueError as error:
        raise BadInput(f"{draft.where(line)}: the start {error}") from None


def _number(cell: str, line: int, draft: Draft, what: str, rule: str) -> float | None:
    try:
        return float(cell) if cell else None
    except ValueError:
        raise BadInput(f"{draft.where(line)}: {what} is {cell[:40]!r}; {rule}") from None
