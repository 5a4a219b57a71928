"""Fronts: what a measure costs, and those that nobody beats at both (Pareto, 1906)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from scenarios.report.inks import FAINT, INK, line
from scenarios.report.pictures.placing import Mark, around, place
from scenarios.report.pictures.sheet import figures, measuring, plain, settle, sheet


class Spot(NamedTuple):
    """One of those that are weighed.

    Attributes:
        name: as it is read.
        x, y: what it costs, and the measure.
        x_low, x_high, y_low, y_high: their intervals; NaN where there is none.
        front: whether nobody beats it at both.
    """

    name: str
    x: float
    y: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    front: bool


class Scene(NamedTuple):
    """A panel: its title, what its horizontal axis shows, and who is weighed there."""

    title: str
    across: str
    spots: tuple[Spot, ...]


_NAMED = 14
"""Spots up to which each must have its name; beyond, those of the front must, and others as far as there is room."""


def front(scenes: Sequence[Scene], up: str, higher_is_better: bool = True, columns: int = 2) -> Figure:
    """Return a figure of fronts, drawn as steps: between two spots, one has the measure of the cheaper.

    Args:
        scenes: at least one.
        up: what the vertical axes show.
        higher_is_better: whether more of the measure is better.
        columns: panels beside each other, at most.
    """
    figure, every = sheet(len(scenes), 3.4 if len(scenes) <= columns else 2.9, columns, alike="y")
    for number, (axes, scene) in enumerate(zip(every, scenes, strict=True)):
        _draw(axes, scene)
        axes.set_xlabel(scene.across)
        if number % max(1, min(columns, len(scenes))) == 0:
            axes.set_ylabel(up)
    for axes, scene in zip(every, scenes, strict=True):
        _stairs(axes, scene, higher_is_better)
    settle(figure)
    # Names are placed by where things stand, and so nothing is laid out again.
    figure.set_layout_engine("none")
    with measuring():
        for axes, scene in zip(every, scenes, strict=True):
            _name(axes, scene, higher_is_better)
    return figure


def _draw(axes: Axes, scene: Scene) -> None:
    axes.set_title(plain(scene.title, 48))
    axes.grid(color=FAINT)
    axes.set_axisbelow(True)
    axes.margins(0.16, 0.14)
    for spot in scene.spots:
        color = line(0).color if spot.front else FAINT
        for low, high, xs, ys in _bars(spot):
            if math.isfinite(low) and math.isfinite(high):
                axes.plot(xs, ys, color=color, linewidth=0.9, gid="interval")
        axes.plot(
            [spot.x], [spot.y], "o", color=color, markersize=5, markerfacecolor=color if spot.front else "none", zorder=4,
            gid="front" if spot.front else "spot",
        )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(figures([spot.x for spot in scene.spots]))
    axes.yaxis.set_major_formatter(figures([spot.y for spot in scene.spots]))


def _stairs(axes: Axes, scene: Scene, higher: bool) -> None:
    limits = axes.axis()
    xs, ys = _ended(axes, scene, higher)
    if len(scene.spots) > 1:
        axes.plot(xs, ys, color=line(0).color, linewidth=1.1, linestyle=(0, (4, 2)), gid="steps")
    axes.axis(limits)


def _ended(axes: Axes, scene: Scene, higher: bool) -> tuple[list[float], list[float]]:
    """Return the steps up to the edge of the panel: whoever pays more than the dearest has what the dearest has."""
    xs, ys = steps(scene.spots, higher)
    return ([*xs, axes.get_xlim()[1]], [*ys, ys[-1]]) if ys else ([], [])


def steps(spots: Sequence[Spot], higher: bool = True) -> tuple[list[float], list[float]]:
    """Return the corners of the steps through a front, from the cheapest; shape (corners,) each."""
    ordered = sorted((spot for spot in spots if spot.front), key=lambda spot: (spot.x, -spot.y if higher else spot.y))
    xs: list[float] = []
    ys: list[float] = []
    for spot in ordered:
        if ys:
            xs.append(spot.x)
            ys.append(ys[-1])
        xs.append(spot.x)
        ys.append(spot.y)
    return xs, ys


def _bars(spot: Spot) -> tuple[tuple[float, float, list[float], list[float]], ...]:
    return (
        (spot.x_low, spot.x_high, [spot.x_low, spot.x_high], [spot.y, spot.y]),
        (spot.y_low, spot.y_high, [spot.x, spot.x], [spot.y_low, spot.y_high]),
    )


def _name(axes: Axes, scene: Scene, higher: bool) -> None:
    taken: list[Bbox] = []
    xs, ys = _ended(axes, scene, higher)
    if len(scene.spots) > 1 and ys:
        taken += around(axes, xs, ys, 1.5)
    for spot in scene.spots:
        taken += around(axes, [spot.x], [spot.y], 4.0)
        for low, high, bar_xs, bar_ys in _bars(spot):
            if math.isfinite(low) and math.isfinite(high):
                taken += around(axes, bar_xs, bar_ys, 1.0)
    many = len(scene.spots) > _NAMED
    # Those of the front choose first, then those who stand most alone.
    alone = np.argsort([-_alone(axes, spot, scene.spots) for spot in scene.spots], kind="stable")
    ordered = sorted((scene.spots[at] for at in alone), key=lambda spot: not spot.front)
    marks = [Mark(spot.x, spot.y, spot.name, spot.front or not many) for spot in ordered]
    for text, mark in zip(place(axes, marks, taken), marks, strict=False):
        text.set_color(INK if mark.needed else FAINT)


def _alone(axes: Axes, spot: Spot, spots: Sequence[Spot]) -> float:
    here = axes.transData.transform((spot.x, spot.y))
    away = [float(np.hypot(*(axes.transData.transform((each.x, each.y)) - here))) for each in spots if each is not spot]
    return min(away, default=math.inf)
