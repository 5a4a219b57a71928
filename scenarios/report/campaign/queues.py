"""Queues: open items, and people at work, as a campaign goes on."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scenarios.report.campaign.bins import Course
from scenarios.report.campaign.drawing import WIDE, Unit, figure, thousands, unit_of
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.document import Picture, Section
from scenarios.report.inks import line


class _Series(NamedTuple):
    name: str
    course: Course


def queues(evidence: Evidence) -> Section | None:
    """Return the section, or None where no time passed, nobody had a task, or answers came from outside, without their queues."""
    if not evidence.end or evidence.header.origin == "recorded" or not len(evidence.books.answers):
        return None
    items, people = _series(evidence)
    mean = {each.name: _mean(each.course) for each in (*items, *people)}
    most = float(items[0].course.peak.max())
    says = [
        f"On average {mean['open']:.1f} items were open, and {most:,.0f} at most; {mean['waiting for people']:.1f} of them had "
        f"nobody at them. {mean['people with a task']:.1f} of {mean['people there']:.1f} people had a task."
    ]
    caption = "Items that are open, and those of them that nobody is at; people who are there, and who have a task."
    if len(items[0].course.mean) > 60:
        caption += " Each is a mean over short stretches."
    picture = Picture("queues", caption, lambda: _draw(evidence, items, people), f"Two panels over time. {says[0]}", True)
    return Section("Queues and people at work", tuple(says), (picture,))


def _series(evidence: Evidence) -> tuple[list[_Series], list[_Series]]:
    course, end = evidence.books.series.course, evidence.end
    items = [_Series("open", course("open", end)), _Series("waiting for people", course("waiting", end))]
    people = [_Series("people there", course("there", end)), _Series("people with a task", course("busy", end))]
    return items, people


def _mean(course: Course) -> float:
    return float(np.average(course.mean, weights=np.diff(course.starts)))


def _draw(evidence: Evidence, items: list[_Series], people: list[_Series]) -> Figure:
    drawn = figure(WIDE, 3.6)
    unit = unit_of(evidence.end, evidence.counted)
    above, below = drawn.subplots(2, 1, sharex=True)
    _panel(above, items, unit, "items")
    _panel(below, people, unit, "people")
    below.set_xlabel(unit.name)
    return drawn


def _panel(axes: Axes, several: list[_Series], unit: Unit, up: str) -> None:
    whole, part = several
    at = whole.course.starts / unit.microseconds
    axes.stairs(part.course.mean, at, fill=True, color=line(1).color, alpha=0.55, linewidth=0, label=part.name)
    mean = np.append(whole.course.mean, whole.course.mean[-1])
    axes.step(at, mean, where="post", color=line(0).color, linewidth=1.3, label=whole.name)
    axes.set_ylabel(up)
    axes.set_ylim(0, 1.08 * max(float(whole.course.mean.max()), float(part.course.mean.max()), 1.0))
    axes.set_xlim(0, float(several[0].course.starts[-1] / unit.microseconds))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.1)
    thousands(axes)
    axes.grid(axis="y")
