"""Clouds: points drawn from ranges, a measure over each of several dials."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from scenarios.report.inks import FAINT, line
from scenarios.report.pictures.bands import legend
from scenarios.report.pictures.sheet import cut, figures, plain, sheet


class Dot(NamedTuple):
    """A point of a sample: the values of a dial and of the measure there, and which of several it is one of."""

    x: float
    y: float
    number: int


class Cloud(NamedTuple):
    """A panel: the dial, its points, the corners of the trend through them with its interval, and whether it goes by ratios."""

    across: str
    dots: tuple[Dot, ...]
    trend: tuple[tuple[float, float, float, float], ...]
    log: bool = False


def clouds(every: Sequence[Cloud], up: str, names: Sequence[str] = (), columns: int = 3) -> Figure:
    """Return a figure of points drawn from ranges: the measure over each dial, and its means over parts of equal size.

    Args:
        every: a panel each, at least one.
        up: what the vertical axes show.
        names: of the several that points are of; none for one.
        columns: panels beside each other, at most.
    """
    figure, panels = sheet(len(every), 2.6, columns, alike="y")
    for number, (axes, cloud) in enumerate(zip(panels, every, strict=True)):
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        for which in sorted({dot.number for dot in cloud.dots}):
            how, some = line(which), [dot for dot in cloud.dots if dot.number == which]
            axes.plot(
                [dot.x for dot in some], [dot.y for dot in some], how.marker, color=how.color, markersize=3.2, alpha=0.65,
                markeredgewidth=0, gid="dots",
            )  # fmt: skip
        if cloud.trend:
            xs, means, lows, highs = zip(*cloud.trend, strict=True)
            axes.fill_between(xs, lows, highs, color=FAINT, alpha=0.3, linewidth=0)
            axes.plot(xs, means, color=FAINT, linewidth=1.6, gid="trend")
        if cloud.log:
            axes.set_xscale("log")
            axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel(plain(cloud.across, 30))
        axes.xaxis.set_major_formatter(figures([dot.x for dot in cloud.dots]))
        axes.yaxis.set_major_formatter(figures([dot.y for dot in cloud.dots]))
        if number % columns == 0:
            axes.set_ylabel(up)
    if len(names) > 1:
        legend(figure, {cut(name, 60): _key(number) for number, name in enumerate(names)})
    return figure


def _key(number: int) -> Line2D:
    how = line(number)
    return Line2D([], [], color=how.color, marker=how.marker, markersize=4.2, linestyle="none")
