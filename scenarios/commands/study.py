"""`parley study`: many runs of a scenario whose dials are varied."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from scenarios import operator
from scenarios.errors import BadInput
from scenarios.reporting import ERR, INTERRUPTED, OUT, TERMINATED, remark, reporting

if TYPE_CHECKING:
    from scenarios.grid import Row
    from scenarios.study.design import Design
    from scenarios.study.session import Session, Stage, Watch
    from scenarios.study.tracking import Tracker

StudyName = Annotated[str, typer.Argument(help="A study file (.toml), or a name of the library.", metavar="STUDY")]
Seeds = Annotated[int | None, typer.Option(help="Runs of each point, instead of the study's own number.", min=1)]
Jobs = Annotated[int, typer.Option(help="Processes; -1 for as many as there are cores.", min=-1)]
Precision = Annotated[
    float | None,
    typer.Option(help="Half the width that the 95 % interval of each mean is to have at most; further seeds are run for that."),
]
Cluster = Annotated[
    str | None, typer.Option(help="A scheduler of Dask that has the runs made, such as tcp://10.0.0.1:8786.", metavar="ADDRESS")
]
Out = Annotated[Path | None, typer.Option(help="Folder of the results; left out, studies/NAME.", metavar="DIR")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the finished runs that are in the folder.")]
Mlflow = Annotated[
    str | None,
    typer.Option(help="A tracking store of MLflow that the results go to, too, such as http://localhost:5000.", metavar="URI"),
]
Experiment = Annotated[str | None, typer.Option(help="MLflow's experiment; left out, the study's name.", metavar="NAME")]
Logs = Annotated[bool, typer.Option("--logs", help="Keep the event log of every run, in the folder `logs` of the results.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Draw no page; `parley report DIR` draws it whenever you like.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the rows as one JSON list.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no table.")]

_NAMED = 3
"""Files that are named, of runs that failed alike."""


def study(
    study: StudyName,
    seeds: Seeds = None,
    precision: Precision = None,
    jobs: Jobs = -1,
    cluster: Cluster = None,
    out: Out = None,
    resume: Resume = False,
    logs: Logs = False,
    mlflow: Mlflow = None,
    experiment: Experiment = None,
    no_report: NoReport = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a grid of dials times seeds; write tidy tables, and show means with their intervals."""
    operator.configure(-1)
    with reporting():
        from scenarios.interruption import terminable

        if cluster is not None and logs:
            raise BadInput("--logs with --cluster: logs are kept on the machine that makes the run; leave one of them out")
        if cluster is None and jobs not in (0, 1):
            from scenarios.workers.forks import prepare_forks

            # They import what they need while this process does.
            prepare_forks()
        tracker = _tracker(mlflow, experiment)
        with terminable():
            session, folder = _run(study, seeds, precision, jobs, cluster, out, resume, logs, quiet or as_json)
            if tracker is not None and session.broken_off is None:
                tracker.log(session.results, experiment)
            page = None if no_report else _draw(session, folder, quiet or as_json)
            _tell(session, folder, page, as_json, quiet)
        if all(row["error"] for row in session.results.rows):
            raise BadInput(f"{study}: every run failed")


def _tracker(mlflow: str | None, experiment: str | None) -> "Tracker | None":
    """Return what logs to MLflow, if that is wanted, and refuse what it cannot log to before anything is run."""
    if mlflow is None:
        if experiment is not None:
            raise BadInput(f"--experiment {experiment}: it is one of MLflow's, so --mlflow says where that is")
        return None
    from scenarios.study.tracking import Tracker

    return Tracker(mlflow)


def _run(
    study: str,
    seeds: int | None,
    precision: float | None,
    jobs: int,
    cluster: str | None,
    out: Path | None,
    resume: bool,
    logs: bool,
    silent: bool,
) -> "tuple[Session, Path]":
    """Run a study and write what comes of it; return that, and the folder."""
    from scenarios.loading import find
    from scenarios.study.design import read_design
    from scenarios.study.session import run_study
    from scenarios.workers.cluster import cluster_at
    from scenarios.workers.local import Local

    design = read_design(find(study, (".toml",)), seeds, precision)
    folder = out or Path("studies") / design.name
    with _promising(folder), _progress(design, silent) as watch:
        if cluster is None:
            return run_study(design, folder, Local(jobs or 1), resume, logs, watch), folder
        with cluster_at(cluster) as workers:
            return run_study(design, folder, workers, resume, logs, watch), folder


