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
OPINIONS = 41


def portrait(social: Social, chance: Chance, nature: Nature) -> Figure:
    """Return how people do round by round: committees of five, each right with probability .7, and opinions from 0 to 1.

    Args:
        social: how each member reacts to the others.
        chance: the randomness of the picture.
        nature: the hidden side of the items.
    """
    answers = [chance.keyed("annotator", f"crowd-{number}", "answer") for number in range(MEMBERS)]
    talks = [chance.keyed("annotator", f"crowd-{number}", "social") for number in range(MEMBERS)]
    labels = np.array([_argued(social, Case(item, 0, 0, 2, nature), answers, talks) for item in range(ITEMS)])
    opinions = _pondered(social, Case(ITEMS, 0, 0, 2, nature), chance)
    return framed(
        lambda axes: _accuracy(axes, labels == 0), lambda axes: _unity(axes, labels), lambda axes: _opinions(axes, opinions)
    )


def _argued(social: Social, case: Case, answers: list[Keyed], talks: list[Keyed]) -> list[list[int]]:
    """Return the labels of all members, round by round."""
    chances = (ACCURACY, 1 - ACCURACY)
    first = [social.position(Said(draw(chances, 0, luck.luck(case.item))), chances) for luck in answers]
    return [[each.label for each in held] for held in _talk(social, case, first, talks)]


def _pondered(social: Social, case: Case, chance: Chance) -> NDArray[np.float64]:
    """Return how probable people hold the true class who begin with all opinions there are; shape (rounds + 1, people)."""
    talks = [chance.keyed("annotator", f"crowd-{number}", "social") for number in range(OPINIONS)]
    said = [(number / (OPINIONS - 1), 1 - number / (OPINIONS - 1)) for number in range(OPINIONS)]
    first = [social.position(Said(int(chances[0] < 0.5), chances=chances), chances) for chances in said]
    return np.array([[each.spread(2)[0] for each in held] for held in _talk(social, case, first, talks)])


def _talk(social: Social, case: Case, first: list[Position], talks: list[Keyed]) -> list[list[Position]]:
    """Return what all hold, round by round."""
    rounds = [first]
    for number in range(ROUNDS):
        held = rounds[-1]
        rounds.append([_heard(social, place, held, first, case, luck, number) for place, luck in enumerate(talks)])
    return rounds


def _heard(
    social: Social, place: int, held: list[Position], first: list[Position], case: Case, luck: Keyed, number: int
) -> Position:
    others = [each._replace(reasons=True) for other, each in enumerate(held) if other != place]
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


def _opinions(axes: Axes, opinions: NDArray[np.float64]) -> None:
    at = np.arange(ROUNDS + 1)
    axes.plot(at, opinions, "-", color=BLUE, linewidth=0.6, alpha=0.6)
    axes.set(xlabel="rounds of discussion", ylabel="probability held", ylim=(-0.02, 1.02), xticks=at)
