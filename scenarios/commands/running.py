"""What commands that run campaigns share: watching them, breaking them off, and saying what came of them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import typer

from bus.journal import Diverged
from scenarios.display import show
from scenarios.errors import BadInput
from scenarios.execution import OnStart
from scenarios.interruption import Interrupted, Terminated, terminable
from scenarios.progress import PAUSE, Progress, ProgressLines
from scenarios.reporting import ERR, INTERRUPTED, OUT, TERMINATED, complain, inert, remark
from scenarios.summary import Summary
from scenarios.watch.view import View

_LONGEST_SHOWN = 4_000
"""Bytes of a line beyond which the rest is not shown."""


def watched(silent: bool, live: bool = False) -> AbstractContextManager[OnStart | None]:
    """Show a live line on stderr while a campaign runs, unless nothing is to be said; or the live view.

    Args:
        silent: whether nothing is to be said.
        live: whether the live view is wanted. Without a terminal it is a line now and then.
    """
    if live and ERR.file.isatty() and not ERR.is_dumb_terminal:
        return View(ERR.file)
    if live:
        remark(f"stderr is no terminal that a live view could be drawn on; a line every {PAUSE:.0f} s")
        return ProgressLines(ERR)
    return nullcontext() if silent else Progress(ERR)


def refuse_both(watch: bool, quiet: bool) -> None:
    """Refuse to show a live view and to show nothing."""
    if watch and quiet:
        raise BadInput("--watch and --quiet: nothing cannot be watched; leave one of them out")


@contextmanager
def interruptible(as_json: bool, quiet: bool) -> Iterator[None]:
    """On Ctrl-C, and when `kill` asks the process to end, show how far the run came, and say how to go on."""
    try:
        with terminable():
            yield
    except Interrupted as interruption:
        # What is still being repeated came further before.
        if interruption.summary is not None and (as_json or not interruption.repeating):
            print_summary(interruption.summary, as_json, quiet)
        remark(_how_to_go_on(interruption))
        raise typer.Exit(TERMINATED if interruption.terminated else INTERRUPTED) from None
    except Terminated:
        complain("terminated")
        raise typer.Exit(TERMINATED) from None


def _how_to_go_on(interruption: Interrupted) -> str:
    what = "terminated" if interruption.terminated else "interrupted"
    if interruption.log is None:
        return what
    if interruption.repeating:
        return f"{what} while the past was being repeated; the log is as it was, and `parley resume {interruption.log}` starts over"
    return f"{what}; `parley resume {interruption.log}` goes on from here"


def print_difference(log: Path, difference: Diverged) -> None:
    """Show both versions of the first line that differs."""
    OUT.print(inert(f"{log}: line {difference.number} is the first that differs"), highlight=False, soft_wrap=True)
    for name, line in (("recorded", difference.recorded), ("now", difference.repeated)):
        text = "(there is no such line)" if line is None else _shown(line)
        OUT.print(f"  {name + ':':<10}{text}", highlight=False, soft_wrap=True)


def _shown(line: bytes) -> str:
    text = inert(line[:_LONGEST_SHOWN].decode(errors="replace").rstrip())
    return text if len(line) <= _LONGEST_SHOWN else f"{text} ... ({len(line):,} bytes)"


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
