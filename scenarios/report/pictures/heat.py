"""Heat maps: a figure over two dials, and the difference from another."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from scenarios.report.inks import SHADES
from scenarios.report.pictures.sheet import SMALL, WIDE, cut, plain

DIVERGING = "PuOr"
"""The colours of differences: orange for less, violet for more, white for none (Brewer, 2003); told apart with any sight."""

_ROW = 0.27
"""Inches of a row of cells."""

_CELL = 0.42
"""Inches that a figure needs to be readable in its cell."""

_LETTER = 0.075
"""Inches of a letter of a name."""


_LETTERS = 24
"""Letters of a line of a name that is written upwards."""


class Map(NamedTuple):
    """A panel: its title, and the values of its cells with what is written beside them.

    Attributes:
        title: what is the same in all cells.
        values: shape (rows, columns); NaN where nothing was run.
        marks: what follows each figure, such as "*" where it is significant; shape (rows, columns).
    """

    title: str
    values: NDArray[np.float64]
    marks: tuple[tuple[str, ...], ...] = ()


class Sides(NamedTuple):
    """What the rows and columns of all panels are: the dial of each, and its values as they are read."""

    row: str
    rows: tuple[str, ...]
    column: str
    columns: tuple[str, ...]


def heat(maps: Sequence[Map], sides: Sides, digits: int, differences: bool = False) -> Figure:
    """Return heat maps of one scale.

    Args:
        maps: at least one.
        sides: their rows and columns.
        digits: of a figure in a cell, after the point.
        differences: whether the middle of the colours is 0 and figures have a sign.
    """
    names = [cut(name, 30) for name in sides.rows]
    margin = 0.35 + max(map(len, names)) * _LETTER
    wanted = max(_CELL, max(min(len(name), 14) for name in sides.columns) * _LETTER * 0.6)
    beside = max(1, min(len(maps), int((WIDE - margin) / (wanted * len(sides.columns) + 0.15))))
    down = math.ceil(len(maps) / beside)
    width = (WIDE - margin) / beside / len(sides.columns)
    turned = max(map(len, sides.columns)) > 3 * int(width / _LETTER)
    foot = 0.25 + (min(_LETTERS, max(map(len, sides.columns))) * _LETTER if turned else 0.32)
    figure = Figure(figsize=(WIDE, down * (_ROW * len(names) + 0.3) + foot + 0.2), layout="constrained")
    every = figure.subplots(down, beside, squeeze=False, sharex="all", sharey="all").flatten()
    norm = _norm(maps, differences)
    shades = mpl.colormaps[DIVERGING if differences else SHADES]
    for number, axes in enumerate(every):
        if number >= len(maps):
            axes.set_axis_off()
            continue
        _draw(axes, maps[number], norm, shades)
        if width >= _CELL * 0.98:
            _write(axes, maps[number], norm, shades, digits, differences)
        else:
            _mark(axes, maps[number], norm, shades)
        labels = [_side(name, width, turned) for name in sides.columns]
        axes.set_xticks(range(len(labels)), labels, rotation=90 if turned else 0, fontsize=SMALL)
        axes.set_yticks(range(len(names)), [plain(name) for name in names], fontsize=SMALL)
        axes.tick_params(length=0, labelbottom=number + beside >= len(maps))
        if number % beside == 0:
            axes.set_ylabel(plain(sides.row, 24))
        if number + beside >= len(maps):
            axes.set_xlabel(plain(sides.column))
    if width < _CELL * 0.98:
        figure.colorbar(mpl.cm.ScalarMappable(norm, shades), ax=[*every], fraction=0.04, pad=0.01)
    return figure


def _side(name: str, width: float, turned: bool) -> str:
    """Return the name of a column on lines that fit: along the axis, or upwards."""
    if turned:
        return plain(cut(name, _LETTERS * max(1, min(3, int(width / 0.15)))), _LETTERS)
    letters = max(4, int(width / _LETTER))
    return plain(cut(name, 3 * letters), letters)


def _norm(maps: Sequence[Map], differences: bool) -> Normalize:
    known = np.concatenate([each.values[np.isfinite(each.values)] for each in maps])
    if differences:
        most = float(np.abs(known).max(initial=0.0)) or 1.0
        return TwoSlopeNorm(0.0, -most, most)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return Normalize(low, high if high > low else low + 1.0)


def _draw(axes: Axes, each: Map, norm: Normalize, shades: Colormap) -> None:
    rows, columns = each.values.shape
    axes.set_title(plain(each.title, 60))
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, np.ma.masked_invalid(each.values), norm=norm, cmap=shades,
        edgecolors="face", linewidth=0.4,
    )  # fmt: skip
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    for spine in axes.spines.values():
        spine.set_visible(False)


def _write(axes: Axes, each: Map, norm: Normalize, shades: Colormap, digits: int, sign: bool) -> None:
    for row, column in np.ndindex(each.values.shape):
        value = float(each.values[row, column])
        if not math.isfinite(value):
            axes.text(column, row, "-", ha="center", va="center", fontsize=SMALL)
            continue
        mark = each.marks[row][column] if each.marks else ""
        text = f"{value:{'+' if sign else ''},.{digits}f}".replace("-", "\u2212")
        color = _readable(shades(norm(value)))
        axes.text(
            column, row, text + mark, ha="center", va="center", fontsize=SMALL, color=color,
            fontweight="bold" if mark else "normal",
        )  # fmt: skip


def _mark(axes: Axes, each: Map, norm: Normalize, shades: Colormap) -> None:
    """Write what follows figures into cells that are too small for these: colour alone is not to tell what is significant."""
    for row, marks in enumerate(each.marks):
        for column, mark in enumerate(marks):
            if mark:
                color = _readable(shades(norm(float(each.values[row, column]))))
                axes.text(column, row, mark, ha="center", va="center", fontsize=SMALL, color=color)


def _readable(shade: tuple[float, float, float, float]) -> str:
    """Return black or white, whichever is better read on a shade (relative luminance, WCAG 2.1)."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in shade[:3]]
    return "#000000" if 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] > 0.179 else "#ffffff"
