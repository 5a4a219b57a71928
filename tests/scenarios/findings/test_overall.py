"""Ranks, fronts and dials of a study: by hand."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.chance import Chance
from scenarios.findings.dials import MOST_LEVELS, dial_effects, interactions
from scenarios.findings.order import order
from scenarios.findings.quantities import quantities
from scenarios.findings.worth import every_worth, worth
from scenarios.study.results import Results
from scenarios.study.variation import Settings
from tests.scenarios.study.made import made_results


def figures(settings: Settings, seed: int) -> dict[str, Any]:
    """Return figures by which b is better and dearer than a, and c worse than both and as dear as b."""
    policy, noise = str(settings["policy"]), float(str(settings.get("noise", 0.7)))
    jitter = 0.001 * math.sin(7 * seed + 3 * noise + ord(policy))
    gain = {"a": 0.0, "b": 0.1, "c": -0.05}[policy]
    return {
        "accuracy": noise + gain + jitter,
        "cost": {"a": 10.0, "b": 30.0, "c": 30.0}[policy] + jitter,
        "simulated_seconds": {"a": 100.0, "b": 90.0, "c": 50.0}[policy],
    }


def made(noises: list[float], **further: Any) -> Results:
    return made_results({"noise": noises, "policy": ["a", "b", "c"]}, figures, compared="policy", **further)


@pytest.mark.parametrize(("noises", "blocks", "count"), [([0.6, 0.7, 0.8], "places", 3), ([0.6, 0.7], "seeds", 10)])
def test_blocks_are_places_if_there_are_three_and_else_seeds(noises: list[float], blocks: str, count: int) -> None:
    results = made(noises)
    found = order(results, quantities(results)[0])
    assert found is not None
    assert (found.blocks, found.ranking.blocks, found.levels) == (blocks, count, (0, 1, 2))
    assert found.ranking.mean_ranks == (2.0, 1.0, 3.0)


def test_of_a_measure_of_which_less_is_better_the_least_ranks_first() -> None:
    results = made([0.6, 0.7, 0.8], measure="simulated_seconds")
    found = order(results, quantities(results)[0])
    assert found is not None and found.ranking.mean_ranks == (3.0, 2.0, 1.0)


def test_a_level_that_came_to_nothing_is_not_ranked_and_a_block_that_lacks_one_is_dropped() -> None:
    def failing(settings: Settings, seed: int) -> dict[str, Any] | str:
        gone = settings["policy"] == "c" or (settings["policy"] == "b" and settings["noise"] == 0.8)
        return "E: no" if gone else figures(settings, seed)

    results = made_results({"noise": [0.6, 0.7, 0.8], "policy": ["a", "b", "c"]}, failing, compared="policy")
    found = order(results, quantities(results)[0])
    assert found is not None
    assert (found.levels, found.ranking.blocks, found.ranking.dropped) == ((0, 1), 2, 1)


def test_one_level_has_no_rank() -> None:
    results = made_results({"policy": ["a"]}, figures)
    assert order(results, quantities(results)[0]) is None


def test_the_front_of_cost_and_measure_leaves_out_who_is_worse_and_dearer() -> None:
    results = made([0.6, 0.7])
    found = worth(results, quantities(results))
    assert found is not None
    assert found.objectives == ("accuracy", "cost") and found.greater_is_better == (True, False)
    assert found.on_front == [0, 1]
    assert found.front.standings[1].means == pytest.approx((0.75, 30.0), abs=0.001)
    assert [each.place for each in every_worth(results, quantities(results))] == [None, 0, 1]
    timed = worth(results, quantities(results), with_time=True)
    assert timed is not None and timed.objectives[2] == "simulated_seconds" and timed.on_front == [0, 1, 2]


def test_where_everything_costs_the_same_or_nothing_is_paid_there_is_no_front() -> None:
    free = made_results({"policy": ["a", "b"]}, lambda settings, seed: {**figures(settings, seed), "cost": 0.0})
    assert every_worth(free, quantities(free)) == []
    unpaid = made_results({"policy": ["a", "b"]}, lambda settings, seed: {"accuracy": 0.5})
    assert every_worth(unpaid, quantities(unpaid)) == []


def test_a_dial_is_told_by_what_it_does_and_the_one_that_matters_most_first() -> None:
    def both(settings: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + 0.1 * int(str(settings["x"])) + 0.01 * int(str(settings["y"])) + 0.001 * (seed % 3)}

    results = made_results({"y": [1, 2], "x": [1, 2, 3], "policy": ["a", "b"]}, both, compared="policy")
    first, second = dial_effects(results, quantities(results)[0])
    assert (first.dial, first.lowest, first.highest) == ("x", 0, 2)
    assert first.paired.mean == pytest.approx(0.2)
    assert first.share == pytest.approx(0.04 / (0.04 + 0.06 * 0.01**2 / 0.04), rel=0.01)
    assert first.share + second.share == pytest.approx(1.0)
    assert first.correlation == pytest.approx(0.956, abs=0.02) and math.isnan(second.correlation)


def test_a_dial_drawn_from_a_range_is_told_by_the_correlation_of_ranks() -> None:
    levels = [at / 20 for at in range(MOST_LEVELS + 3)]
    results = made_results({"noise": levels, "policy": ["a", "b"]}, figures, compared="policy", seeds=2)
    (found,) = dial_effects(results, quantities(results)[0])
    assert found.lowest is None and found.means == ()
    assert found.correlation > 0.8 and found.share == pytest.approx(found.correlation**2)
    assert interactions(results, quantities(results)[0]) == []


def test_where_nothing_is_compared_every_dial_is_told() -> None:
    results = made_results({"noise": [0.6, 0.8], "policy": ["a", "b"]}, figures)._replace(compared=None)
    assert {each.dial for each in dial_effects(results, quantities(results)[0])} == {"noise", "policy"}


def test_a_dial_that_changes_who_wins_is_found() -> None:
    def turning(settings: Settings, seed: int) -> dict[str, Any]:
        turn = -1 if settings["noise"] == 0.8 else 1
        return {"accuracy": 0.5 + 0.1 * turn * (settings["policy"] == "b") + 0.001 * (seed * 7 % 5) * (settings["policy"] == "b")}

    results = made_results({"noise": [0.6, 0.7, 0.8], "policy": ["a", "b"]}, turning, compared="policy")
    (found,) = interactions(results, quantities(results)[0])
    assert found.winners == (1, 1, 0) and found.changes_the_winner and found.turns and found.real
    assert found.level == 1 and found.between[1] == 2
    assert found.paired.mean == pytest.approx(-0.2)


def test_where_levels_differ_alike_everywhere_no_dial_changes_anything() -> None:
    results = made([0.6, 0.7])
    (found,) = interactions(results, quantities(results)[0])
    assert not found.changes_the_winner and not found.turns and not found.real


def test_where_the_best_are_ahead_by_chance_only_nobody_wins_otherwise() -> None:
    def close(settings: Settings, seed: int) -> dict[str, Any]:
        gain = 0.1 * (settings["policy"] != "a") * (settings["noise"] == 0.6)
        return {"accuracy": 0.5 + gain + 0.01 * float(Chance(1).stream(*map(str, (settings, seed))).normal())}

    results = made_results({"noise": [0.6, 0.7, 0.8], "policy": ["a", "b", "c"]}, close, compared="policy")
    (found,) = interactions(results, quantities(results)[0])
    assert found.real and found.changes_the_winner and not found.turns


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=5))
def test_who_is_on_the_front_is_beaten_by_nobody(figures_of: list[tuple[int, int]]) -> None:
    def given_figures(settings: Settings, seed: int) -> dict[str, Any]:
        accuracy, cost = figures_of[int(str(settings["policy"]))]
        return {"accuracy": float(accuracy), "cost": float(cost)}

    results = made_results({"policy": [*range(len(figures_of))]}, given_figures, seeds=2)
    found = worth(results, quantities(results))
    if found is None:
        assert len({cost for _, cost in figures_of}) == 1
        return
    for level in found.on_front:
        accuracy, cost = figures_of[level]
        assert not any(a >= accuracy and c <= cost and (a, c) != (accuracy, cost) for a, c in figures_of)
