"""Gantt charts: a row for each annotator, and in it their work, stretch by stretch or as shades."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from scenarios.report.campaign.drawing import WIDE, Unit, figure, named, unit_of
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.hours import LATE, NAMES, WORK, Timetable
from scenarios.report.inks import FAINT, line

_COLUMNS = 240
"""Short stretches of a whole campaign."""


def _frame(axes: Axes, evidence: Evidence, table: Timetable, until: int, unit: Unit) -> None:
    names = [named(evidence.books.people.names[each]) for each in table.people.tolist()]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(0, until / unit.microseconds), xlabel=unit.name)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _height(table: Timetable) -> float:
    return 1.0 + 0.17 * max(len(table.people), 4)


def bars(evidence: Evidence, table: Timetable, until: int) -> Figure:
    """Return a Gantt chart with each stretch of work up to an instant, in microseconds."""
    drawn = figure(WIDE, _height(table))
    axes: Axes = drawn.subplots()
    unit = unit_of(until)
    _draw_there(axes, table, until, unit)
    early = table.start < until
    keys = [Patch(color=FAINT, alpha=0.3, linewidth=0, label="there")] if table.there is not None else []
    for kind, name in enumerate(NAMES):
        some = early & (table.kind == kind)
        if not some.any():
            continue
        width = (np.minimum(table.end[some], until) - table.start[some]) / unit.microseconds
        hatch, ink, left = ("", "/////", "-----")[kind], line(kind).color, table.start[some] / unit.microseconds
        # A little white, so that one task is told from the next; but not where there would be nothing else.
        edges = np.where(width > 0.004 * until / unit.microseconds, 0.3, 0.0)
        axes.barh(table.row[some], width, 0.72, left, edgecolor="white", hatch=hatch, color=ink, linewidth=edges)
        keys.append(Patch(facecolor=ink, edgecolor="white", hatch=hatch, linewidth=0, label=name))
    axes.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    _frame(axes, evidence, table, until, unit)
    return drawn


def _draw_there(axes: Axes, table: Timetable, until: int, unit: Unit) -> None:
    for row, spans in enumerate(table.there or ()):
        bars = [(start / unit.microseconds, (min(end, until) - start) / unit.microseconds) for start, end in spans if start < until]
        axes.broken_barh(bars, (row - 0.36, 0.72), color=FAINT, alpha=0.3, linewidth=0)


def shares(evidence: Evidence, table: Timetable, until: int) -> Figure:
    """Return a Gantt chart of shades: of each short stretch up to an instant, in microseconds, the share that was worked."""
    drawn = figure(WIDE, _height(table))
    axes: Axes = drawn.subplots()
    unit = unit_of(until)
    _draw_there(axes, table, until, unit)
    worked = table.shares(until, _COLUMNS)
    picture = np.zeros((*worked.shape, 4))
    picture[..., :3] = to_rgb(line(WORK).color)
    picture[..., 3] = np.sqrt(np.clip(worked, 0, 1))
    # Between the rows there is a gap, as between bars.
    tall = np.zeros((len(worked) * 8, worked.shape[1], 4))
    for part in range(1, 7):
        tall[part::8] = picture
    extent = (0.0, until / unit.microseconds, len(worked) - 0.5, -0.5)
    axes.imshow(tall, aspect="auto", extent=extent, interpolation="nearest", zorder=2)
    late = table.kind == LATE
    keys = [Patch(color=FAINT, alpha=0.3, linewidth=0, label="there")] if table.there is not None else []
    keys.append(Patch(color=line(WORK).color, linewidth=0, label=NAMES[WORK]))
    if late.any():
        ink = line(LATE)
        marks = axes.scatter(
            table.end[late] / unit.microseconds, table.row[late], s=9, marker="|", color=ink.color, linewidths=0.8, zorder=3,
            label=NAMES[LATE],
        )  # fmt: skip
        axes.legend(handles=[*keys, marks], loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    else:
        axes.legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, borderaxespad=0.1)
    _frame(axes, evidence, table, until, unit)
    return drawn
