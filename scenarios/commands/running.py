"""What commands that run campaigns share: watching them, breaking them off, and saying what came of them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import typer

from bus.journal import Diverged
from scenarios.display import show
from scenarios.progress import Progress
from scenarios.reporting import ERR, INTERRUPTED, OUT, remark
from scenarios.run import Interrupted, OnStart
from scenarios.summary import Summary


def watched(silent: bool) -> AbstractContextManager[OnStart | None]:
    """Show a live line on stderr while a campaign runs, unless nothing is to be said."""
    return nullcontext() if silent else Progress(ERR)


@contextmanager
def interruptible(as_json: bool, quiet: bool) -> Iterator[None]:
    """On Ctrl-C, show how far the run came, and say how to go on."""
    try:
        yield
    except Interrupted as interruption:
        summary = interruption.summary
        print_summary(summary, as_json, quiet)
        if summary.log is not None:
            remark(f"interrupted; `parley resume {summary.log}` goes on from here")
        raise typer.Exit(INTERRUPTED) from None


def print_difference(log: Path, difference: Diverged) -> None:
    """Show both versions of the first line that differs."""
    OUT.print(f"{log}: line {difference.number} is the first that differs", highlight=False, soft_wrap=True, markup=False)
    for name, line in (("recorded", difference.recorded), ("now", difference.repeated)):
        text = "(there is no such line)" if line is None else line.decode(errors="replace").rstrip()
        OUT.print(f"  {name + ':':<10}{text}", highlight=False, soft_wrap=True, markup=False)


def mention_torn(log: Path, torn: int, what: str) -> None:
    """Say what becomes of the bytes of a torn last line."""
    if torn:
        remark(f"{log}: the last line was torn; its {torn} bytes {what}")


def print_summary(summary: Summary, as_json: bool, quiet: bool) -> None:
    """Print what a run amounts to: for programs, for people, or not at all."""
    if as_json:
        print(summary.model_dump_json())
    elif not quiet:
        show(summary, OUT)
