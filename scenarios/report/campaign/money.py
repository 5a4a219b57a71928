"""Money: what was spent and promised as a campaign went on, and the labels that it bought."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from agents.coordinator.ledger import MILLIONTHS
from scenarios.report.campaign.drawing import WIDE, figure, thousands, unit_of
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts, percent
from scenarios.report.campaign.wording import money as in_words
from scenarios.report.document import Picture, Section
from scenarios.report.inks import FAINT, line


def money(evidence: Evidence) -> Section | None:
    """Return the section, or None where nothing costs anything."""
    state, summary, budget = evidence.state, evidence.summary, evidence.budget
    if not state.committed or not evidence.end:
        return None
    each = f", {summary.cost / summary.labels:.3g} a label" if summary.labels else ""
    says = [f"{in_words(summary.cost)} was spent: {summary.cost / max(summary.answers, 1):.3g} an answer{each}."]
    if budget:
        left = budget - summary.cost
        says.append(f"That is {percent(summary.cost / budget)} of the budget of {in_words(budget)}; {in_words(left)} is left.")
    if summary.cancelled_cost:
        says.append(f"Of it, {in_words(summary.cancelled_cost)} went to tasks that were cancelled, the work on them having begun.")
    caption = "Money spent, and with it what was promised for tasks under way"
    caption += f"; pale, what was left of the budget of {in_words(budget)}." if budget else "."
    caption += " Below: labels."
    alt = f"{says[0]} {counts(summary.labels, 'label')} came of it."
    return Section("Money", tuple(says), (Picture("money", caption, lambda: _draw(evidence), alt, True),))


def _draw(evidence: Evidence) -> Figure:
    drawn = figure(WIDE, 3.6)
    unit, course = unit_of(evidence.end, evidence.counted), evidence.books.series.course
    spent, promised, labels = (course(name, evidence.end) for name in ("committed", "reserved", "labels"))
    at = spent.starts / unit.microseconds
    above, below = drawn.subplots(2, 1, sharex=True, height_ratios=(1.5, 1))
    committed = spent.last / MILLIONTHS
    above.stairs(committed, at, fill=True, color=line(0).color, alpha=0.9, linewidth=0, label="spent")
    total = committed + promised.mean / MILLIONTHS
    if promised.mean.any():
        above.stairs(total, at, baseline=committed, fill=True, color=line(1).color, alpha=0.9, linewidth=0, label="promised")
    budget = evidence.budget
    if budget and budget < 20 * evidence.summary.cost:
        above.stairs(np.maximum(total, budget), at, baseline=total, fill=True, color=FAINT, alpha=0.22, linewidth=0, label="left")
        above.axhline(budget, color=FAINT, linewidth=1, linestyle=(0, (4, 2)))
    above.set_ylabel("money")
    above.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, borderaxespad=0.1)
    _labels(below, at, labels.last, unit.name)
    for axes in (above, below):
        axes.set_ylim(0, 1.04 * max(axes.dataLim.y1, 1e-9))
        axes.set_xlim(0, float(at[-1]))
        axes.grid(axis="y")
        thousands(axes, wholes=axes is below)
    return drawn


def _labels(axes: Axes, at: np.ndarray, labels: np.ndarray, unit: str) -> None:
    ink = line(2)
    axes.step(at, np.append(labels, labels[-1]), where="post", color=ink.color, linewidth=1.4)
    axes.set(xlabel=unit, ylabel="labels")
