"""The epsilon mix: a strategy, and chance now and then."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.epsilon import Epsilon
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.view import PoolView
from tests.agents.samples import share_band
from tests.agents.selector.pools import matrices, placed, view

shares = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])


def pool(size: int) -> PoolView:
    """Return a pool without a model."""
    return placed(np.zeros((size, 1)))


@given(matrices(), st.integers(0, 15))
def test_without_a_share_it_is_the_strategy_and_with_all_of_it_chance(probabilities, count):
    assert Epsilon(share=0).select(view(probabilities), count) == Entropy().select(view(probabilities), count)
    assert Epsilon(share=1).select(view(probabilities), count) == Random().select(view(probabilities), count)


@given(st.integers(0, 25), shares, st.integers(0, 30))
def test_as_many_are_selected_as_are_wanted_or_there_and_none_twice(size, share, count):
    chosen = Epsilon(of=InOrder(), share=share).select(pool(size), count)
    assert len(chosen) == len(set(chosen.ids)) == min(size, count)


@given(st.integers(1, 25), shares, st.lists(st.integers(1, 7), max_size=6))
def test_whatever_the_portions_as_many_are_asked_for_by_chance(size, share, portions):
    def asked(portions: list[int]) -> list[int]:
        seen, strategy = pool(size), Epsilon(of=InOrder(), share=share)
        by_chance = []
        for portion in portions:
            chosen = strategy.select(seen, portion)
            # What stands first has the greatest score, 0 or below; a lot is above 0.
            by_chance += [item for item, score in zip(chosen.ids, chosen.scores, strict=True) if score > 0]
            for item in chosen.ids:
                seen.pool.request(seen.items.row(item))
        return by_chance

    assert len(asked(portions)) == len(asked([1] * sum(portions)))


def test_who_begins_anew_where_another_stopped_goes_on_alike():
    whole = Epsilon(of=InOrder(), share=0.4).select(pool(200), 60)
    seen = pool(200)
    for item in whole.ids[:25]:
        seen.pool.request(seen.items.row(item))
    rest = Epsilon(of=InOrder(), share=0.4).select(seen, 35)
    chance = [score > 0 for score in whole.scores]
    assert [score > 0 for score in rest.scores] == chance[25:]


def test_the_share_of_chance_is_the_dial():
    chosen = Epsilon(of=InOrder(), share=0.3).select(pool(5000), 4000)
    share = np.mean(np.array(chosen.scores) > 0)
    assert abs(share - 0.3) < share_band(0.3, 4000)


def test_its_scores_are_those_of_the_strategy():
    table = np.array([[0.5, 0.5], [1.0, 0.0]])
    assert (Epsilon().scores(view(table)) == Entropy().scores(view(table))).all()
