"""Trends: a measure over the numbers that a dial is set to, a line for each of several."""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from scenarios.report.inks import line
from scenarios.report.pictures.bands import legend
from scenarios.report.pictures.sheet import cut, figures, plain, sheet
from scenarios.report.pictures.spread import End, name_ends

_APART = 0.16
"""Over how much of the way from one value to the next lines stand beside each other."""

_TICKS = 8
"""Values that are all written below the axis; of more, round numbers are."""


class Trend(NamedTuple):
    """A line: its name, and at which values (by their numbers) it has which mean and interval; NaN for no interval."""

    name: str
    at: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Field(NamedTuple):
    """A panel: its title and its lines."""

    title: str
    trends: tuple[Trend, ...]


class Axis(NamedTuple):
    """The horizontal axis: the dial, the numbers that it is set to, and whether they are told by their ratios."""

    name: str
    values: tuple[float, ...]
    log: bool = False


def trends(fields: Sequence[Field], across: Axis, up: str, columns: int = 3) -> Figure:
    """Return a figure of means with their intervals over a dial.

    Args:
        fields: at least one.
        across: the horizontal axis of all.
        up: what the vertical axes show.
        columns: panels beside each other, at most.
    """
    single = len(fields) == 1
    figure, every = sheet(len(fields), 3.0 if single else 2.3, columns)
    names = [*dict.fromkeys(trend.name for field in fields for trend in field.trends)]
    columns = max(1, min(columns, len(fields)))
    for number, (axes, field) in enumerate(zip(every, fields, strict=True)):
        places = [_place(across, place, names) for place in range(len(names))]
        _draw(axes, field, names, places)
        _ticks(axes, across)
        axes.yaxis.set_major_formatter(figures([value for trend in field.trends for value in trend.mean]))
        if number + columns >= len(fields):
            axes.set_xlabel(plain(across.name))
    if len(fields) <= columns:
        every[0].set_ylabel(up)
    else:
        figure.supylabel(up, fontsize=9)
    if len(names) > 1 and single:
        ends = [_end(trend, _place(across, names.index(trend.name), names), names) for trend in fields[0].trends]
        name_ends(figure, every[0], [end for end in ends if end is not None])
    elif len(names) > 1:
        legend(figure, {cut(name, 60): _key(place) for place, name in enumerate(names)})
    return figure


def _draw(axes: Axes, field: Field, names: Sequence[str], places: Sequence[list[float]]) -> None:
    axes.set_title(plain(field.title, 30))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    for trend in field.trends:
        number = names.index(trend.name)
        how, xs = line(number), [places[number][at] for at in trend.at]
        for x, low, high in zip(xs, trend.low, trend.high, strict=True):
            if math.isfinite(low) and math.isfinite(high):
                axes.plot([x, x], [low, high], color=how.color, linewidth=1.2, alpha=0.8, solid_capstyle="butt", gid="interval")
        axes.plot(
            xs, trend.mean, color=how.color, marker=how.marker, markersize=4.2, linewidth=1.2,
            linestyle=how.dashes, label=plain(trend.name), gid="trend",
        )  # fmt: skip


def _place(across: Axis, number: int, names: Sequence[str]) -> list[float]:
    """Return where a line's values stand, a little beside those of others."""
    if across.log or len(names) < 2:
        return [*across.values]
    ordered = sorted(across.values)
    gap = min((high - low for low, high in itertools.pairwise(ordered)), default=0.0)
    shift = gap * _APART * (number / (len(names) - 1) - 0.5)
    return [value + shift for value in across.values]


def _ticks(axes: Axes, across: Axis) -> None:
    if across.log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    if len(across.values) <= _TICKS:
        axes.xaxis.set_major_locator(FixedLocator([*across.values]))
    axes.xaxis.set_major_formatter(figures(across.values))


def _end(trend: Trend, places: list[float], names: Sequence[str]) -> End | None:
    known = [(places[at], mean) for at, mean in zip(trend.at, trend.mean, strict=True) if math.isfinite(mean)]
    return End(*max(known), trend.name, line(names.index(trend.name))) if known else None


def _key(number: int) -> Line2D:
    how = line(number)
    return Line2D([], [], color=how.color, marker=how.marker, markersize=4.2, linestyle=how.dashes)
