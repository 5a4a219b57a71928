"""The runs of a study: every point with every seed, and as many further seeds as its precision takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scenarios.grid import LOST, Cell, Row, run_cell, told
from scenarios.logfile import log_name_of
from scenarios.run import Origin
from scenarios.statistics.sequential import runs_wanted
from scenarios.study.design import Design
from scenarios.study.key import digest_of, keys_of, resolved
from scenarios.study.record import results_in
from scenarios.study.recorder import Runs
from scenarios.study.results import FIGURES, Results
from scenarios.versions import versions_now
from scenarios.workers.work import Workers

LOGS = "logs"
"""Folder of the logs that are kept, in that of the study."""


class Execution:
    """Runs a study, as far as its runs are not there yet.

    Args:
        design: the study.
        runs: those that are there; further ones are put there, too.
        logs: the folder of the study, in which logs are kept; None to keep none.

    Attributes:
        design, runs: the same.
        keys: of the points.
        runs_known: how many runs there are to be in all, as far as is known.
    """

    def __init__(self, design: Design, runs: Runs, logs: Path | None = None) -> None:
        self.design = design
        self.runs = runs
        self.keys = keys_of(design)
        self._tables = [resolved(point.scenario, 0) for point in design.points]
        self._logs = logs
        self.runs_known = 0

    @property
    def header(self) -> dict[str, Any]:
        """What the study is, for its record."""
        design, file = self.design, self.design.file
        return {
            "name": file.name,
            "scenario": file.scenario,
            "dials": [*design.dials],
            "points": [point.settings for point in design.points],
            "keys": [*self.keys],
            "measure": design.measure,
            "compared": design.compared,
            "against": file.against,
            "target": file.target,
            "precision": file.precision,
            "seeds": file.seeds,
            "names": file.names,
            "most_seeds": file.most if file.precision is not None else None,
            "versions": {**versions_now()},
        }

    def wanted(self) -> list[int]:
        """Return how many runs each point is to have, as far as that is known.

        With a precision, the spread of the first seeds decides once (Stein, 1945), so that it is the same whatever the order in
        which runs finish.
        """
        file = self.design.file
        if file.precision is None:
            return [file.seeds] * len(self.keys)
        return [self._judged(key, file.precision) for key in self.keys]

    def missing(self) -> list[Cell]:
        """Return the runs that are wanted and not there, point by point."""
        return [cell for cell in self._cells() if (cell.settings["key"], cell.seed) not in self.runs]

    def told(self) -> list[tuple[Cell, Row]]:
        """Return the runs that are wanted and there, with their rows, point by point."""
        rows = [(cell, self.runs.get((cell.settings["key"], cell.seed))) for cell in self._cells()]
        return [(cell, row) for cell, row in rows if row is not None]

    def finished(self, workers: Workers) -> Iterator[tuple[str, int, Row]]:
        """Run what is missing, and yield key, seed and row of each run as soon as it is finished."""
        origin = Origin(self.design.origin.folder.resolve(), self.design.origin.script)
        work = StudyRun(origin, None if self._logs is None else self._logs.resolve())
        while cells := self.missing():
            self.runs_known = len(self.told()) + len(cells)
            for number, row in workers.finished(work, cells):
                key, seed = cells[number].settings["key"], cells[number].seed
                self.runs[key, seed] = row
                yield key, seed, row

    def results(self) -> Results:
        """Return what has come of it so far."""
        return results_in(self.header, self.runs, self.wanted())

    def _cells(self) -> Iterator[Cell]:
        # Points drawn from a range may be the same, and are run once.
        counts: dict[str, int] = {}
        tables = dict(zip(self.keys, self._tables, strict=True))
        for key, count in zip(self.keys, self.wanted(), strict=True):
            counts[key] = max(count, counts.get(key, 0))
        for key, count in counts.items():
            yield from (Cell({"key": key}, tables[key], seed) for seed in range(count))

    def _judged(self, key: str, precision: float) -> int:
        file = self.design.file
        first = [self.runs.get((key, seed)) for seed in range(file.seeds)]
        if any(row is None for row in first):
            return file.seeds
        values = [row[self.design.measure] for row in first if row is not None and row[self.design.measure] is not None]
        return file.seeds if len(values) < 2 else min(max(file.seeds, runs_wanted(values, precision)), file.most)


class StudyRun(NamedTuple):
    """The work of a study: a run, and all there is to say of it.

    Attributes:
        origin: where the scenarios came from.
        folder: of the study, in which its log is kept; None to keep none.
    """

    origin: Origin
    folder: Path | None

    def __call__(self, cell: Cell) -> Row:
        """Run one scenario with one seed, in whatever process this is."""
        row = self._row(cell)
        try:
            log = None if self.folder is None else unwritten(self.folder / LOGS, cell)
            summary, data = run_cell(cell, self.origin, None if log is None else log.parent)
        except (Exception, SystemExit) as error:
            # One run's misfortune, of whatever kind, must not cost the rest of the study.
            return {**row, "error": told(error)}
        figures = {figure: getattr(summary, figure) for figure in FIGURES}
        kept = None if log is None else f"{LOGS}/{log.name}"
        return {**row, **figures, "curve": [list(point) for point in summary.curve], "log": kept, "data_digest": data}

    def lost(self, cell: Cell) -> Row:
        """Return the row of a run whose process ended under it."""
        return {**self._row(cell), "error": LOST}

    def _row(self, cell: Cell) -> Row:
        nothing = dict.fromkeys([*FIGURES, "curve", "error", "log"])
        return {**nothing, "scenario": digest_of(tables_of(cell)), "data_digest": None, **versions_now()}


def tables_of(cell: Cell) -> dict[str, Any]:
    """Return the tables of a run, its seed among them."""
    return {**cell.tables, "seed": cell.seed}


def unwritten(logs: Path, cell: Cell) -> Path:
    """Return where the log of a run goes; what is left there of one that was broken off is of no use, and is deleted."""
    log = logs / log_name_of(tables_of(cell))
    log.unlink(missing_ok=True)
    return log
