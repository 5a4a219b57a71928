"""Staleness: how many items got their label between an item's scoring and its own label."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import geom

from scenarios.report.campaign.drawing import HALF, figure, in_wholes, thousands
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts
from scenarios.report.document import Picture, Section
from scenarios.report.inks import line

_BARS = 40
_LEAST = 50
"""Labels from which on they are compared with how they would spread if any open item were as likely to be next."""


def staleness(evidence: Evidence) -> Section | None:
    """Return the section, or None where nothing was labelled, or each item before the next was asked for."""
    stale = evidence.books.staleness
    total = sum(stale.values())
    mean = sum(value * count for value, count in stale.items()) / total if total else 0.0
    if not mean:
        return None
    values, number = _sorted(evidence)
    middle = int(values[np.searchsorted(number.cumsum(), total / 2)])
    far = int(values[np.searchsorted(number.cumsum(), 0.95 * total)])
    says = (
        f"Between the scoring of an item and its own label, {mean:.1f} others were labelled on average; the median is {middle}, "
        f"and one label in twenty came after {far:,} others or more."
    )
    overlay = _looks_geometric(evidence, mean)
    caption = "Labels that came between the scoring of an item and its own label."
    if overlay:
        caption += " Line: the geometric distribution of the same mean, as if each open item were as likely to be labelled next."
    alt = f"Histogram of {counts(total, 'label')}: mean {mean:.1f}, median {middle}, largest {int(values[-1])}."
    picture = Picture("staleness", caption, lambda: _draw(evidence, mean if overlay else None), alt)
    return Section("Staleness", (says,), (picture,))


def _looks_geometric(evidence: Evidence, mean: float) -> bool:
    """Return whether it spreads about as a geometric distribution does: within a factor of 2 of its variance."""
    values, number = _sorted(evidence)
    variance = float(np.average((values - mean) ** 2, weights=number))
    return number.sum() >= _LEAST and mean >= 1 and 0.5 < variance / (mean * (1 + mean)) < 2


def _sorted(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    values, number = zip(*sorted(evidence.books.staleness.items()), strict=True)
    return np.array(values), np.array(number)


def _draw(evidence: Evidence, mean: float | None) -> Figure:
    values, number = _sorted(evidence)
    drawn = figure(HALF, 2.7)
    axes: Axes = drawn.subplots()
    last = int(values[-1])
    width = max(1, -(-(last + 1) // _BARS))
    edges = np.arange(0, last + width + 1, width)
    heights, _ = np.histogram(values, edges, weights=number)
    middle = edges[:-1] + (width - 1) / 2
    axes.bar(middle, heights, width=width * 0.9, color=line(0).color, label="labels")
    if mean is not None:
        expected = np.diff(geom.cdf(edges, 1 / (1 + mean))) * number.sum()
        other = line(1)
        axes.plot(middle, expected, color=other.color, linestyle=other.dashes, linewidth=1.4, label="geometric, same mean")
        axes.legend(loc="upper right")
    axes.set(xlabel="labels in between", ylabel="labels" if width == 1 else f"labels, by {width} in between")
    in_wholes(axes)
    thousands(axes)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    return drawn
