"""The one table into which every file of answers is read, and what its cells must be."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from agents.messages import Item, Label
from scenarios.answers.moment import Moment
from scenarios.errors import BadInput, brief
from scenarios.rows import are_whole, whole_or_text

LONGEST = 3.2e9
"""Seconds that an answer may take, and that a file may span: a century."""


class Columns(NamedTuple):
    """What a file calls its columns; None for what they are called by default, as each format says."""

    task: str | None = None
    worker: str | None = None
    label: str | None = None
    start: str | None = None
    duration: str | None = None
    truth: str | None = None
    confidence: str | None = None
    """Read only if it is named: many a file calls something else so."""


class Answers(NamedTuple):
    """Who answered what: a row an answer, in the order of the file.

    Attributes:
        path: the file.
        unit: what the file counts its entries in: line, row or entry.
        tasks: what was asked, all whole numbers or all text.
        workers: who was asked.
        labels: what they said, all whole numbers or all text; None where they had nothing to say, having skipped the task.
        starts: when they began, in seconds since the earliest start of the file; None where it is not known.
        durations: how long they took, in seconds; None where it is not known.
        lines: where each answer stands in the file, from 1.
        truth: what is true of a task, as far as the file says; of tasks that were asked only.
        confidences: how probable they said it is that they are right; None where they did not say; empty where nobody did.
    """

    path: Path
    unit: str
    tasks: list[Item]
    workers: list[str]
    labels: list[Label | None]
    starts: list[float | None]
    durations: list[float | None]
    lines: Sequence[int]
    truth: dict[Item, Label]
    confidences: Sequence[float | None] = ()

    def where(self, row: int) -> str:
        """Return the place of an answer, as messages name it."""
        return f"{self.path}, {self.unit} {self.lines[row]}"

    def classes(self) -> tuple[Label, ...]:
        """Return the classes that occur in answers or truth, in order."""
        return tuple(sorted({label for label in self.labels if label is not None} | {*self.truth.values()}))


class Draft:
    """Answers while they are read: every cell is checked when it comes, while its place is known.

    Args:
        path: the file.
        unit: what it counts its entries in.
    """

    def __init__(self, path: Path, unit: str) -> None:
        self._path = path
        self._unit = unit
        self._tasks: list[str] = []
        self._workers: list[str] = []
        self._labels: list[str | None] = []
        self._starts: list[float | None] = []
        self._durations: list[float | None] = []
        self._confidences: list[float | None] = []
        self._lines: list[int] = []
        self._first_start: tuple[Moment, int] | None = None
        self._truth: dict[str, tuple[str, str]] = {}
        # The same few texts come again and again; each is kept once.
        self._known: dict[str, str] = {}

    def where(self, line: int) -> str:
        """Return the place of an entry, as messages name it."""
        return f"{self._path}, {self._unit} {line}"

    def add(
        self,
        line: int,
        task: str,
        worker: str,
        label: str | None,
        start: Moment | None = None,
        duration: float | None = None,
        confidence: float | None = None,
    ) -> None:
        """Take in an answer; a label of None is a task that was skipped.

        Raises:
            BadInput: it cannot be one.
        """
        if not (task and worker) or label == "":
            what = "task" if not task else "worker" if not worker else "label"
            raise BadInput(f"{self.where(line)}: the {what} is empty")
        if duration is not None and not 0 <= duration <= LONGEST:
            raise BadInput(f"{self.where(line)}: the duration is {duration:g}; durations are 0 to {LONGEST:g} seconds")
        if confidence is not None and not 0 <= confidence <= 1:
            raise BadInput(f"{self.where(line)}: the confidence is {confidence:g}; confidences are probabilities, 0 to 1")
        known = self._known
        self._tasks.append(known.setdefault(task, task))
        self._workers.append(known.setdefault(worker, worker))
        self._labels.append(None if label is None else known.setdefault(label, label))
        self._starts.append(None if start is None else self._seconds(start, line))
        self._durations.append(duration)
        self._confidences.append(confidence)
        self._lines.append(line)

    def know(self, where: str, task: str, truth: str) -> None:
        """Take in what is true of a task.

        Raises:
            BadInput: something else is true of it already.
        """
        if not task or not truth:
            raise BadInput(f"{where}: the {'truth' if task else 'task'} is empty")
        before, first = self._truth.setdefault(task, (truth, where))
        if before != truth:
            there = first.removeprefix(f"{self._path}, ")
            raise BadInput(f"{where}: task {brief(task)} is truly {brief(truth)} here, but {brief(before)} in {there}")

    def truths(self) -> dict[str, str]:
        """Return what is true of tasks, asked or not, as it is written."""
        return {task: truth for task, (truth, _) in self._truth.items()}

    def finish(self) -> Answers:
        """Return the table.

        Raises:
            BadInput: there are no answers, or they span more than a century.
        """
        if not self._tasks:
            raise BadInput(f"{self._path}: there are no answers")
        if all(label is None for label in self._labels):
            raise BadInput(f"{self._path}: nobody gave a label")
        tasks = whole_or_text(self._tasks)
        truth = {task: self._truth[name][0] for task, name in zip(tasks, self._tasks, strict=True) if name in self._truth}
        labels, truths = self._whole_labels([*truth.values()])
        starts = self._since_the_earliest()
        return Answers(
            self._path, self._unit, tasks, self._workers, labels, starts, self._durations, self._lines,
            dict(zip(truth, truths, strict=True)), self._confidences if any(each is not None for each in self._confidences) else (),
        )  # fmt: skip

    def _seconds(self, start: Moment, line: int) -> float:
        if self._first_start is None:
            self._first_start = start, line
        first, first_line = self._first_start
        if start.kind is not first.kind:
            raise BadInput(
                f"{self.where(line)}: the start is {start.kind.value}, but in {self._unit} {first_line} it is {first.kind.value}"
            )
        return start.seconds

    def _whole_labels(self, truths: list[str]) -> tuple[list[Label | None], list[Label]]:
        """Turn labels and truths into numbers if all of them are whole numbers."""
        said = [label for label in self._labels if label is not None]
        if not said or not are_whole(said):
            return [*self._labels], [*truths]
        # A column of numbers some of which are missing comes out of many a program as 1.0.
        shorn = [truth.removesuffix(".0") for truth in truths]
        if not are_whole(shorn):
            return [*self._labels], [*truths]
        return [None if label is None else int(label) for label in self._labels], [*map(int, shorn)]

    def _since_the_earliest(self) -> list[float | None]:
        known = [start for start in self._starts if start is not None]
        earliest = min(known, default=0.0)
        for row, start in enumerate(self._starts):
            if start is not None and start - earliest > LONGEST:
                raise BadInput(f"{self.where(self._lines[row])}: the start is more than a century after the earliest")
        return [None if start is None else start - earliest for start in self._starts]