@contextmanager
def _promising(folder: Path) -> Iterator[None]:
    """Say that nothing is lost where somebody could not wait for the tables either."""
    from scenarios.study.record import RECORD

    try:
        yield
    except KeyboardInterrupt:
        if (folder / RECORD).exists():
            remark("the tables are not written; what is finished is in the record, and --resume goes on from there")
        raise


@contextmanager
def _progress(design: "Design", silent: bool) -> "Iterator[Watch]":
    """Show on stderr how many runs are done and failed, and how long the others will take."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs{task.fields[failed]},"),
        TimeElapsedColumn(), TextColumn("gone,"), TimeRemainingColumn(compact=True), TextColumn("left"),
    ]  # fmt: skip
    with Progress(*columns, console=ERR, transient=True, disable=silent or not ERR.is_terminal) as progress:
        task = progress.add_task(escape(design.name), total=len(design.points) * design.file.seeds, failed="")

        def watch(stage: "Stage") -> None:
            failed = f", {stage.failed:,} failed" if stage.failed else ""
            progress.update(task, completed=stage.done, total=stage.runs, failed=failed)

        yield watch


def _draw(session: "Session", folder: Path, silent: bool) -> Path | None:
    """Draw the page of a finished study, and return it; None where there is nothing to draw."""
    if session.broken_off is not None or not session.results.good:
        return None
    try:
        from scenarios.study.page import write_page

        with ERR.status("drawing the report") if ERR.is_terminal and not silent else nullcontext():
            return write_page(session.results, folder / "report.html")
    except KeyboardInterrupt:
        remark(f"all runs are done, and stand in the tables; `parley report {folder}` draws the page")
        raise


def _tell(session: "Session", folder: Path, page: Path | None, as_json: bool, quiet: bool) -> None:
    """Say what came of it, and what did not."""
    from scenarios.study.table import show_study

    results = session.results
    if as_json:
        print(json.dumps(results.rows))
    elif not quiet:
        show_study(results, OUT)
        _say_where(session, folder, page)
    _mention(session)
    if session.broken_off is not None:
        raise typer.Exit(TERMINATED if session.terminated else INTERRUPTED)


def _say_where(session: "Session", folder: Path, page: Path | None) -> None:
    runs, before = len(session.results.rows), session.taken_over
    some = f", {before:,} of them from before" if before else ""
    OUT.print(f"{runs:,} runs{some}: {escape(str(folder / 'results.csv'))}", soft_wrap=True, highlight=False)
    if page is not None:
        OUT.print(f"report: {escape(str(page))}", soft_wrap=True, highlight=False)


def _mention(session: "Session") -> None:
    """Say on stderr what failed and where that can be repeated, what is not as precise as it was to be, and how to go on."""
    from scenarios.failures import alike, failures

    results = session.results
    for sentence, (error, rows) in zip(failures(results.rows), alike(results.rows).items(), strict=True):
        remark(sentence)
        remark(_where_to_repeat(session.failed[error], rows))
    if session.unmet:
        few = ", ".join(str(number) for number in session.unmet[:_NAMED])
        remark(
            f"{len(session.unmet):,} of {len(results.points):,} points have wider intervals than {results.precision:g} "
            f"(points {few}{' ...' if len(session.unmet) > _NAMED else ''}): most_seeds did not suffice, or runs failed"
        )
    if session.broken_off is not None:
        how = "terminated" if session.terminated else "interrupted"
        remark(f"{how} after {len(results.rows):,} runs; the tables hold these, and --resume goes on from here")


def _where_to_repeat(files: list[Path], rows: "Sequence[Row]") -> str:
    logged = sum(row["log"] is not None for row in rows)
    logs = "" if not logged else "; its log is beside it" if len(files) == 1 else f"; {logged:,} have their logs beside them"
    more = len(files) - 1
    others = f"; {more:,} more {'is' if more == 1 else 'are'} in that folder" if more else ""
    return f"  `parley run {files[0]}` repeats {'the first' if others else 'it'}{others}{logs}"
