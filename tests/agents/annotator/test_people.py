"""People: dials drawn for each person."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy.stats import beta

from agents.annotator.distributions import AnyDistribution, Beta, Distribution, Lognormal, Normal, Uniform
from agents.annotator.latencies.choice import LATENCIES, AnyLatency
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.people import Price, person_of, price_of
from bus.chance import Chance, Keyed, Luck
from scenarios.scenario import Scenario
from tests.agents.samples import band, complaint, dump, make, share_band

N = 5000


def person(noise: Any, name: str, seed: int = 7) -> Any:
    return person_of(make(AnyNoise, noise), NOISES, Noise, Chance(seed).keyed("person", name, "noise"))


def accuracies(spread: dict[str, Any], count: int = N) -> np.ndarray:
    varied = make(AnyNoise, {"kind": "one-coin", "accuracy": spread})
    chance = Chance(7)
    people = [person_of(varied, NOISES, Noise, chance.keyed("person", f"crowd-{number}", "noise")) for number in range(count)]
    return np.array([each.accuracy for each in people])


def crowd(*groups: dict[str, Any], seed: int = 7) -> dict[str, Any]:
    scenario = Scenario.model_validate({"name": "people", "data": {"source": "synthetic"}, "annotators": groups})
    return {each.name: each for each in scenario.people(Chance(seed))}


def draws(distribution: Distribution, count: int = N) -> np.ndarray:
    keyed = Chance(7).keyed("draws")
    return np.array([distribution.draw(keyed.luck(number)) for number in range(count)])


VARIED = {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "b": 2}}

# Distributions


@pytest.mark.parametrize(("a", "b"), [(8.0, 2.0), (0.5, 0.5), (1.0, 1.0), (0.3, 4.0), (200.0, 100.0)])
def test_a_beta_draw_has_its_mean_and_variance(a, b):
    drawn = draws(Beta(a=a, b=b))
    mean, variance = a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(variance), N))
    excess = float(beta.stats(a, b, moments="k"))
    assert drawn.var() == pytest.approx(variance, abs=band(variance * math.sqrt(excess + 2), N))
    assert ((drawn >= 0) & (drawn <= 1)).all()


def test_a_uniform_draw_lies_between_its_bounds_with_the_mean_in_the_middle():
    drawn = draws(Uniform(low=2, high=6))
    assert ((drawn >= 2) & (drawn <= 6)).all()
    assert drawn.mean() == pytest.approx(4, abs=band(4 / math.sqrt(12), N))


def test_a_normal_draw_has_its_mean_and_deviation():
    drawn = draws(Normal(mean=5, sd=2))
    assert drawn.mean() == pytest.approx(5, abs=band(2, N))
    assert drawn.std() == pytest.approx(2, abs=band(2 / math.sqrt(2), N))


def test_a_lognormal_draw_has_its_median_and_deviation_of_logarithm():
    logs = np.log(draws(Lognormal(median=3, sigma=0.55)))
    assert logs.mean() == pytest.approx(math.log(3), abs=band(0.55, N))
    assert logs.std() == pytest.approx(0.55, abs=band(0.55 / math.sqrt(2), N))


def test_bounds_in_the_wrong_order_are_refused():
    assert "low is 2.0, above high, which is 1.0" in complaint(AnyDistribution, {"kind": "uniform", "low": 2, "high": 1})


# Dials drawn for each person


def test_people_of_one_group_differ():
    assert len(set(accuracies({"kind": "beta", "a": 8, "b": 2}, 100))) == 100


def test_people_have_the_mean_of_their_distribution():
    drawn = accuracies({"kind": "beta", "a": 8, "b": 2})
    assert drawn.mean() == pytest.approx(0.8, abs=band(math.sqrt(16 / 1100), N))


def test_a_draw_outside_the_range_of_its_dial_is_drawn_again():
    drawn = accuracies({"kind": "normal", "mean": 0.95, "sd": 0.2}, 1000)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    assert (drawn < 1).all(), "a draw that is cut to the bound would stand on it"


def test_a_dial_is_drawn_as_it_is_where_it_is_inside():
    drawn = accuracies({"kind": "uniform", "low": 0.6, "high": 0.9})
    assert ((drawn >= 0.6) & (drawn <= 0.9)).all()
    assert drawn.mean() == pytest.approx(0.75, abs=band(0.3 / math.sqrt(12), N))


def test_several_dials_may_differ_and_the_rest_stays():
    varied = make(AnyLatency, {"kind": "lognormal", "median": {"kind": "lognormal", "median": 20, "sigma": 0.55}, "sigma": 0.7})
    people = [person_of(varied, LATENCIES, Latency, Chance(7).keyed("person", str(number), "latency")) for number in range(20)]
    assert all(isinstance(each, LognormalTime) and each.sigma == 0.7 for each in people)
    assert len({each.median for each in people}) == 20


def test_somebody_without_spread_is_as_the_table_says():
    assert person({"kind": "one-coin", "accuracy": 0.7}, "crowd-1") == OneCoin(accuracy=0.7)


@given(st.integers(0, 2**64 - 1), st.text(max_size=5))
def test_the_same_person_is_drawn_the_same(seed, name):
    assert person(VARIED, name, seed) == person(VARIED, name, seed)


def test_a_person_is_the_same_whoever_else_takes_part():
    price = {"kind": "lognormal", "median": 0.05, "sigma": 0.5}
    group = {"name": "crowd", "noise": VARIED, "price": price}
    alone = crowd({**group, "count": 2})
    more = crowd({"name": "experts", "count": 5, "noise": VARIED}, {**group, "count": 9})
    assert {name: more[name] for name in alone} == alone
    assert more["experts-1"].noise != more["crowd-1"].noise


def test_another_seed_draws_other_people():
    assert person(VARIED, "crowd-1", 1) != person(VARIED, "crowd-1", 2)


def test_dials_of_one_person_do_not_depend_on_each_other():
    group = {"name": "crowd", "noise": VARIED, "latency": {"kind": "lognormal", "median": {"kind": "uniform", "low": 1, "high": 9}}}
    plain = {"name": "crowd", "noise": VARIED}
    assert crowd(group)["crowd-1"].noise == crowd(plain)["crowd-1"].noise


# Refusals


@pytest.mark.parametrize(
    "spread",
    [
        {"kind": "uniform", "low": 2, "high": 3},
        {"kind": "normal", "mean": -9, "sd": 0.1},
        {"kind": "lognormal", "median": 50, "sigma": 0},
    ],
)
def test_a_spread_in_which_nobody_is_possible_is_refused_when_the_scenario_is_read(spread):
    message = complaint(AnyNoise, {"kind": "one-coin", "accuracy": spread})
    assert "none is possible" in message
    assert "accuracy" in message


def test_a_spread_over_an_unknown_dial_is_refused():
    assert "did you mean 'accuracy'" in complaint(AnyNoise, {"kind": "one-coin", "acuracy": VARIED["accuracy"]})


def test_a_distribution_with_an_unknown_key_is_refused():
    assert "unknown key" in complaint(AnyNoise, {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "c": 2}})


def test_a_spread_is_shown_as_the_table_that_made_it():
    assert dump(AnyNoise, make(AnyNoise, VARIED)) == {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8.0, "b": 2.0}}


# Prices


def test_a_price_is_a_number_or_drawn_for_each_person_and_never_negative():
    assert price_of(make(Price, 0.25), Chance(7).keyed("x")) == 0.25
    spread = make(Price, {"kind": "normal", "mean": 0, "sd": 1})
    prices = [price_of(spread, Chance(7).keyed("person", str(number), "price")) for number in range(300)]
    assert min(prices) >= 0
    assert len(set(prices)) == 300


@pytest.mark.parametrize("price", [-1, float("inf"), {"kind": "gamma"}, "cheap"])
def test_what_is_no_price_is_refused(price):
    complaint(Price, price)


def test_a_price_below_zero_for_everybody_is_refused():
    with pytest.raises(ValueError, match="none is 0 or more"):
        price_of(Uniform(low=-2, high=-1), Chance(7).keyed("x"))


class Midnight(Distribution):
    """A user's own distribution."""

    def draw(self, luck: Luck) -> float:
        return 0.0


