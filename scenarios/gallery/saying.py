"""Pictures of what people say: whether their confidence can be believed, and what they leave unanswered."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.annotator.noise import draw
from agents.annotator.noises.ability_difficulty import AbilityDifficulty
from agents.annotator.saying import Said, Saying
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, ORANGE, framed

ITEMS, CLASSES, BINS = 8000, 4, 10


def portrait(saying: Saying, chance: Chance, nature: Nature) -> Figure:
    """Return what a person of middling ability says of easy items and of hard ones.

    Args:
        saying: what they say.
        chance: the randomness of the picture.
        nature: the hidden side of its items.
    """
    noise, answers, words = AbilityDifficulty(), chance.keyed("gallery", "answer"), chance.keyed("gallery", "saying")
    said, right = [], []
    for item in range(ITEMS):
        case = Case(item, 0, item % CLASSES, CLASSES, nature)
        chances = noise.chances(case)
        label = draw(chances, case.truth, answers.luck(item))
        said.append(saying.say(Said(label), chances, case, words.luck(item)))
        right.append(label == case.truth)
    hardness = np.array([nature.hardness(item) for item in range(ITEMS)])
    return framed(
        lambda axes: _content(axes, said, np.array(right)), lambda axes: _by_hardness(axes, hardness, said, np.array(right))
    )


def _content(axes: Axes, said: Sequence[Said], right: NDArray[np.bool_]) -> None:
    sure = [each.confidence if each.chances is None or each.label is None else each.chances[each.label] for each in said]
    if any(each is not None for each in sure):
        _reliability(axes, np.array([np.nan if each is None else each for each in sure]), right)
    elif any(each.ranking for each in said):
        _ranks(axes, said)
    else:
        _answered(axes, said, right)


def _reliability(axes: Axes, sure: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    place = np.minimum((sure * BINS).astype(np.intp), BINS - 1)
    count = np.maximum(np.bincount(place, minlength=BINS), 1)
    mean, shown = np.bincount(place, right, BINS) / count, count >= 30
    error = 1.96 * np.sqrt(mean * (1 - mean) / count)
    claimed = np.bincount(place, sure, BINS) / count
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    axes.errorbar(claimed[shown], mean[shown], error[shown], fmt="o-", color=BLUE, markersize=3, linewidth=1, capsize=2)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence (dotted: calibrated)", ylabel="accuracy")


def _ranks(axes: Axes, said: Sequence[Said]) -> None:
    ranks = [
        each.ranking.index(item % CLASSES) for item, each in enumerate(said) if each.ranking and item % CLASSES in each.ranking
    ]
    axes.bar(range(1, CLASSES + 1), np.bincount(ranks, minlength=CLASSES) / len(said), color=BLUE, width=0.6)
    axes.set(xlabel="rank of the true class", ylabel="share of items", xticks=range(1, CLASSES + 1), ylim=(0, 1))


def _answered(axes: Axes, said: Sequence[Said], right: NDArray[np.bool_]) -> None:
    answered = np.array([each.label is not None for each in said])
    shares = {"right": (answered & right).mean(), "wrong": (answered & ~right).mean(), "no label": (~answered).mean()}
    bars = axes.bar(list(shares), list(shares.values()), color=[BLUE, ORANGE, GREY], width=0.6)
    axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set(ylabel="share of items", ylim=(0, 1))


def _by_hardness(axes: Axes, hardness: NDArray[np.float64], said: Sequence[Said], right: NDArray[np.bool_]) -> None:
    place = np.minimum((hardness * BINS).astype(np.intp), BINS - 1)
    answered = np.array([each.label is not None for each in said])
    middle = (np.arange(BINS) + 0.5) / BINS
    given = np.bincount(place[answered], minlength=BINS)
    axes.plot(
        middle, np.bincount(place[answered], right[answered], BINS) / np.maximum(given, 1), "o-", color=BLUE, markersize=3, lw=1
    )
    axes.plot(middle, given / np.bincount(place, minlength=BINS), "s--", color=ORANGE, markersize=3, linewidth=1)
    axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel="hardness of the item (rank)", ylabel="share")
    axes.legend(["right, of those answered", "answered"], loc="lower left")
