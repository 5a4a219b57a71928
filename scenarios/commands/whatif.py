"""`parley whatif`: what would have come of a campaign, had something been otherwise."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress as Bars

from agents.component import Trust
from scenarios import operator
from scenarios.commands.options import AsJson, Folder, LogFile, Overrides, Quiet, Trusted
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

Open = Annotated[bool, typer.Option("--open", help="Count the recorded answers by another policy; nobody is asked anything.")]
Closed = Annotated[bool, typer.Option("--closed", help="Run the campaign again; the default, but for imported answers.")]
Logs = Annotated[Path | None, typer.Option(help="Folder for the log of the other campaign; left out, it is not kept.")]


def whatif(
    log: LogFile,
    overrides: Overrides = [],  # noqa: B006 (typer reads it, and nobody writes it)
    as_open: Open = False,
    as_closed: Closed = False,
    trust: Trusted = False,
    folder: Folder = None,
    logs: Logs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Ask of a log: what if something had been otherwise? Shows both campaigns, and whose labels changed."""
    from scenarios.paths import parse_override
    from scenarios.whatif.comparison import show_what_if
    from scenarios.whatif.question import Question, answer

    operator.configure(-1)
    with reporting():
        if as_open and as_closed:
            raise BadInput("--open and --closed: it is one or the other")
        settings = dict(map(parse_override, overrides))
        question = Question(settings, "open" if as_open else "closed" if as_closed else None, Trust(trust), folder, logs)
        with Bars(console=ERR, transient=True, disable=quiet or as_json or not ERR.is_terminal) as bars:
            size = log.stat().st_size if log.is_file() else None
            task = bars.add_task("reading and running", total=size)
            what_if = answer(log, question, None, lambda read: bars.update(task, completed=read))
        if as_json:
            print(json.dumps({"set": settings, **what_if.tables()}, ensure_ascii=False))
        elif not quiet:
            show_what_if(what_if, settings, OUT)
        if what_if.before.stopped_by == "interrupted":
            remark(f"{log}: this run is not finished, and is compared as far as it goes")
