"""How events are laid out for people: a line each, or a few where a terminal is narrow."""

from textwrap import wrap

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from agents import messages as said
from bus.message import AgentCrashed, AgentRestarted
from scenarios.history.narrator import MISHAPS, Telling

_BETWEEN = " · "
_NARROWEST = 24
"""Cells in which a text is wrapped at least, however narrow the terminal."""

_STYLES = {
    said.ItemResolved.kind: "green",
    said.ModelPublished.kind: "cyan",
    said.ModelEvaluated.kind: "cyan",
    said.CampaignStarted.kind: "bold",
    said.CampaignEnded.kind: "bold",
    said.TaskExpired.kind: "yellow",
    said.TaskDeclined.kind: "yellow",
    said.AbstentionSubmitted.kind: "yellow",
    said.TaskReturned.kind: "yellow",
    said.AnswerLate.kind: "yellow",
    said.AnswerRepeated.kind: "yellow",
    said.ItemGivenUp.kind: "yellow",
    said.ItemReopened.kind: "yellow",
    said.AnnotatorQualified.kind: "green",
    said.AnnotatorBlocked.kind: "red",
    said.AnnotatorCame.kind: "dim",
    said.AnnotatorLeft.kind: "dim",
    said.AnnotatorAway.kind: "red",
    AgentCrashed.kind: "red",
    AgentRestarted.kind: "red",
    **dict.fromkeys(MISHAPS, "red"),
}
"""Styles of what is said, by kind."""


class Page:
    """Lays out tellings.

    A pipe gets a line an event, however long: it has no width, and others pick lines from it. A terminal gets lines that fit.

    Args:
        console: where the lines go.
        counted: whether instants are numbers that only count, as in logs of answers of which only the order was known.
    """

    def __init__(self, console: Console, counted: bool = False) -> None:
        self._width = console.width if console.is_terminal else None
        self._stamp = _number if counted else stamp
        coloured = console.is_terminal and not console.no_color
        self._codes = {style: _codes(style) for style in {"dim", "bold", *_STYLES.values()}} if coloured else {}

    def lay_out(self, telling: Telling) -> str:
        """Return an event's lines, with the ends of lines."""
        event, who, what, why, known = telling
        instant = f"{self._stamp(event['t']):>10}  "
        head = f"{instant}{'#' + str(event['seq']):<5} "
        details = [part for part in (why, known) if part]
        if self._width is None:
            return f"{head}{who}: {_BETWEEN.join((what, *details))}\n"
        who += ": "
        rows = self._rows(who + what, details, len(head), len(instant))
        first, *others = rows
        cut = len(who) if first.startswith(who) else len(first)
        styled = self._paint(first[:cut], "bold") + self._paint(first[cut:], _STYLES.get(event["kind"], ""))
        below = (" " * len(instant) + self._paint(other, "dim") for other in others)
        return "\n".join((self._paint(head, "dim") + styled, *below)) + "\n"

    def _rows(self, said: str, details: list[str], first_indent: int, indent: int) -> list[str]:
        """Part an event into rows, as few as will do: what was said begins the first, and what is known of it follows."""
        assert self._width is not None
        whole = _BETWEEN.join((said, *details))
        if first_indent + cell_len(whole) <= self._width:
            return [whole]
        rows = _wrapped(said, max(_NARROWEST, self._width - first_indent))
        width = max(_NARROWEST, self._width - indent)
        whole = _BETWEEN.join(details)
        for part in details if cell_len(whole) > width else [whole] if details else []:
            rows += _wrapped(part, width)
        return rows

    def _paint(self, text: str, style: str) -> str:
        before, after = self._codes.get(style, ("", ""))
        return f"{before}{text}{after}"


def stamp(microseconds: int) -> str:
    """Write an instant to the millisecond, as "1h05m23.123s": as `--at` and `--from` take it.

    Rounded up, so that what had happened at the instant that is shown includes what is shown.
    """
    seconds, thousandths = divmod(-(-microseconds // 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d{hours:02}h{minutes:02}m{seconds:02}.{thousandths:03}s"
    if hours:
        return f"{hours}h{minutes:02}m{seconds:02}.{thousandths:03}s"
    return f"{minutes}m{seconds:02}.{thousandths:03}s" if minutes else f"{seconds}.{thousandths:03}s"


def _number(microseconds: int) -> str:
    """Write an instant that only counts, as `--at` and `--from` take it too."""
    return f"{microseconds}us"


def _wrapped(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    # Letters of two cells are counted as one here; where there are many, the terminal wraps.
    return wrap(text, width, subsequent_indent="  ")


def _codes(style: str) -> tuple[str, str]:
    """Return what switches a style on, and off again."""
    before, after = Style.parse(style).render("|", color_system=ColorSystem.STANDARD).split("|")
    return before, after
