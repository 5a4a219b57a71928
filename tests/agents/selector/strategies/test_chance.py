"""Strategies that look at no item."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.items import Items
from agents.selector.shortlist import best
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.view import PoolView
from bus.chance import Chance
from tests.agents.samples import numbered
from tests.agents.selector.pools import LUCK


def test_in_order_takes_items_as_they_stand():
    drawn = InOrder().scores(PoolView(numbered(5), None, 0, LUCK))
    assert best(drawn, np.ones(5, dtype=bool), 5).tolist() == [0, 1, 2, 3, 4]


@given(
    st.lists(st.integers(0, 10**6) | st.text(max_size=4), min_size=1, max_size=30, unique=True), st.randoms(use_true_random=False)
)
def test_random_is_one_order_of_the_ids_however_the_pool_stands(ids, random):
    shuffled = [*ids]
    random.shuffle(shuffled)

    def order(ids: list[int | str]) -> list[int | str]:
        drawn = Random().scores(PoolView(Items(ids, None), None, 0, LUCK))
        return [ids[row] for row in best(drawn, np.ones(len(ids), dtype=bool), len(ids))]

    assert order(ids) == order(shuffled)


def test_random_stays_from_version_to_version_and_differs_from_seed_to_seed():
    items = numbered(100)
    first, second = (Random().scores(PoolView(items, None, version, LUCK)) for version in (0, 5))
    assert (first == second).all()
    assert (first != Random().scores(PoolView(items, None, 0, Chance(8).keyed("selector")))).all()
