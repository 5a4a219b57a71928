"""Strips: each run a dot, a row for each of those compared."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from scenarios.report.inks import FAINT, line
from scenarios.report.pictures.sheet import SMALL, cut, figures, plain, sheet

_ROW = 0.26
"""Inches of a row."""


class Strip(NamedTuple):
    """A row: its name, the figure of each run, and their mean with its interval; NaN for none."""

    name: str
    runs: tuple[float, ...]
    mean: float
    low: float
    high: float


def strips(rows: Sequence[Strip], across: str) -> Figure:
    """Return a figure of runs: faint dots, with their mean and its interval over them.

    Args:
        rows: at least one.
        across: what the horizontal axis shows.
    """
    figure, (axes,) = sheet(1, 0.75 + _ROW * len(rows))
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    for number, strip in enumerate(rows):
        count = len(strip.runs)
        # Beside each other by their seeds: what luck would place them by, the same figure always does.
        heights = [number + 0.3 * ((seed * 0.6180339887) % 1.0 - 0.5) if count > 1 else number for seed in range(count)]
        axes.plot(strip.runs, heights, "o", color=FAINT, markersize=3.2, alpha=0.7, markeredgewidth=0, gid="runs")
        if math.isfinite(strip.low) and math.isfinite(strip.high):
            axes.plot(
                [strip.low, strip.high], [number, number], color=line(0).color, linewidth=2.2, solid_capstyle="butt", gid="interval"
            )
        if math.isfinite(strip.mean):
            axes.plot([strip.mean], [number], "o", color=line(0).color, markersize=5, gid="mean")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [plain(cut(strip.name, 42)) for strip in rows], fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(across)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(figures([value for strip in rows for value in strip.runs]))
    return figure
