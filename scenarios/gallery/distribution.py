"""Pictures of distributions over people: how people differ in one dial."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.distributions import Distribution
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, framed

PEOPLE = 6000


def portrait(distribution: Distribution, chance: Chance) -> Figure:
    """Return how one dial is distributed, and ten people of that kind.

    Args:
        distribution: what each person's value is drawn from.
        chance: the randomness of the picture.
    """
    values = np.array([distribution.draw(chance.keyed("person", f"crowd-{number}").luck("dial")) for number in range(PEOPLE)])
    return framed(lambda axes: _density(axes, values), lambda axes: _ten(axes, values[:10]))


def _density(axes: Axes, values: NDArray[np.float64]) -> None:
    low, high = np.quantile(values, [0.001, 0.999])
    axes.hist(values, bins=list(np.linspace(low, high, 45)), color=BLUE, alpha=0.75)
    for quantile in np.quantile(values, [0.05, 0.5, 0.95]):
        axes.axvline(quantile, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlabel="value of the dial (dotted: 5 %, half, 95 %)", yticks=[])
    axes.spines["left"].set_visible(False)


def _ten(axes: Axes, values: NDArray[np.float64]) -> None:
    axes.bar(range(1, len(values) + 1), values, color=BLUE, width=0.6)
    axes.set(xlabel="crowd-1 to crowd-10", ylabel="value of the dial", xticks=[])
