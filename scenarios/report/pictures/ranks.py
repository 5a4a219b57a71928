"""The diagram of critical differences (Demšar, 2006): mean ranks, and bars over those that do not differ."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.report.inks import FAINT, INK, line
from scenarios.report.pictures.sheet import SMALL, WIDE, cut, plain

_ROW, _BAR = 0.165, 0.085
"""Inches of a name, and of a bar."""

_LETTERS, _FEWER, _MANY = 30, 24, 20
"""Letters of a name, at most; and of one of so many names that the axis needs more room."""

_TICK = 0.27
"""Inches between two ranks on the axis that are told, at least."""

_TOP = 0.75
"""Inches for the axis and the critical difference above it."""


class Ranked(NamedTuple):
    """One of those that are ranked: its name, and the mean of its ranks."""

    name: str
    rank: float


def ranks(ranked: Sequence[Ranked], critical: float, groups: Sequence[tuple[float, float]], against: str | None = None) -> Figure:
    """Return the diagram, the best rank, 1, to the left.

    Args:
        ranked: two or more, in any order.
        critical: the critical difference.
        groups: the least and the greatest mean rank of each group whose members do not differ.
        against: the name of the one that is drawn heavier; None for none.
    """
    ordered = sorted(ranked, key=lambda each: each.rank)
    half = (len(ordered) + 1) // 2
    letters = _LETTERS if len(ordered) <= _MANY else _FEWER
    longest = min(letters, max(len(each.name) for each in ordered))
    # A name, its rank and what is between them.
    scale = _Scale(1.0, float(len(ordered)), 0.7 + 0.066 * max(14, longest))
    stacked = rows_of(groups, 0.14 * (scale.high - scale.low) / (WIDE - 2 * scale.side))
    bars = len(stacked)
    height = _TOP + bars * _BAR + 0.12 + half * _ROW + 0.08
    figure = Figure(figsize=(WIDE, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    # In inches, downwards from the top: names and lines then stand where they are put, whatever the ranks are.
    axes.set(xlim=(0, WIDE), ylim=(height, 0))
    _axis(axes, scale, critical)
    _bars(axes, scale, stacked)
    for place, each in enumerate(ordered):
        left = place < half
        row = place if left else len(ordered) - 1 - place
        y = _TOP + bars * _BAR + 0.17 + row * _ROW
        _name(axes, scale, y, each._replace(name=cut(each.name, letters)), left, each.name == against)
    return figure


class _Scale(NamedTuple):
    """The axis: from the best rank to the worst, and how many inches there are to either side of it."""

    low: float
    high: float
    side: float

    def x(self, rank: float) -> float:
        """Return the inches from the left at which a rank stands."""
        return self.side + (rank - self.low) / (self.high - self.low) * (WIDE - 2 * self.side)


def _axis(axes: Axes, scale: _Scale, critical: float) -> None:
    low, high = round(scale.low), round(scale.high)
    axes.plot([scale.x(low), scale.x(high)], [_TOP - 0.1] * 2, color=INK, linewidth=0.9)
    step = max(1, math.ceil(_TICK / (scale.x(low + 1) - scale.x(low))))
    for rank in range(low, high + 1):
        told = ((rank - low) % step == 0 and (rank == low or high - rank >= 0.6 * step)) or rank == high
        axes.plot([scale.x(rank)] * 2, [_TOP - 0.1 - (0.07 if told else 0.035), _TOP - 0.1], color=INK, linewidth=0.7)
        if told:
            axes.text(scale.x(rank), _TOP - 0.2, str(rank), ha="center", va="bottom", fontsize=SMALL)
    width = scale.x(low + critical) - scale.x(low)
    start, y = scale.side, 0.14
    end = min(start + width, WIDE - 1.6)
    whole = end == start + width
    axes.plot([start, end], [y, y], color=INK, linewidth=1.4, linestyle="solid" if whole else (0, (3, 1.5)), gid="critical")
    for x in (start, end) if whole else (start,):
        axes.plot([x, x], [y - 0.04, y + 0.04], color=INK, linewidth=0.9)
    words = f"CD {critical:.2f}" if whole else f"CD {critical:.2f}, longer than this"
    axes.text(end + 0.08, y, words, ha="left", va="center", fontsize=SMALL)
    axes.text(0.05, _TOP - 0.1, "mean rank", ha="left", va="center", fontsize=SMALL)
    axes.text(scale.side - 0.12, _TOP - 0.1, "best", ha="right", va="center", fontsize=SMALL)
    axes.text(WIDE - scale.side + 0.12, _TOP - 0.1, "worst", ha="left", va="center", fontsize=SMALL)


def rows_of(groups: Sequence[tuple[float, float]], gap: float = 0.0) -> list[list[tuple[float, float]]]:
    """Return groups by the row in which their bars stand: those that are not so far apart are in different ones."""
    rows: list[list[tuple[float, float]]] = []
    for group in sorted(groups):
        row = next((row for row in rows if row[-1][1] + gap < group[0]), None)
        if row is None:
            rows.append([group])
        else:
            row.append(group)
    return rows


def _bars(axes: Axes, scale: _Scale, stacked: Sequence[Sequence[tuple[float, float]]]) -> None:
    for number, row in enumerate(stacked):
        y = _TOP + 0.02 + number * _BAR
        for low, high in row:
            ends = [scale.x(low) - 0.04, scale.x(high) + 0.04]
            axes.plot(ends, [y, y], color=line(0).color, linewidth=2.6, solid_capstyle="butt", gid="group")


def _name(axes: Axes, scale: _Scale, y: float, each: Ranked, left: bool, heavy: bool) -> None:
    x = scale.x(each.rank)
    edge, away = (scale.side - 0.1, -0.05) if left else (WIDE - scale.side + 0.1, 0.05)
    color, width = (INK, 1.3) if heavy else (FAINT, 0.8)
    axes.plot([x, x, edge], [_TOP - 0.1, y, y], color=color, linewidth=width, solid_joinstyle="miter", zorder=1, gid="rank")
    axes.plot([x], [_TOP - 0.1], "o", color=color, markersize=2.5, zorder=3)
    name, rank = plain(each.name), f"{each.rank:.2f}"
    text = f"{name}  {rank}" if left else f"{rank}  {name}"
    axes.text(
        edge + away, y, text, ha="right" if left else "left", va="center", fontsize=SMALL,
        fontweight="bold" if heavy else "normal",
    )  # fmt: skip
