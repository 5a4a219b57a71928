"""The panes of the live view: each some lines of text, no wider than there is room."""

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from bus.duration import format_duration
from scenarios.history.phrases import counted, plain, quoted
from scenarios.plot import plot
from scenarios.watch.glimpse import AnnotatorSeen, Glimpse, Queues

_KEY = 8
"""Letters of what a bar is of, and a blank."""
_FIGURES = 44
"""Letters that stand beside a bar, where there is room."""
_NAME, _BAR = 20, 12
"""Letters of an annotator's name at most, and of the bar of their answers."""
_ROOM_FOR_BARS = 70
_AXIS = 8
"""Letters that a plot takes left of its line."""

History = Sequence[tuple[float, int]]
"""Labels so far by simulated seconds, as far as they were seen."""


def heading(text: str, width: int) -> Text:
    """Return the line above a pane."""
    return Text.assemble(("── ", "dim"), (text, "bold"), (" " + "─" * max(0, width - len(text) - 4), "dim"))


def title(glimpse: Glimpse, width: int) -> Text:
    """Return the line above all: which run this is, and how much has happened."""
    name = Text(f"{plain(glimpse.name)}, seed {glimpse.seed}", "bold")
    if glimpse.repeating:
        told = f"repeating the past: {glimpse.events:,} of {glimpse.recorded:,} events"
    else:
        told = f"simulated {format_duration(glimpse.seconds)}, {glimpse.events:,} events"
    return _apart(name, Text(told, "dim"), width)


def bars(glimpse: Glimpse, width: int) -> list[Text]:
    """Return how far it is to each limit."""
    money, labels = glimpse.money, glimpse.labels
    trouble = f", {glimpse.given_up:,} given up" if glimpse.given_up else ""
    spent = f"{money.committed:,.2f} spent, {money.reserved:,.2f} reserved"
    left = None if money.budget is None else max(0.0, money.budget - money.committed - money.reserved)
    shares = () if not money.budget else (money.committed / money.budget, money.reserved / money.budget)
    time = "" if glimpse.time is None else f" of {format_duration(glimpse.time)}"
    return [
        _bar("labels", [labels / glimpse.wanted] if glimpse.wanted else [], f"{labels:,} of {glimpse.wanted:,}{trouble}", width),
        _bar("money", shares, spent if left is None else f"{spent}, {left:,.2f} left", width),
        _bar("time", [glimpse.seconds / glimpse.time] if glimpse.time else [], format_duration(glimpse.seconds) + time, width),
    ]


def _bar(key: str, shares: Sequence[float], told: str, width: int) -> Text:
    """Return a bar of one share or two of the way to a limit; none, where there is no limit."""
    line = Text(f"{key:<{_KEY}}", "bold")
    room = max(8, min(40, width - _KEY - _FIGURES))
    if shares and width >= _KEY + 30:
        ends = [round(room * min(1.0, sum(shares[: at + 1]))) for at in range(len(shares))]
        for at, (end, ink) in enumerate(zip(ends, ("█", "▒"), strict=False)):
            line.append(ink * (end - (ends[at - 1] if at else 0)), "cyan" if at == 0 else "yellow")
        line.append("░" * (room - ends[-1]), "dim")
        line.append("  ")
    return line.append(told)


def curve(glimpse: Glimpse, history: History, width: int, height: int) -> list[Text]:
    """Return the learning curve, heading included; where nobody learns, the labels over simulated time."""
    size = max(8, width - _AXIS - 1), max(2, height - 4)
    if glimpse.learns:
        points = sorted({float(point.labels): point.accuracy for point in glimpse.curve}.items())
        if len(points) < 2:
            return [heading(_model(glimpse), width), Text("no curve yet", "dim")]
        ends = f"{points[0][0]:,.0f}", f"{points[-1][0]:,.0f} labels"
        return [heading(_model(glimpse), width), *plot(points, "accuracy on held-out items", ends, *size)]
    seen = [(seconds, float(labels)) for seconds, labels in history]
    if len(seen) < 2:
        return [heading("labels over time", width), Text("no curve yet", "dim")]
    ends = format_duration(seen[0][0]), format_duration(seen[-1][0])
    return [heading("labels over time", width), *plot(seen, "items that have a label", ends, *size, form=".6g")]


def _model(glimpse: Glimpse) -> str:
    training = ", the next in training" if glimpse.training else ""
    if not glimpse.version:
        return "no model yet" + (", the first in training" if glimpse.training else "")
    accuracy = f", accuracy {glimpse.curve[-1].accuracy:.4f}" if glimpse.curve else ""
    return f"model {glimpse.version:,}{accuracy}{training}"


