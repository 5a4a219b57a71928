"""How far people agree: over the campaign, and who with whom."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.inference.answers import Floats
from scenarios.report.campaign.books import NOBODY
from scenarios.report.campaign.drawing import HALF, figure, heat_map, in_wholes, named, worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.krippendorff import Alphas, alphas
from scenarios.report.campaign.proportion import wilson
from scenarios.report.campaign.wording import counts, percent
from scenarios.report.document import Picture, Section
from scenarios.report.inks import FAINT, line

MOST = 15
"""People in the matrix."""

_MET = 0.25
"""Share of the pairs of people of whom something must be said, or there is no matrix: it would be empty."""

_UNITS = 30
"""Items with several answers below which there is no curve."""

_FEW = 5
"""Items in common below which nothing is said of two people."""


def agreement(evidence: Evidence) -> Section | None:
    """Return the section, or None where no item has two answers."""
    course = alphas(evidence)
    if course is None:
        return None
    parts, says = [], [_says(evidence, course)]
    if course.items[-1] >= _UNITS and np.isfinite(course.alpha).sum() > 1:
        caption = (
            "Krippendorff's alpha of all answers so far, over the items that have several, in the order of their labels; "
            "band: 95 % interval (jackknife over items). 1 is full agreement, 0 what chance would give; .8 and .667 (dashed) are "
            "what Krippendorff asks of data one relies on, or draws tentative conclusions from."
        )
        parts.append(Picture("alpha", caption, lambda: _draw_alpha(course), says[0]))
    people, both, same = pairwise(evidence)
    met = both[np.triu_indices(len(people), 1)] >= _FEW
    if met.any():
        says.append(_extremes(evidence, people, both, same))
    if met.any() and met.mean() >= _MET:
        shown = f"the {len(people)} with most answers" if len(people) < _answering(evidence) else "all who answered"
        caption = (
            f"How often two people gave the same answer, in per cent of the items that both answered; {shown}. "
            f"The brighter, the more often; empty: fewer than {_FEW} such items."
        )
        parts.append(Picture("who-with-whom", caption, lambda: _draw_pairs(evidence, people, both, same), says[-1]))
    return Section("Agreement", tuple(each for each in says if each), tuple(parts))


def pairwise(evidence: Evidence) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return those with most answers, in the order of their names' numbers; items that two of them answered; and the same way.

    Where somebody answered an item twice, it is the last answer that counts.
    """
    item, person, label = (evidence.answers(name, "counted") for name in ("item", "person", "label"))
    answers = np.bincount(person, minlength=len(evidence.books.people.names))
    people = np.sort(np.argsort(-answers, kind="stable")[: min(MOST, int((answers > 0).sum()))])
    given = np.full((len(people), len(evidence.final)), NOBODY, dtype=np.int32)
    place = np.full(len(answers), NOBODY)
    place[people] = np.arange(len(people))
    some = place[person] != NOBODY
    given[place[person[some]], item[some]] = label[some]
    both, same = np.zeros((2, len(people), len(people)))
    for one in range(len(people)):
        theirs = given[:, given[one] != NOBODY]
        both[one] = (theirs != NOBODY).sum(axis=1)
        same[one] = (theirs == theirs[one]).sum(axis=1)
    return people, both, same


def _answering(evidence: Evidence) -> int:
    return len(np.unique(evidence.answers("person", "counted")))


def _says(evidence: Evidence, course: Alphas) -> str:
    items, alpha = int(course.items[-1]), float(course.alpha[-1])
    shared, unanimous = counts(items, "item has", "items have"), evidence.summary.unanimous
    if np.isnan(alpha):
        return f"{shared} several answers, which are all the same."
    low, high = float(course.low[-1]), float(course.high[-1])
    says = f"{shared} several answers. Krippendorff's alpha is {alpha:.3f} (95 % interval {low:.3f} to {high:.3f})"
    return says + (f", and on {percent(unanimous)} of these items all agree." if unanimous is not None else ".")


def _extremes(evidence: Evidence, people: NDArray[np.intp], both: Floats, same: Floats) -> str:
    """Return who agrees least, where their interval lies below what the others come to."""
    names, off = evidence.books.people.names, ~np.eye(len(people), dtype=bool)
    total, agreeing = (both * off).sum(axis=1), (same * off).sum(axis=1)
    overall = agreeing.sum() / max(total.sum(), 1)
    _, high = wilson(agreeing, total)
    share = np.divide(agreeing, total, out=np.ones(len(people)), where=total > 0)
    least = int(np.argmin(share))
    says = f"Two people who answered the same item gave the same answer in {percent(overall)} of cases."
    if len(people) > 2 and high[least] < overall:
        says += f" {worded(names[people[least]])} agrees least with the others: in {percent(share[least])} of cases."
    return says


def _draw_alpha(course: Alphas) -> Figure:
    drawn = figure(HALF, 2.7)
    axes: Axes = drawn.subplots()
    ink = line(0)
    for level in (0.667, 0.8):
        axes.axhline(level, color=FAINT, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    axes.fill_between(course.items, course.low, course.high, color=ink.color, alpha=0.22, linewidth=0)
    axes.plot(course.items, course.alpha, color=ink.color, linewidth=1.4)
    settled = course.items >= min(20, course.items[-1])
    low = float(np.nanmin(course.low[settled])) if np.isfinite(course.low[settled]).any() else 0.0
    axes.set(xlabel="items with several answers", ylabel="Krippendorff's alpha", ylim=(min(0.0, low) - 0.03, 1.03))
    axes.set_xmargin(0.01)
    in_wholes(axes)
    axes.grid(axis="y")
    return drawn


def _draw_pairs(evidence: Evidence, people: NDArray[np.intp], both: Floats, same: Floats) -> Figure:
    names = [named(evidence.books.people.names[each], 12) for each in people.tolist()]
    drawn = figure(HALF, 1.0 + 0.2 * max(len(people), 5))
    share = np.divide(same, both, out=np.full_like(both, np.nan), where=both >= _FEW)
    np.fill_diagonal(share, np.nan)
    known = share[np.isfinite(share)]
    low, high = float(known.min()), float(known.max())
    shade = (share - low) / (high - low) if high > low else np.where(np.isfinite(share), 0.5, np.nan)
    texts = [["" if np.isnan(value) else f"{100 * value:.0f}" for value in row] for row in share]
    heat_map(drawn.subplots(), shade, texts, names, names)
    return drawn
