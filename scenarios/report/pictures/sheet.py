"""Sheets: figures of one width, their panels, and the words on them."""

import math
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from scenarios.report.characters import plain as seen

WIDE = 7.2
"""Inches of a figure that takes the whole width of a page."""

SMALL = 8
"""Points of the letters of names and of what stands in cells."""


def sheet(count: int, height: float, columns: int = 3, width: float = WIDE, alike: str = "both") -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels, row by row, as many as are wanted.

    Args:
        count: panels.
        height: inches of a row of them.
        columns: panels beside each other, at most.
        width: inches of the figure.
        alike: which axes the panels share: "x", "y", "both" or "none".
    """
    columns = max(1, min(columns, count))
    rows = max(1, math.ceil(count / columns))
    figure = Figure(figsize=(width, rows * height), layout="constrained")
    every = figure.subplots(
        rows,
        columns,
        squeeze=False,
        sharex="all" if alike in ("x", "both") else "none",
        sharey="all" if alike in ("y", "both") else "none",
    ).flatten()
    for number, axes in enumerate(every):
        if number >= count:
            axes.set_axis_off()
        elif number + columns >= count:
            # Below the last panel of a column there may be none, and its axis is to be read there.
            axes.tick_params(labelbottom=True)
    return figure, list(every[:count])


@contextmanager
def measuring() -> Iterator[None]:
    """Measure texts within the block; a letter that the font lacks is as wide as the box that is drawn for it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        yield


def settle(figure: Figure) -> None:
    """Lay a figure out, so that what is placed by where other things stand knows where that is."""
    with measuring():
        figure.draw_without_rendering()


def plain(text: str, letters: int = 0) -> str:
    """Return a text of which every letter is seen, on lines of so many letters; 0 for one line, however long."""
    words = seen(text)
    return "\n".join(textwrap.wrap(words, letters, break_on_hyphens=False)) if letters else words


def cut(text: str, letters: int) -> str:
    """Return a text of so many letters at most, dots for what is left out: names that begin alike often end differently."""
    words = seen(text)
    if len(words) <= letters:
        return words
    end = (letters - 1) // 2
    return f"{words[: letters - 1 - end].rstrip()}…{words[len(words) - end :].lstrip()}"


def figures(axis_values: Sequence[float], sign: bool = False) -> FuncFormatter:
    """Return a formatter of ticks: no more digits than are needed, thousands parted, and a sign where differences are shown."""
    small = max((abs(value) for value in axis_values if math.isfinite(value)), default=0.0) < 1e-3

    def written(value: float, _: int | None = None) -> str:
        if abs(value) < 1e-12:
            return "0"
        text = f"{value:.3g}" if small else f"{value:,.6g}"
        return (f"+{text}" if sign and value > 0 else text).replace("-", "\u2212")

    return FuncFormatter(written)
