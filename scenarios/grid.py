"""A grid of runs: many scenarios, each with many seeds, on all cores; a row of figures for each run."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from agents.component import Trust
from scenarios import operator
from scenarios.crowds.cast import with_crowds
from scenarios.errors import BadInput
from scenarios.importable import importable
from scenarios.loading import make
from scenarios.run import Origin, play, prepare
from scenarios.scenario import Scenario
from scenarios.summary import Summary
from scenarios.workers.local import Local
from scenarios.workers.work import in_order

Row = dict[str, Any]
"""What there is to say of one run, by column."""


class Cell(NamedTuple):
    """One run of a grid.

    Attributes:
        settings: what tells it from others: the first columns of its row.
        tables: its scenario.
        seed: its seed.
    """

    settings: dict[str, Any]
    tables: dict[str, Any]
    seed: int


def vary(scenario: Scenario, settings: dict[str, Any], where: str, folder: Path) -> Scenario:
    """Return a scenario with values set by path; a person's own files are trusted, and so is what they set.

    Args:
        scenario: the scenario.
        settings: the values.
        where: what asks for them, for messages.
        folder: where the scenario's paths start.

    Raises:
        BadInput: the scenario would not be possible.
    """
    try:
        return with_crowds(make(scenario.tables(), where, settings, Trust()), folder)
    except BadInput as error:
        raise BadInput(str(error) if where in str(error) else f"{where}: {error}") from None


def run_grid(cells: Iterable[Cell], figures: Sequence[str], origin: Origin, jobs: int = 1) -> Iterator[Row]:
    """Run a grid, yielding a row a run, in the order of the cells, whatever the number of jobs.

    A row has the settings, the seed, the figures and the error. A run that fails has a row too, which says why, and no figures;
    the others go on.

    Args:
        cells: the runs.
        figures: the fields of a run's summary that are wanted.
        origin: where the scenarios came from.
        jobs: processes; -1 for as many as there are cores.
    """
    yield from in_order(Local(jobs).finished(GridRun(tuple(figures), origin), cells))


class GridRun(NamedTuple):
    """The work of a grid: a cell is run, and its row told.

    Attributes:
        figures: the fields of a run's summary that are wanted.
        origin: where the scenarios came from.
    """

    figures: tuple[str, ...]
    origin: Origin

    def __call__(self, cell: Cell) -> Row:
        """Run one scenario with one seed, in whatever process this is."""
        row = self._row(cell)
        try:
            summary, _ = run_cell(cell, self.origin)
        except (Exception, SystemExit) as error:
            # One run's misfortune, of whatever kind, must not cost the rest of the grid.
            return {**row, "error": told(error)}
        return {**row, **{figure: getattr(summary, figure) for figure in self.figures}}

    def lost(self, cell: Cell) -> Row:
        """Return the row of a run whose process ended under it."""
        return {**self._row(cell), "error": LOST}

    def _row(self, cell: Cell) -> Row:
        return {**cell.settings, "seed": cell.seed, **dict.fromkeys(self.figures), "error": None}


LOST = "the process that ran it was ended from outside, as when memory runs out"
"""The error of a run whose process ended under it."""

_ALONE = Lock()
"""Runs change what a process has one of, such as the path of its modules; workers of a cluster may have several threads."""


def run_cell(cell: Cell, origin: Origin, logs: Path | None = None) -> tuple[Summary, str]:
    """Run one scenario with one seed, and return what it amounts to, and the digest of its data.

    Args:
        cell: the run.
        origin: where the scenario came from.
        logs: the folder of its log; None to write none.

    Raises:
        Exception: whatever goes wrong.
    """
    operator.configure(-1)
    # Sums of several threads differ in their last digits from those of one.
    with _ALONE, threadpool_limits(1):
        with importable(origin.folder):
            scenario = make(cell.tables, "study", {"seed": cell.seed}, Trust())
        scenario = with_crowds(scenario, origin.folder)
        chance, world, people = prepare(scenario, origin)
        return play(scenario, people, world, chance, logs, origin=origin), world.digest


def told(error: BaseException) -> str:
    """Return an error in one line."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"


def write_rows(rows: Iterable[Row], columns: Sequence[str], path: Path) -> list[Row]:
    """Write rows as a tidy CSV, each as soon as it is there, and return them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: json.dumps(cell) if isinstance(cell, dict | list) else cell for key, cell in row.items()})
            file.flush()
            written.append(row)
    return written
