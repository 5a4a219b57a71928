"""Dots: a measure for each of several settings that are no numbers, a row for each, and a mark for each of those compared."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from scenarios.report.inks import line
from scenarios.report.pictures.bands import legend
from scenarios.report.pictures.sheet import SMALL, cut, figures, plain, sheet

_ROW, _MARK = 0.17, 0.085
"""Inches between rows, and of a mark within a row."""


class Spot(NamedTuple):
    """A mark: its row, whose it is, its mean and interval; NaN for none."""

    row: str
    name: str
    mean: float
    low: float
    high: float


class Plot(NamedTuple):
    """A panel: its title and its marks."""

    title: str
    spots: tuple[Spot, ...]


def dots(plots: Sequence[Plot], across: str, down: str = "", columns: int = 3) -> Figure:
    """Return a figure of means with their intervals.

    Args:
        plots: at least one.
        across: what the horizontal axes show.
        down: what the rows are.
        columns: panels beside each other, at most.
    """
    rows = [*dict.fromkeys(spot.row for plot in plots for spot in plot.spots)]
    names = [*dict.fromkeys(spot.name for plot in plots for spot in plot.spots)]
    height = 0.7 + len(rows) * (_ROW + _MARK * max(1.0, len(names)))
    figure, every = sheet(len(plots), height, columns)
    for axes, plot in zip(every, plots, strict=True):
        _draw(axes, plot, rows, names)
        axes.xaxis.set_major_locator(MaxNLocator(4 if len(plots) > 1 else 7))
        axes.xaxis.set_major_formatter(figures([spot.mean for spot in plot.spots]))
    figure.supxlabel(plain(across), fontsize=9)
    if down:
        figure.supylabel(plain(down, 24), fontsize=9)
    if len(names) > 1:
        legend(figure, {cut(name, 60): _key(number) for number, name in enumerate(names)})
    return figure


def _draw(axes: Axes, plot: Plot, rows: Sequence[str], names: Sequence[str]) -> None:
    axes.set_title(plain(plot.title, 26))
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    step = _MARK / (_ROW + _MARK * max(1, len(names)))
    for spot in plot.spots:
        number = names.index(spot.name)
        y, how = rows.index(spot.row) + step * (number - (len(names) - 1) / 2), line(number)
        if math.isfinite(spot.low) and math.isfinite(spot.high):
            axes.plot([spot.low, spot.high], [y, y], color=how.color, linewidth=1.3, solid_capstyle="butt", gid="interval")
        if math.isfinite(spot.mean):
            axes.plot([spot.mean], [y], how.marker, color=how.color, markersize=4.2, gid="mean")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [plain(cut(row, 40), 40) for row in rows], fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _key(number: int) -> Line2D:
    how = line(number)
    return Line2D([], [], color=how.color, marker=how.marker, markersize=4.2, linewidth=1.3)
