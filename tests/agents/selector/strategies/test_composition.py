"""Every strategy as a part of others, among a sample or a shortlist, and with any rule for what is under way."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from pydantic import ValidationError

from agents.component import Unusable
from agents.estimator import Estimator, train
from agents.estimators.linear import LogisticRegression
from agents.estimators.trees import RandomForest
from agents.items import Items
from agents.selector.pending import Pending
from agents.selector.pendings.constant_liar import ConstantLiar
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pendings.local_penalisation import LocalPenalisation
from agents.selector.pool import Pool
from agents.selector.strategies.chance import Random
from agents.selector.strategies.choice import KINDS
from agents.selector.strategies.combinations import Product, RankProduct, ThenBy, WeightedSum
from agents.selector.strategies.cost_aware import CostAware
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.chance import Chance


def singles() -> Iterator[Strategy]:
    """Yield every strategy that needs no dial to be set."""
    for kind in KINDS:
        try:
            yield kind()
        except ValidationError:
            continue


SINGLES = {each.kind: each for each in singles()}
# Training a model for each item and class takes its time.
EACH = [pytest.param(kind, marks=pytest.mark.slow) if kind == "expected-error-reduction" else kind for kind in SINGLES]
ESTIMATORS: tuple[Estimator, ...] = (LogisticRegression(), RandomForest(trees=3))


@cache
def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.Generator(np.random.PCG64(5))
    features = generator.normal(size=(32, 3))
    return features, (features[:, 0] + 0.3 * generator.normal(size=32) > 0).astype(np.intp) + (features[:, 1] > 0.8)


def a_view(estimator: Estimator) -> PoolView:
    """Return a pool of which some items are labelled, some pending, and one was given up, and whose model has learnt of them."""
    features, truth = data()
    items = Items(range(32), features)
    pool = Pool(items)
    pool.start(("a", "b", "c"))
    pool.know([*range(8)], ["abc"[label] for label in truth[:8]])
    for row in (10, 11, 12, 13):
        pool.request(row)
    pool.resolve(10, "b")
    pool.drop(11)
    for row in range(8):
        pool.bill(row, 1.0 + row, 5_000_000 + row)
    rows = np.flatnonzero(pool.labels >= 0)
    model, _ = train(estimator, features[rows], pool.labels[rows], 3, 0)
    return PoolView(items, model, 1, Chance(3).keyed("selector"), pool, estimator)


@cache
def suited(kind: str) -> Estimator:
    """Return an estimator by whose models a strategy can choose."""
    for estimator in ESTIMATORS:
        try:
            SINGLES[kind].select(a_view(estimator), 3)
        except Unusable:
            continue
        return estimator
    raise AssertionError(f"{kind} works with none")


WHOLES = {
    "sum": lambda part: WeightedSum(parts=(part, Random()), scale="rank"),
    "product": lambda part: Product(parts=(Random(), part)),
    "rank product": lambda part: RankProduct(parts=(part, part)),
    "then by": lambda part: ThenBy(first=part, then=Random(), step=0.5),
    "sample": lambda part: Subsample(of=part, number=9),
    "shortlist": lambda part: Filter(by=part, best=7, then=Random()),
    "among a shortlist": lambda part: Filter(by=Random(), best=7, then=part),
    "cost": lambda part: CostAware(of=part, refit=4),
    "deep": lambda part: Subsample(of=Filter(by=Subsample(of=part, number=20), best=9, then=part), share=0.8),
}
RULES: dict[str, Pending] = {
    "near": LocalPenalisation(),
    "believer": KrigingBeliever(refit=2),
    "liar": ConstantLiar(lie="uniform", refit=3),
}


def check(chosen: tuple[object, ...], view: PoolView, count: int) -> None:
    assert len(chosen) == len({*chosen}) == min(count, int(view.available.sum()))
    assert all(view.available[row] for row in chosen)


@pytest.mark.parametrize("kind", EACH)
def test_every_strategy_is_a_part_of_any_whole(kind: str) -> None:
    for name, whole in WHOLES.items():
        strategy = whole(SINGLES[kind])
        for count in (3,) if name != "deep" else (3, 100):
            view = a_view(suited(kind))
            selected = strategy.select(view, count)
            check(selected.ids, view, count)
            assert strategy.select(a_view(suited(kind)), count) == selected, "the same for whoever knows the same"


@pytest.mark.parametrize("rule", [*RULES])
@pytest.mark.parametrize("kind", EACH)
def test_every_strategy_goes_with_every_rule_for_what_is_under_way(kind: str, rule: str) -> None:
    for count in (1, 4):
        view = a_view(suited(kind))
        before = [*view.pool.covered]
        selected = RULES[rule].select(SINGLES[kind], view, count)
        check(selected.ids, view, count)
        assert [*view.pool.covered] == before
        assert RULES[rule].select(SINGLES[kind], view, count) == selected, "nothing is left behind that changes the choice"
