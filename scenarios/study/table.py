"""What people see of a study: a table of means, with their intervals."""

import math

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from bus.duration import format_duration
from scenarios.brevity import in_few_letters
from scenarios.statistics.estimate import Estimate
from scenarios.study.results import Results
from scenarios.wrapping import widths_of, wrapped

_MARGIN = 3
"""Blanks that a column of the table has beside it; a line has one more."""


def show_study(results: Results, console: Console) -> None:
    """Print a line for each point of the grid: means over its runs, and half their 95 % intervals."""
    table = RichTable(
        title=f"{escape(results.name)}: means of {results.seeds} runs, with 95 % intervals", title_justify="left", box=SIMPLE
    )
    rows = results.rows
    # Where there is little room, it is the settings that take several lines: a figure cut short says nothing.
    headings = ["\n".join(path.split(".")[-2:]) for path in results.dials]
    settings = [[in_few_letters(value) for value in settings.values()] for settings in results.points]
    # What is the same in every run needs no column.
    told = [measure for measure in _STUDY_COLUMNS if any(row[measure] is not None for row in rows)]
    measures = [measure for measure in told if len({row[measure] for row in rows} - {None}) > 1] or told
    figures = [[_with_interval(measure, each) for each in results.estimates(measure)] for measure in measures]
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
