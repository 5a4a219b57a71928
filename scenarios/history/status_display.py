"""What people see of a campaign at a moment: a screen that one takes in at a glance."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TypeVar

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from bus.clock import SECOND
from bus.duration import format_duration
from scenarios.history.phrases import counted, plain, quoted, several
from scenarios.history.status import AnnotatorAt, ItemOpen, Status, TaskOpen

_SHOWN = 5
"""Rows of a list that are shown where not all are asked for; one more, where only one would be left out."""

_Fact = tuple[str, str]
T = TypeVar("T")


def show_status(status: Status, console: Console, everything: bool = False) -> None:
    """Print a campaign at a moment.

    Args:
        status: the campaign.
        console: where to.
        everything: whether all rows of the lists are shown, however many.
    """
    parts: list[RenderableType] = [_facts(status)]
    if status.open:
        parts += [Text(), _items(status, everything)]
    if status.annotators:
        parts += [Text(), _people(status, everything)]
    console.print(Panel(Group(*parts), title=Text(_title(status)), title_align="left", padding=(0, 2)))


def _title(status: Status) -> str:
    where = f"{plain(status.name)}, seed {status.seed}, at {_time(status, status.at)}"
    if status.at < status.end:
        return f"{where} of {_time(status, status.end)}"
    return f"{where}: the end" if status.finished else f"{where}: the end so far"


def _facts(status: Status) -> RenderableType:
    """Show what there is to say in two columns: the campaign on the left, the model and what is wrong on the right."""
    table = RichTable.grid(padding=(0, 2))
    for style in ("bold", "", "bold", ""):
        table.add_column(style=style)
    for left, right in zip_longest(_campaign(status), [*_model(status), *_trouble(status)], fillvalue=("", "")):
        table.add_row(*map(Text, (*left, *right)))
    return table


def _campaign(status: Status) -> list[_Fact]:
    money, wanted = status.money, status.labels_wanted
    of = counted(status.items - status.seed_labels, "item") if wanted is None else f"{wanted:,} wanted"
    given_up = f", {status.given_up:,} given up" if status.given_up else ""
    limit = "" if money.budget is None else f" of {money.budget:,.2f}"
    facts = [
        ("labels", f"{status.labels:,} of {of}{given_up}"),
        ("answers", f"{status.answers:,}" + (f", alpha {status.alpha:.3f}" if status.alpha is not None else "")),
        ("money", f"{money.committed:,.2f} spent{limit}"),
        ("reserved", f"{money.reserved:,.2f}"),
        ("events", f"{status.events:,}"),
    ]
    if status.stopped_by is not None and status.ended is not None:
        facts.append(("ended", f"at {_time(status, status.ended)}, by {plain(status.stopped_by)}"))
    elif status.events == 0:
        facts.append(("", "nothing has happened yet"))
    return facts


def _model(status: Status) -> list[_Fact]:
    model = status.model
    if model is None:
        return []
    facts = []
    if model.version:
        accuracy = "not evaluated yet" if model.accuracy is None else f"{model.accuracy:.4f}"
        facts += [("model", f"version {model.version}, on {counted(model.labels, 'label')}"), ("accuracy", accuracy)]
    if model.training is not None:
        facts.append(("training", f"version {model.training}"))
    for at, each in enumerate(status.advice):
        facts.append(("" if at else "time to stop", f"{plain(each.rule)}, {counted(each.labels, 'label')}"))
    return facts


def _trouble(status: Status) -> list[_Fact]:
    odd = [
        f"{count:,} {what}"
        for count, what in (
            (status.expired, "overdue"), (status.late, "late"), (status.declined, "declined"), (status.abstained, "abstained"),
            (status.returned, "given back"), (status.repeated, "repeated"),
        )
        if count
    ]  # fmt: skip
    blocked = [each.name for each in status.annotators if each.verdict == "failed"]
    reopened = f", {counted(status.reopened, 'item')} opened again" if status.reopened else ""
    away = [each.name for each in status.annotators if each.away and not each.down]
    elsewhere = [each.name for each in status.annotators if not each.there and each.back is not None]
    gone = [each.name for each in status.annotators if not each.there and each.back is None]
    facts = [
        ("tasks", ", ".join(odd)),
        ("blocked", several(map(plain, blocked), len(blocked))),
        ("void", counted(status.voided, "answer") + reopened if status.voided else ""),
        ("not there", several(map(plain, elsewhere), len(elsewhere))),
        ("left for good", several(map(plain, gone), len(gone))),
        ("away", several(map(plain, away), len(away))),
        ("down", several(map(plain, status.down), len(status.down))),
        ("faults", f"{sum(status.faults.values()):,}" if status.faults else ""),
        ("on their way", counted(status.answers_under_way, "answer") if status.answers_under_way else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _items(status: Status, everything: bool) -> RenderableType:
    rows, left = _cut(status.open, everything)
    table = _table("open item", "open for", "answers so far", "who is at it")
    for item in rows:
        name = quoted(item.item) + (" (once more)" if item.labelled else " (again)" if item.reopened else "")
        table.add_row(*map(Text, (name, _time(status, status.at - item.since), _votes(item), _stage(item))))
    return _with_rest(table, f"and {left:,} more" if left else "")


def _stage(item: ItemOpen) -> str:
    """Return how far up an item is, in which round, and who is at it."""
    tier = "" if item.tier is None else f"tier {plain(item.tier)}"
    turn = "" if item.round is None else f"round {plain(item.round)}"
    stage, names = ", ".join(filter(None, (tier, turn))), several(map(plain, item.at_it), len(item.at_it))
    return ": ".join(filter(None, (stage, names)))


def _votes(item: ItemOpen) -> str:
    """Show the answers, the most frequent label first."""
    counts: dict[object, int] = {}
    for answer in item.answers:
        counts[answer.label] = counts.get(answer.label, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    return several((f"{quoted(label)} ({count})" if count > 1 else quoted(label) for label, count in ranked), len(ranked), 4)


def _people(status: Status, everything: bool) -> RenderableType:
    """Show who has which task: those who have been at theirs for longest first, and those who have none last."""
    ranked = sorted(status.annotators, key=lambda each: each.tasks[0].since if each.tasks else float("inf"))
    rows, left = _cut(ranked, everything)
    table = _table("annotator", "at item", "for", "lease", "answers")
    for each in rows:
        task = each.tasks[0] if each.tasks else None
        at_work = ("", "", "") if task is None else _at_work(status, task, len(each.tasks) - 1)
        table.add_row(*map(Text, (plain(each.name) + _condition(each), *at_work, f"{each.answers:,}")))
    busy = sum(bool(each.tasks) for each in ranked[len(rows) :])
    return _with_rest(table, f"and {left:,} more{f', {busy:,} of them at work' if busy else ''}" if left else "")


def _condition(each: AnnotatorAt) -> str:
    if each.verdict == "failed":
        return " (blocked)"
    if each.down or each.away:
        return " (down)" if each.down else " (away)"
    return "" if each.there else " (gone)" if each.back is None else " (not there)"


def _at_work(status: Status, task: TaskOpen, others: int) -> tuple[str, str, str]:
    """Return which task it is, and how many others there are beside it; for how long; and what is left of its lease."""
    left = "" if task.lease_until is None else f"{_time(status, max(0.0, task.lease_until - status.at))} left"
    beside = f" and {others:,} more" if others else ""
    return quoted(task.item) + beside, _time(status, status.at - task.since), "over" if task.over else left


def _time(status: Status, seconds: float) -> str:
    return f"{round(seconds * SECOND):,}us" if status.counted else format_duration(seconds)


def _cut(rows: Sequence[T], everything: bool) -> tuple[Sequence[T], int]:
    shown = len(rows) if everything or len(rows) == _SHOWN + 1 else _SHOWN
    return rows[:shown], max(0, len(rows) - shown)


def _table(*names: str) -> RichTable:
    table = RichTable(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=True, overflow="ellipsis")
    return table


def _with_rest(table: RichTable, rest: str) -> RenderableType:
    return Group(table, Text(rest, style="dim")) if rest else table
