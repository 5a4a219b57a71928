"""Pictures of noise: which class is taken for which, what hard items do to accuracy, and how people differ."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.annotator.terrain import Terrain
from agents.items import Items
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, framed

ITEMS, CLASSES, BINS = 3000, 4, 10
PEOPLE, EACH = 60, 200


def nature_of(chance: Chance) -> Nature:
    """Return the hidden side of items of four classes, clouds in the plane that overlap, half of them on an easy topic."""
    truth = np.arange(ITEMS) % CLASSES
    topics = ["hard" if item // CLASSES % 2 else "easy" for item in range(ITEMS)]
    return Nature(chance, Terrain(Items(range(ITEMS), _features(chance)), truth, CLASSES, topics, chance))


def _features(chance: Chance) -> NDArray[np.float64]:
    centres = np.array([[0, 0], [0, 2], [2, 0], [2, 2]])[np.arange(ITEMS) % CLASSES]
    return centres + Chance(chance.seed).stream("gallery", "features").normal(size=(ITEMS, 2)) * 0.8


def portrait(noise: Noise, chance: Chance, nature: Nature) -> Figure:
    """Return a crowd's confusion matrix, how often they are right on easy items and on hard ones, and how people differ.

    Args:
        noise: what each of them is made of.
        chance: the randomness of the picture.
        nature: the hidden side of the items, as `nature_of` makes it.
    """
    items = (np.arange(PEOPLE)[:, None] * 53 + np.arange(EACH)) % ITEMS
    answers = np.array([_answers(noise, f"crowd-{number}", row.tolist(), chance, nature) for number, row in enumerate(items)])
    truth, hardness = items % CLASSES, np.array([nature.hardness(item) for item in range(ITEMS)])[items]
    right = answers == truth
    return framed(
        lambda axes: _matrix(axes, truth.ravel(), answers.ravel()),
        lambda axes: (
            _by_fact(axes, noise, chance, nature) if noise.needs() else _by_hardness(axes, hardness.ravel(), right.ravel())
        ),
        lambda axes: _people(axes, right.mean(axis=1)),
        width=3.0,
    )


def _answers(noise: Noise, name: str, items: list[int], chance: Chance, nature: Nature) -> list[int]:
    own, luck = noise.person(chance.keyed("person", name, "noise")), chance.keyed("annotator", name, "answer")
    said = (own.answer(Case(item, 0, item % CLASSES, CLASSES, nature), luck.luck(item)) for item in items)
    return [-1 if each is None else each for each in said]


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


def _by_fact(axes: Axes, noise: Noise, chance: Chance, nature: Nature) -> None:
    """Draw how one person does on all items, by what their noise goes by beside the truth."""
    items = np.arange(ITEMS)
    right = np.array(_answers(noise, "crowd-1", items.tolist(), chance, nature)) == items % CLASSES
    if "features" in noise.needs():
        across, along = _features(chance).T
        plane = axes.hexbin(across, along, C=right, gridsize=14, cmap="Blues", vmin=0, vmax=1, mincnt=3, linewidths=0.2)
        axes.figure.colorbar(plane, ax=axes, shrink=0.9).outline.set_visible(False)
        axes.set(xlabel="features of the items", xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        return
    topics = [str(nature.terrain.topic(item)) for item in items.tolist()]
    names = sorted(set(topics))
    bars = axes.bar(names, [right[np.array(topics) == name].mean() for name in names], color=BLUE, width=0.6)
    axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set(xlabel="topic", ylabel="accuracy", ylim=(0, 1.02))


def _people(axes: Axes, accuracy: NDArray[np.float64]) -> None:
    axes.hist(accuracy, bins=list(np.linspace(0, 1, 41)), color=BLUE, alpha=0.75)
    axes.set(xlim=(0, 1), xlabel="accuracy of a person", ylabel=f"people of {PEOPLE}")
