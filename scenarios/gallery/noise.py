"""Pictures of noise: which class is taken for which, and what hard items do to accuracy."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, framed

ITEMS, CLASSES, BINS = 6000, 4, 10


def portrait(noise: Noise, chance: Chance, nature: Nature) -> Figure:
    """Return a person's confusion matrix, and how often they are right on easy items and on hard ones.

    Args:
        noise: the person's noise.
        chance: the randomness of the picture.
        nature: the hidden side of its items.
    """
    items = np.arange(ITEMS)
    truth = items % CLASSES
    luck = chance.keyed("gallery", "noise")
    said = [
        noise.answer(Case(item, 0, int(true), CLASSES, nature), luck.luck(item))
        for item, true in zip(items.tolist(), truth.tolist(), strict=True)
    ]
    answers = np.array([-1 if each is None else each for each in said])
    hardness = np.array([nature.hardness(item) for item in items.tolist()])
    return framed(lambda axes: _matrix(axes, truth, answers), lambda axes: _by_hardness(axes, hardness, answers == truth))


def _matrix(axes: Axes, truth: NDArray[np.intp], answers: NDArray[np.intp]) -> None:
    shares = np.zeros((CLASSES, CLASSES))
    np.add.at(shares, (truth[answers >= 0], answers[answers >= 0]), 1)
    shares /= shares.sum(axis=1, keepdims=True)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        axes.text(column, row, f"{share:.2f}", ha="center", va="center", color="white" if share > 0.6 else "#222222", fontsize=8)
    names = [chr(ord("A") + place) for place in range(CLASSES)]
    axes.set(xticks=range(CLASSES), yticks=range(CLASSES), xticklabels=names, yticklabels=names, xlabel="answer", ylabel="truth")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _by_hardness(axes: Axes, hardness: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    place = np.minimum((hardness * BINS).astype(np.intp), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    mean = np.bincount(place, right, BINS) / count
    error = 1.96 * np.sqrt(mean * (1 - mean) / count)
    middle = (np.arange(BINS) + 0.5) / BINS
    axes.errorbar(middle, mean, error, fmt="o-", color=BLUE, markersize=3, linewidth=1, capsize=2)
    axes.axhline(1 / CLASSES, color=GREY, linewidth=0.8, linestyle=":")
    axes.text(0.01, 1 / CLASSES, "chance", color=GREY, fontsize=7, va="bottom")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="hardness of the item (rank)", ylabel="accuracy")