def test_a_fixed_dial_is_no_spread():
    assert make(AnyLatency, {"kind": "fixed", "time": "2m"}) == FixedTime(time=120)
    assert price_of(Midnight(), Chance(7).keyed("x")) == 0


def test_a_dial_that_may_be_left_out_may_differ_from_person_to_person():
    varied = make(AnyLatency, {"kind": "recorded", "file": "a.csv", "otherwise": {"kind": "uniform", "low": "10s", "high": "20s"}})
    drawn = [person_of(varied, LATENCIES, Latency, Chance(7).keyed(name)).otherwise for name in ("a", "b")]
    assert drawn[0] != drawn[1]
    assert all(10 <= each <= 20 for each in drawn)
    options = [each["properties"] for each in TypeAdapter(AnyLatency).json_schema()["anyOf"] if "properties" in each]
    dials = next(each for each in options if each["kind"].get("const") == "recorded")
    assert "uniform" in str(dials["otherwise"])
    assert "uniform" not in str(dials["file"])


def test_a_beta_distribution_at_its_ends_has_its_mean():
    ends = Beta(a=0.001, b=0.003)
    drawn = [ends.draw(Keyed(7, "ends").luck(number)) for number in range(4000)]
    assert np.mean(drawn) == pytest.approx(0.25, abs=share_band(0.25, 4000))
