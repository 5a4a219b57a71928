"""Drawing: a picture of a report becomes a figure of matplotlib, in which no text of data does more than be read."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.axis import Axis
from matplotlib.collections import Collection, QuadMesh
from matplotlib.figure import Figure as Drawn
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogFormatterMathtext

from scenarios.report.characters import plain
from scenarios.report.document import Picture
from scenarios.report.inks import style

_MANY = 1500
"""Dots, bars or cells of a series from which on they are an image within the figure: as lines they would make a page heavy."""


@contextmanager
def drawing(picture: Picture) -> Iterator[Drawn]:
    """Draw a picture, and keep the style of reports until it is written."""
    with style(), warnings.catch_warnings():
        # A letter that the font lacks is no matter: whoever shows the page has fonts of their own.
        warnings.simplefilter("ignore", UserWarning)
        figure = picture.draw()
        settle(figure)
        yield figure


def settle(figure: Drawn) -> None:
    """Make a figure fit to be written: its texts are plain, powers of ten are numbers, and what has many dots is an image."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _settle_ticks(axis)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text("\n".join(map(plain, text.get_text().split("\n"))))
    for series in figure.findobj(Collection):
        assert isinstance(series, Collection)
        if _size(series) > _MANY:
            series.set_rasterized(True)


def _settle_ticks(axis: Axis) -> None:
    # No text of a report is a formula, so the powers of ten of a logarithmic axis would show how they are set.
    if isinstance(axis.get_major_formatter(), LogFormatterMathtext):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    labels = [label.get_text() for label in axis.get_ticklabels()]
    clean = ["\n".join(map(plain, label.split("\n"))) for label in labels]
    if clean != labels:
        axis.set_ticks(axis.get_ticklocs(), clean)


def _size(series: Collection) -> int:
    if isinstance(series, QuadMesh):
        return int(np.size(np.asarray(series.get_array())))
    return max(len(np.asarray(series.get_offsets())), len(series.get_paths()))
