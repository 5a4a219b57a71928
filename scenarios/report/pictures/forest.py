"""Forests: differences with their intervals, one below the other."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from scenarios.report.inks import FAINT, INK, line
from scenarios.report.pictures.bands import legend
from scenarios.report.pictures.sheet import SMALL, cut, figures, plain, sheet

_ROW = 0.2
"""Inches of a row."""


class Branch(NamedTuple):
    """A difference: whose it is, its mean and interval (NaN for none), and whether it is significant."""

    name: str
    mean: float
    low: float
    high: float
    significant: bool


class Tree(NamedTuple):
    """A panel: its title, and the differences there; a name that has none there is left out of it."""

    title: str
    branches: tuple[Branch, ...]


def forest(trees: Sequence[Tree], across: str, columns: int = 3) -> Figure:
    """Return a figure of differences: filled marks where they are significant, hollow ones where they are not.

    Args:
        trees: at least one.
        across: what the horizontal axes show.
        columns: panels beside each other, at most.
    """
    names = [*dict.fromkeys(branch.name for tree in trees for branch in tree.branches)]
    height = 0.62 + _ROW * len(names) + (0.25 if any(tree.title for tree in trees) else 0.0)
    figure, every = sheet(len(trees), height + (0.3 if len(trees) == 1 else 0), columns)
    for axes, tree in zip(every, trees, strict=True):
        _draw(axes, tree, names, 42 if len(trees) == 1 else 32)
        axes.xaxis.set_major_locator(MaxNLocator(4, symmetric=False))
        axes.xaxis.set_major_formatter(figures([value for each in tree.branches for value in each[1:4]], sign=True))
    figure.supxlabel(plain(across), fontsize=9)
    found = {branch.significant for tree in trees for branch in tree.branches}
    keys = {"significant": _key(True), "not significant": _key(False)}
    legend(figure, {name: key for name, key in keys.items() if (name == "significant") in found})
    return figure


def _draw(axes: Axes, tree: Tree, names: Sequence[str], letters: int) -> None:
    axes.set_title(plain(tree.title, 26))
    axes.margins(x=0.08)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    for each in tree.branches:
        row, color = names.index(each.name), line(0).color if each.significant else FAINT
        if math.isfinite(each.low) and math.isfinite(each.high):
            axes.plot([each.low, each.high], [row, row], color=color, linewidth=1.6, solid_capstyle="butt", gid="interval")
        if math.isfinite(each.mean):
            axes.plot(
                [each.mean], [row], "o", color=color, markersize=4.5, markerfacecolor=color if each.significant else "none",
                gid="significant" if each.significant else "not",
            )  # fmt: skip
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [plain(cut(name, letters)) for name in names], fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _key(significant: bool) -> Line2D:
    color = line(0).color if significant else FAINT
    return Line2D([], [], color=color, marker="o", markersize=4.5, linewidth=1.6, markerfacecolor=color if significant else "none")
