"""Frames: how all pictures look, and how they are written to files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from scipy.spatial import cKDTree

BLUE, ORANGE, GREY, GREEN = "#3465a4", "#d9730d", "#8a8f98", "#3a8f4d"

INKS = ("#0072b2", "#d55e00", "#009e73")
"""Colours of classes, which people of any sight tell apart (Okabe and Ito, 2008)."""
DARK, YELLOW = "#1a1a1a", "#ffe14d"

KEPT = (*INKS, DARK, YELLOW, "#ffffff")
"""Colours of what is small, which stay what they are where a picture has few."""
_COLOURS = 128

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
    """Return a figure as PNG of few colours, which is a quarter as large; the colours of `KEPT` are among them."""
    with Image.open(BytesIO(png_of(figure))) as image:
        whole = image.convert("RGB")
    # The common colours are those of the picture in a third of its size: found quickly, and as good.
    common = whole.reduce(3).quantize(_COLOURS - len(KEPT), kmeans=1, dither=Image.Dither.NONE).getpalette() or []
    kept = [part for colour in KEPT for part in bytes.fromhex(colour[1:])]
    palette = np.array([*kept, *common], np.uint8).reshape(-1, 3)
    dots = np.asarray(whole, np.int64) @ (1 << 16, 1 << 8, 1)
    colours, places = np.unique(dots, return_inverse=True)
    # By exact distances: what is white stays white.
    _, nearest = cKDTree(palette).query(np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1))
    indexed = Image.fromarray(nearest[places].reshape(dots.shape).astype(np.uint8))
    indexed.putpalette(palette.tobytes())
    buffer = BytesIO()
    indexed.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
