"""Families of times are told apart by the likelihood of intervals."""

import numpy as np
import pytest
from scipy import stats

from agents.annotator.calibration.distance import kolmogorov_smirnov, of_each
from agents.annotator.calibration.drawn_times import draw_family
from agents.annotator.calibration.families import FittedFamily, fit_families

N = 4000
LN2 = np.log(2)
TRUE = {
    "exponential": (stats.expon(scale=30), {"mean": 30}),
    "weibull": (stats.weibull_min(1.7, scale=25 / LN2 ** (1 / 1.7)), {"median": 25, "shape": 1.7}),
    "gamma": (stats.gamma(3, scale=10), {"mean": 30, "shape": 3}),
    "pareto": (stats.lomax(2, scale=25 / (2**0.5 - 1)), {"median": 25, "shape": 2}),
    "log-logistic": (stats.fisk(2.5, scale=25), {"median": 25, "shape": 2.5}),
    "lognormal": (stats.lognorm(0.6, scale=25), {"median": 25, "sigma": 0.6}),
}


def whole(times):
    """Return the intervals of times that are written in whole seconds."""
    return np.maximum(np.rint(times) - 0.5, 0), np.rint(times) + 0.5


@pytest.mark.parametrize("name", TRUE)
def test_the_family_that_times_are_of_is_found_with_its_parameters(name):
    known, parameters = TRUE[name]
    fitted = fit_families(*whole(known.rvs(N, random_state=np.random.default_rng(5))))
    found = next(family for family in fitted if family.name == name)
    # Others contain the exponential family, or come as near as the penalty: two for each parameter more.
    assert found.aic - fitted[0].aic < 6 / N
    assert found.parameters == {parameter: pytest.approx(value, rel=0.1) for parameter, value in parameters.items()}


def test_the_criterion_is_akaikes():
    known, _ = TRUE["lognormal"]
    low, high = whole(known.rvs(500, random_state=np.random.default_rng(5)))
    found = next(family for family in fit_families(low, high) if family.name == "lognormal")
    fitted = stats.lognorm(found.parameters["sigma"], scale=found.parameters["median"])
    likelihood = np.log(fitted.cdf(high) - fitted.cdf(low)).sum()
    assert found.aic == pytest.approx((4 - 2 * likelihood) / 500)


def test_two_lognormals_are_taken_apart():
    rng = np.random.default_rng(6)
    idle = rng.random(N) < 0.2
    times = np.where(idle, 120 * np.exp(rng.standard_normal(N)), 12 * np.exp(0.4 * rng.standard_normal(N)))
    best = fit_families(*whole(times))[0]
    assert best.name == "two lognormals"
    assert best.parameters["odds"] / (1 + best.parameters["odds"]) == pytest.approx(0.2, abs=0.04)
    assert [best.parameters[name] for name in ("median", "sigma", "wander")] == pytest.approx([12, 0.4, 1], rel=0.15)


def test_many_different_times_are_fitted_by_some_of_them():
    times = TRUE["gamma"][0].rvs(60_000, random_state=np.random.default_rng(7))
    best = fit_families(times * 0.9995, times * 1.0005)[0]
    assert best.name == "gamma"
    assert best.parameters == {"mean": pytest.approx(30, rel=0.05), "shape": pytest.approx(3, rel=0.05)}


@pytest.mark.parametrize("times", [[5.0], [0.0, 0.0], [3.0] * 50, [1.0, 1e6]])
def test_few_times_and_equal_ones_have_a_best_family_too(times):
    fitted = fit_families(*whole(np.array(times)))
    assert len(fitted) == 7
    assert all(np.isfinite(family.aic) for family in fitted)


def test_without_times_there_is_none():
    with pytest.raises(ValueError, match="there are no times"):
        fit_families(np.zeros(0), np.zeros(0))


@pytest.mark.parametrize("name", ["weibull", "gamma", "pareto", "log-logistic"])
def test_drawn_times_are_of_their_family(name):
    known, parameters = TRUE[name]
    drawn = draw_family(FittedFamily(name, parameters, 0.0), np.full(N, 2.0), np.random.default_rng(8))
    # Smirnov's bound for four standard errors, or one in 30,000: sqrt(ln(2 / p) / 2).
    assert stats.kstest(drawn / 2, known.cdf).statistic < np.sqrt(np.log(2 * 30_000) / 2 / N)


def test_an_unknown_family_is_not_drawn():
    with pytest.raises(ValueError, match="'lognormal' is no family of which times are drawn"):
        draw_family(FittedFamily("lognormal", {"median": 3.0, "sigma": 1.0}, 0.0), np.ones(3), np.random.default_rng(8))


# Distances


def test_the_distance_is_that_of_the_tables():
    rng = np.random.default_rng(9)
    one, other = np.rint(rng.gamma(2, 5, 300)), np.rint(rng.gamma(2, 6, 200))
    assert kolmogorov_smirnov(one, other) == pytest.approx(stats.ks_2samp(one, other).statistic)
    assert kolmogorov_smirnov(one, one) == 0
    with pytest.raises(ValueError, match="empty"):
        kolmogorov_smirnov(one, np.zeros(0))


def test_the_distances_of_groups_are_those_of_each():
    rng = np.random.default_rng(10)
    group = rng.integers(0, 8, 700)
    one, other = np.rint(rng.gamma(2, 5, 700)), np.rint(rng.gamma(2, 6, 700) + group)
    count = np.bincount(group)
    least = int(np.median(count))
    expected = [stats.ks_2samp(one[group == each], other[group == each]).statistic for each in range(8) if count[each] >= least]
    assert of_each(group, one, other, least) == pytest.approx(expected)
    assert len(of_each(group, one, other, 10_000)) == 0
