"""What people see of a plan: one table, a sentence and a command for each answer, and how they were found."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.aggregation.names import printable
from scenarios.planning.plan import Answer, Plan
from scenarios.planning.wording import cells, command, course, headline, heads, missing, nothing, sentence, terms, title
from scenarios.wrapping import widths_of, wrapped

_STYLES = {"cheapest": "bold green", "knee": "bold cyan", "fastest": "bold magenta", "nearest": "bold yellow"}
_BESIDE = 3
"""Blanks that a column of a table has beside it; a line has one more."""


def show_plan(plan: Plan, console: Console) -> None:
    """Print a plan.

    Args:
        plan: the plan.
        console: where to.
    """
    console.print(Text.assemble((printable(plan.space.name), "bold"), f": {headline(plan)}"))
    answers = plan.answers or ((plan.nearest,) if plan.nearest else ())
    for each in nothing(plan):
        console.print(Text(f"\n{each}", style="yellow") if each.startswith("Nothing") else Text(each))
    if answers:
        _print_table(plan, answers, console)
    for answer in answers:
        console.print(Text.assemble((title(answer), _style(answer)), printable(sentence(plan, answer)).removeprefix(title(answer))))
        console.print(Text(f"  {printable(command(plan, answer))}", style="dim"), soft_wrap=True)
    for each in [*missing(plan), *terms(plan), course(plan)]:
        console.print(Text(each, style="dim"))


def _print_table(plan: Plan, answers: Sequence[Answer], console: Console) -> None:
    """Print a row for each answer, or where there is no room for that, a column."""
    heading = [_broken(head) for head in heads(plan)]
    rows = [[printable(cell) for cell in cells(plan, answer)] for answer in answers]
    names = [title(answer) for answer in answers]
    flat = [["", *heading], *([name, *map(_broken_figure, row)] for name, row in zip(names, rows, strict=True))]
    across = [max(_width(line[place]) for line in flat) for place in range(len(flat[0]))]
    if sum(across) + _BESIDE * len(across) + 1 <= console.width:
        _print_rows(flat, [_style(answer) for answer in answers], console)
    else:
        turned = [["", *names], *([head, *row] for head, *row in zip(heads(plan), *rows, strict=True))]
        _print_turned(turned, [_style(answer) for answer in answers], console)


def _print_rows(lines: Sequence[Sequence[str]], styles: Sequence[str], console: Console) -> None:
    table = _table()
    for place, head in enumerate(lines[0]):
        table.add_column(Text(head, style="dim"), justify="left" if place < 2 else "right", no_wrap=True)
    for (name, *row), style in zip(lines[1:], styles, strict=True):
        table.add_row(Text(name, style=style), *map(Text, row))
    console.print(table)


def _print_turned(lines: Sequence[Sequence[str]], styles: Sequence[str], console: Console) -> None:
    widths = widths_of([*zip(*lines, strict=True)], console.width - _BESIDE * len(lines[0]) - 1)
    table = _table()
    for head, width, style in zip(lines[0], widths, ["", *styles], strict=True):
        table.add_column(Text(wrapped(head, width), style=style), overflow="fold")
    for line in lines[1:]:
        texts = [Text(wrapped(cell, width)) for cell, width in zip(line, widths, strict=True)]
        texts[0].stylize("dim")
        table.add_row(*texts)
    console.print(table)


def _table() -> Table:
    return Table(box=SIMPLE, padding=(0, 1), show_edge=False, pad_edge=True, title=None)


def _broken(head: str) -> str:
    """Return a heading in two lines, where it is long."""
    words, last = head.rsplit(" ", 1) if " " in head else ("", head)
    return f"{words}\n{last}".strip()


def _broken_figure(cell: str) -> str:
    """Return a figure with its interval below it."""
    for mark in (" ± ", " ("):
        if mark in cell and cell[0].isdigit():
            first, second = cell.split(mark, 1)
            return f"{first}\n{mark.lstrip()}{second}"
    return cell


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _style(answer: Answer) -> str:
    return _STYLES[answer.roles[0]]
