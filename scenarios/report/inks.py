"""Inks: how the figures of reports look. They are read on white paper, on a dark screen, and by people of any sight."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib as mpl

INK = "#010203"
"""The ink of words and axes. A page shows it in the colour of its text, light where the page is dark; paper shows it black."""

FAINT = "#84898f"
"""The ink of what stands back: grids, targets, what is not significant. Readable on white and on black."""


class Line(NamedTuple):
    """How one of several series is drawn: no two differ by colour alone."""

    color: str
    marker: str
    dashes: Any


DARK = "#16181b"
"""The ground of a page in the dark."""

LINES = (
    Line("#0072b2", "o", "solid"),
    Line("#d55e00", "s", (0, (5, 1.5))),
    Line("#009e73", "^", (0, (1.2, 1.2))),
    Line("#995577", "D", (0, (6, 1.5, 1.2, 1.5))),
    Line("#9988bb", "v", (0, (3, 1))),
    Line("#cc55ff", "P", (0, (4, 1, 1, 1, 1, 1))),
    Line("#557755", "X", (0, (8, 2))),
    Line("#cc1122", "*", (0, (2, 2))),
)
"""Of 3:1 against white and against DARK, and told apart with any sight. The first three are those of Okabe and Ito (2008), the
others were searched for: no two of the eight are nearer than 9.9 by CIEDE2000, seen without any one of the three cones (Machado,
Oliveira and Fernandes, 2009)."""

SHADES = "cividis"
"""The colours of heat maps, which grow lighter with what they show, for any sight (Nunez, Anderton and Renslow, 2018)."""

_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.4,
    "grid.alpha": 0.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.frameon": False,
    "legend.fontsize": 8,
    # No text of a report is a formula: names out of data may have dollars in them.
    "text.parse_math": False,
    "svg.fonttype": "none",
    # What would otherwise be random names in the file: the same figure is the same bytes.
    "svg.hashsalt": "parley",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of reports within the block, and leave everybody else's as it was."""
    with mpl.rc_context():
        # Whatever somebody has set for their own figures: the same report is the same bytes.
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def line(number: int) -> Line:
    """Return how the series of a number, from 0, is drawn; beyond the last, they begin again."""
    return LINES[number % len(LINES)]
