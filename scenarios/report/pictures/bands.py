"""Bands: curves with their means and intervals, a panel for each place or each axis."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from scenarios.report.inks import FAINT, Line, line
from scenarios.report.pictures.sheet import SMALL, cut, figures, plain, sheet
from scenarios.report.pictures.spread import End, name_ends

_SHADE = 0.2
"""How much a band hides of what is behind it, where there are few of them."""

_LEGEND_ROW = 0.17
"""Inches of a row of names above the panels."""

_ROOM = 0.3
"""How far bands are seen beyond all means, as a share of the range of these."""

Floats = NDArray[np.float64]


class Curve(NamedTuple):
    """A curve.

    Attributes:
        name: as it is read.
        x, mean, low, high: where it was measured, the means there and their intervals; shape (points,) each.
        number: of the way it is drawn, from 0; None for one that stands back and is not named.
    """

    name: str
    x: Floats
    mean: Floats
    low: Floats
    high: Floats
    number: int | None


class Panel(NamedTuple):
    """A panel: its title, what its horizontal axis shows, and its curves."""

    title: str
    across: str
    curves: tuple[Curve, ...]


def bands(panels: Sequence[Panel], up: str, columns: int = 3, target: float | None = None) -> Figure:
    """Return a figure of curves with bands.

    Names stand at the ends of the curves where there is one panel, and above all panels where there are several.

    Args:
        panels: at least one.
        up: what the vertical axes show.
        columns: panels beside each other, at most.
        target: a value that is to be reached; None for none.
    """
    single = len(panels) == 1
    alike = "both" if len({panel.across for panel in panels}) == 1 else "y"
    figure, every = sheet(len(panels), 3.1 if single else 2.2, columns, alike=alike)
    columns = max(1, min(columns, len(panels)))
    for number, (axes, panel) in enumerate(zip(every, panels, strict=True)):
        _draw(axes, panel, target)
        if alike == "y" or number + columns >= len(panels):
            axes.set_xlabel(panel.across)
    _frame(every, panels)
    if len(panels) <= columns:
        every[0].set_ylabel(up)
    else:
        figure.supylabel(up, fontsize=9)
    named = [curve for curve in panels[0].curves if curve.number is not None]
    if single:
        ends = [_end(curve) for curve in named if curve.x.size]
        if target is not None:
            ends.append(End(max((end.x for end in ends), default=1.0), target, "target", Line(FAINT, "", (0, (1, 2)))))
        name_ends(figure, every[0], ends)
    elif len(named) > 1 or target is not None:
        _legend(figure, panels, target)
    return figure


def _draw(axes: Axes, panel: Panel, target: float | None) -> None:
    axes.set_title(plain(panel.title, 30))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if target is not None:
        axes.axhline(target, color=FAINT, linewidth=1.0, linestyle=(0, (1, 2)), gid="target")
    # Many bands over each other would hide what they surround.
    shade = _SHADE / max(1.0, sum(curve.number is not None for curve in panel.curves) / 3)
    for curve in sorted(panel.curves, key=lambda each: each.number is not None):
        if curve.number is None:
            axes.plot(curve.x, curve.mean, color=FAINT, linewidth=0.6, alpha=0.7)
            continue
        how = line(curve.number)
        axes.fill_between(curve.x, curve.low, curve.high, color=how.color, alpha=shade, linewidth=0)
        axes.plot(
            curve.x, curve.mean, color=how.color, linestyle=how.dashes, linewidth=1.4, marker=how.marker, markersize=3.4,
            markevery=_every(curve), label=plain(curve.name),
        )  # fmt: skip
    axes.margins(x=0.02)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    ends = [value for curve in panel.curves for value in curve.x[-1:]]
    axes.xaxis.set_major_formatter(figures(ends))
    axes.yaxis.set_major_formatter(figures([value for curve in panel.curves for value in curve.mean]))


def _frame(every: Sequence[Axes], panels: Sequence[Panel]) -> None:
    """Keep to what the means show: a band of two runs may reach beyond all that is possible."""
    means = np.concatenate([curve.mean[np.isfinite(curve.mean)] for panel in panels for curve in panel.curves] or [np.zeros(0)])
    if not means.size:
        return
    low, high = float(means.min()), float(means.max())
    room = _ROOM * (high - low)
    for axes in every:
        bottom, top = axes.get_ylim()
        if high > low:
            axes.set_ylim(max(bottom, low - room), min(top, high + room))


def _every(curve: Curve) -> tuple[int, int]:
    """Return which points of a curve are marked: not the same ones on each, that none hides another."""
    step = max(1, len(curve.x) // 6)
    return (curve.number or 0) * max(1, step // 4) % step, step


def _end(curve: Curve) -> End:
    known = np.flatnonzero(np.isfinite(curve.mean))
    at = int(known[-1]) if known.size else -1
    return End(float(curve.x[at]), float(curve.mean[at]), curve.name, line(curve.number or 0))


def _legend(figure: Figure, panels: Sequence[Panel], target: float | None) -> None:
    keys: dict[str, Line2D] = {}
    for panel in panels:
        for curve in panel.curves:
            if curve.number is not None:
                how = line(curve.number)
                name = plain(cut(curve.name, 60))
                keys[name] = Line2D([], [], color=how.color, linestyle=how.dashes, marker=how.marker, markersize=3.4)
    if target is not None:
        keys["target"] = Line2D([], [], color=FAINT, linewidth=1.0, linestyle=(0, (1, 2)))
    legend(figure, keys)


def legend(figure: Figure, keys: dict[str, Line2D]) -> None:
    """Name lines and marks above all panels, in as many columns as there is room for."""
    longest = max(map(len, keys)) * SMALL * 0.6 / 72 + 0.6
    rows = math.ceil(len(keys) / max(1, int(figure.get_figwidth() / longest)))
    columns = math.ceil(len(keys) / rows)
    # What is written above the panels takes nothing from them.
    figure.set_figheight(figure.get_figheight() + rows * _LEGEND_ROW)
    figure.legend([*keys.values()], [*keys], loc="outside upper left", ncols=columns, handlelength=3.2, fontsize=SMALL)
