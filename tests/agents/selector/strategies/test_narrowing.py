"""Strategies that choose among some of the items only."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from tests.agents.selector.pools import Matrix, matrices, placed, view


class Farthest(Strategy):
    """Takes whatever lies farthest from what is labelled, pending or was just taken: what one pick does to the next counts."""

    kind: ClassVar[str] = "farthest"
    needs_model: ClassVar[bool] = False
    changes: ClassVar[bool] = True

    def scores(self, view: PoolView) -> Scores:
        return distances(view, [*view.pool.covered])

    def select(self, view: PoolView, count: int) -> Selection:
        taken: list[int] = []
        scores: list[float] = []
        while len(taken) < min(count, int(view.available.sum())):
            far = np.where(view.available, distances(view, [*view.pool.covered, *taken]), -1)
            far[taken] = -1
            taken.append(int(far.argmax()))
            scores.append(float(far.max()))
        return view.selection(taken, scores)


def distances(view: PoolView, rows: list[int]) -> Scores:
    points = view.items.features
    if not rows:
        return np.ones(len(points))
    return np.asarray(np.abs(points[:, np.newaxis] - points[rows]).sum(axis=2).min(axis=1))


def line(count: int, labels: dict[int, int] | None = None, pending: tuple[int, ...] = ()) -> PoolView:
    return placed(np.arange(count, dtype=np.float64)[:, np.newaxis], labels, pending)


def asked(view: PoolView, number: int) -> PoolView:
    """Return a view that differs in how many items have been asked for."""
    view.pool.asked = number
    return view


# Subsample


@given(st.integers(1, 30), st.integers(1, 40), st.integers(1, 40))
def test_a_sample_is_of_so_many_items_and_never_fewer_than_are_wanted(items: int, number: int, count: int) -> None:
    selected = Subsample(of=InOrder(), number=number).select(line(items), count)
    assert len(selected) == len({*selected.ids}) == min(count, items)
    scored = Subsample(of=Random(), number=number).scores(line(items))
    assert np.isfinite(scored).sum() == min(number, items)


def test_a_share_is_of_the_items_that_may_be_asked_for() -> None:
    pool = line(100, labels=dict.fromkeys(range(60), 0))
    scored = Subsample(of=Random(), share=0.25).scores(pool)
    assert np.isfinite(scored[60:]).sum() == 10


def test_each_selection_has_another_sample_and_the_same_one_if_it_is_made_again() -> None:
    strategy = Subsample(of=InOrder(), number=5)
    choices = [strategy.select(asked(line(1000), number), 3).ids for number in range(20)]
    assert len({*choices}) == 20
    assert choices == [strategy.select(asked(line(1000), number), 3).ids for number in range(20)]
    first = np.array([choice[0] for choice in choices])
    # The least of five among a thousand is 167 on average, with a deviation of 140.
    assert abs(first.mean() - 166) < 4 * 141 / np.sqrt(20)


def test_what_chooses_sees_the_sample_and_what_is_labelled_or_pending_and_nothing_else() -> None:
    seen: list[PoolView] = []

    class Spy(InOrder):
        def scores(self, view: PoolView) -> Scores:
            seen.append(view)
            return super().scores(view)

    pool = line(50, labels={4: 1, 7: 0}, pending=(9,))
    Subsample(of=Spy(), number=6).select(pool, 2)
    (small,) = seen
    assert len(small.items) == len(small.labels) == len(small.pending) == len(small.available) == 9
    ids = [*small.items.ids]
    assert ids == sorted(ids)
    assert [small.labels[ids.index(item)] for item in (4, 7, 9)] == [1, 0, -1]
    assert [*np.flatnonzero(small.pending)] == [ids.index(9)]
    assert {ids[row] for row in small.pool.covered} == {4, 7, 9}
    assert small.available.sum() == 6
    assert [float(small.items.features[row, 0]) for row in range(9)] == ids
    assert (small.pool.asked, small.version, small.classes) == (pool.pool.asked, pool.version, pool.classes)


def test_a_sample_of_all_is_no_sample() -> None:
    pool = line(12, labels={3: 0}, pending=(8,))
    for strategy in (InOrder(), Random(), Farthest(), Filter(by=Random(), best=6, then=Farthest())):
        assert Subsample(of=strategy, share=1.0).select(pool, 4) == strategy.select(pool, 4)


@given(matrices(least=2))
def test_models_are_asked_about_the_sample(probabilities: Matrix) -> None:
    pool = view(probabilities)
    whole = Entropy().scores(pool)
    selected = Subsample(of=Entropy(), number=3).select(pool, 2)
    assert [*selected.scores] == [whole[item] for item in selected.ids]
    assert selected.version == 1


# Filter


def test_the_shortlist_is_the_best_by_one_and_another_chooses_from_it() -> None:
    pool = line(20, labels={0: 0})
    # The first six are 1 to 6, of which 6 is farthest from 0, then 3.
    assert Filter(by=InOrder(), best=6, then=Farthest()).select(pool, 2).ids == (6, 3)
    assert Filter(by=InOrder(), best=6, then=Farthest()).select(pool, 8).ids[0] == 8, "as many as are wanted are on it"


@given(st.integers(1, 20), st.integers(1, 25), st.integers(1, 25))
def test_a_shortlist_never_leaves_too_few_to_choose_from(items: int, best: int, count: int) -> None:
    selected = Filter(by=Random(), best=best, then=Farthest()).select(line(items), count)
    assert len(selected) == len({*selected.ids}) == min(count, items)
    ranked = Random().select(line(items), max(best, count)).ids
    assert {*selected.ids} <= {*ranked}


def test_whoever_is_not_on_the_shortlist_has_no_score() -> None:
    scored = Filter(by=InOrder(), best=3, then=Random()).scores(line(9))
    assert [*np.flatnonzero(np.isfinite(scored))] == [0, 1, 2]


def test_filters_and_samples_hold_each_other_at_any_depth() -> None:
    strategy = Filter(by=Subsample(of=Random(), number=20), best=10, then=Filter(by=InOrder(), best=5, then=Farthest()))
    deep = Subsample(of=strategy, number=30)
    selected = deep.select(line(100, pending=(50,)), 4)
    assert len({*selected.ids}) == 4
    assert deep.select(line(100, pending=(50,)), 4) == selected
    assert replace(selected, scores=()).version == 0
