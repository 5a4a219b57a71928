"""Whether labels are as sure as they look: how often they are right, by how probable the answers make them."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.inference.answers import Floats
from scenarios.report.campaign.books import NOBODY
from scenarios.report.campaign.drawing import WIDE, figure, in_percent, thousands
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.proportion import wilson
from scenarios.report.campaign.wording import percent
from scenarios.report.document import Picture, Section, Table
from scenarios.report.inks import FAINT, line

_BINS = 10
_SHOWN = 5
"""Labels in a bin below which it is not shown, but counted all the same."""

_LEAST = 20
"""Labels below which nothing is said of calibration."""


class Calibration(NamedTuple):
    """How often something is right, by how probable it is said to be, in bins of the same width.

    Attributes:
        name: who says how probable it is.
        cases, right: cases in each bin, and how many of them are right; shape (bins,).
        said: the mean probability in each bin; shape (bins,).
        error: the expected calibration error: the mean distance of `said` from the share that is right, weighted by counts
            (Naeini, Cooper and Hauskrecht, 2015).
        brier: the mean squared distance of the probability from 1 where it is right, and from 0 where not (Brier, 1950).
    """

    name: str
    cases: Floats
    right: Floats
    said: Floats
    error: float
    brier: float


def calibration_of(name: str, said: Floats, right: NDArray[np.bool_]) -> Calibration:
    """Return how probabilities compare with what is right; shape (cases,) each, at least one case."""
    place = np.minimum((said * _BINS).astype(np.intp), _BINS - 1)
    count, hits, total = (np.bincount(place, each, _BINS).astype(np.float64) for each in (np.ones(len(said)), right, said))
    mean = np.divide(total, count, out=np.zeros(_BINS), where=count > 0)
    share = np.divide(hits, count, out=np.zeros(_BINS), where=count > 0)
    error = float((count * np.abs(mean - share)).sum() / count.sum())
    return Calibration(name, count, hits, mean, error, float(np.mean((said - right) ** 2)))


def calibrations(evidence: Evidence) -> list[Calibration]:
    """Return how well labels are calibrated: by the share of their votes, and by truth inference, as far as there are any."""
    labelled = np.flatnonzero((evidence.final != NOBODY) & (evidence.truth != NOBODY))
    if len(labelled) < _LEAST or not evidence.knows_truth:
        return []
    final = evidence.final[labelled]
    right = final == evidence.truth[labelled]
    item, label = evidence.answers("item", "counted"), evidence.answers("label", "counted")
    votes = np.bincount(item, minlength=len(evidence.final))[labelled]
    same = np.bincount(item[label == evidence.final[item]], minlength=len(evidence.final))[labelled]
    found = []
    if (votes > 1).mean() > 0.2:
        some = votes > 0
        found.append(calibration_of("share of the votes", same[some] / votes[some], right[some]))
    if evidence.inferred is not None:
        said = evidence.inferred.posterior[labelled, final]
        found.append(calibration_of("truth inference", np.clip(said, 0, 1), right))
    return found


def calibration(evidence: Evidence) -> Section | None:
    """Return the section, or None where labels have no probabilities, or nothing is known to be right."""
    found = calibrations(evidence)
    if not found:
        return None
    says = [
        "A log keeps labels, and not how probable they were held to be; but its answers tell. By votes, a label is as probable as "
        "the share of its item's answers that give it; by truth inference (as parley aggregate has it), as all answers together "
        "make it."
        if len(found) == 2
        else "A log keeps labels, and not how probable they were held to be; shown is how probable its answers make them."
    ]
    says += [_says(each) for each in found]
    head = ("", "labels", "right", "mean probability", "expected calibration error", "Brier score")
    rows = tuple(_row(each) for each in found)
    picture = Picture(
        "calibration",
        "Reliability of labels: the share that is right, by the probability of the label, in bins of a tenth, with 95 % intervals "
        "(Wilson), where there are five labels or more; dashed, what would be perfect: below it, labels are surer than they should "
        "be. The second panel: labels in each bin.",
        lambda: _draw(found),
        f"Reliability diagram. {' '.join(map(_says, found))}",
        True,
    )
    return Section("Calibration of labels", tuple(says), (picture, Table("", head, rows, (1, 2, 3, 4, 5))))


def _says(each: Calibration) -> str:
    total, right = each.cases.sum(), each.right.sum()
    mean, share = float((each.said * each.cases).sum() / total), float(right / total)
    tendency = (
        "too sure" if mean - share > 0.02 else "not sure enough" if share - mean > 0.02 else "about as sure as they should be"
    )
    return (
        f"By {each.name}, labels are {tendency}: {percent(mean)} on average, and {percent(share)} right; "
        f"the expected calibration error is {each.error:.3f}, the Brier score {each.brier:.3f}."
    )


def _row(each: Calibration) -> tuple[str, ...]:
    total = each.cases.sum()
    mean = (each.said * each.cases).sum() / total
    return (each.name, f"{total:,.0f}", percent(each.right.sum() / total), percent(mean), f"{each.error:.3f}", f"{each.brier:.3f}")


def _draw(found: list[Calibration]) -> Figure:
    drawn = figure(WIDE, 3.1)
    left, right = drawn.subplots(1, 2, width_ratios=(1.15, 1))
    left.plot([0, 1], [0, 1], color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)))
    for number, each in enumerate(found):
        _reliability(left, each, number, len(found))
        _counted(right, each, number, len(found))
    least = min(float(each.said[each.cases > 0].min()) for each in found)
    left.set(xlim=(max(0.0, np.floor(10 * least) / 10 - 0.03), 1.03), ylim=(-0.03, 1.03))
    left.set(xlabel="probability of the label", ylabel="share that is right")
    right.set(xlabel="probability of the label", ylabel="labels", xlim=left.get_xlim())
    for axes in (left, right):
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.10g} %")
    in_percent(left)
    thousands(right)
    left.grid(axis="y")
    right.grid(axis="y")
    drawn.legend(*left.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return drawn


def _reliability(axes: Axes, each: Calibration, number: int, several: int) -> None:
    ink, some = line(number), each.cases >= _SHOWN
    low, high = wilson(each.right[some], each.cases[some])
    share = each.right[some] / each.cases[some]
    # Intervals that lie over each other are not told apart.
    at = each.said[some] + (number - (several - 1) / 2) * 0.008
    bars = np.clip([share - low, high - share], 0, None)
    axes.errorbar(
        at, share, bars, color=ink.color, marker=ink.marker, markersize=4.5, linewidth=1.2, linestyle=ink.dashes, elinewidth=0.9,
        label=each.name,
    )  # fmt: skip


def _counted(axes: Axes, each: Calibration, number: int, several: int) -> None:
    width = 0.084 / several
    at = (np.arange(_BINS) + 0.5) / _BINS + (number - (several - 1) / 2) * width
    hatch = ("", "////")[number % 2]
    axes.bar(
        at,
        each.cases,
        width=width * 0.94,
        color=line(number).color,
        hatch=hatch,
        edgecolor="white" if hatch else "none",
        linewidth=0,
    )
