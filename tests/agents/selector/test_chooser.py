"""How an agent chooses, and what it does not let a strategy do."""

from collections.abc import Callable
from typing import Annotated, ClassVar

import numpy as np
import pytest
from pydantic import AllowInfNan

from agents.component import Unusable
from agents.estimator import Model, ModelShelf
from agents.selector.chooser import Chooser, Choosing
from agents.selector.pending import Pending
from agents.selector.pendings.constant_liar import ConstantLiar
from agents.selector.pendings.ignore import Ignore
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pool import Pool
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.combinations import WeightedSum
from agents.selector.strategies.k_center import KCenter
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, PoolViews
from bus.chance import Chance
from tests.agents.samples import numbered
from tests.agents.selector.pools import Oracle

PROBABILITIES = np.array([[0.9, 0.1], [0.5, 0.5], [0.7, 0.3], [0.6, 0.4]])


class Selects(Strategy):
    """Selects what a test says."""

    kind: ClassVar[str] = "selects"
    needs_model: ClassVar[bool] = False
    selects: Callable[[PoolView], Selection]

    def scores(self, view: PoolView) -> Scores:
        return np.zeros(len(view.items))

    def select(self, view: PoolView, count: int) -> Selection:
        return self.selects(view)


class Scoring(InOrder):
    """Scores what a test says."""

    given: tuple[Annotated[float, AllowInfNan()], ...]

    def scores(self, view: PoolView) -> Scores:
        return np.array(self.given)


def chooser(strategy: Strategy, pending: Pending = Ignore()) -> Chooser:  # noqa: B008 (frozen)
    items = numbered(4, PROBABILITIES)
    models = ModelShelf()
    models.put(1, Model(Oracle(), (0, 1), 2))
    pool = Pool(items)
    pool.start((0, 1))
    return Chooser(strategy, pending, pool, PoolViews(items, models, Chance(7).keyed("selector")), "selector.strategy")


def chosen(*ids: int | str, scores: tuple[float, ...] | None = None) -> Chooser:
    """Return a chooser whose strategy selects these."""
    return chooser(Selects(selects=lambda view: Selection(ids, (0.0,) * len(ids) if scores is None else scores, view.version)))


def test_items_are_chosen_by_the_version_that_is_said() -> None:
    assert chooser(Entropy()).select(2, 1) == Selection((1, 3), (pytest.approx(np.log(2)), pytest.approx(0.6730117)), 1)


@pytest.mark.parametrize("of", [Entropy(), Subsample(of=Entropy(), number=2)])
def test_before_there_is_a_model_what_goes_by_one_gives_way_to_chance(of: Strategy) -> None:
    by_chance = chooser(Random()).select(3, 0)
    assert chooser(of).select(3, 0) == by_chance
    assert chooser(Random(), KrigingBeliever()).select(3, 0) == by_chance
    assert chooser(InOrder()).select(3, 0).ids == (0, 1, 2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (chosen(0, 1, 2), "selected 3 items, 3 of them different, where 2 were wanted"),
        (chosen(1, 1), "selected 2 items, 1 of them different, where 2 were wanted"),
        (chosen(0, 1, scores=(0.5,)), "selected 2 items with 1 score$"),
        (chosen(0, 9), "selected item 9, which is not to be asked for"),
        (chosen("zero"), "selected item 'zero', which is not to be asked for"),
        (chosen(0, 3), "selected item 3, which is not to be asked for"),
        (chooser(Scoring(given=(1.0, 2.0))), r"gave scores of shape \(2,\) for 4 items"),
        (chooser(Scoring(given=(np.nan,) * 4)), "gave no score that is a number"),
        (chooser(Scoring(given=(np.nan, -np.inf, np.nan, 1.0))), "gave no score that is a number"),
        (chooser(Scoring(given=(1.0,) * 5)), r"gave scores of shape \(5,\) for 4 items"),
    ],
)
def test_what_a_strategy_may_not_do_is_told_with_the_place_where_it_stands(wrong: Chooser, words: str) -> None:
    wrong.pool.request(3)
    with pytest.raises(Unusable, match=f"^selector.strategy {words}"):
        wrong.select(2, 1)


