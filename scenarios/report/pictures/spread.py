"""Spreading: names that stand beside what they name, and over no other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from scipy.optimize import isotonic_regression

from scenarios.report.inks import Line
from scenarios.report.pictures.sheet import SMALL, measuring, plain, settle


class End(NamedTuple):
    """The end of a line: where it is, what it is called, and how the line is drawn."""

    x: float
    y: float
    name: str
    line: Line


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return middles as near to those that are wanted as can be, in the same order, so that nothing overlaps.

    The least squares solution, by isotonic regression (Barlow et al., 1972). Where there is not room for all, they go on beyond
    the upper end.

    Args:
        wanted: the middles; shape (things,).
        sizes: how long each is; shape (things,).
        low, high: between what they are to stay.
    """
    if not wanted:
        return []
    order = np.argsort(np.asarray(wanted), kind="stable")
    lengths = np.asarray(sizes, dtype=float)[order]
    # Where each would stand if all before it stood close together: what is left is an order to keep.
    before = np.concatenate([[0.0], np.cumsum((lengths[1:] + lengths[:-1]) / 2)])
    free = isotonic_regression(np.asarray(wanted, dtype=float)[order] - before).x
    least, most = low + lengths[0] / 2, high - lengths[-1] / 2 - before[-1]
    placed = np.empty(len(wanted))
    placed[order] = np.clip(free, least, max(least, most)) + before
    return [float(value) for value in placed]


def name_ends(figure: Figure, axes: Axes, ends: Sequence[End], letters: int = 22) -> list[Annotation]:
    """Write the names of lines to the right of a panel, each joined to the end of its line, none over another."""
    aside = axes.get_yaxis_transform()
    texts = [
        axes.annotate(
            plain(end.name, letters),
            (end.x, end.y),
            xytext=(1.04, end.y),
            textcoords=aside,
            va="center",
            fontsize=SMALL,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-", "color": end.line.color, "linestyle": end.line.dashes, "linewidth": 0.9,
                "shrinkA": 1, "shrinkB": 2, "relpos": (0, 0.5),
            },
        )
        for end in ends
    ]  # fmt: skip
    settle(figure)
    box = axes.get_window_extent()
    wanted = [float(axes.transData.transform((end.x, end.y))[1]) for end in ends]
    # Browsers' letters are not quite as high as ours.
    with measuring():
        sizes = [text.get_window_extent().height * 1.08 for text in texts]
    for text, place in zip(texts, spread(wanted, sizes, box.y0, box.y1), strict=True):
        text.set_y(float(axes.transData.inverted().transform((0, place))[1]))
    return texts