def queues(glimpse: Glimpse, width: int, height: int) -> list[Text]:
    """Return what waits for whom, heading included; the least important is left out where there is little room."""
    rows = [fact for fact in _facts(glimpse) if fact[1]]
    lines = [Text.assemble((f"{key:<20}", "dim"), value) for key, value in rows[: height - 1]]
    return [heading("queues", width), *lines]


def _facts(glimpse: Glimpse) -> list[tuple[str, str]]:
    waits: Queues = glimpse.queues
    busiest = sorted(waits.inboxes.items(), key=lambda pair: -pair[1][1])
    held, peak = waits.annotators
    overdue = f", {waits.overdue:,} overdue" if waits.overdue else ""
    return [
        ("open items", f"{waits.open_items:,}"),
        ("tasks under way", f"{waits.tasks:,}{overdue}"),
        ("questions waiting", f"{waits.questions:,}" + (f", {counted(waits.rounds, 'round')}" if waits.rounds else "")),
        ("answers", f"{glimpse.answers:,}"),
        ("inboxes, annotators", f"{held:,} (most {peak:,} each)"),
        *((f"inbox, {plain(name)}", f"{now:,} (most {most:,})") for name, (now, most) in busiest[:4]),
        ("faults", f"{glimpse.faults:,}" if glimpse.faults else ""),
        ("labels revised", f"{glimpse.revised:,}" if glimpse.revised else ""),
    ]


def annotators(glimpse: Glimpse, width: int, height: int) -> list[Text]:
    """Return who is at what, heading included: all, if there is room, or the busiest and how many more there are."""
    people = glimpse.annotators
    counts = Counter(each.doing for each in people)
    lines = [heading(f"{counted(len(people), 'annotator')}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()), width)]
    room = max(1, height - 1)
    rows = people if len(people) <= room else sorted(people, key=lambda each: -each.answers)[: max(1, room - 1)]
    most = max((each.answers for each in people), default=0)
    widest = min(_NAME, max((len(plain(each.name)) for each in rows), default=0))
    lines += [_annotator(each, glimpse.seconds, most, widest, width) for each in rows]
    if len(rows) < len(people):
        rest = len(people) - len(rows)
        answers = sum(each.answers for each in people) - sum(each.answers for each in rows)
        lines.append(Text(f"and {rest:,} more: {counted(answers, 'answer')}", "dim"))
    return lines


def _annotator(each: AnnotatorSeen, now: float, most: int, widest: int, width: int) -> Text:
    name, does = Text(plain(each.name)), Text(_does(each, now), _INKS.get(each.doing, ""))
    name.truncate(widest, overflow="ellipsis", pad=True)
    figures = Text.assemble(f"{counted(each.answers, 'answer'):>14}", (f"  busy {each.busy:>4.0%}", "dim"))
    bar = Text()
    if width >= _ROOM_FOR_BARS:
        length = round(_BAR * each.answers / most) if most else 0
        bar = Text.assemble(("█" * length, "cyan"), " " * (_BAR - length))
    does.truncate(max(0, width - widest - len(bar) - len(figures) - 3), overflow="ellipsis", pad=True)
    return Text.assemble(name, "  ", does, " ", bar, figures)


_INKS = {"free": "dim", "not there": "dim", "silent": "yellow", "blocked": "red", "gone": "dim", "down": "red"}


def _does(each: AnnotatorSeen, now: float) -> str:
    if each.doing == "at work":
        return _task(each)
    if each.doing == "not there":
        back = f", back in {format_duration(each.back - now)}" if each.back is not None and each.back > now else ""
        return f"not there{back}" + ("" if each.item is None else f"; has {_task(each)}")
    return {"silent": "nothing heard of them", "gone": "left for good"}.get(each.doing, each.doing)


def _task(each: AnnotatorSeen) -> str:
    turn = f", round {each.turn}" if each.turn else ""
    overdue = ", overdue" if each.overdue else ""
    more = f", and {each.more:,} more" if each.more else ""
    return f"item {quoted(each.item)}{turn}{overdue}{more}"


def _apart(left: Text, right: Text, width: int) -> Text:
    """Return two texts at the two ends of a line; the left one is cut where they do not fit."""
    left.truncate(max(0, width - right.cell_len - 2), overflow="ellipsis", pad=True)
    return Text.assemble(left, "  ", right)
