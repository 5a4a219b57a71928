"""A session at a study: what is missing is run and written down, and when it is finished or broken off, tables are made of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scenarios.errors import BadInput
from scenarios.study.design import Design
from scenarios.study.execution import Execution
from scenarios.study.failed import files_of, repeat_failed, write_failed
from scenarios.study.recorder import Recorder, Runs, recording
from scenarios.study.results import Results
from scenarios.study.tables import TABLES, write_tables
from scenarios.workers.work import Workers


class Stage(NamedTuple):
    """How far a study has come.

    Attributes:
        done, runs: finished runs, and how many there are to be, as far as is known.
        failed: those of the finished ones that failed.
    """

    done: int
    runs: int
    failed: int


Watch = Callable[[Stage], None]


class Session(NamedTuple):
    """What a session has come to.

    Attributes:
        results: of the study, as far as it goes.
        broken_off: what ended it before its time; None if it is finished.
        taken_over: runs that were there before.
        failed: the scenarios of runs that failed, by their error.
        unmet: the points whose intervals are wider than they were to be, as most_seeds did not suffice.
    """

    results: Results
    broken_off: KeyboardInterrupt | None
    taken_over: int
    failed: dict[str, list[Path]]
    unmet: list[int]

    @property
    def terminated(self) -> bool:
        """Whether it was `kill` that ended it, and not Ctrl-C."""
        return bool(getattr(self.broken_off, "terminated", False))


def run_study(
    design: Design, folder: Path, workers: Workers, resume: bool = False, logs: bool = False, watch: Watch = lambda stage: None
) -> Session:
    """Run a study, or on with it, and write its record and its tables.

    Args:
        design: the study.
        folder: of what it writes.
        workers: who runs it.
        resume: whether to go on from the record that is there.
        logs: whether the log of every run is kept.
        watch: called whenever a run is finished.

    Raises:
        BadInput: the folder cannot be used, or a file cannot be written. What is finished is in the record.
    """
    execution = Execution(design, {}, folder if logs else None)
    with recording(folder, execution.header, resume) as (recorder, known):
        execution.runs |= _taken_over(known, execution, folder if logs else None)
        taken_over = len(execution.told())
        if not resume:
            _remove_tables(folder)
        broken_off: KeyboardInterrupt | None = None
        try:
            _run(execution, folder, workers, recorder, watch)
            write_tables(execution.results(), folder)
            recorder.finish(execution.wanted())
        except KeyboardInterrupt as error:
            broken_off = error
            write_failed(execution, folder)
            write_tables(execution.results(), folder)
        return Session(execution.results(), broken_off, taken_over, files_of(execution, folder), _unmet(execution))


def _run(execution: Execution, folder: Path, workers: Workers, recorder: Recorder, watch: Watch) -> None:
    done, failed = len(execution.told()), 0
    for key, seed, row in execution.finished(workers):
        recorder.add(key, seed, row)
        done, failed = done + 1, failed + bool(row["error"])
        watch(Stage(done, execution.runs_known, failed))
    if write_failed(execution, folder):
        for key, seed, row in repeat_failed(execution, folder, workers):
            execution.runs[key, seed] = row
            recorder.add(key, seed, row)


def _taken_over(known: Runs, execution: Execution, folder: Path | None) -> Runs:
    """Return the runs that need not be made again: not those that failed, nor, where logs are to be kept, those without."""
    runs = {place: row for place, row in known.items() if not row["error"]}
    if folder is None:
        return {place: {**row, "log": None} for place, row in runs.items()}
    return {place: row for place, row in runs.items() if row["log"] and (folder / row["log"]).is_file()}


def _unmet(execution: Execution) -> list[int]:
    file = execution.design.file
    if file.precision is None:
        return []
    halves = [each.half_width for each in execution.results().estimates(execution.design.measure)]
    return [number for number, half in enumerate(halves) if not half <= file.precision]


def _remove_tables(folder: Path) -> None:
    """Remove the tables of an earlier study, lest they be taken for those of the one that begins."""
    for name in (*TABLES, "report.html"):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise BadInput(f"{folder / name}: it cannot be replaced: {error.strerror}") from None
