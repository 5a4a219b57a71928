"""What people see of a study: a table of means with their intervals, and what was found, in words."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text

from scenarios.aggregation.names import printable
from scenarios.brevity import in_few_letters
from scenarios.findings.findings import findings
from scenarios.findings.names import Names, names
from scenarios.measures.measure import Measure, measure_of
from scenarios.statistics.estimate import Estimate
from scenarios.study.called import settings_called
from scenarios.study.results import Results
from scenarios.wrapping import widths_of, wrapped

MOST_POINTS = 60
"""Points that are shown; of more, nobody reads a table in a terminal."""

_MARGIN = 3
"""Blanks that a column of the table has beside it; a line has one more."""

_FIGURES = ("accuracy", "label_accuracy", "labels", "cost", "simulated_seconds")
"""Figures that are told of every study, after its own."""

_HEADINGS = {
    "accuracy": "model\naccuracy, %",
    "macro_f1": "macro F1,\n%",
    "log_loss": "log loss",
    "label_accuracy": "labels\nright, %",
    "labels": "labels",
    "answers": "answers",
    "cost": "money",
    "simulated_seconds": "time",
}


class _Column(NamedTuple):
    """A measure as a column: its heading, and a figure for each point, with its interval and without."""

    heading: str
    full: list[str]
    bare: list[str]


def show_study(results: Results, console: Console) -> None:
    """Print a line for each point, with means over its runs and half their 95 % intervals; and what was found.

    Where there is little room, it is settings that take several lines, then intervals of figures that the study is not about are
    left out, then such figures altogether.
    """
    shown = range(min(len(results.points), MOST_POINTS))
    called = names(results)
    headings, settings = _settings(results, called, shown)
    columns = [_column(results, each, shown) for each in _told(results)]
    # Of a setting no more than its longest word need stand in a line.
    least = sum(min(max(map(len, column)), 14) for column in zip(headings, *settings, strict=True)) if headings else 0
    room = console.width - 1 - _MARGIN * len(headings)
    cells, left_out = _fitted(columns, room - least)
    widths = widths_of([list(column) for column in zip(headings, *settings, strict=True)], room - sum(map(_width, cells)))
    table = RichTable(title=Text(_title(results)), title_justify="left", box=SIMPLE)
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(escape(wrapped(heading, width)), overflow="fold")
    for cell in cells:
        table.add_column(cell[0], justify="right", no_wrap=True)
    before: list[str] = []
    for at, values in enumerate(settings):
        texts = [escape(wrapped(value, width)) for value, width in zip(_without_repetition(values, before), widths, strict=True)]
        table.add_row(*texts, *(cell[1 + at] for cell in cells))
        before = values
    console.print(table)
    _say_what_is_not_there(results, called, left_out, console)
    _say_what_was_found(results, console)


def _told(results: Results) -> list[Measure]:
    """Return what there is to tell: the study's own measure, and others that differ between runs."""
    keys = [results.measure, *(key for key in _FIGURES if key != results.measure)]
    some = [key for key in keys if any(row[key] is not None for row in results.rows)]
    # What is the same in every run needs no column.
    differing = [key for key in some if key == results.measure or len({row[key] for row in results.rows} - {None}) > 1]
    return [measure_of(key) for key in differing or some]


def _settings(results: Results, called: Names, shown: range) -> tuple[list[str], list[list[str]]]:
    """Return the names of the dials that have several values, and for each point what is set there."""
    settings = settings_called(results, called)
    rows = [[printable(levels[point]) for levels in settings.values()] for point in shown]
    return [printable(called.dials[path]) for path in settings], rows


def _column(results: Results, measure: Measure, shown: range) -> _Column:
    means = results.estimates(measure.key)[: len(shown)]
    digits = measure.unit.fineness([mean for mean, _ in means if math.isfinite(mean)], [half for _, half in means])
    heading = _HEADINGS[measure.key]
    return _Column(heading, [_figure(measure, each, digits) for each in means], [_mean(measure, each, digits) for each in means])


def _mean(measure: Measure, estimate: Estimate, digits: int) -> str:
    return "-" if math.isnan(estimate.mean) else measure.unit.written(estimate.mean, digits)


def _figure(measure: Measure, estimate: Estimate, digits: int) -> str:
    half = f" \u00b1 {measure.unit.written(estimate.half_width, digits)}" if estimate.half_width > 0 else ""
    return f"{_mean(measure, estimate, digits)}{half}"


def _fitted(columns: Sequence[_Column], room: int) -> tuple[list[list[str]], int]:
    """Return columns, heading first, as full as there is room for, and how many are left out; the first is always full."""
    full = [[each.heading, *each.full] for each in columns]
    if sum(map(_width, full)) <= room:
        return full, 0
    cells = full[:1] + [[each.heading, *each.bare] for each in columns[1:]]
    while len(cells) > 1 and sum(map(_width, cells)) > room:
        cells.pop()
    return cells, len(columns) - len(cells)


def _width(cells: Sequence[str]) -> int:
    return _MARGIN + max(len(line) for cell in cells for line in cell.split("\n"))


def _title(results: Results) -> str:
    runs_of = Counter(row["point"] for row in results.rows)
    counts = [runs_of[point] for point in range(len(results.points))] or [0]
    least, most = min(counts), max(counts)
    runs = f"{least:,} to {most:,}" if 0 < least < most else f"{max(most, 1):,}"
    return f"{printable(results.name)}: means of {runs} runs, with 95 % intervals"


def _without_repetition(values: Sequence[str], before: Sequence[str]) -> list[str]:
    """Return what is set at a point, without what stands in the line before, from the left; the last dial is always told."""
    same = 0
    while same < len(values) - 1 and same < len(before) and values[same] == before[same]:
        same += 1
    return [""] * same + [*values[same:]]


def _say_what_is_not_there(results: Results, called: Names, left_out: int, console: Console) -> None:
    told = results.told()
    for path in results.dials:
        if path not in told and results.points:
            what = printable(f"{called.dials[path]}: {in_few_letters(results.points[0][path])}")
            console.print(Text(f"everywhere {what}", style="dim"))
    if len(results.points) > MOST_POINTS:
        console.print(Text(f"and {len(results.points) - MOST_POINTS:,} more settings, in the table of results", style="dim"))
    if left_out:
        console.print(Text(f"for want of room {left_out} {'figure is' if left_out == 1 else 'figures are'} left out", style="dim"))


def _say_what_was_found(results: Results, console: Console) -> None:
    found = findings(results)
    for each in found.sentences:
        console.print(Text(printable(each)))
    for each in found.remarks:
        console.print(Text(printable(each), style="dim"))
