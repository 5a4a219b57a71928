"""`parley export`: a log for other programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from scenarios.commands.options import LogFile, Quiet
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from bus.replay import LogReader
    from scenarios.export.formats import Format


def export(
    log: LogFile,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="perfetto, csv, parquet or label-studio.")],
    out: Annotated[Path | None, typer.Option(help="The file; - for stdout; left out, beside the log.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="csv, parquet: answers that do not count too (void, gold, late and such), with a status.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write a log as a trace for the Perfetto viewer, a table of its answers, or tasks for Label Studio.

    Where people talked items over, tables and tasks hold what each answered first, and not what they came to hold.
    """
    from agents.negotiation import PositionStated
    from bus.replay import LogReader

    with reporting():
        chosen = _find(form)
        if everything and not chosen.shows_all:
            raise BadInput(f"--all is for csv and parquet; {form} has no place for answers that do not count")
        target = None if out == Path("-") else out or log.with_suffix(chosen.suffix)
        reader = LogReader(log)
        if target is not None and target.exists() and target.samefile(log):
            raise BadInput(f"{target}: this is the log itself; name another file by --out")
        count = _write(chosen, reader, target, everything, quiet)
        if target is not None and not quiet:
            OUT.print(f"{count:,} {chosen.counts}: {escape(str(target))}", soft_wrap=True, highlight=False)
        stated = (reader.footer or {}).get("counts", {}).get(PositionStated.kind, 0)
        if stated and chosen.counts != "events" and not quiet:
            remark(f"{log}: what people came to hold when they talked items over ({stated:,} positions) is not among the answers")
        if reader.footer is None:
            remark(f"{log}: the run did not finish; what is here is all there is of it")
        if reader.torn:
            remark(f"{log}: the last line was torn; its {reader.torn} bytes do not count")


def _find(name: str) -> "Format":
    from bus.table import nearest
    from scenarios.export.formats import FORMATS

    if name not in FORMATS:
        raise BadInput(f"--format {name}: {nearest(name, [*FORMATS])}")
    return FORMATS[name]


def _write(chosen: "Format", reader: "LogReader", target: Path | None, everything: bool, quiet: bool) -> int:
    from scenarios.replacement import replacement

    with _watched(reader.path, quiet) as progress, replacement(target) as file:
        return chosen.write(reader, file, everything, progress)


@contextmanager
def _watched(log: Path, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show on stderr how much of the log has been read."""
    with Progress(console=ERR, transient=True, disable=quiet or not ERR.is_terminal) as progress:
        reading = progress.add_task(escape(log.name), total=log.stat().st_size)
        yield lambda read: progress.update(reading, completed=read)
