"""What people see of a what-if: both campaigns side by side, and whose labels changed."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from agents.messages import Label
from bus.duration import format_duration
from scenarios.history.phrases import plain
from scenarios.stopping import Advised
from scenarios.whatif.outcome import Change, WhatIf

LOOPS = {
    "open": "open loop: the recorded answers, counted otherwise; nothing else can have changed",
    "closed": "closed loop: the campaign, run again",
}
"""What a loop is, in a few words."""

_SHOWN_CHANGES = 8

_FIGURES: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("accuracy", "accuracy", "{:.4f}".format),
    ("macro_f1", "macro F1", "{:.4f}".format),
    ("labels", "labels", "{:,}".format),
    ("label_accuracy", "labels right", "{:.1%}".format),
    ("given_up", "without a label", "{:,}".format),
    ("answers", "answers", "{:,}".format),
    ("positions", "positions", "{:,}".format),
    ("wrong_to_right", "minds to the better", "{:,}".format),
    ("right_to_wrong", "minds to the worse", "{:,}".format),
    ("alpha", "agreement (alpha)", "{:.3f}".format),
    ("unanimous", "unanimous", "{:.0%}".format),
    ("cost", "money", "{:,.2f}".format),
    ("simulated_seconds", "simulated time", format_duration),
    ("staleness", "staleness", "{:.1f}".format),
)

_OF_TALK = {"positions", "wrong_to_right", "right_to_wrong"}
"""Figures that are left out where nobody talked anything over."""


def show_what_if(what_if: WhatIf, overrides: Mapping[str, Any], console: Console) -> None:
    """Print what was, beside what would have been."""
    parts: list[RenderableType] = [Text(LOOPS[what_if.loop], style="bold"), _figures(what_if)]
    support = what_if.support
    if support is not None:
        missing = f"{support.missing:,} of {support.wanted:,} answers asked for ({support.share_missing:.1%}) were never given"
        style = "yellow" if support.missing else ""
        parts.append(Text(missing + (f", and {support.undecided:,} items got no label for it" if support.undecided else ""), style))
    parts.append(Text(_changes_in_words(what_if), style="bold"))
    if what_if.changes:
        parts.append(_changes(what_if.changes))
    changed = ", ".join(f"{path} = {_brief(value)}" for path, value in overrides.items())
    console.print(Panel(Group(*parts), title=escape(f"what if {changed}"), title_align="left", padding=(0, 2)))


def _figures(what_if: WhatIf) -> RichTable:
    table = RichTable(box=SIMPLE, pad_edge=False)
    for column in ("", "as it was", "what if", "difference"):
        table.add_column(column, justify="left" if not column else "right")
    before = what_if.before.model_dump()
    for key, name, write in _FIGURES:
        was, would = before[key], what_if.figures.get(key)
        if (was is None and would is None) or (key in _OF_TALK and not was and not would):
            continue
        table.add_row(name, _write(was, write), _write(would, write), _difference(key, was, would, write))
    _add_rules(table, _labels_by_rule(before), _labels_by_rule(what_if.figures))
    return table


def _labels_by_rule(figures: Mapping[str, Any]) -> dict[str, int | None]:
    """Return at how many labels, seeds too, each stop rule fired, as far as figures tell of rules; None if it did not."""
    advised = [Advised(*each) for each in figures.get("advised", ())]
    return {**{each.rule: each.labels for each in advised}, **dict.fromkeys(figures.get("not_reached", ()))}


def _add_rules(table: RichTable, was: Mapping[str, int | None], would: Mapping[str, int | None]) -> None:
    if was or would:
        table.add_row("stop at labels, seeds too")
    for rule in {**was, **would}:
        before, after = was.get(rule), would.get(rule)
        difference = "" if before is None or after is None or before == after else f"{after - before:+,d}"
        cells = ("-" if rule not in each else "not reached" if each[rule] is None else f"{each[rule]:,}" for each in (was, would))
        table.add_row(f"  {escape(plain(rule))}", *cells, difference)


def _write(value: Any, write: Callable[[Any], str]) -> str:
    return "-" if value is None else write(value)


def _difference(key: str, was: Any, would: Any, write: Callable[[Any], str]) -> str:
    if was is None or would is None or was == would:
        return ""
    if key in ("label_accuracy", "unanimous"):
        return f"{100 * (would - was):+.1f} points"
    return ("+" if would > was else "-") + write(abs(would - was))


def _changes_in_words(what_if: WhatIf) -> str:
    both = sum(change.before is not None and change.after is not None for change in what_if.changes)
    lost = sum(change.after is None for change in what_if.changes)
    won = len(what_if.changes) - both - lost
    parts = [
        f"{both:,} with another label" if both else "",
        f"{won:,} labelled that had none" if won else "",
        f"{lost:,} labelled no more" if lost else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"items that changed: {len(what_if.changes):,}" + (f" ({told})" if told else "")


def _changes(changes: list[Change]) -> RichTable:
    table = RichTable.grid(padding=(0, 2))
    # Another label says more than one more or one less.
    telling = sorted(changes, key=lambda change: change.before is None or change.after is None)
    for change in telling[:_SHOWN_CHANGES]:
        table.add_row(escape(str(change.item)), escape(_label(change.before)), "→", escape(_label(change.after)))
    if len(changes) > _SHOWN_CHANGES:
        table.add_row(Text(f"and {len(changes) - _SHOWN_CHANGES:,} more", style="dim"))
    return table


def _label(label: Label | None) -> str:
    return "none" if label is None else str(label)


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        dials = ", ".join(f"{key} {each}" for key, each in value.items() if key != "kind")
        return f"{value.get('kind', '')} {dials}".strip()
    return str(value).lower() if isinstance(value, bool) else str(value)
