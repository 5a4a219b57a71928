"""`parley calibrate`: a crowd, fitted to the log of a real one."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from scenarios.commands.aggregate import classes_of, enough_memory
from scenarios.commands.answers import AnswersFile, Duration, Form, Label, Start, Task, Worker
from scenarios.commands.options import AsJson, Quiet
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from scenarios.answers.table import Columns
    from scenarios.crowds.calibration import Calibrated
    from scenarios.crowds.log import Log

TruthFile = Annotated[Path | None, typer.Option("--truth", help="What is true: a table of task and truth.", metavar="FILE")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the people, for `people = FILE`: .toml, or .parquet for many.", metavar="FILE")
]
Page = Annotated[Path | None, typer.Option("--page", help="Write a page of diagnostics: .html.", metavar="FILE")]
Classes = Annotated[str | None, typer.Option(help="The classes, with commas between them; left out, those that occur.")]
Seed = Annotated[int, typer.Option(help="Seed of what is drawn on the way.", min=0)]

Step = Callable[[str], None]

_MANY = 2000
"""People from which on TOML takes its time to be read."""


def calibrate(
    answers: AnswersFile,
    truth: TruthFile = None,
    out: Out = None,
    page: Page = None,
    classes: Classes = None,
    form: Form = None,
    task: Task = None,
    worker: Worker = None,
    label: Label = None,
    start: Start = None,
    duration: Duration = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit a crowd to the log of a real one, and write it as people for scenarios."""
    from scenarios.aggregation.tables import check_target
    from scenarios.answers.table import Columns
    from scenarios.crowds.calibration import calibrate as fit
    from scenarios.crowds.writing import SUFFIXES

    silent = quiet or as_json or not ERR.is_terminal
    with reporting(), enough_memory():
        check_seed(seed)
        for option, target, suffixes in (("--out", out, SUFFIXES), ("--page", page, (".html",))):
            if target is not None:
                check_target(option, target, answers, truth, suffixes=suffixes)
        with steps(silent) as step:
            log = read_crowd_log(answers, truth, Columns(task, worker, label, start, duration), form, classes, step, quiet)
            found = fit(log, seed, step)
            if out is not None:
                step(f"writing {out.name}")
                _write(found, answers, out)
            if page is not None:
                step(f"writing {page.name}")
                from scenarios.crowds.page import write_page

                write_page(answers.name, found, seed, page)
        if as_json:
            from scenarios.crowds.summary import record

            print(json.dumps(record(found) | {"out": None if out is None else str(out)}, allow_nan=False))
        elif not quiet:
            _show(answers.name, found, out, page)


def _show(name: str, found: "Calibrated", out: Path | None, page: Path | None) -> None:
    from scenarios.crowds.summary import show_calibration

    show_calibration(name, found, OUT)
    for what, target in (("people", out), ("page", page)):
        if target is not None:
            OUT.print(f"{what}: {escape(str(target))}", soft_wrap=True, highlight=False)
    if out is not None and out.suffix.lower() == ".toml" and len(found.crowd.people) > _MANY:
        remark(f"TOML of {len(found.crowd.people):,} people takes long to read; a name that ends in .parquet makes a faster file")


def _write(found: "Calibrated", answers: Path, out: Path) -> None:
    from scenarios.crowds.writing import write_crowd

    about = f"People, fitted to {answers.name.encode('ascii', 'replace').decode()} by `parley calibrate`; one table a person."
    write_crowd(found.rows(), found.crowd.classes, found.keys, out, "".join(each if each.isprintable() else "?" for each in about))


def read_crowd_log(
    answers: Path, truth: Path | None, columns: "Columns", form: str | None, classes: str | None, step: Step, quiet: bool
) -> "Log":
    """Read the log of a crowd, and say what is odd about it."""
    from scenarios.aggregation.reading import read_truth
    from scenarios.crowds.log import read_log

    step(f"reading {answers.name}")
    log = read_log(answers, columns, form, None if truth is None else read_truth(truth, columns.task), classes_of(classes))
    if not quiet:
        for each in log.remarks:
            remark(each)
    return log


@contextmanager
def steps(silent: bool) -> Iterator[Step]:
    """Show on stderr what is being done, unless nothing is to be said."""
    if silent:
        yield lambda _: None
        return
    with ERR.status("") as status:
        yield lambda text: status.update(escape(text))


def check_seed(seed: int) -> None:
    """Refuse a seed that is none."""
    from bus.chance import MASK

    if seed > MASK:
        raise BadInput(f"--seed {seed}: a seed is a whole number from 0 to 2**64 - 1")
