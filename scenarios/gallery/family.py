"""Pictures of families: what it does to a vote that its voters err together."""

from math import comb

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.nature import Nature
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, framed

ITEMS, MEMBERS, ACCURACY = 6000, 9, 0.8


def portrait(family: Family, chance: Chance, nature: Nature) -> Figure:
    """Return how many of nine members are right on an item, and how good a vote of theirs is, beside people who err by themselves.

    Args:
        family: how the members err together.
        chance: the randomness of the picture.
        nature: the hidden side of its items.
    """
    lucks = [chance.keyed("annotator", f"crowd-{number}", "answer") for number in range(MEMBERS)]
    chances = [ACCURACY, 1 - ACCURACY]
    right = np.array(
        [[family.answer(chances, Case(item, 0, 0, 2, nature), luck.luck(item)) == 0 for luck in lucks] for item in range(ITEMS)]
    )
    return framed(lambda axes: _counts(axes, right), lambda axes: _votes(axes, right))


def _counts(axes: Axes, right: NDArray[np.bool_]) -> None:
    among = np.arange(MEMBERS + 1)
    alone = [comb(MEMBERS, count) * ACCURACY**count * (1 - ACCURACY) ** (MEMBERS - count) for count in among.tolist()]
    axes.bar(among, np.bincount(right.sum(axis=1), minlength=MEMBERS + 1) / ITEMS, color=BLUE, width=0.7, label="family")
    axes.plot(among, alone, "o--", color=GREY, markersize=3, linewidth=0.8, label="strangers")
    axes.set(xlabel=f"members of {MEMBERS} who are right", ylabel="share of items", xticks=[0, 3, 6, 9])
    axes.legend(loc="upper left")


def _votes(axes: Axes, right: NDArray[np.bool_]) -> None:
    sizes = np.arange(1, MEMBERS + 1, 2)
    shares = np.array([(right[:, :size].sum(axis=1) * 2 > size).mean() for size in sizes])
    alone = [
        sum(comb(size, count) * ACCURACY**count * (1 - ACCURACY) ** (size - count) for count in range(size // 2 + 1, size + 1))
        for size in sizes.tolist()
    ]
    axes.errorbar(sizes, shares, 1.96 * np.sqrt(shares * (1 - shares) / ITEMS), fmt="o-", color=BLUE, markersize=3, linewidth=1)
    axes.plot(sizes, alone, "o--", color=GREY, markersize=3, linewidth=0.8)
    axes.set(xlabel="voters", ylabel="accuracy of the majority", xticks=sizes, ylim=(0.75, 1.005))
