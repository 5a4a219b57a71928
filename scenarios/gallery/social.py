"""Pictures of people in company: what becomes of what they hold when they hear others, round by round."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.annotator.noise import draw
from agents.annotator.saying import Said
from agents.annotator.social import Position, Social
from bus.chance import Chance, Keyed
from scenarios.gallery.frame import BLUE, GREY, framed

ITEMS, MEMBERS, ROUNDS, ACCURACY = 1500, 5, 5, 0.7


def portrait(social: Social, chance: Chance, nature: Nature) -> Figure:
    """Return how committees of five, each right with probability .7, do round by round: their members, their majority, their unity.

    Args:
        social: how each member reacts to the others.
        chance: the randomness of the picture.
        nature: the hidden side of the items.
    """
    answers = [chance.keyed("annotator", f"crowd-{number}", "answer") for number in range(MEMBERS)]
    talks = [chance.keyed("annotator", f"crowd-{number}", "social") for number in range(MEMBERS)]
    labels = np.array([_talk(social, Case(item, 0, 0, 2, nature), answers, talks) for item in range(ITEMS)])
    return framed(lambda axes: _accuracy(axes, labels == 0), lambda axes: _unity(axes, labels))


def _talk(social: Social, case: Case, answers: list[Keyed], talks: list[Keyed]) -> list[list[int]]:
    """Return the labels of all members, round by round."""
    chances = (ACCURACY, 1 - ACCURACY)
    first = [social.position(Said(draw(chances, 0, luck.luck(case.item))), chances) for luck in answers]
    held, rounds = first, [[each.label for each in first]]
    for number in range(ROUNDS):
        held = [_heard(social, place, held, first, case, luck, number) for place, luck in enumerate(talks)]
        rounds.append([each.label for each in held])
    return rounds


def _heard(
    social: Social, place: int, held: list[Position], first: list[Position], case: Case, luck: Keyed, number: int
) -> Position:
    others = [each for other, each in enumerate(held) if other != place]
    return social.reconsider(held[place], first[place], others, case, luck.luck(case.item, number))


def _accuracy(axes: Axes, right: NDArray[np.bool_]) -> None:
    at = np.arange(ROUNDS + 1)
    for values, style, name in (
        (right.sum(axis=2) * 2 > MEMBERS, "o-", "their majority"),
        (right.mean(axis=2), "s--", "a member"),
    ):
        mean, error = values.mean(axis=0), 1.96 * values.std(axis=0) / np.sqrt(ITEMS)
        color = BLUE if style == "o-" else GREY
        axes.errorbar(at, mean, error, fmt=style, color=color, markersize=3, linewidth=1, capsize=2, label=name)
    axes.set(xlabel="rounds of discussion", ylabel="accuracy", ylim=(0.45, 1.0), xticks=at)
    axes.legend(loc="lower left")


def _unity(axes: Axes, labels: NDArray[np.intp]) -> None:
    at = np.arange(ROUNDS + 1)
    axes.plot(at, (labels == labels[:, :, :1]).all(axis=2).mean(axis=0), "o-", color=BLUE, markersize=3, linewidth=1)
    axes.plot(at[1:], (labels[:, 1:] != labels[:, :-1]).mean(axis=(0, 2)), "s--", color=GREY, markersize=3, linewidth=1)
    axes.set(xlabel="rounds of discussion", ylabel="share", ylim=(0, 1.02), xticks=at)
    axes.legend(["unanimous committees", "members who changed"], loc="upper left")
