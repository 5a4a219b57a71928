"""Runs of a study that failed: their scenarios as files that `parley run` repeats, and their logs beside these."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scenarios.grid import LOST, Cell, Row, run_cell
from scenarios.logfile import log_name_of
from scenarios.replacement import replacement
from scenarios.run import Origin
from scenarios.study.execution import Execution, tables_of, unwritten
from scenarios.study.named import Named
from scenarios.toml import document
from scenarios.workers.work import Workers

FAILED = "failed"
"""Folder of what belongs to runs that failed, in that of the study."""

MOST_LOGS = 20
"""Logs that are made of runs which fail alike: to read more of them, nobody has the time."""


class FailedRun(NamedTuple):
    """The work of repeating a run that failed, for its log.

    Attributes:
        origin: where the scenario came from.
        folder: of the log.
    """

    origin: Origin
    folder: Path

    def __call__(self, cell: Cell) -> bool:
        """Run it again, and return whether there is a log of it: not if it failed before there was anything to write."""
        log = unwritten(self.folder, cell)
        try:
            run_cell(cell, self.origin, self.folder)
        except (Exception, SystemExit):
            # It is known to fail.
            return log.is_file()
        return log.is_file()

    def lost(self, cell: Cell) -> bool:
        """Return whether there is a log of a run whose process ended under it: as far as it got."""
        return (self.folder / log_name_of(tables_of(cell))).is_file()


def write_failed(execution: Execution, folder: Path) -> list[Path]:
    """Write the scenario of each run that failed, and return the files.

    Args:
        execution: the study.
        folder: of the study.

    Raises:
        BadInput: a file cannot be written.
    """
    files = []
    named = Named(execution.design.origin.folder)
    for cell, row in _failed(execution):
        path = _scenario_file(folder, cell)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacement(path) as file:
            file.write(document(named.placed(tables_of(cell)), _about(execution, row)).encode())
        files.append(path)
    return files


def repeat_failed(execution: Execution, folder: Path, workers: Workers) -> Iterator[tuple[str, int, Row]]:
    """Run again what failed, for the logs, and yield key, seed and row of each run that has one now, in order.

    Of those that fail alike, MOST_LOGS are run again; of one whose process was ended, none.
    """
    alike: dict[str, list[Cell]] = {}
    for cell, row in _failed(execution):
        alike.setdefault(row["error"], []).append(cell)
    cells = [cell for error, some in alike.items() if error != LOST for cell in some[:MOST_LOGS]]
    origin = execution.design.origin
    work = FailedRun(Origin(origin.folder.resolve(), origin.script), folder.resolve() / FAILED)
    logged = {number for number, is_there in workers.finished(work, cells) if is_there}
    for number in sorted(logged):
        cell = cells[number]
        key, seed = cell.settings["key"], cell.seed
        log = _scenario_file(folder, cell).with_suffix(".jsonl")
        # A worker of a cluster may have it on another machine.
        if log.is_file():
            yield key, seed, {**execution.runs[key, seed], "log": f"{FAILED}/{log.name}"}


def files_of(execution: Execution, folder: Path) -> dict[str, list[Path]]:
    """Return the scenarios of runs that failed, by their error."""
    files: dict[str, list[Path]] = {}
    for cell, row in _failed(execution):
        files.setdefault(row["error"], []).append(_scenario_file(folder, cell))
    return files


def _failed(execution: Execution) -> Sequence[tuple[Cell, Row]]:
    return [(cell, row) for cell, row in execution.told() if row["error"]]


def _scenario_file(folder: Path, cell: Cell) -> Path:
    return (folder / FAILED / log_name_of(tables_of(cell))).with_suffix(".toml")


def _about(execution: Execution, row: Row) -> str:
    name, script = execution.design.name, execution.design.origin.script
    lines = [f"A run of the study {name!r} that failed: {row['error']}", "`parley run` with this file repeats it."]
    if script is not None:
        lines.append(f"Run it in the folder of {script['name']}, if it names what is defined there.")
    return "\n".join("".join(each for each in line if each.isprintable()) for line in lines)
