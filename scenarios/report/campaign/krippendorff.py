"""Krippendorff's alpha as a campaign goes on, with its interval."""

from typing import NamedTuple

import numpy as np

from agents.inference.answers import Floats
from scenarios.report.campaign.books import NOBODY, Numbers
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.proportion import Z


class Alphas(NamedTuple):
    """Krippendorff's alpha of the answers to the first items, up to each of several moments.

    Attributes:
        items: items with two answers or more, so far; shape (moments,).
        time: when the last of them got its label, in microseconds; shape (moments,).
        alpha, low, high: alpha, and its 95 % interval; NaN where it is not defined; shape (moments,).
    """

    items: Numbers
    time: Numbers
    alpha: Floats
    low: Floats
    high: Floats


def alphas(evidence: Evidence, moments: int = 60) -> Alphas | None:
    """Return alpha for nominal data (Krippendorff, 1970), over the items that have a label, in the order in which they got it.

    The interval is that of the infinitesimal jackknife over items (Efron, 1982): alpha is a smooth function of sums over items, and
    its variance is that of what each item adds to it. Like other such intervals it is too narrow where there are few items.

    Returns:
        None if no item has two answers.
    """
    item, label = evidence.answers("item", "counted"), evidence.answers("label", "counted")
    answers = np.bincount(item, minlength=len(evidence.final))
    units = np.flatnonzero((answers > 1) & (evidence.final != NOBODY))
    if not len(units):
        return None
    settled = np.array([evidence.books.settled[each] for each in units.tolist()], dtype=np.int64)
    order = np.argsort(settled, kind="stable")
    units, settled = units[order], settled[order]
    rank = np.full(len(answers), NOBODY)
    rank[units] = np.arange(len(units))
    some = rank[item] != NOBODY
    unit, label = rank[item[some]], label[some]
    agreeing = _agreeing(unit, label, answers[units], len(evidence.classes))
    ends = np.unique(np.linspace(min(10, len(units)), len(units), moments).astype(np.int64))
    by_unit = np.argsort(unit, kind="stable")
    unit, label = unit[by_unit], label[by_unit]
    found = [
        _alpha(answers[units[:end]], agreeing[:end], *_first(unit, label, end), len(evidence.classes)) for end in ends.tolist()
    ]
    alpha, error = np.array(found).T
    half = Z * error
    return Alphas(ends, settled[ends - 1], alpha, np.clip(alpha - half, -1, 1), np.clip(alpha + half, -1, 1))


def _agreeing(unit: Numbers, label: Numbers, answers: Numbers, classes: int) -> Floats:
    """Return of each unit how many ordered pairs of answers agree, over one less than its answers; shape (units,)."""
    cells, count = np.unique(unit * classes + label, return_counts=True)
    return np.asarray(np.bincount(cells // classes, count * (count - 1.0), len(answers)) / (answers - 1.0))


def _first(unit: Numbers, label: Numbers, end: int) -> tuple[Numbers, Numbers]:
    """Return the answers to the first units, these being in order."""
    stop = int(np.searchsorted(unit, end))
    return unit[:stop], label[:stop]


def _alpha(answers: Numbers, agreeing: Floats, unit: Numbers, label: Numbers, classes: int) -> tuple[float, float]:
    """Return alpha, and its standard error: with V answers, A agreeing, T of each label, 1 - (V - A)(V - 1) / (V(V - 1) - S)."""
    total, agree = float(answers.sum()), float(agreeing.sum())
    labels = np.bincount(label, minlength=classes).astype(np.float64)
    expected = total * (total - 1) - float((labels * (labels - 1)).sum())
    if expected <= 0:
        return np.nan, np.nan
    observed = total - agree
    alpha = 1 - observed * (total - 1) / expected
    # What alpha gains by a bit more of each sum.
    by_total = -((total - 1) + observed) / expected + observed * (total - 1) * (2 * total - 1) / expected**2
    by_agree = (total - 1) / expected
    by_label = -observed * (total - 1) * (2 * labels - 1) / expected**2
    adds = by_total * answers + by_agree * agreeing + np.bincount(unit, by_label[label], len(answers))
    return alpha, float(np.sqrt(np.sum((adds - adds.mean()) ** 2)))
