"""What people see of a run when it is over: a summary that fits one screen."""

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from bus.duration import format_duration
from scenarios.history.phrases import plain
from scenarios.plot import plot
from scenarios.stopping import CLOSE
from scenarios.summary import Point, Screened, Summary, Work

_SHOWN_PEOPLE = 5
_TWO_COLUMNS = 76
_PLOT = 40
_ALL_COLUMNS = 108
"""Width in letters from which what is to be said of stop rules stands in one table, and not in two."""
_MOMENTS = "time to stop, by", "labels,\nseeds too", "money", "time", "overshoot", "accuracy", "lost", "macro F1", "lost"
_WHEN = 5
"""How many of these columns say when that was; the others, what it cost."""


def show(summary: Summary, console: Console, ending: str | None = None) -> None:
    """Print the summary of a run.

    Args:
        summary: the summary.
        console: where to.
        ending: how it ended, or how far it went; left out, what stopped it.
    """
    stopped = "interrupted" if summary.stopped_by == "interrupted" else f"stopped by {summary.stopped_by}"
    title = f"{escape(plain(summary.name))}, seed {summary.seed}: {escape(ending or stopped)}"
    facts = RichTable.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column()
    for name, value in facts_of(summary):
        facts.add_row(name, value)
    top: RenderableType = facts
    if len(summary.curve) > 1:
        side_by_side = RichTable.grid(padding=(0, 3))
        # Long facts take several lines: a plot cannot.
        side_by_side.add_column()
        side_by_side.add_column(no_wrap=True, min_width=_PLOT)
        side_by_side.add_row(facts, draw_curve(summary.curve))
        top = side_by_side if console.width >= _TWO_COLUMNS else Group(facts, Text(), draw_curve(summary.curve))
    parts = [top, Text(), _people(summary.annotators)]
    if summary.advised or summary.not_reached:
        parts += [Text(), _stopping(summary, console.width)]
    if summary.screened:
        parts += [Text(), _screening(summary.screened)]
    console.print(Panel(Group(*parts), title=title, title_align="left", padding=(0, 2)))
    if summary.log is not None:
        console.print(f"log: {escape(summary.log)}", soft_wrap=True, highlight=False)


def draw_curve(points: Sequence[Point], width: int = 32, height: int = 9) -> Text:
    """Draw accuracy against labels, with lines between the points.

    Args:
        points: two or more, in order of time. Where labels were revised or became void, several stand at one number of labels: the
            last counts.
        width, height: size of the plot in letters, without its axes.
    """
    points = sorted({point.labels: point for point in points}.values())
    line = [(float(point.labels), point.accuracy) for point in points]
    ends = f"{points[0].labels}", f"{points[-1].labels} labels"
    return Text("\n").join(plot(line, "accuracy on held-out items", ends, width, height))


def facts_of(summary: Summary) -> list[tuple[str, str]]:
    """Return what there is to say, each in a few words."""
    facts = [
        ("accuracy", _format(summary.accuracy, ".4f")),
        ("at its best", _best(summary)),
        ("macro F1", _format(summary.macro_f1, ".4f")),
        ("log loss", _format(summary.log_loss, ".4f")),
        ("labels", f"{summary.labels:,}"),
        ("no label yet" if summary.stopped_by == "interrupted" else "given up", _count(summary.given_up, "item")),
        ("labels right", _format(summary.label_accuracy, ".1%")),
        ("answers", f"{summary.answers:,}"),
        ("overdue", f"{summary.expired:,}, {summary.late:,} late" if summary.expired or summary.late else ""),
        ("declined", _count(summary.declined, "task")),
        ("cannot tell", _count(summary.abstained, "answer")),
        ("given back", _count(summary.returned, "task")),
        ("cancelled", _cancelled(summary)),
        ("repeated", _count(summary.repeated, "answer")),
        ("revised", _count(summary.revised, "label")),
        ("gold", _gold(summary.screened)),
        ("blocked", _count(sum(each.verdict == "failed" for each in summary.screened), "annotator")),
        ("void", _void(summary)),
        ("talked over", _talks(summary)),
        *(("decided" if not at else "", f"{count:,} by {plain(who)}") for at, (who, count) in enumerate(summary.decided.items())),
        ("escalated", _count(summary.escalated, "time")),
        ("minds changed", _flips(summary)),
        ("faults", f"{sum(summary.faults.values()):,}" if summary.faults else ""),
        ("agreement", f"alpha {summary.alpha:.3f}" if summary.alpha is not None else ""),
        ("unanimous", _format(summary.unanimous, ".0%")),
        ("money", f"{summary.cost:,.2f}"),
        ("people there", _there(summary)),
        # Where only the order of answers is known, microseconds count them.
        ("simulated time", "" if 0 < summary.simulated_seconds < 1e-3 else format_duration(summary.simulated_seconds)),
        ("staleness", f"{summary.staleness:.1f} labels" if summary.accuracy is not None and summary.staleness is not None else ""),
        ("events", f"{summary.events:,}"),
    ]
    return [(name, value) for name, value in facts if value]


def _best(summary: Summary) -> str:
    """Return the best moment, where the model was clearly better then; where there are rules, it stands among theirs."""
    best, last = summary.best, summary.accuracy
    if best is None or last is None or summary.advised or summary.not_reached or best.accuracy - last <= CLOSE:
        return ""
    return f"{best.accuracy:.4f}, {_count(best.labels, 'label')}"


def _gold(screened: Sequence[Screened]) -> str:
    asked, right = sum(each.asked for each in screened), sum(each.right for each in screened)
    return f"{_count(asked, 'answer')}, {right / asked:.0%} right" if asked else ""


