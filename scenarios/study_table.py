"""What people see of a study: a table of means, with their intervals."""

import math
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from bus.duration import format_duration
from scenarios.grid import Row
from scenarios.statistics import Estimate
from scenarios.study import Plan, estimates
from scenarios.wrapping import widths_of, wrapped

_MARGIN = 3
"""Blanks that a column of the table has beside it; a line has one more."""


def show_study(rows: Sequence[Row], plan: Plan, console: Console) -> None:
    """Print a line for each point of the grid: means over its runs, and half their 95 % intervals."""
    seeds = plan.study.seeds
    table = RichTable(
        title=f"{escape(plan.study.name)}: means of {seeds} runs, with 95 % intervals", title_justify="left", box=SIMPLE
    )
    # Where there is little room, it is the settings that take several lines: a figure cut short says nothing.
    headings = ["\n".join(path.split(".")[-2:]) for path in plan.study.vary]
    settings = [[in_few_letters(value) for value in point.settings.values()] for point in plan.points]
    # What is the same in every run needs no column.
    told = [measure for measure in _STUDY_COLUMNS if any(row[measure] is not None for row in rows)]
    measures = [measure for measure in told if len({row[measure] for row in rows} - {None}) > 1] or told
    figures = [[_with_interval(measure, each) for each in estimates(rows, plan, measure)] for measure in measures]
    taken = [
        max(map(len, [*_STUDY_COLUMNS[measure].split("\n"), *column])) for measure, column in zip(measures, figures, strict=True)
    ]
    room = console.width - _MARGIN * (len(headings) + len(taken)) - 1 - sum(taken)
    widths = widths_of([list(column) for column in zip(headings, *settings, strict=True)], room)
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(escape(wrapped(heading, width)), overflow="fold")
    for measure in measures:
        table.add_column(_STUDY_COLUMNS[measure], justify="right", no_wrap=True)
    for at, values in enumerate(settings):
        texts = [escape(wrapped(value, width)) for value, width in zip(values, widths, strict=True)]
        table.add_row(*texts, *(column[at] for column in figures))
    console.print(table)


_STUDY_COLUMNS = {
    "accuracy": "model\naccuracy",
    "label_accuracy": "labels\nright",
    "labels": "labels",
    "cost": "money",
    "simulated_seconds": "time",
}


def _with_interval(measure: str, estimate: Estimate) -> str:
    mean, half_width = estimate
    if math.isnan(mean):
        return "-"
    if measure == "simulated_seconds":
        return format_duration(mean)
    digits = 3 if abs(mean) <= 1 else 0 if mean == int(mean) else 1
    return f"{mean:,.{digits}f}" + (f" \u00b1 {half_width:,.{digits}f}" if half_width > 0 else "")


def in_few_letters(value: object) -> str:
    """Write a value of a scenario in few letters: a component by its kind and dials, and what it holds in brackets."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_few_letters, value))}]"
    if not isinstance(value, dict):
        return str(value)
    dials = ", ".join(_dial(key, each) for key, each in value.items() if key != "kind")
    # Of a dotted path, the name of the class says enough.
    return f"{str(value.get('kind', '')).rpartition('.')[2]} {dials}".strip()


def _dial(key: str, value: object) -> str:
    if isinstance(value, bool):
        return key if value else f"not {key}"
    return f"{key} ({in_few_letters(value)})" if isinstance(value, dict) and len(value) > 1 else f"{key} {in_few_letters(value)}"