@pytest.mark.parametrize("given", [(np.nan, np.nan, 0.0, np.nan), (-np.inf,) * 4, (-np.inf, np.nan, np.inf, 1.0)])
def test_one_score_that_is_a_number_is_enough_and_minus_infinity_is_for_the_last(given: tuple[float, ...]) -> None:
    assert chooser(Scoring(given=given)).select(1, 1).ids == (int(np.argmax(np.nan_to_num(given, nan=-np.inf))),)


@pytest.mark.parametrize("made", [lambda part: Subsample(of=part, number=4), lambda part: WeightedSum(parts=(InOrder(), part))])
def test_a_part_none_of_whose_scores_is_a_number_is_told_of_too(made: Callable[[Strategy], Strategy]) -> None:
    with pytest.raises(Unusable, match=r"^selector\.strategy gave no score that is a number$"):
        chooser(made(Scoring(given=(np.nan,) * 4))).select(1, 1)


def test_shortlists_that_have_no_item_in_common_leave_any_order_and_no_error() -> None:
    first, last = (Filter(by=Scoring(given=given), best=1, then=InOrder()) for given in ((1.0, 0, 0, 0), (0.0, 0, 0, 1)))
    assert chooser(WeightedSum(parts=(first, last))).select(1, 1).ids == (0,)


@pytest.mark.parametrize("pending", [KrigingBeliever(), ConstantLiar()])
@pytest.mark.parametrize("version", [0, 1])
def test_for_a_strategy_that_goes_by_no_model_none_is_trained_or_waited_for(pending: Pending, version: int) -> None:
    # There is no learner here: training would fail.
    ignoring, supposing = (Choosing(chooser(KCenter(), each), version) for each in (Ignore(), pending))
    assert [ignoring.take(1) for _ in range(4)] == [supposing.take(1) for _ in range(4)]


def test_fewer_than_were_wanted_are_a_mistake_unless_they_are_all_that_there_are() -> None:
    # The campaign would end as if the pool were exhausted.
    with pytest.raises(Unusable, match="selected 1 item, where 3 were wanted and 4 are there"):
        chosen(2).select(3, 1)
    assert chooser(InOrder()).select(9, 1).ids == (0, 1, 2, 3)


def test_what_cannot_work_says_where_it_stands() -> None:
    class Never(Strategy):
        """Never works."""

        def scores(self, view: PoolView) -> Scores:
            raise Unusable("needs rain")

    with pytest.raises(Unusable, match=r"^selector\.strategy needs rain$"):
        chooser(Never()).select(1, 1)


def test_what_is_taken_one_by_one_is_what_would_be_taken_at_once() -> None:
    at_once, one_by_one = (Choosing(chooser(KCenter()), 1) for _ in range(2))
    assert [one_by_one.take(1)[0][0] for _ in range(4)] == [row for row, _ in at_once.take(4)]
    assert one_by_one.take(1) == []


def test_what_is_taken_is_not_there_the_next_time() -> None:
    order = Choosing(chooser(Entropy()), 1)
    assert [row for row, _ in order.take(1)] == [1]
    assert [row for row, _ in order.take(2)] == [3, 2]
    assert [row for row, _ in order.take(2)] == [0]
    assert order.take(2) == []


def test_where_nothing_is_left_no_strategy_is_asked() -> None:
    asked: list[int] = []

    def all_there_are(view: PoolView) -> Selection:
        asked.append(int(view.available.sum()))
        rows = np.flatnonzero(view.available)
        return view.selection(rows, np.zeros(len(rows)))

    choosing = Choosing(chooser(Selects(selects=all_there_are)), 0)
    assert [row for row, _ in choosing.take(9)] == [0, 1, 2, 3]
    assert choosing.take(9) == []
    assert asked == [4]
