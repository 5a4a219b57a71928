"""Pictures of selecting: what strategies make of the items of one plane, and of those that are under way."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from agents.component import Component
from agents.estimator import Model
from agents.selector.council.council import Council
from agents.selector.council.rule import Ballot, Sitting
from agents.selector.council.rules.auction import bids_of
from agents.selector.pending import Pending
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import Random
from agents.selector.strategies.uncertainty import Margin
from agents.selector.strategy import Strategy
from scenarios.gallery.frame import DARK, INKS, YELLOW, framed
from scenarios.gallery.plane import CLASSES, HEIGHT, WIDTH, Plane

PICKED = 10
"""So many items are selected."""

BESIDE = Margin()
"""What selects where it is pictured what is made of items under way."""

FINE = 14
"""So many dots a unit of length has the background, which is smooth."""

SHAPES = ("o", "^", "s")
"""A shape for each class, for those who see no colours."""
PALE = 0.32
"""How much of its colour a class has where the model is sure of it."""
LINE = "#6f6f6f"

_EXTENT = (-WIDTH / 2, WIDTH / 2, -HEIGHT / 2, HEIGHT / 2)


class Seen(NamedTuple):
    """What somebody who selects makes of a plane: a score an item, shape (items,), what they select, and whether by a committee."""

    scores: Scores
    selection: Selection
    committee: bool = False


def portrait(component: Component, plane: Plane) -> Figure:
    """Return the plane as somebody sees it who selects: what items score, and the next ten that are selected, in order.

    Args:
        component: a strategy, a council, or what is made of items under way.
        plane: the plane.
    """
    figure = framed(lambda axes: draw(axes, component, plane), width=5.2, height=5.2 * HEIGHT / WIDTH + 0.25)
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize=7, handletextpad=0, columnspacing=0.4)
    return figure


def seen_by(component: Component, plane: Plane) -> Seen:
    """Return what a component makes of a plane."""
    if isinstance(component, Strategy):
        return _by_strategy(component, plane)
    if isinstance(component, Council):
        return _by_council(component, plane)
    assert isinstance(component, Pending)
    return _by_pending(component, plane)


def _by_strategy(strategy: Strategy, plane: Plane) -> Seen:
    committee = any(each.needs_members for each in strategy.layers)
    view = plane.view(committee)
    scores = strategy.checked(strategy.scores(view), view)
    return Seen(scores, strategy.select(plane.view(committee), PICKED), committee)


def _by_pending(pending: Pending, plane: Plane) -> Seen:
    """Return what is selected beside what is under way, and what each item would score as the first to be picked."""
    view = plane.view()
    scores = np.full(len(plane.items), -np.inf)
    for row in np.flatnonzero(view.available).tolist():
        alone = np.arange(len(scores)) == row
        scores[row] = pending.select(BESIDE, view.among(alone), 1).scores[0]
    return Seen(scores, pending.select(BESIDE, plane.view(), PICKED))


def _by_council(council: Council, plane: Plane) -> Seen:
    """Return what is decided in a first round, and what nominations score."""
    view, luck = plane.view(), plane.luck
    count = max(PICKED, council.nominations)
    memory = council.rule.memory(len(council.members), len(plane.items))
    tokens = None if memory is None else memory.tokens
    ballots = []
    for place, member in enumerate(council.members):
        rows = tuple(plane.items.row(item) for item in member.select(plane.view(), count).ids)
        ballots.append(Ballot(rows, () if tokens is None else bids_of(tokens[place], len(rows)), isinstance(member, Random)))
    left = int(np.count_nonzero(view.available))
    ordered = council.rule.order(Sitting(1, ballots, left, luck.uniforms(plane.items.keys), luck, memory))
    scores = np.full(len(plane.items), -np.inf)
    for row, score in ordered:
        scores[row] = score
    taken = ordered[:PICKED]
    return Seen(scores, view.selection([row for row, _ in taken], [score for _, score in taken]))


def draw(axes: Axes, component: Component, plane: Plane, small: bool = False) -> None:
    """Draw a plane, what its items score by a component, and what that selects.

    Args:
        axes: where.
        component: a strategy, a council, or what is made of items under way.
        plane: the plane.
        small: whether there is no room for numbers.
    """
    seen, size = seen_by(component, plane), 0.3 if small else 1.0
    _draw_model(axes, plane.model(seen.committee), seen.committee, size)
    _draw_scores(axes, plane, seen.scores, size)
    for label, (ink, shape) in enumerate(zip(INKS, SHAPES, strict=True)):
        across, along = plane.places[[row for row, known in plane.labels.items() if known == label]].T
        name, wide = f"labelled {CLASSES[label]}", 0.9 * size
        axes.scatter(across, along, 46 * size, ink, marker=shape, edgecolors="white", linewidths=wide, zorder=3, label=name)
    across, along = plane.places[plane.pending].T
    axes.scatter(across, along, 40 * size, "white", marker="D", edgecolors=DARK, linewidths=1.1 * size, zorder=3, label="under way")
    _draw_selection(axes, plane, seen.selection, small)
    axes.set(xlim=_EXTENT[:2], ylim=_EXTENT[2:], xticks=[], yticks=[], aspect="equal")
    axes.spines[:].set_visible(False)


def _draw_selection(axes: Axes, plane: Plane, selection: Selection, small: bool) -> None:
    # Where two are close, the first is above.
    places = plane.places[[plane.items.row(item) for item in selection.ids]][::-1]
    if small:
        across, along = places.T
        axes.scatter(across, along, 34, YELLOW, edgecolors=DARK, linewidths=0.6, zorder=5)
        return
    for above, (across, along) in enumerate(places.tolist()):
        name, number = "selected" if above == 0 else None, str(len(places) - above)
        axes.scatter(across, along, 115, YELLOW, edgecolors=DARK, linewidths=1.1, zorder=5 + above, label=name)
        axes.text(across, along, number, ha="center", va="center_baseline", fontsize=7, fontweight="bold", zorder=5 + above)


def _draw_scores(axes: Axes, plane: Plane, scores: Scores, size: float) -> None:
    rows = np.flatnonzero(plane.view().available)
    known = scores[rows]
    # The share of items that score lower: a scale for scores of whatever kind.
    share = np.searchsorted(np.sort(known), known) / len(known)
    greys = [str(round(0.6 - 0.5 * each, 2)) for each in share.tolist()]
    across, along = plane.places[rows].T
    axes.scatter(across, along, (4 + 28 * share**2) * size, greys, linewidths=0, zorder=2)
    axes.scatter([], [], s=4, c="0.6", linewidths=0, label="low score")
    axes.scatter([], [], s=32, c="0.1", linewidths=0, label="high score")


def _draw_model(axes: Axes, model: Model, committee: bool, size: float) -> None:
    across, along = (np.linspace(-side / 2 + 0.5 / FINE, side / 2 - 0.5 / FINE, round(side * FINE)) for side in (WIDTH, HEIGHT))
    shape = len(along), len(across)
    places = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
    inks = np.array([[int(ink[place : place + 2], 16) / 255 for place in (1, 3, 5)] for ink in INKS])
    shade = 1 - PALE * (1 - model.probabilities(places) @ inks)
    axes.imshow(shade.reshape(*shape, 3), origin="lower", extent=_EXTENT, interpolation="bilinear", zorder=0)
    for member in model.members if committee else [model]:
        chances = member.probabilities(places)
        for label in range(len(CLASSES)):
            lead = chances[:, label] - np.delete(chances, label, axis=1).max(axis=1)
            axes.contour(across, along, lead.reshape(shape), levels=[0], colors=[LINE], linewidths=0.7 * size**0.5, zorder=1)
