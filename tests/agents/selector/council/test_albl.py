"""Active learning by learning: what is drawn, what it is rewarded by, and what the bandit makes of it."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.council.rules.albl import Albl, Exp4P, drawn, followed
from tests.agents.samples import share_band
from tests.agents.selector.council.sittings import POOL, rankings, rows, sitting
from tests.agents.selector.council.test_auction import view


def bandit(members: int = 2, horizon: int = 50) -> Exp4P:
    return Albl().memory(members, horizon)


@given(rankings(), st.integers(1, 10**6))
def test_every_nominated_item_is_drawn_once_and_none_that_nobody_nominates(ballots: list[list[int]], number: int) -> None:
    """An item that has been asked for cannot be drawn again: members do not nominate it (libact, issue 128)."""
    held = sitting(*ballots, memory=bandit(len(ballots)), number=number)
    assert sorted(rows(Albl(), held)) == sorted({row for each in ballots for row in each})


def test_members_of_one_mind_decide() -> None:
    assert rows(Albl(), sitting([4, 2, 7], [4, 2, 7], memory=bandit())) == [4, 2, 7]


def test_an_item_is_drawn_as_often_as_the_members_weigh_who_have_it_first() -> None:
    memory, trials = bandit(3), 4000
    memory._logs = [0.0, 1.0, 2.0]
    firsts: Counter[int] = Counter()
    for number in range(trials):
        firsts[rows(Albl(), sitting([1, 2], [1, 3], [5, 1], memory=memory, number=number))[0]] += 1
    weights = memory.weights
    assert firsts[1] / trials == pytest.approx(weights[0] + weights[1], abs=share_band(weights[2], trials))
    assert set(firsts) == {1, 5}


def test_probabilities_are_those_of_the_members_that_would_have_drawn_it_and_who_chooses_by_chance_advises_all_alike() -> None:
    held = sitting([1, 2], [1, 3], [5, 6], even=[2], left=10)
    first, second = followed(held, (0.5, 0.3, 0.2), [1, 3])
    assert first.advice == (1.0, 1.0, 0.1)
    assert first.probability == pytest.approx(0.5 + 0.3 + 0.2 / 10)
    # Item 1 being gone, they have 2, 3 and 5 first, and nine items are left.
    assert second.advice == (0.0, 1.0, 1 / 9)
    assert second.probability == pytest.approx(0.3 + 0.2 / 9)


def test_who_has_nothing_left_to_name_is_not_drawn() -> None:
    held = sitting([1, 2], [1, 3])
    *_, last = followed(held, (0.5, 0.5), [1, 2, 3])
    assert (last.probability, last.advice) == (1.0, (0.0, 1.0))


@given(rankings(), st.integers(1, 10**6))
def test_what_is_read_in_a_log_was_drawn_as_it_was_drawn(ballots: list[list[int]], number: int) -> None:
    weights = bandit(len(ballots)).weights
    held = sitting(*ballots, number=number, even=[0])
    draws = [*drawn(held, weights)]
    assert [*followed(held, weights, [draw.row for draw in draws])] == draws
    assert all(0 < draw.probability <= 1 for draw in draws)


def test_the_reward_is_the_accuracy_on_labelled_items_each_weighted_by_one_over_how_probable_it_was() -> None:
    memory = bandit()
    held = sitting([1, 2], [5, 6], even=[1], left=10)
    memory.settle(held, [1, 5])
    # Item 1 is right, item 5 wrong.
    told = view(0, 0.9, 0, 0, 0, 0.9)
    memory.hear(1, 1, told)
    memory.hear(5, 0, told)
    first, second = (query.draw for query in memory._queries.values())
    assert first.probability == pytest.approx(0.5 + 0.5 / 10)
    assert second.probability == pytest.approx(0.5 / 9)
    weights = 1 / (10 * first.probability), 1 / (9 * second.probability)
    assert memory.accuracy(told) == pytest.approx(weights[0] / sum(weights))
    # The label of item 5 is revised.
    memory.hear(5, 1, told)
    assert memory.accuracy(told) == 1.0
    memory.drop(1)
    memory.hear(5, 0, told)
    assert memory.accuracy(told) == 0.0


def test_exp4p_by_hand() -> None:
    """Two members, 50 items, delta 0.1: p_min = sqrt(ln 2 / 100), and the width sqrt(ln 20 / 100)."""
    memory = bandit()
    least, width = math.sqrt(math.log(2) / 100), math.sqrt(math.log(20) / 100)
    memory.settle(sitting([1, 2], [5, 6]), [1])
    told = view(0, 0.9)
    memory.hear(1, 1, told)
    assert memory.weights == (0.5, 0.5)
    memory.advance(told)
    # All that is labelled is right: the reward is 1, and the member's estimate 1 / (1/2).
    one, other = math.exp(least / 2 * (2 + width * 2)), math.exp(least / 2 * (width * 2))
    expected = (1 - 2 * least) * one / (one + other) + least
    assert memory.weights == pytest.approx((expected, 1 - expected))
    memory.advance(told)
    assert memory.weights == pytest.approx((expected, 1 - expected)), "an item is rewarded twice"


def test_an_item_without_a_label_is_not_rewarded() -> None:
    memory = bandit()
    memory.settle(sitting([1, 2], [5, 6]), [1])
    memory.drop(1)
    memory.hear(1, 1, view())
    memory.hear(9, 1, view())
    memory.advance(view())
    assert memory.weights == (0.5, 0.5)


@given(st.integers(1, 6), st.integers(1, 10**6), st.lists(st.floats(0, 500), min_size=6, max_size=6))
def test_weights_add_up_and_nobody_is_never_listened_to(members: int, horizon: int, logs: list[float]) -> None:
    memory = bandit(members, horizon)
    memory._logs = logs[:members]
    assert math.fsum(memory.weights) == pytest.approx(1)
    assert min(memory.weights) >= min(math.sqrt(math.log(members) / (members * horizon)), 1 / members) * (1 - 1e-9)


def test_the_horizon_may_be_given() -> None:
    assert Albl(horizon=8).memory(2, 50)._least == bandit(2, 8)._least


def test_weighted_in_this_way_accuracy_is_that_of_the_whole_pool_where_a_member_chooses_by_chance() -> None:
    """What one member prefers is easy, and most of what is asked for; the weights undo it (Hsu and Lin, 2015, theorem 1)."""
    easy, trials, generator = range(4), 8000, np.random.Generator(np.random.PCG64(5))
    hits, weights = np.empty(trials), np.empty(trials)
    for trial in range(trials):
        held = sitting(generator.permutation(4).tolist(), generator.permutation(POOL).tolist(), even=[1], number=trial)
        draw = next(drawn(held, (0.5, 0.5)))
        hits[trial], weights[trial] = draw.row in easy, 1 / (draw.left * draw.probability)
    weighted = hits * weights
    assert hits.mean() == pytest.approx(0.5 + 0.5 / 3, abs=share_band(2 / 3, trials))
    assert weighted.mean() == pytest.approx(1 / 3, abs=4 * weighted.std() / math.sqrt(trials))
    assert weights.mean() == pytest.approx(1, abs=4 * weights.std() / math.sqrt(trials))
