"""Pictures of availability: who is there when, and what gets done."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from agents.annotator.availability import Availability
from agents.annotator.presence import Presence
from bus.chance import Chance
from bus.clock import SECOND
from scenarios.gallery.frame import BLUE, GREY, framed

PEOPLE, SHOWN, WORK = 40, 12, 60
"""So many people are watched, and so many of them shown; an answer takes so many seconds."""

DAY = 24 * 3600 * SECOND
WEEK = 7 * DAY


class Watched(NamedTuple):
    """A person's week: when they came and how long they stayed, in days, and when each answer was done, in days."""

    stays: list[tuple[float, float]]
    answers: list[float]


def portrait(availability: Availability, chance: Chance) -> Figure:
    """Return a week of people who would do an answer a minute: when they are there, Monday 0:00 UTC on, and what they get done.

    Args:
        availability: what keeps them from it.
        chance: the randomness of the picture.
    """
    weeks = [_week(f"crowd-{number}", availability, chance) for number in range(1, PEOPLE + 1)]
    return framed(lambda axes: _presence(axes, weeks[:SHOWN]), lambda axes: _progress(axes, weeks))


def _week(name: str, availability: Availability, chance: Chance) -> Watched:
    presence = Presence(name, [availability], chance)
    now, item, came, stays, answers = 0, 0, 0, list[tuple[float, float]](), list[float]()
    while now < WEEK:
        was = presence.there
        presence.word(now)
        if presence.there and not was:
            came = now
        if was and not presence.there:
            stays.append((came / DAY, (now - came) / DAY))
        if not presence.there:
            if presence.due is None:
                break
            now = presence.due
            continue
        lapse, item = presence.lapse(item, 0), item + 1
        if lapse is not None:
            now += round((lapse.after * WORK + lapse.pause + 1) * SECOND)
            continue
        now = presence.ready(item, 0, now)
        presence.begin(item, 0, now)
        now = presence.hands_in(now + WORK * SECOND)
        presence.answered()
        answers.append(now / DAY)
    if presence.there:
        stays.append((came / DAY, (WEEK - came) / DAY))
    return Watched(stays, answers)


def _presence(axes: Axes, weeks: list[Watched]) -> None:
    for row, week in enumerate(weeks):
        axes.broken_barh(week.stays, (row - 0.35, 0.7), color=BLUE, linewidth=0)
    _days(axes)
    axes.set(ylim=(len(weeks) - 0.4, -0.6), yticks=[], ylabel="people who are there")


def _progress(axes: Axes, weeks: list[Watched]) -> None:
    at = np.linspace(0, 7, 169)
    done = np.array([np.searchsorted(week.answers, at) for week in weeks])
    low, half, high = np.quantile(done, [0.1, 0.5, 0.9], axis=0)
    axes.plot(at, at * DAY / SECOND / WORK, color=GREY, linewidth=0.8, linestyle=":", label="always there")
    axes.fill_between(at, low, high, color=BLUE, alpha=0.2, linewidth=0, label="4 people in 5")
    axes.plot(at, half, color=BLUE, linewidth=1.2, label="median")
    _days(axes)
    axes.set(ylabel="answers", ylim=(0, max(100.0, 1.15 * float(done.max()))))
    axes.legend(loc="upper left")


def _days(axes: Axes) -> None:
    axes.set(xlim=(0, 7), xticks=np.arange(7) + 0.5, xticklabels=["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    axes.tick_params(axis="x", length=0)
    for day in range(1, 7):
        axes.axvline(day, color=GREY, linewidth=0.4)
