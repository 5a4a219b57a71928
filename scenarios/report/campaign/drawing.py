"""What the figures of a run have in common: sizes, units of time, names that are data, and heat maps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from agents.inference.answers import Floats
from bus.clock import SECOND
from scenarios.aggregation.names import cut, printable, shortened
from scenarios.report.inks import INK, SHADES

HALF, WIDE = 3.5, 7.2
"""Inches across: of a figure of half the page, and of one that takes all of it."""

NAME = 16
"""Columns of a name in a figure."""

_UNITS = ((86400.0 * 3, 86400.0, "days"), (3600.0 * 1.5, 3600.0, "hours"), (90.0, 60.0, "minutes"), (0.0, 1.0, "seconds"))


class Unit(NamedTuple):
    """A unit of time: microseconds of one, and what several are called."""

    microseconds: float
    name: str


def unit_of(end: float, counted: bool = False) -> Unit:
    """Return the unit in which a span of time is read best.

    Args:
        end: the span, in microseconds.
        counted: whether times only count answers.
    """
    if counted:
        return Unit(1.0, "answers")
    return next(Unit(size * SECOND, name) for least, size, name in _UNITS if end / SECOND >= least)


def figure(width: float, height: float) -> Figure:
    """Return a figure of so many inches, in which nothing overlaps."""
    return Figure(figsize=(width, height), layout="constrained")


def named(value: object, most: int = NAME) -> str:
    """Return a name out of data as a figure shows it: short, and on one line."""
    return shortened(printable(value), most) or '""'


def worded(value: object, most: int = 60) -> str:
    """Return a name out of data as a sentence or a table shows it: on one line, and not endless."""
    return cut(printable(value), most) or '""'


def in_percent(axes: Axes) -> None:
    """Show shares on the vertical axis."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.10g} %"))


def in_wholes(axes: Axes, number: int = 5) -> None:
    """Show whole numbers on the horizontal axis, their thousands parted."""
    axes.xaxis.set_major_locator(MaxNLocator(number, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def thousands(axes: Axes, wholes: bool = True) -> None:
    """Part the thousands on the vertical axis, and show nothing between whole numbers where there is nothing."""
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=wholes))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def heat_map(axes: Axes, shade: Floats, texts: Sequence[Sequence[str]], rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw a heat map with a text in each cell.

    Args:
        axes: where.
        shade: how bright each cell is, from 0 to 1, NaN for none; shape (rows, columns).
        texts: what stands in each cell.
        rows, columns: their names.
    """
    shades = colormaps[SHADES]
    axes.imshow(np.ma.masked_invalid(shade), cmap=shades, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    size = max(5.0, min(8.0, 72.0 / max(len(columns), 1)))
    for (row, column), value in np.ndenumerate(shade):
        ink = INK if np.isnan(value) else "white" if value < 0.55 else "black"
        axes.text(column, row, texts[row][column], ha="center", va="center", color=ink, fontsize=size)
    long = max((len(each) for each in columns), default=0) > 3
    axes.set_xticks(
        range(len(columns)), columns, rotation=45 if long else 0, ha="right" if long else "center", rotation_mode="anchor"
    )
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)
