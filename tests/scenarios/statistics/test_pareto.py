"""Pareto fronts: by hand, and invariants."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.statistics.pareto import front, undominated

POINTS = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 4).map(float), min_size=width, max_size=width), min_size=1, max_size=8)
)


def fixed(*values: float) -> dict[int, tuple[float, ...]]:
    return dict.fromkeys(range(4), values)


def test_who_is_beaten_in_everything_is_not_on_the_front() -> None:
    found = front([fixed(0.8, 10), fixed(0.9, 30), fixed(0.85, 40), fixed(0.8, 12)], [True, False])
    assert [each.on_front for each in found.standings] == [True, True, False, False]
    assert [each.share for each in found.standings] == [1.0, 1.0, 0.0, 0.0]
    assert found.standings[1].means == pytest.approx((0.9, 30))


def test_a_third_objective_saves_who_is_quick() -> None:
    candidates = [fixed(0.8, 10, 5), fixed(0.7, 12, 2), fixed(0.7, 12, 9)]
    assert [each.on_front for each in front(candidates, [True, False, False]).standings] == [True, True, False]


def test_equal_ones_stand_together_also_where_rounding_tells_them_apart() -> None:
    ours, theirs = {0: (0.1, 1), 1: (0.2, 1), 2: (0.3, 1)}, {0: (0.3, 1), 1: (0.2, 1), 2: (0.1, 1)}
    found = front([ours, theirs], [True, False])
    assert [each.on_front for each in found.standings] == [True, True]


def test_the_share_says_how_unsure_a_place_on_the_front_is() -> None:
    steady = dict.fromkeys(range(10), (0.5, 10.0))
    shaky = {seed: (0.5 + (0.2 if seed % 2 else -0.19), 11.0) for seed in range(10)}
    found = front([steady, shaky], [True, False])
    assert found.standings[0].share == 1.0
    # The dearer one is ahead by half a hundredth, of a standard error of .06: it is on the front little more often than not.
    assert 0.4 < found.standings[1].share < 0.7
    assert found == front([steady, shaky], [True, False])


def test_only_seeds_that_all_have_count() -> None:
    found = front([{0: (1.0,), 1: (1.0,), 2: (5.0,)}, {1: (2.0,), 2: (0.0,), 3: (9.0,)}], [True])
    assert (found.seeds, found.dropped) == (2, 2)
    assert [each.means for each in found.standings] == [(3.0,), (1.0,)]
    nothing = front([{0: (1.0,)}, {1: (2.0,)}], [True])
    assert nothing.seeds == 0 and not any(each.on_front for each in nothing.standings)
    assert math.isnan(front([{0: (1.0,)}, {0: (2.0,)}], [True]).standings[0].share)


@given(POINTS)
def test_nobody_dominates_a_member_and_somebody_on_the_front_dominates_everybody_else(points: list[list[float]]) -> None:
    on = undominated(np.array(points))
    assert on.any()
    for at, one in enumerate(points):
        beating = [all(a >= b for a, b in zip(other, one, strict=True)) and other != one for other in points]
        assert on[at] != any(beating)
        assert on[at] or any(beats and there for beats, there in zip(beating, on, strict=True))
