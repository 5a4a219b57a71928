"""Frames: how all pictures look, and how they are written to files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

BLUE, ORANGE, GREY, GREEN = "#3465a4", "#d9730d", "#8a8f98", "#3a8f4d"

INKS = ("#0072b2", "#d55e00", "#009e73")
"""Colours of classes, which people of any sight tell apart (Okabe and Ito, 2008)."""
DARK, YELLOW = "#1a1a1a", "#ffe14d"

KEPT = (*INKS, DARK, YELLOW, "#ffffff")
"""Colours of what is small, which stay what they are where a picture has few."""
_COLOURS = 256

_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.fonttype": "none",
    # What would otherwise be random names in the file: the same picture is the same bytes.
    "svg.hashsalt": "parley",
}

Drawing = Callable[[Axes], None]


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house's style within the block, and leave everybody else's as it was."""
    with mpl.rc_context(_STYLE):
        yield


def framed(*drawings: Drawing, width: float = 3.4, height: float = 2.5) -> Figure:
    """Return a figure of panels side by side.

    Args:
        drawings: what draws each panel.
        width: of a panel, in inches.
        height: of all panels, in inches.
    """
    figure = Figure(figsize=(width * len(drawings), height), layout="constrained")
    for place, drawing in enumerate(drawings):
        drawing(figure.add_subplot(1, len(drawings), place + 1))
    return figure


def svg_of(figure: Figure) -> bytes:
    """Return a figure as SVG: the same bytes each time."""
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return b"\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + b"\n"


def png_of(figure: Figure) -> bytes:
    """Return a figure as PNG, at 150 dots an inch."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def indexed_png_of(figure: Figure) -> bytes:
    """Return a figure as PNG of 256 colours, which is a quarter as large; the colours of `KEPT` are among them."""
    buffer = BytesIO()
    with Image.open(BytesIO(png_of(figure))) as image:
        whole = image.convert("RGB")
    common = whole.quantize(_COLOURS - len(KEPT), kmeans=1, dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*common, *(part for colour in KEPT for part in bytes.fromhex(colour[1:]))])
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
