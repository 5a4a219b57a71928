"""`parley state` and `replay`: what happened in a campaign, by its log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bus.clock import SECOND
from bus.duration import format_time, parse_duration
from bus.replay import LogReader
from scenarios.commands.options import AsJson, LogFile
from scenarios.errors import BadInput
from scenarios.reporting import ERR, INTERRUPTED, OUT, remark, reporting

if TYPE_CHECKING:
    from rich.progress import Progress

    from scenarios.header import Header
    from scenarios.history.course import Course
    from scenarios.history.pace import Pace
    from scenarios.history.playback import Playback

_MOMENT = "seconds, or text such as 1h30m"
_LAST = 1e12
"""Seconds beyond which a moment is a mistake: some 30,000 years."""


def state(
    log: LogFile,
    at: Annotated[str | None, typer.Option("--at", metavar="T", help=f"The moment: {_MOMENT}; left out, the end.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show all open items and annotators, however many.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a campaign at a moment: open items, who is at what, money, and the model."""
    from scenarios.header import header_of
    from scenarios.history.index import Index
    from scenarios.history.status import status_of
    from scenarios.history.status_display import show_status

    with reporting():
        time = _parse_moment("--at", at)
        reader = LogReader(log)
        header = header_of(reader)
        with _bar("making the index", log) as advance:
            index = Index(reader, advance, remark)
            course, end = index.at(time), index.end()
        if time is not None and time > end:
            remark(f"{log}: the log ends at {format_time(end)}; this is its end")
        status = status_of(course, header, end if time is None else min(time, end), end)
        if as_json:
            print(status.model_dump_json())
        else:
            show_status(status, OUT, everything)
        _mention_torn(reader)


def replay(
    log: LogFile,
    start: Annotated[str | None, typer.Option("--from", metavar="T", help=f"Where to begin: {_MOMENT}.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="T", help="Where to end.")] = None,
    speed: Annotated[float | None, typer.Option(metavar="X", help="Simulated seconds a real second; left out, at once.")] = None,
    only: Annotated[str | None, typer.Option(metavar="KIND,...", help="Only events of these kinds.")] = None,
    agent: Annotated[str | None, typer.Option(metavar="NAME", help="Only what an agent said, was told, or was said of it.")] = None,
    item: Annotated[str | None, typer.Option(metavar="ID", help="Only what is about an item.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the events as lines of JSON, for programs.")] = False,
) -> None:
    """Play a run back: who said what to whom, why, and what was known then; in the end, its summary."""
    from scenarios.header import header_of
    from scenarios.history.course import Course
    from scenarios.history.index import Index
    from scenarios.history.narrator import Memory
    from scenarios.history.pace import Pace
    from scenarios.history.playback import Playback
    from scenarios.history.selection import Selection, parse_kinds
    from scenarios.summary import budget_of, people_of

    with reporting():
        first, last = _parse_stretch(start, until)
        pace = None if speed is None else Pace(_check_speed(speed))
        reader = LogReader(log)
        header = header_of(reader)
        memory = Memory()
        selection = Selection(memory, parse_kinds(only, reader), agent, item)
        with _bar("making the index", log) as advance:
            # From one place further up than is needed: what happens first has its causes above.
            course = Index(reader, advance, remark).near(first - 1, 1) if first else Course(reader)
        # Where lines go by on the terminal, they tell how far it is.
        with _interruptible(), _bar("reading", log, disable=OUT.is_terminal) as advance:
            playback = Playback(course, memory, selection, budget_of(header), advance)
            playback.skip(first - 1)
            _write(playback.quote(last) if as_json else _lines(playback, last, header), pace)
        if first and not playback.events:
            remark(f"{log}: nothing happened {'then' if last is not None else f'from {start} on'}")
        complaint = selection.complaint([*people_of(header), *course.state.people])
        if complaint and not first and last is None:
            raise BadInput(f"{log}: {complaint}")
        if complaint:
            remark(f"{log}, the stretch that was played: {complaint}")
        if not as_json:
            _show_summary(course, header, last)
        _mention_torn(reader)


def _parse_moment(option: str, text: str | None) -> int | None:
    """Return a moment in microseconds; None if it was not given."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = cast(float, parse_duration(text))
        except ValueError as error:
            raise BadInput(f"{option}: {error}") from None
    if not 0 <= seconds <= _LAST:
        raise BadInput(f"{option} {text}: a moment is a number of simulated seconds, or text such as 1h30m; from 0 on")
    return round(seconds * SECOND)


def _parse_stretch(start: str | None, until: str | None) -> tuple[int, int | None]:
    first, last = _parse_moment("--from", start) or 0, _parse_moment("--until", until)
    if last is not None and last < first:
        raise BadInput(f"--until {until} is before --from {start}, so there is nothing to play")
    return first, last


def _check_speed(speed: float) -> float:
    if not 0 < speed < float("inf"):
        raise BadInput(f"--speed {speed}: a speed is a positive number of simulated seconds a second")
    return speed


def _lines(playback: "Playback", until: int | None, header: "Header") -> Iterator[tuple[int, bytes]]:
    """Yield the events that are wanted, laid out, each with its instant."""
    from scenarios.header import Recorded
    from scenarios.history.page import Page

    page = Page(OUT, counted=isinstance(header, Recorded) and header.times == "order")
    encoding = OUT.encoding
    for telling in playback.tell(until):
        yield telling.event["t"], page.lay_out(telling).encode(encoding, "replace")


def _write(lines: Iterator[tuple[int, bytes]], pace: "Pace | None") -> None:
    """Write lines to stdout, each when its time has come."""
    # Past rich, which would take ten times as long for a line as all the rest does.
    out = sys.stdout.buffer
    sys.stdout.flush()
    try:
        for instant, line in lines:
            if pace is not None:
                pace.wait_until(instant)
            out.write(line)
            if pace is not None:
                out.flush()
    finally:
        out.flush()


def _show_summary(course: "Course", header: "Header", until: int | None) -> None:
    """Show what the run amounts to, as far as it was played."""
    from scenarios.display import show
    from scenarios.summary import summary_of

    reader, stopped_by = course.reader, course.state.stopped_by
    summary, ending = summary_of(course, header), None
    if not course.over and until is not None:
        ending = f"as of {format_time(until)}"
    elif reader.footer is None:
        ending = "unfinished" if stopped_by is None else f"stopped by {stopped_by}, unfinished"
    show(summary, OUT, ending)


def _mention_torn(reader: LogReader) -> None:
    if reader.torn:
        remark(f"{reader.path}: the last line was torn; its {reader.torn} bytes do not count")


@contextmanager
def _interruptible() -> Iterator[None]:
    """End quietly on Ctrl-C: who has seen enough need not be told so."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _bar(what: str, log: Path, disable: bool = False) -> Iterator[Callable[[int], object]]:
    """Show a bar on stderr from the first time that the function given is called with bytes that were read."""
    bars: list[Progress] = []

    def advance(size: int) -> None:
        if not bars:
            from rich.progress import Progress

            # Where there is no terminal, a bar that is over leaves an empty line behind.
            bars.append(Progress(console=ERR, transient=True, disable=disable or not ERR.is_terminal))
            bars[0].start()
            bars[0].add_task(what, total=log.stat().st_size)
        bars[0].advance(bars[0].task_ids[0], size)

    try:
        yield advance
    finally:
        for bar in bars:
            bar.stop()
