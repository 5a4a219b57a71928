"""Pictures of stop rules: what each measures in the course of one campaign, when it fires, and what accuracy was then."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

from agents.estimator import train
from agents.estimators.linear import LogisticRegression
from agents.items import Items
from agents.selector.pool import Pool
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Sight
from agents.selector.strategies.uncertainty import Margin
from agents.selector.view import PoolView
from bus.chance import Chance
from scenarios.gallery.frame import BLUE, GREY, ORANGE

POOL, LABELS, FIRST, BATCH = 1238, 600, 20, 20
"""Of so many of the digits so many get a label, the first few by chance, the others batch by batch; the rest are held out."""

NEAR = 0.01
"""From where accuracy is within so much of its best, further labels are worth little."""


class Version(NamedTuple):
    """A version of the model: the pool as rules see it then, its labels, and how often it is right on what was held out."""

    sight: Sight
    labels: int
    accuracy: float


def course(chance: Chance, labels: int = LABELS) -> list[Version]:
    """Return the versions of one campaign, which asks for the digits of least margin; every label is right.

    Args:
        chance: which digits are held out, and which have labels first.
        labels: how many there are in the end.
    """
    return list(_versions(chance, labels))


def _versions(chance: Chance, labels: int) -> Iterator[Version]:
    digits: Any = load_digits()
    features, truth = digits.data, digits.target
    features = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    order = chance.stream("course").permutation(len(truth))
    features, truth = features[order], truth[order]
    pooled = features[:POOL]
    items, classes = Items(range(POOL), pooled), int(truth.max()) + 1
    pool = Pool(items)
    pool.start(range(classes))
    luck = chance.keyed("course")
    rows = list(range(FIRST))
    while True:
        pool.know(rows, truth[rows].tolist())
        known = np.flatnonzero(pool.labels >= 0)
        model, _ = train(LogisticRegression(max_iter=1000), pooled[known], truth[known], classes, 1)
        view = PoolView(items, model, len(known) // BATCH, luck, pool.supposing((), fresh=False))
        accuracy = float(np.mean(model.probabilities(features[POOL:]).argmax(axis=1) == truth[POOL:]))
        yield Version(Sight(view, len(known), luck), len(known), accuracy)
        if len(known) >= labels:
            return
        rows = [items.row(item) for item in Margin().select(view, BATCH).ids]


def portrait(rule: StopRule, versions: list[Version]) -> Figure:
    """Return what a rule measured of each version, and accuracy beneath, with the moment at which it fired.

    Args:
        rule: the rule.
        versions: of one campaign, as `course` makes them.
    """
    measures, fired = fired_at(rule, versions)
    figure = Figure(figsize=(5.2, 3.6), layout="constrained")
    above, beneath = figure.subplots(2, 1, sharex=True)
    _draw_measures(above, rule, versions, measures)
    _draw_accuracy(beneath, versions, fired)
    for axes in (above, beneath):
        if fired is not None:
            axes.axvline(fired.labels, color=ORANGE, linewidth=1.4)
    said = "it does not fire" if fired is None else f"stop at {fired.labels} labels"
    above.set_title(said, loc="right", color=ORANGE, fontweight="bold")
    return figure


def fired_at(rule: StopRule, versions: list[Version]) -> tuple[list[float | None], Version | None]:
    """Return what a rule measures of each version, and the one at which it fires first; None if it never does."""
    measures: list[float | None] = []
    before, fired = None, None
    for version in versions:
        measures.append(rule.measure(version.sight, before))
        before = rule.predictions(version.sight)
        if fired is None and rule.fires(measures, version.labels):
            fired = version
    return measures, fired


def _draw_measures(axes: Axes, rule: StopRule, versions: list[Version], measures: list[float | None]) -> None:
    at = [version.labels for version, measure in zip(versions, measures, strict=True) if measure is not None]
    known = np.array([measure for measure in measures if measure is not None])
    met = np.array([rule.is_met(measure) for measure in known])
    axes.plot(at, known, color=BLUE, linewidth=1)
    axes.scatter(np.array(at)[~met], known[~met], s=14, facecolors="white", edgecolors=BLUE, zorder=3, label="goes on")
    axes.scatter(np.array(at)[met], known[met], s=14, c=BLUE, zorder=3, label="speaks for stopping")
    threshold = getattr(rule, "threshold", None)
    if threshold is not None:
        axes.axhline(threshold, color=GREY, linewidth=0.9, linestyle=":", label=f"threshold {threshold:g}")
    axes.set(ylabel=rule.kind or type(rule).__name__)
    axes.legend(loc="best", fontsize=7)


def _draw_accuracy(axes: Axes, versions: list[Version], fired: Version | None) -> None:
    at, accuracy = [version.labels for version in versions], np.array([version.accuracy for version in versions])
    best = accuracy.max()
    axes.axhspan(best - NEAR, best, color=GREY, alpha=0.25, linewidth=0)
    said = f"grey: within {NEAR:g} of the best"
    axes.text(0.99, 0.06, said, transform=axes.transAxes, ha="right", color=GREY, fontsize=7)
    axes.plot(at, accuracy, "o-", color=BLUE, linewidth=1, markersize=2.5)
    if fired is not None:
        axes.plot([fired.labels], [fired.accuracy], "o", color=ORANGE, markersize=6)
        said = f"{fired.accuracy:.3f}"
        axes.annotate(said, (fired.labels, fired.accuracy), (6, -12), textcoords="offset points", color=ORANGE)
    axes.set(xlabel="labels", ylabel="accuracy", xlim=(0, at[-1] + 10))
