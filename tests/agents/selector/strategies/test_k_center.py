"""K-center: each pick is the farthest from all before it, and nothing is computed twice."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix

from agents.component import Unusable
from agents.items import Items
from agents.selector.pool import Pool
from agents.selector.strategies.k_center import KCenter
from agents.selector.strategies.places import Places
from agents.selector.view import PoolView, view_of
from tests.agents.samples import numbered
from tests.agents.selector.greed import CLOSE, METRICS, assert_greedy, distance, middles
from tests.agents.selector.pools import LUCK, Matrix, placed, scenes


def radii(points: Matrix, centres: list[int], metric: str) -> list[float]:
    """Return how far each point is from the nearest centre."""
    return [min(distance(x, points[centre], metric) for centre in centres) for x in points]


def requested(view: PoolView, count: int, strategy: KCenter | None = None) -> list[int]:
    """Select and ask for items, as a Selector does."""
    rows = [view.items.row(item) for item in (strategy or KCenter()).select(view, count).ids]
    for row in rows:
        view.pool.request(row)
    return rows


def cloud(rows: int, columns: int = 5, seed: int = 3) -> Matrix:
    return np.random.Generator(np.random.PCG64(seed)).normal(size=(rows, columns))


@given(scenes(), METRICS, st.integers(0, 14), st.booleans())
def test_each_pick_is_the_farthest_from_all_that_is_labelled_pending_or_picked(scene, metric, count, sparse):
    view = scene.view(sparse=sparse)
    covered = [*view.pool.covered]
    selection = KCenter(metric=metric).select(view, count)

    def worth(taken: list[int]) -> list[float]:
        if not covered and not taken:
            return [0.0 if row in middles(scene.features, metric) else -1.0 for row in range(len(scene.features))]
        return radii(scene.features, [*covered, *taken], metric)

    assert_greedy(selection, view, count, worth)


@given(scenes(), METRICS)
def test_scores_are_the_distances_from_what_is_labelled_or_pending(scene, metric):
    view = scene.view()
    if view.pool.covered:
        assert_allclose(KCenter(metric=metric).scores(view), radii(scene.features, [*view.pool.covered], metric), atol=CLOSE)


@given(scenes().filter(lambda scene: scene.labels or scene.pending), st.integers(1, 14))
def test_of_items_that_are_equally_far_the_earlier_is_picked(scene, count):
    view = scene.view()
    squares = [[sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) for y in scene.features] for x in scene.features]
    centres, expected = [*view.pool.covered], []
    for _ in range(min(count, len(scene.rows))):
        left = [row for row in scene.rows if row not in expected]
        expected.append(max(left, key=lambda row: min(squares[row][centre] for centre in centres)))
        centres.append(expected[-1])
    assert [*KCenter().select(view, count).ids] == expected


def test_the_first_of_all_is_the_item_nearest_to_the_mean():
    points = cloud(200) + 100
    (first,) = KCenter().select(placed(points), 1).ids
    assert first == np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    (first,) = KCenter(metric="cosine").select(placed(points), 1).ids
    assert (unit @ unit.mean(axis=0))[first] == pytest.approx((unit @ unit.mean(axis=0)).max(), abs=1e-7)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("sparse", [False, True])
def test_in_portions_it_picks_what_it_picks_at_once(metric, sparse):
    points = np.round(cloud(300), 1) * (cloud(300, seed=4) > 0)
    made = csr_matrix(points) if sparse else points
    strategy = KCenter(metric=metric)
    at_once, view = requested(placed(made), 60, strategy), placed(made)
    assert [row for portion in (1, 1, 20, 3, 35) for row in requested(view, portion, strategy)] == at_once


@given(st.lists(st.tuples(st.sampled_from(["ask", "label", "drop", "look"]), st.integers(1, 3)), max_size=25))
def test_whoever_takes_over_after_a_crash_picks_the_same(deeds):
    items = Items(range(40), cloud(40))
    history: list[tuple[str, int]] = []
    pool = Pool(items)
    pool.start(range(2))
    open_rows: list[int] = []
    for deed, count in deeds:
        if deed == "look":
            KCenter().select(PoolView(items, None, 0, LUCK, pool), count)
        elif deed == "ask":
            for row in map(items.row, KCenter().select(PoolView(items, None, 0, LUCK, pool), count).ids):
                open_rows.append(row)
                history.append(("ask", row))
                pool.request(row)
        elif open_rows:
            history.append((deed, open_rows.pop(0)))
            tell(pool, *history[-1])
    again = Pool(items)
    again.start(range(2))
    for deed, row in history:
        tell(again, deed, row)
    one, other = (KCenter().select(PoolView(items, None, 0, LUCK, each), 9) for each in (pool, again))
    assert one == other


def tell(pool: Pool, deed: str, row: int) -> None:
    if deed == "ask":
        pool.request(row)
    elif deed == "label":
        pool.resolve(row, 1)
    else:
        pool.drop(row)


def test_an_item_that_gets_no_label_is_no_centre_any_more():
    points = np.array([[0.0], [1.0], [10.0], [10.5], [4.0]])
    view = placed(points, {0: 0})
    assert requested(view, 1) == [3]
    assert KCenter().scores(view).tolist() == [0, 1, 0.5, 0, 4]
    view.pool.drop(3)
    assert KCenter().scores(view).tolist() == [0, 1, 10, 10.5, 4]
    assert requested(view, 2) == [2, 4]


def test_what_was_selected_and_not_asked_for_is_no_centre():
    view = placed(np.arange(9.0)[:, None], {0: 0})
    KCenter().select(view, 3)
    assert KCenter().scores(view).tolist() == [*range(9)]
    view.pool.request(7)
    assert KCenter().scores(view).tolist() == [0, 1, 2, 3, 3, 2, 1, 0, 1]


def test_each_item_that_is_asked_for_costs_one_product(monkeypatch):
    rows: list[int] = []
    original = Places.gaps

    def counted(self: Places, row: int) -> Any:
        rows.append(row)
        return original(self, row)

    view = placed(cloud(50), dict.fromkeys(range(5), 0))
    monkeypatch.setattr(Places, "gaps", counted)
    asked = [row for _ in range(4) for row in requested(view, 3)]
    view.pool.resolve(asked[0], 1)
    requested(view, 1)
    assert len(rows) == len(set(rows)) == 5 + 13


def test_among_some_items_only_these_are_picked_and_the_rest_still_covered():
    view = placed(np.arange(10.0)[:, None], {0: 0})
    allowed = np.arange(10) < 5
    assert [*KCenter().select(view.among(allowed), 2).ids] == [4, 2]
    assert [*KCenter().select(view, 1).ids] == [9]


def test_the_last_score_is_the_radius_within_which_the_pool_is_covered_by_all_before_it():
    points = cloud(80)
    selection = KCenter().select(placed(points, {0: 0}), 10)
    assert selection.scores[-1] == pytest.approx(max(radii(points, [0, *selection.ids[:-1]], "euclidean")), rel=1e-5)
    assert [*selection.scores] == sorted(selection.scores, reverse=True)


def test_embeddings_are_gone_by_where_there_are_any():
    features, embeddings = np.array([[0.0], [1], [2]]), np.array([[0.0], [5], [1]])
    view = view_of(features, labels=[0, -1, -1], embeddings=embeddings)
    assert KCenter().select(view, 1).ids == KCenter(space="embeddings").select(view, 1).ids == (1,)
    assert KCenter(space="features").select(view, 1).ids == (2,)
    with pytest.raises(Unusable, match="goes by embeddings, and the data have none"):
        KCenter(space="embeddings").select(placed(features), 1)


def test_features_that_are_no_numbers_are_refused():
    with pytest.raises(Unusable, match="finite numbers"):
        KCenter().select(PoolView(numbered(2, np.array([[np.nan], [1.0]])), None, 0, LUCK), 1)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_items_at_the_same_place_are_at_no_distance_and_come_in_their_order(metric):
    points = np.repeat(cloud(40, 7), 2, axis=0)[np.argsort(LUCK.uniforms(np.arange(80, dtype=np.uint64)))]
    selection = KCenter(metric=metric).select(placed(points), 80)
    assert selection.scores[40:] == (0.0,) * 40
    assert [*selection.ids[40:]] == sorted(selection.ids[40:])
