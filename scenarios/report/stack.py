"""Stacks: a wide figure as a phone shows it, narrower, and its panels one below the other."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawn
from matplotlib.gridspec import GridSpec
from matplotlib.legend import Legend
from matplotlib.text import Annotation

from scenarios.report.pictures.sheet import SMALL

NARROW = 4.1
"""Inches across: what is written in 9 points is still read where that is the width of a phone."""

_MOST = 12
"""Panels of a stack, at most: of more, people would lose their way."""

_KEY_ROW = 0.17
"""Inches of a row of a legend."""


def stack(figure: Drawn) -> bool:
    """Make a figure narrow, with its panels one below the other, those of a row after each other, and return whether it is.

    Args:
        figure: its panels are those of one grid. Others stay as they are, and so does one panel with words in it.
    """
    panels = [each for each in figure.axes if each.axison and each.get_subplotspec() is not None]
    grids = {spec.get_gridspec().get_geometry() for each in panels if (spec := each.get_subplotspec()) is not None}
    if len(grids) != 1 or len(panels) > _MOST or len(panels) != len([each for each in figure.axes if each.axison]):
        return False
    rows, columns = grids.pop()
    if columns < 2 and any(axes.texts for axes in panels):
        # Words that were placed in a panel, or beside it, have no room in a narrower one.
        return False
    figure.set_size_inches(NARROW, len(panels) * figure.get_figheight() / rows)
    hidden = [axes for axes in figure.axes if not axes.axison]
    _say_what_neighbours_said(panels, hidden)
    for axes in hidden:
        axes.remove()
    grid = GridSpec(len(panels), 1, figure=figure)
    for place, axes in enumerate(panels):
        axes.set_subplotspec(grid[place])
    for legend in [*figure.legends]:
        _narrow(figure, legend)
    # Names that were placed in a panel stay with what they name, and the rest is laid out around the panels alone.
    for text in figure.findobj(Annotation):
        text.set_in_layout(False)
    figure.set_layout_engine("constrained")
    return True


def _say_what_neighbours_said(panels: Sequence[Axes], hidden: Sequence[Axes]) -> None:
    """Let every panel have the numbers and titles of axes that it shared with those beside it and below."""
    for axes in panels:
        across, up = axes.get_shared_x_axes(), axes.get_shared_y_axes()
        titles = [each.get_xlabel() for each in (*panels, *hidden) if across.joined(axes, each) and each.get_xlabel()]
        if len(across.get_siblings(axes)) > 1:
            axes.set_xlabel(axes.get_xlabel() or (titles[-1] if titles else ""))
            axes.tick_params(labelbottom=True)
        if len(up.get_siblings(axes)) > 1:
            axes.set_ylabel(axes.get_ylabel() or next((each.get_ylabel() for each in panels if up.joined(axes, each)), ""))
            axes.tick_params(labelleft=True)


def _narrow(figure: Drawn, legend: Legend) -> None:
    """Give a legend above all panels as many columns as there is room for, and the figure what its rows take."""
    words = [text.get_text() for text in legend.get_texts()]
    handles = [each for each in legend.legend_handles if each is not None]
    columns = max(1, min(len(words), int(NARROW / (max(map(len, words), default=1) * SMALL * 0.6 / 72 + 0.6))))
    legend.remove()
    figure.set_figheight(figure.get_figheight() + _KEY_ROW * -(-len(words) // columns))
    figure.legend(handles, words, loc="outside upper left", ncols=columns, handlelength=3.2, fontsize=SMALL)
