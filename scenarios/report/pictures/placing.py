"""Placing: names beside marks in a plane, over no mark, no line and no other name."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from scenarios.report.inks import FAINT
from scenarios.report.pictures.sheet import SMALL, plain

_NEAR, _FAR = 7.0, (18.0, 30.0, 44.0, 60.0)
"""Points from a mark to its name: beside it, and where a line joins the two."""

_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Directions in which a name may stand, the best first."""

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
    filled, placed, inside = [*taken], [], axes.get_window_extent()
    for mark in marks:
        found = _free(axes, mark, filled, inside)
        if found is None and mark.needed:
            found = _written(axes, mark, (1, 0), _NEAR)
        if found is not None:
            filled.append(_box(found))
            placed.append(found)
    return placed


def _free(axes: Axes, mark: Mark, filled: Sequence[Bbox], inside: Bbox) -> Annotation | None:
    """Return the name of a mark in the first place where it stands over nothing; None if there is none."""
    # A line across half a panel tells little of somebody who is not on the front.
    for distance in (_NEAR, *(_FAR if mark.needed else _FAR[:1])):
        for direction in _AROUND:
            text = _written(axes, mark, direction, distance)
            box = _box(text)
            within = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1
            if within and not any(box.overlaps(other) for other in filled):
                return text
            text.remove()
    return None


def _written(axes: Axes, mark: Mark, direction: tuple[int, int], distance: float) -> Annotation:
    across, up = direction
    joined = distance > _NEAR
    # Neighbours on the diagonal are as far as those on the axes.
    reach = distance * (0.72 if across and up else 1.0)
    return axes.annotate(
        plain(mark.name, 20),
        (mark.x, mark.y),
        xytext=(across * reach, up * reach),
        textcoords="offset points",
        ha=("right", "center", "left")[across + 1],
        va=("top", "center", "bottom")[up + 1],
        fontsize=SMALL,
        annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4} if joined else None,
    )


def _box(text: Annotation) -> Bbox:
    text.get_window_extent()
    # Of the words alone: the line that joins them to their mark may cross what it must.
    box = Text.get_window_extent(text)
    return Bbox.from_extents(box.x0 - _SLACK, box.y0 - _SLACK, box.x1 + _SLACK, box.y1 + _SLACK)


def around(axes: Axes, xs: Sequence[float], ys: Sequence[float], radius: float = 3.0) -> list[Bbox]:
    """Return what a line of points takes in a panel: small boxes along it, in pixels.

    Args:
        axes: laid out already.
        xs, ys: the corners of the line, in the panel's figures; shape (corners,).
        radius: half its width, in pixels.
    """
    corners = axes.transData.transform(np.column_stack([xs, ys]))
    boxes = []
    for start, end in zip(corners, corners[1:] if len(corners) > 1 else corners, strict=False):
        steps = max(1, int(np.hypot(*(end - start)) // (2 * radius)))
        for share in np.linspace(0.0, 1.0, steps + 1):
            x, y = start + share * (end - start)
            boxes.append(Bbox.from_extents(x - radius, y - radius, x + radius, y + radius))
    return boxes
