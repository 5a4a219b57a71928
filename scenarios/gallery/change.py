"""Pictures of change: what work does to people."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.annotator.change import Change
from agents.annotator.experience import Experience, Moment
from bus.chance import Chance
from bus.clock import microseconds
from scenarios.gallery.frame import BLUE, GREY, framed

PEOPLE, SESSIONS, ANSWERS, SECONDS = 200, 4, 60, 30.0
"""So many people work through so many sessions of so many answers, of so many seconds each; between sessions lie 12 hours."""


def portrait(change: Change, chance: Chance) -> Figure:
    """Return how accuracy and time go, answer by answer, for people who were hired at an accuracy of .8 and 30 seconds an answer.

    Args:
        change: what work does to them.
        chance: the randomness of the picture.
    """
    moments = _moments()
    lucks = [chance.keyed("annotator", f"crowd-{number}", "change") for number in range(PEOPLE)]
    odds = np.log(4) + np.array([[change.skill(moment, luck) for moment in moments] for luck in lucks])
    times = SECONDS * np.array([[change.pace(moment, luck) for moment in moments] for luck in lucks])
    begun = [place for place, (one, other) in enumerate(pairwise(moments), 1) if one.session != other.session]
    return framed(
        lambda axes: _course(axes, 1 / (1 + np.exp(-odds)), begun, "accuracy", (0.4, 1.0)),
        lambda axes: _course(axes, times, begun, "seconds an answer", (0, max(40.0, float(times.max()) * 1.1))),
    )


def _moments() -> list[Moment]:
    experience, now, moments = Experience(), 0, []
    for _ in range(SESSIONS):
        for _ in range(ANSWERS):
            moments.append(experience.at(now))
            # Each second answer stands for one of which they are told whether it is right.
            if len(moments) % 2:
                experience.correct()
            experience.add(now, now := now + microseconds(SECONDS))
        now += microseconds(12 * 3600)
    return moments


def _course(axes: Axes, values: NDArray[np.float64], begun: list[int], name: str, limits: tuple[float, float]) -> None:
    at = np.arange(1, values.shape[1] + 1)
    low, half, high = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
    axes.fill_between(at, low, high, color=BLUE, alpha=0.2, linewidth=0, label="4 people in 5")
    axes.plot(at, values[0], color=GREY, linewidth=0.7, label="one person")
    axes.plot(at, half, color=BLUE, linewidth=1.2, label="median")
    for place in begun:
        axes.axvline(place + 0.5, color=GREY, linewidth=0.6, linestyle=":")
    axes.set(xlabel="answers (dotted: a night between)", ylabel=name, ylim=limits, xlim=(1, len(at)))
    axes.legend(loc="lower left", ncols=3, columnspacing=1, handlelength=1.2)
