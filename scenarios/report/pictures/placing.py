"""Placing: names beside marks in a plane, over no mark, no line and no other name."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from scenarios.report.inks import FAINT
from scenarios.report.pictures.sheet import SMALL, cut, plain

_NEAR, _FAR = 7.0, (18.0, 30.0, 44.0, 60.0, 80.0, 105.0, 135.0)
"""Points from a mark to its name: beside it, and where a line joins the two."""

_LETTERS = 38
"""Letters of a name at most, which are two lines: for more there is seldom room."""

_Direction = tuple[float, float]
_Box = tuple[float, float, float, float]

_AROUND: tuple[_Direction, ...] = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
"""Directions in which a name may stand, the best first."""

_BETWEEN = ((0.9, 0.4), (-0.9, 0.4), (0.9, -0.4), (-0.9, -0.4), (0.4, 0.9), (-0.4, 0.9), (0.4, -0.9), (-0.4, -0.9))
"""Directions between them, for names that are joined to their marks by lines."""

_SLACK = 1.5
"""Pixels around a name that stay free: browsers' letters are not ours to the last pixel."""


class Mark(NamedTuple):
    """What is named: its place, its name, and whether the name must stand there, whatever it covers."""

    x: float
    y: float
    name: str
    needed: bool = True


def place(axes: Axes, marks: Sequence[Mark], taken: Sequence[Bbox]) -> list[Annotation]:
    """Name marks, each in the first place around it that is free; those for whom there is none, and that need none, have no name.

    Args:
        axes: laid out already: nothing moves any more.
        marks: in the order in which they choose.
        taken: what names must not stand over, in pixels.
    """
    filled: list[Any] = [box.extents for box in taken]
    placed, inside = [], axes.get_window_extent()
    for mark in marks:
        where = _free(axes, mark, np.array(filled).reshape(-1, 4), inside)
        if where is None and mark.needed:
            where = (_AROUND[0], _NEAR)
        if where is not None:
            text = _written(axes, mark, *where)
            placed.append(text)
            filled.append(_extents(text))
            filled += [box.extents for box in _joint(axes, mark, filled[-1], where[1])]
    return placed


def _joint(axes: Axes, mark: Mark, name: _Box, distance: float) -> list[Bbox]:
    """Return what the line takes that joins a mark to its name, which is some way off."""
    if distance == _NEAR:
        return []
    x, y = axes.transData.transform((mark.x, mark.y))
    left, low, right, high = name
    return _along(np.array([[x, y], [min(max(x, left), right), min(max(y, low), high)]]), 1.0)


def _free(axes: Axes, mark: Mark, filled: NDArray[np.float64], inside: Bbox) -> tuple[_Direction, float] | None:
    """Return in which direction and how far from a mark, in points, its name stands over nothing; None if nowhere.

    If the name is needed, it is where it stands over the smallest area.

    Args:
        axes, mark: see `place`.
        filled: what it must not stand over; shape (boxes, 4): left, lower, right and upper edges in pixels.
        inside: where it must stay.
    """
    sample = _written(axes, mark, _AROUND[0], _NEAR)
    left, low, right, high = _extents(sample)
    width, height = right - left, high - low
    sample.remove()
    x, y = axes.transData.transform((mark.x, mark.y))
    pixels = axes.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    best, least = None, math.inf
    for direction, distance in _places(mark.needed):
        x0 = x + direction[0] * distance * pixels - width * _behind(direction[0])
        y0 = y + direction[1] * distance * pixels - height * _behind(direction[1])
        x1, y1 = x0 + width, y0 + height
        if not (inside.x0 <= x0 and x1 <= inside.x1 and inside.y0 <= y0 and y1 <= inside.y1):
            continue
        wide = np.minimum(filled[:, 2], x1) - np.maximum(filled[:, 0], x0)
        high = np.minimum(filled[:, 3], y1) - np.maximum(filled[:, 1], y0)
        over = float((np.maximum(wide, 0) * np.maximum(high, 0)).sum())
        if not over:
            return direction, distance
        if over < least:
            best, least = (direction, distance), over
    return best if mark.needed else None


def _places(needed: bool) -> Iterator[tuple[_Direction, float]]:
    """Yield directions and distances, the best first. A line across half a panel tells little of somebody who need not be named."""
    for distance in (_NEAR, *(_FAR if needed else _FAR[:1])):
        for direction in _AROUND if distance == _NEAR else (*_AROUND, *_BETWEEN):
            yield direction, distance


def _behind(part: float) -> float:
    """Return which share of a name lies before the place that it is put at."""
    return 0.0 if part > 0 else 1.0 if part < 0 else 0.5


def _written(axes: Axes, mark: Mark, direction: _Direction, distance: float) -> Annotation:
    across, up = direction
    joined = distance > _NEAR
    return axes.annotate(
        plain(cut(mark.name, _LETTERS), 20),
        (mark.x, mark.y),
        xytext=(across * distance, up * distance),
        textcoords="offset points",
        ha="center" if not across else "left" if across > 0 else "right",
        va="center" if not up else "bottom" if up > 0 else "top",
        fontsize=SMALL,
        annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4} if joined else None,
    )


def _extents(text: Annotation) -> _Box:
    text.get_window_extent()
    # Of the words alone: the line that joins them to their mark may cross what it must.
    box = Text.get_window_extent(text)
    return box.x0 - _SLACK, box.y0 - _SLACK, box.x1 + _SLACK, box.y1 + _SLACK


def around(axes: Axes, xs: Sequence[float], ys: Sequence[float], radius: float = 3.0) -> list[Bbox]:
    """Return what a line of points takes in a panel: small boxes along it, in pixels.

    Args:
        axes: laid out already.
        xs, ys: the corners of the line, in the panel's figures; shape (corners,).
        radius: half its width, in pixels.
    """
    return _along(axes.transData.transform(np.column_stack([xs, ys])), radius)


def _along(corners: NDArray[np.float64], radius: float) -> list[Bbox]:
    boxes = []
    for start, end in zip(corners, corners[1:] if len(corners) > 1 else corners, strict=False):
        steps = max(1, int(np.hypot(*(end - start)) // (2 * radius)))
        for share in np.linspace(0.0, 1.0, steps + 1):
            x, y = start + share * (end - start)
            boxes.append(Bbox.from_extents(x - radius, y - radius, x + radius, y + radius))
    return boxes
