"""Pictures of latency: how long answers take."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from agents.annotator.nature import Nature
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, ORANGE, framed

ANSWERS, BINS = 6000, 10


def portrait(latency: Latency, chance: Chance, nature: Nature) -> Figure:
    """Return the distribution of a person's times, and how they grow with the hardness of the item.

    Args:
        latency: the person's latency.
        chance: the randomness of the picture.
        nature: the hidden side of its items.
    """
    luck = chance.keyed("gallery", "latency")
    seconds = np.array([latency.seconds(Case(item, 0, 0, 2, nature), luck.luck(item)) for item in range(ANSWERS)])
    hardness = np.array([nature.hardness(item) for item in range(ANSWERS)])
    return framed(lambda axes: _distribution(axes, latency, seconds), lambda axes: _by_hardness(axes, hardness, seconds))


def _distribution(axes: Axes, latency: Latency, seconds: NDArray[np.float64]) -> None:
    low, high = np.quantile(seconds, [0.001, 0.999])
    low, high = max(low, high / 1e4, 1e-3) / 1.3, max(high, 1e-3) * 1.3
    edges = np.geomspace(low, high, 45)
    if high / low > 3:
        axes.set_xscale("log")
    axes.hist(seconds, bins=list(edges), color=BLUE, alpha=0.75)
    axes.set(xlabel="seconds", yticks=[], xlim=(low, high))
    axes.spines["left"].set_visible(False)
    below = axes.twinx()
    below.plot(edges, [latency.within(float(edge)) for edge in edges], color=ORANGE, linewidth=1)
    below.set(ylim=(0, 1.02), yticks=[0, 0.5, 1])
    below.tick_params(colors=ORANGE, length=2)
    below.set_ylabel("share done by then", color=ORANGE)
    below.axhline(0.5, color=GREY, linewidth=0.6, linestyle=":")


def _by_hardness(axes: Axes, hardness: NDArray[np.float64], seconds: NDArray[np.float64]) -> None:
    place = np.minimum((hardness * BINS).astype(np.intp), BINS - 1)
    middle = (np.arange(BINS) + 0.5) / BINS
    low, half, high = np.array([np.quantile(seconds[place == each], [0.25, 0.5, 0.75]) for each in range(BINS)]).T
    axes.fill_between(middle, low, high, color=BLUE, alpha=0.2, linewidth=0, label="middle half")
    axes.plot(middle, half, "o-", color=BLUE, markersize=3, linewidth=1, label="median")
    axes.set(xlim=(0, 1), ylim=(0, None), xlabel="hardness of the item (rank)", ylabel="seconds")
    axes.legend(loc="lower left", ncols=2)