def _talks(summary: Summary) -> str:
    if not summary.sessions:
        return ""
    return f"{_count(summary.sessions, 'item')}, {_count(summary.rounds, 'round')}, {_count(summary.positions, 'position')}"


def _flips(summary: Summary) -> str:
    """Return how people changed their minds."""
    flips = [
        (summary.wrong_to_right, "for the better"),
        (summary.right_to_wrong, "for the worse"),
        (summary.wrong_to_wrong, "from wrong to wrong"),
    ]
    told = ", ".join(f"{count:,} {how}" for count, how in flips if count)
    # Where labels are not judged, neither are minds: in a campaign that is not over, or without a known truth.
    judged = summary.stopped_by != "interrupted" and summary.label_accuracy is not None
    return told or ("none" if summary.positions and judged else "")


def _there(summary: Summary) -> str:
    """Return how much those who come and go were there, and how much of everybody's time there was work."""
    if not summary.stays or summary.utilisation is None:
        return ""
    share = sum(each.share for each in summary.stays) / len(summary.stays)
    return f"{share:.0%} of the time, at work {summary.utilisation:.0%} of that"


def _void(summary: Summary) -> str:
    reopened = f", {_count(summary.reopened, 'item')} opened again" if summary.reopened else ""
    return _count(summary.voided, "answer") + reopened


def _cancelled(summary: Summary) -> str:
    paid = f", {summary.cancelled_cost:,.2f} paid" if summary.cancelled_cost else ""
    return _count(summary.cancelled, "task") + paid


def _count(count: int, noun: str) -> str:
    return "" if count == 0 else f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _format(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _people(annotators: Sequence[Work]) -> RenderableType:
    """Show who did how much: the busiest, and how many more there are."""
    ranked = sorted(annotators, key=lambda work: -work.answers)
    most = max((1, *(work.answers for work in ranked)))
    table = RichTable.grid(padding=(0, 2))
    for work in ranked[:_SHOWN_PEOPLE]:
        bar = Text("█" * round(20 * work.answers / most), style="cyan")
        table.add_row(escape(plain(work.name)), bar, _count(work.answers, "answer") or "no answer", f"at work {work.busy:.0%}")
    rest = len(ranked) - _SHOWN_PEOPLE
    if rest > 0:
        answers = sum(work.answers for work in ranked[_SHOWN_PEOPLE:])
        table.add_row(f"and {rest:,} more", "", _count(answers, "answer") or "no answer", "")
    return table


def _stopping(summary: Summary, width: int) -> RenderableType:
    """Show at which moment each rule fired, and what ending the campaign then cost; below, the best moment and the last one."""
    rows = _moments(summary)
    every = range(len(_MOMENTS))
    tables: list[RenderableType] = []
    for columns in (every,) if width >= _ALL_COLUMNS else (every[:_WHEN], (0, *every[_WHEN:])):
        table = RichTable(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        for column in columns:
            numbers = column > 0
            table.add_column(_MOMENTS[column], justify="right" if numbers else "left", no_wrap=numbers, overflow="fold")
        for row in rows:
            if any(row[column] for column in columns[1:]):
                table.add_row(*(row[column] for column in columns))
        if table.row_count:
            tables += [Text(), table] if tables else [table]
    return Group(*tables)


def _moments(summary: Summary) -> list[tuple[str, ...]]:
    """Return the rows of the table of stop rules: a cell for each of its columns."""
    rows: list[tuple[str, ...]] = []
    for each in summary.advised:
        scores = _scores(each.accuracy, each.loss, each.macro_f1, each.macro_f1_loss)
        when = f"{each.labels:,}", f"{each.cost:,.2f}", format_duration(each.seconds), _format(each.overshoot, "+,d")
        rows.append((escape(plain(each.rule)), *when, *scores))
    rows += [(escape(plain(rule)), "not reached", *[""] * (len(_MOMENTS) - 2)) for rule in summary.not_reached]
    if summary.best is None or not summary.curve:
        return rows
    last = summary.curve[-1]
    # Of those that are as good, max returns the first.
    best = max(summary.curve, key=lambda point: point.accuracy)
    highest = max(summary.curve, key=lambda point: point.macro_f1)
    end = f"{summary.cost:,.2f}", format_duration(summary.simulated_seconds), f"{last.labels - summary.best.close:+,d}"
    moments = [("the best accuracy", best), ("the best macro F1", highest)]
    if best.macro_f1 == highest.macro_f1:
        moments = [("the best moment", best)]
    for name, point in (*moments, ("the end", last)):
        losses = best.accuracy - point.accuracy, highest.macro_f1 - point.macro_f1
        scores = _scores(point.accuracy, losses[0], point.macro_f1, losses[1])
        rows.append((name, f"{point.labels:,}", *(end if name == "the end" else ("", "", "")), *scores))
    return rows


def _scores(*scores: float | None) -> list[str]:
    return [_format(score, ".4f") for score in scores]


def _screening(screened: Sequence[Screened]) -> RenderableType:
    """Show what gold questions say of people: the least skilled, and how many more there are."""
    table = RichTable.grid(padding=(0, 2))
    shown = len(screened) if len(screened) == _SHOWN_PEOPLE + 1 else _SHOWN_PEOPLE
    for each in screened[:shown]:
        skill = f"skill {each.skill:.2f} ({each.low:.2f} to {each.high:.2f})"
        verdict = {"passed": "passed", "failed": "blocked", None: "not decided"}[each.verdict]
        table.add_row(escape(plain(each.name)), f"gold {each.right:,} of {each.asked:,}", skill, verdict)
    rest = screened[shown:]
    if rest:
        blocked = sum(each.verdict == "failed" for each in rest)
        table.add_row(f"and {len(rest):,} more", "", "", f"{blocked:,} of them blocked" if blocked else "")
    return table
