"""The timetable: when each annotator was at work, was there and had nothing to do, or was away."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from agents.inference.answers import Floats
from scenarios.report.campaign.books import POSITION, STATUSES, Numbers
from scenarios.report.campaign.drawing import WIDE, Unit, figure, named, unit_of
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts, percent, span
from scenarios.report.document import Picture, Section
from scenarios.report.inks import FAINT, line

MOST = 30
"""People who have a row."""

_BARS = 700
"""Stretches of work up to which each is drawn; of more, the first ones are, and all of them as shares of short stretches."""

_COLUMNS = 240
"""Short stretches of a whole campaign."""

_LATE, _TALK, _WORK = 1, 2, 0
_NAMES = ("at work", "answer came late", "in a negotiation")


class Timetable(NamedTuple):
    """Who was at work when; times in microseconds.

    Attributes:
        people: the numbers of those who have a row; shape (rows,).
        row, start, end, kind: of each stretch of work, in the order of their starts; shape (stretches,) each.
        there: for each row, the stretches in which they were there; None where nobody says.
    """

    people: NDArray[np.intp]
    row: Numbers
    start: Numbers
    end: Numbers
    kind: Numbers
    there: list[list[tuple[int, int]]] | None


def timetable(evidence: Evidence) -> Section | None:
    """Return the section, or None where nobody knows when people worked."""
    table = timetable_of(evidence)
    if not len(table.row):
        return None
    people = len(table.people)
    all_of_them = len(np.unique(evidence.books.answers.column("person")))
    who = "all who answered" if people == all_of_them else f"the {people} with most answers, of {all_of_them:,}"
    said = "pale: there, with nothing to do; empty: away or down." if table.there is not None else "empty: nobody says."
    parts = []
    many = len(table.row) > _BARS
    if many:
        until = _first_stretch(table)
        parts.append(
            Picture(
                "timetable-start",
                f"The first {span(until / 1e6)}: {who}; dark: at work; {said}",
                lambda: _draw_bars(evidence, table, until),
                f"Gantt chart of {counts(people, 'annotator')} over the first {span(until / 1e6)}.",
                True,
            )
        )
    shade = "the darker, the larger the share of a short stretch that they worked" if many else "dark: at work"
    drawer = _draw_shares if many else _draw_bars
    caption = f"The whole campaign: {who}; {shade}; {said}"
    alt = f"Gantt chart of {counts(people, 'annotator')} over {span(evidence.end / 1e6)}."
    parts.append(Picture("timetable", caption, lambda: drawer(evidence, table, evidence.end), alt, True))
    return Section("Who worked when", _says(evidence), tuple(parts))


def _says(evidence: Evidence) -> tuple[str, ...]:
    use = evidence.summary.utilisation
    if use is not None:
        return (f"Of the time that people were there, they spent {percent(use)} on answers that were accepted.",)
    busy = [each.busy for each in evidence.summary.annotators if each.answers]
    if not busy:
        return ()
    return (f"People spent {percent(sum(busy) / len(busy))} of the campaign on answers that were accepted.",)


def timetable_of(evidence: Evidence) -> Timetable:
    """Return who was at work when: those with most answers, in the order of the scenario."""
    answers = evidence.books.answers
    person, start, duration, status = (answers.column(name) for name in ("person", "start", "duration", "status"))
    load = np.bincount(person, minlength=len(evidence.books.people.names))
    people = np.sort(np.argsort(-load, kind="stable")[: min(MOST, int((load > 0).sum()))])
    place = np.full(len(load), -1)
    place[people] = np.arange(len(people))
    row = place[person]
    some = (row >= 0) & (start >= 0) & (duration >= 0) & (not evidence.counted)
    row, start, duration, status = row[some], start[some], duration[some], status[some]
    order = np.argsort(start, kind="stable")
    kind = np.where(status == STATUSES.index("late"), _LATE, np.where(status == POSITION, _TALK, _WORK))[order]
    there = _there(evidence, people) if evidence.header.origin == "simulated" else None
    return Timetable(people, row[order], start[order], (start + duration)[order], kind, there)


def _there(evidence: Evidence, people: NDArray[np.intp]) -> list[list[tuple[int, int]]]:
    """Return when each was there: always, but for those who come and go; and not while they were down or silent."""
    stays, gaps = _by_person(evidence, "presence"), _by_person(evidence, "absence")
    found = []
    for number in people.tolist():
        person = evidence.state.people.get(evidence.books.people.names[number])
        always = person is None or person.stays.number < 0
        spans = [(0, evidence.end)] if always else stays.get(number, [])
        for gap in gaps.get(number, ()):
            spans = [part for each in spans for part in _without(each, gap)]
        found.append(spans)
    return found


def _by_person(evidence: Evidence, name: str) -> dict[int, list[tuple[int, int]]]:
    ledger = evidence.books.presence if name == "presence" else evidence.books.absence
    found: dict[int, list[tuple[int, int]]] = {}
    for person, start, end in zip(*(ledger.column(column).tolist() for column in ("person", "start", "end")), strict=True):
        found.setdefault(person, []).append((start, end))
    return found


def _without(span_: tuple[int, int], gap: tuple[int, int]) -> list[tuple[int, int]]:
    parts = [(span_[0], min(span_[1], gap[0])), (max(span_[0], gap[1]), span_[1])]
    return [(start, end) for start, end in parts if start < end]


def _first_stretch(table: Timetable) -> int:
    """Return until when the first stretches of work are drawn one by one."""
    return int(max(table.end[:_BARS].max() // 2, table.start[min(_BARS // 2, len(table.start) - 1)], 1))


def _frame(axes: Axes, evidence: Evidence, table: Timetable, until: int, unit: Unit) -> None:
    names = [named(evidence.books.people.names[each]) for each in table.people.tolist()]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(0, until / unit.microseconds), xlabel=unit.name)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _height(table: Timetable) -> float:
    return 1.0 + 0.17 * max(len(table.people), 4)


def _draw_bars(evidence: Evidence, table: Timetable, until: int) -> Figure:
    drawn = figure(WIDE, _height(table))
    axes: Axes = drawn.subplots()
    unit = unit_of(until)
    _draw_there(axes, table, until, unit)
    early = table.start < until
    keys = [Patch(color=FAINT, alpha=0.3, linewidth=0, label="there")] if table.there is not None else []
    for kind, name in enumerate(_NAMES):
        some = early & (table.kind == kind)
        if not some.any():
            continue
        width = (np.minimum(table.end[some], until) - table.start[some]) / unit.microseconds
        hatch = ("", "/////", ".....")[kind]
        style = {"color": line(kind).color, "linewidth": 0.0}
        # A little white, so that one task is told from the next.
        axes.barh(
            table.row[some],
            width,
            0.72,
            table.start[some] / unit.microseconds,
            edgecolor="white",
            hatch=hatch,
            color=style["color"],
            linewidth=0.3,
        )
        keys.append(Patch(facecolor=line(kind).color, edgecolor="white", hatch=hatch, linewidth=0, label=name))
    axes.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    _frame(axes, evidence, table, until, unit)
    return drawn


def _draw_there(axes: Axes, table: Timetable, until: int, unit: Unit) -> None:
    for row, spans in enumerate(table.there or ()):
        bars = [(start / unit.microseconds, (min(end, until) - start) / unit.microseconds) for start, end in spans if start < until]
        axes.broken_barh(bars, (row - 0.36, 0.72), color=FAINT, alpha=0.3, linewidth=0)


def _draw_shares(evidence: Evidence, table: Timetable, until: int) -> Figure:
    drawn = figure(WIDE, _height(table))
    axes: Axes = drawn.subplots()
    unit = unit_of(until)
    _draw_there(axes, table, until, unit)
    shares = shares_of(table, until, _COLUMNS)
    picture = np.zeros((*shares.shape, 4))
    picture[..., :3] = to_rgb(line(_WORK).color)
    picture[..., 3] = np.sqrt(np.clip(shares, 0, 1))
    # Between the rows there is a gap, as between bars.
    tall = np.zeros((len(shares) * 8, shares.shape[1], 4))
    for part in range(1, 7):
        tall[part::8] = picture
    extent = (0.0, until / unit.microseconds, len(shares) - 0.5, -0.5)
    axes.imshow(tall, aspect="auto", extent=extent, interpolation="nearest", zorder=2)
    late = table.kind == _LATE
    keys = [Patch(color=FAINT, alpha=0.3, linewidth=0, label="there")] if table.there is not None else []
    keys.append(Patch(color=line(_WORK).color, linewidth=0, label=_NAMES[_WORK]))
    if late.any():
        ink = line(_LATE)
        marks = axes.scatter(
            table.end[late] / unit.microseconds, table.row[late], s=9, marker="|", color=ink.color, linewidths=0.8, zorder=3,
            label=_NAMES[_LATE],
        )  # fmt: skip
        axes.legend(handles=[*keys, marks], loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    else:
        axes.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    _frame(axes, evidence, table, until, unit)
    return drawn


def shares_of(table: Timetable, until: int, columns: int) -> Floats:
    """Return the share of each short stretch that each was at work, their stretches of work being added up.

    Args:
        table: who was at work when.
        until: the end, in microseconds.
        columns: how many short stretches there are up to then.

    Returns:
        Shape (rows, columns).
    """
    width = max(until, 1) / columns
    found = np.zeros((len(table.people), columns + 1))
    start, end = table.start / width, np.minimum(table.end, until) / width
    first, last = np.minimum(start, columns).astype(np.intp), np.minimum(end, columns).astype(np.intp)
    whole = np.zeros((len(table.people), columns + 2))
    np.add.at(whole, (table.row, first), 1)
    np.add.at(whole, (table.row, last), -1)
    found += whole.cumsum(axis=1)[:, : columns + 1]
    # The first stretch is not worked in from its start, and the last one up to a point.
    np.add.at(found, (table.row, first), -(start - first))
    np.add.at(found, (table.row, last), end - last)
    return found[:, :columns]
