"""What people see of a comparison: a table measure by measure, what is real and what is not, and how to read it."""

import math
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.aggregation.names import cut, printable
from scenarios.compare.contest import Contest, described
from scenarios.compare.verdict import Comparison, Difference, Standing
from scenarios.compare.wording import reading, sentences, terms
from scenarios.measures.measure import Measure
from scenarios.measures.unit import SHARE, Unit
from scenarios.statistics.estimate import Estimate

STYLES = {"real": "bold green", "not yet": "yellow", "the same": "dim", "no pairs": "red"}

_Line = tuple[str, str, str, str, str]
"""Name, mean, difference, interval, verdict."""

_HEAD: _Line = ("", "mean", "difference", "interval", "")


def show_comparison(contest: Contest, comparison: Comparison, console: Console) -> None:
    """Print a comparison.

    Args:
        contest: who took part.
        comparison: what came of it.
        console: where to.
    """
    seeds = "1 seed" if comparison.seeds == 1 else f"{comparison.seeds:,} seeds"
    console.print(Text.assemble((printable(contest.name), "bold"), f": the same people and items for each, {seeds}"))
    _print_contenders(contest, console)
    shown = [measure for measure in comparison.measures() if comparison.value(measure) is None]
    blocks = [(measure, _block(comparison, measure)) for measure in shown]
    lines = [_HEAD, *(line for _, block in blocks for line in block)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(5)]
    # Where there is little room it is names that are cut: a figure cut short says nothing.
    widths[0] = max(min(widths[0], console.width - sum(widths[1:]) - 10), 8)
    if blocks:
        console.print()
        console.print(Text(_aligned(_HEAD, widths).plain, style="dim"), soft_wrap=True)
    for measure, block in blocks:
        unit = f", {measure.unit.name}" if measure.unit.name else ""
        console.print(Text.assemble((measure.title, "bold"), (unit, "dim")))
        for line in block:
            console.print(_aligned(line, widths), soft_wrap=True)
    _print_constant(comparison, console)
    for standing in comparison.standings[1:]:
        _print_sentences(comparison, standing, console)
    console.print()
    for each in terms(comparison):
        console.print(Text(each))
    console.print(Text(reading(comparison), style="dim"))


def _print_contenders(contest: Contest, console: Console) -> None:
    width = max(cell_len(each.name) for each in contest.contenders)
    for each in contest.contenders:
        what = printable(described(each))
        if what != each.name:
            line = Text.assemble("  ", (each.name.ljust(width), "cyan"), "  ", cut(what, max(console.width - width - 4, 20)))
            console.print(line, soft_wrap=True)


def _print_constant(comparison: Comparison, console: Console) -> None:
    """Print what is the same in every run."""
    parts = []
    for measure in comparison.measures():
        value = comparison.value(measure)
        # Where nobody talks, nobody changes their mind, and where nobody is paid, nothing costs anything: that is no news.
        if value is not None and (value or measure.key == "labels"):
            figure = measure.unit.written(value, measure.unit.fineness([value], []))
            parts.append(f"{measure.title} {figure}{'%' if measure.unit is SHARE else ''}")
    if parts:
        console.print(Text.assemble("\n", ("the same in every run", "bold"), f": {', '.join(parts)}"))


def _print_sentences(comparison: Comparison, standing: Standing, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verdict, text in sentences(comparison, standing.name):
        table.add_row(Text(verdict, style=STYLES[verdict]), Text(text))
    console.print(Text.assemble("\n", (standing.name, "bold cyan"), f" beside {comparison.against}"))
    if table.row_count:
        console.print(table)
    else:
        console.print(Text("nothing differs" if standing.runs else "no run", style="dim"))


def _block(comparison: Comparison, measure: Measure) -> list[_Line]:
    by_name = {each.name: each for each in comparison.differences if each.measure is measure}
    means = [each.means[measure.key] for each in comparison.standings]
    widths = [*(half for _, half in means), *(each.half_width for each in by_name.values())]
    figures = [*(mean for mean, _ in means), *(each.paired.mean for each in by_name.values())]
    digits = measure.unit.fineness(figures, widths)
    return [_line(each, measure, by_name.get(each.name), digits) for each in comparison.standings]


def _line(standing: Standing, measure: Measure, difference: Difference | None, digits: int) -> _Line:
    unit, mean = measure.unit, _mean(standing.means[measure.key], measure.unit, digits)
    if difference is None or not difference.paired.pairs:
        return standing.name, mean, "", "", "" if difference is None else difference.verdict
    by = unit.written(difference.paired.mean, digits, "+")
    if not difference.half_width > 0:
        return standing.name, mean, by, "in every pair" if difference.paired.pairs > 1 else "", difference.verdict
    interval = f"{unit.written(difference.low, digits, '+')} to {unit.written(difference.high, digits, '+')}"
    return standing.name, mean, by, interval, difference.verdict


def _mean(estimate: Estimate, unit: Unit, digits: int) -> str:
    mean, half = estimate
    if math.isnan(mean):
        return "-"
    return unit.written(mean, digits) + (f" ± {unit.written(half, digits)}" if half > 0 else "")


def _aligned(line: _Line, widths: Sequence[int]) -> Text:
    name, mean, by, interval, verdict = line
    cells = [_right(each, width) for each, width in zip((mean, by, interval), widths[1:4], strict=True)]
    name = cut(name, widths[0])
    name += " " * (widths[0] - cell_len(name))
    text = Text.assemble("  ", (name, "cyan"), "  ", "  ".join(cells), "  ", (verdict, STYLES.get(verdict, "")))
    text.rstrip()
    return text


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
