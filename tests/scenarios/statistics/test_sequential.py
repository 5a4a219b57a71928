"""Sequential seeds: Stein's rule by hand; what it does to intervals is measured in tests/published/test_coverage.py."""

import math

import pytest
from scipy.stats import t

from scenarios.statistics.estimate import estimate
from scenarios.statistics.sequential import runs_wanted, sequential_estimate

FIRST = [0.70, 0.74, 0.66, 0.72, 0.68]


def test_the_number_is_steins() -> None:
    spread = math.sqrt(sum((value - 0.7) ** 2 for value in FIRST) / 4)
    assert runs_wanted(FIRST, 0.005) == math.ceil((t.ppf(0.975, 4) * spread / 0.005) ** 2)
    assert runs_wanted(FIRST, 0.005, error=0.01) == math.ceil((t.ppf(0.995, 4) * spread / 0.005) ** 2)


def test_who_is_narrow_enough_already_wants_no_more() -> None:
    assert runs_wanted(FIRST, 0.5) == 5
    assert runs_wanted([0.7, 0.7], 0.001) == 2
    assert estimate(FIRST).half_width <= 0.05 and runs_wanted(FIRST, estimate(FIRST).half_width * 1.0001) == 5


@pytest.mark.parametrize("width", [1e-12, 1e-200, 5e-324])
def test_however_narrow_it_is_to_be_there_is_a_number(width: float) -> None:
    assert runs_wanted(FIRST, width) == 10**18


def test_steins_own_interval_is_never_wider_than_what_was_asked_for() -> None:
    for width in (0.001, 0.005, 0.02):
        runs = runs_wanted(FIRST, width)
        found = sequential_estimate(FIRST, [*FIRST, *([0.71] * (runs - 5))])
        assert found.half_width <= width * (1 + 1e-12)
        assert found.half_width == pytest.approx(estimate(FIRST).half_width * math.sqrt(5 / runs))


def test_without_further_runs_or_without_a_first_spread_the_interval_is_students() -> None:
    assert sequential_estimate(FIRST, FIRST) == estimate(FIRST)
    assert sequential_estimate(FIRST[:1], FIRST) == estimate(FIRST)


def test_one_run_and_a_width_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="two or more"):
        runs_wanted([0.5], 0.1)
    with pytest.raises(ValueError, match="above zero"):
        runs_wanted(FIRST, 0.0)
