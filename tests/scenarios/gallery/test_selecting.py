"""What is pictured of those who select is what they do, and nothing else."""

import numpy as np
import pytest

from agents.component import Component
from agents.items import UNKNOWN
from bus.chance import Chance
from scenarios.gallery.hall import exhibits
from scenarios.gallery.plane import CLASSES, ROOM, UNDER_WAY, Plane
from scenarios.gallery.selecting import PICKED, seen_by
from scenarios.gallery.strategies import SEED

PLANE = Plane(Chance(SEED))
SHOWN = [each.component for kind in ("strategy", "pending") for each in exhibits(kind)]


@pytest.mark.parametrize("component", SHOWN, ids=[each.kind for each in SHOWN])
def test_ten_different_items_are_selected_that_may_be_asked_for(component: Component) -> None:
    selected = seen_by(component, PLANE).selection.ids
    assert len({*selected}) == PICKED
    assert all(PLANE.view().available[PLANE.items.row(item)] for item in selected)


def component(kind: str) -> Component:
    return next(each for each in SHOWN if each.kind == kind)


@pytest.mark.parametrize("kind", ["margin", "entropy", "certainty", "vote-entropy", "bald", "information-density", "ignore"])
def test_where_picks_do_not_bear_on_each_other_the_largest_dots_are_selected(kind: str) -> None:
    scores, selection, _ = seen_by(component(kind), PLANE)
    free = np.flatnonzero(PLANE.view().available)
    highest = sorted(scores[free], reverse=True)[:PICKED]
    assert [float(scores[PLANE.items.row(item)]) for item in selection.ids] == pytest.approx(highest)


def test_local_penalisation_is_pictured_by_scores_that_fall_beside_items_under_way() -> None:
    ignored, lowered = (seen_by(component(kind), PLANE).scores for kind in ("ignore", "local-penalisation"))
    free = np.flatnonzero(PLANE.view().available)
    gaps = np.linalg.norm(PLANE.places[free, None] - PLANE.places[PLANE.pending], axis=2).min(axis=1)
    kept = lowered[free] / ignored[free]
    assert np.all(kept <= 1)
    assert kept[gaps.argmin()] < 0.2 < 0.99 < kept[gaps.argmax()]


def test_the_plane_has_three_classes_one_of_them_rare_labels_of_each_and_items_under_way() -> None:
    view = PLANE.view()
    labels = np.bincount(view.labels[view.labels != UNKNOWN], minlength=len(CLASSES))
    assert labels.tolist() == [15, 12, 2]
    assert np.count_nonzero(view.pending) == UNDER_WAY
    gaps = np.linalg.norm(PLANE.places[:, None] - PLANE.places, axis=2)
    assert gaps[~np.eye(len(gaps), dtype=bool)].min() > ROOM


def test_whoever_looks_at_the_plane_changes_nothing_for_others() -> None:
    first = PLANE.view()
    first.pool.request(int(np.flatnonzero(first.available)[0]))
    assert np.count_nonzero(PLANE.view().pending) == UNDER_WAY
