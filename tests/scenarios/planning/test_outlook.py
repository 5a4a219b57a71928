"""Outlooks: where a candidate would end, by the runs there are."""

import numpy as np
from scipy.stats import norm

from bus.chance import Chance
from scenarios.planning.outlook import LIKELY, Outlook, outlooks
from scenarios.planning.reading import Reading, Values
from scenarios.planning.targets import Targets

TARGETS = Targets(0.9)
LABELS: Values = np.arange(1, 41) * np.float64(10)


def runs(count: int, seed: int, noise: float = 0.01, ceiling: float = 0.95) -> list[Reading]:
    """Return runs whose accuracy nears a ceiling; without noise it is .9 at 100 labels, if the ceiling is .95."""
    rng = Chance(seed).stream("planning")
    mean = ceiling - 0.5 * 0.1 ** (LABELS / 100)
    return [Reading(mean + noise * rng.standard_normal(len(LABELS)), LABELS / 10, LABELS * 3) for _ in range(count)]


def outlook(readings: list[Reading], targets: Targets = TARGETS) -> Outlook:
    return outlooks({0: readings}, targets)[0]


def test_more_confidence_takes_more_labels() -> None:
    found = outlook(runs(6, 1))
    assert found.possible and found.middling and found.likely and found.certain
    assert found.possible.at <= found.middling.at <= found.likely.at <= found.certain.at
    assert found.short < 0


def test_more_runs_bring_what_is_possible_and_what_is_certain_together() -> None:
    few, many = outlook(runs(2, 1)), outlook(runs(40, 1))
    assert few.possible and many.possible and many.certain
    assert many.certain.at - many.possible.at < (few.certain.at if few.certain else len(LABELS)) - few.possible.at


def test_a_likely_end_misses_as_seldom_as_it_is_to() -> None:
    """Where accuracy has a normal distribution, the true risk at the chosen end is known; it is .2 or less 4 times in 5."""
    mean, noise, draws, kept = 0.88 + LABELS / 4_000, 0.02, 150, 0
    for seed in range(draws):
        rng = Chance(seed).stream("planning")
        # Runs that are good are good throughout, as their items and people are the same.
        found = outlook([Reading(mean + noise * rng.standard_normal(), LABELS / 10, LABELS * 3) for _ in range(8)])
        assert found.likely is not None
        kept += norm.cdf((0.9 - mean[found.likely.at]) / noise) <= TARGETS.risk
    assert abs(kept / draws - LIKELY) < 4 * np.sqrt(LIKELY * (1 - LIKELY) / draws)


def test_a_lucky_swing_of_a_curve_is_no_end() -> None:
    flat = [Reading(np.where(LABELS == 50, 0.97, 0.85), LABELS / 10, LABELS) for _ in range(4)]
    found = outlook(flat)
    assert found.likely is None and found.middling is None
    assert found.short > 0


def test_money_and_time_count_too() -> None:
    readings = runs(8, 1)
    assert outlook(readings, TARGETS._replace(budget=40.0)).likely is not None
    assert outlook(readings, TARGETS._replace(budget=5.0)).possible is None
    assert outlook(readings, TARGETS._replace(deadline=60.0)).possible is None


def test_who_came_to_nothing_has_no_outlook() -> None:
    nothing = Reading(np.full(40, np.nan), np.full(40, np.nan), np.full(40, np.nan))
    assert outlooks({0: [nothing, nothing]}, TARGETS) == {}
