"""Work times fitted to logs of known people."""

from itertools import pairwise

import numpy as np
import pytest

from agents.annotator.calibration.distance import kolmogorov_smirnov
from agents.annotator.calibration.drawn_times import draw_mixed
from agents.annotator.calibration.mixed_times import fit_mixed
from agents.annotator.calibration.work_times import FittedTimes, fit_work_times
from agents.annotator.latencies.choice import LATENCIES, AnyLatency
from agents.annotator.latency import Latency
from agents.annotator.people import person_of
from bus.chance import Chance
from tests.agents.annotator.calibration.timing import Known, known_times
from tests.agents.annotator.cases import case
from tests.agents.samples import band, make


def fitted(log: Known, seconds=None, **more) -> FittedTimes:
    found = fit_work_times(
        log.person,
        log.item,
        log.seconds if seconds is None else seconds,
        len(log.medians),
        len(log.hardness),
        np.random.default_rng(3),
        **more,
    )
    assert found is not None
    return found


def rmse(one, other) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


def test_what_people_share_is_recovered():
    log = known_times(300, 200, slope=0.2)
    found = fitted(log, np.maximum(np.rint(log.seconds), 1), hardness=log.hardness)
    assert found.whole and found.page == 1
    assert found.typical == pytest.approx(20, rel=4 * 0.6 / np.sqrt(300))
    assert found.spread == pytest.approx(0.6, abs=band(0.6 / np.sqrt(2), 300))
    assert found.items == pytest.approx(0.25, abs=band(0.25 / np.sqrt(2), 400))
    assert found.slope == pytest.approx(0.2, abs=band(0.15, 400))
    assert np.exp(found.mixed.factor) == pytest.approx(6, rel=0.15)
    assert found.wander == pytest.approx(0.9, rel=0.1)
    assert found.idle.mean() == pytest.approx(log.idle.mean(), abs=0.015)
    assert found.mixed.sigma_between == pytest.approx(0.3, abs=0.08)
    assert found.mixed.idle_a / (found.mixed.idle_a + found.mixed.idle_b) == pytest.approx(2 / 22, rel=0.15)


def test_whether_the_slow_stay_away_for_longer_is_told():
    in_proportion, absolute = fitted(known_times(150, 120)), fitted(known_times(150, 120, absolute=True))
    assert in_proportion.mixed.proportion > 0.85
    assert absolute.mixed.proportion < 0.15
    # In seconds, everybody is away for two minutes then; who is not faster than that, for as long as they work.
    assert np.median(absolute.factor * absolute.median) == pytest.approx(120, rel=0.15)
    assert np.log(absolute.factor * absolute.median).std() < 0.2 < np.log(in_proportion.factor * in_proportion.median).std()
    assert absolute.somebody()["factor"]["of"]["sigma"] == pytest.approx(0.6, abs=0.15)


@pytest.mark.slow
def test_errors_of_peoples_dials_fall_as_one_over_the_root_of_their_answers():
    errors = []
    for answers in (30, 120, 480):
        log = known_times(400, answers)
        found = fit_mixed(log.person, log.item, np.log(log.seconds), 400, 400)
        errors.append([rmse(found.person, np.log(log.medians)), rmse(np.log(found.sigma), np.log(log.sigmas))])
    for before, after in pairwise(errors):
        # Four times the answers, half the error; the rest is what items' effects, and shrinking, add.
        assert [after[0] / before[0], after[1] / before[1]] == pytest.approx([0.5, 0.55], abs=0.12)


def test_a_persons_median_is_known_as_well_as_its_standard_error_says():
    log = known_times(300, 60)
    found = fitted(log)
    error = np.log(found.median / log.medians) / (log.sigmas / np.sqrt(60 * (1 - log.idle)))
    # Items' effects, of standard deviation .15, are known but for a twentieth of their variance.
    assert np.sqrt(np.mean(error**2)) == pytest.approx(1.1, abs=0.15)


def test_simulated_times_are_as_far_from_the_real_ones_as_from_each_other():
    log = known_times(100, 100)
    found = fitted(log, np.maximum(np.rint(log.seconds), 1))
    assert found.distance < 0.02
    assert found.distance_of_person == pytest.approx(found.chance_of_person, rel=0.1)
    assert found.within[0].name == "work-time"


def test_people_drawn_afresh_take_times_like_the_real_ones():
    log = known_times(400, 25)
    varied = make(AnyLatency, fitted(log).somebody())
    people = [person_of(varied, LATENCIES, Latency, Chance(7).keyed("person", str(number))) for number in range(400)]
    lucks = [Chance(7).keyed("annotator", str(number), "time") for number in range(400)]
    times = [person.seconds(case(item), luck.luck(item)) for person, luck in zip(people, lucks, strict=True) for item in range(25)]
    # Medians of 400 people are worth 400 draws in this, not 10,000.
    assert kolmogorov_smirnov(np.array(times), log.seconds) < 0.1


def test_the_latency_of_a_person_draws_what_was_fitted():
    log = known_times(50, 200)
    found = fitted(log)
    table = found.latency(7)
    latency = make(AnyLatency, table)
    luck = Chance(7).keyed("annotator", "crowd-8", "time")
    times = np.array([latency.seconds(case(item), luck.luck(item)) for item in range(5000)])
    own = draw_mixed(found.mixed._replace(item=np.zeros(5000)), np.full(5000, 7), np.arange(5000), np.random.default_rng(1))
    assert kolmogorov_smirnov(times, own) < 4 * 0.4 * np.sqrt(2 / 5000)
    assert table["kind"] == "work-time"
    assert table["factor"] == pytest.approx(found.factor[7], rel=1e-3)
    assert latency.median == pytest.approx(log.medians[7], rel=0.15)


def test_people_drawn_afresh_are_as_fast_as_people_of_their_skill():
    log = known_times(400, 40)
    rng = np.random.default_rng(5)
    skill = -0.5 * np.log(log.medians / 20) / 0.6 + np.sqrt(0.75) * rng.standard_normal(400)
    skill[:40] = np.nan
    found = fitted(log)
    along = found.along(skill)
    assert along == pytest.approx(-0.5, abs=band(1 - 0.25, 360))
    varied = make(AnyLatency, found.somebody("skill", along))
    numbers, speeds = [], []
    for name in range(800):
        shared = Chance(7).keyed("person", str(name), "shared")
        numbers.append(shared.luck("skill").normal())
        speeds.append(person_of(varied, LATENCIES, Latency, Chance(7).keyed("person", str(name)), shared).median)
    assert np.corrcoef(numbers, np.log(speeds))[0, 1] == pytest.approx(along, abs=band(1 - 0.25, 800))
    assert found.along(np.full(400, np.nan)) == found.along(np.ones(400)) == 0


def test_a_crowd_of_another_family_gets_that_family():
    rng = np.random.default_rng(4)
    means = 30 * np.exp(0.5 * rng.standard_normal(60))
    person, item = np.repeat(np.arange(60), 150), np.tile(np.arange(150), 60)
    seconds = means[person] / 3 * rng.standard_gamma(3, len(person))
    found = fit_work_times(person, item, seconds, 60, 150, rng)
    assert found is not None
    assert found.within[0].name == "gamma"
    assert found.distance < 0.02
    latency = make(AnyLatency, found.latency(5))
    assert (latency.shape, latency.mean) == (pytest.approx(3, rel=0.1), pytest.approx(means[5], rel=0.2))
    assert isinstance(make(AnyLatency, found.somebody()).table["shape"], float)


def test_practice_is_told_from_differences_between_people():
    log = known_times(60, 100)
    position = np.tile(np.arange(100), 60)
    faster = log.seconds * (position + 1) ** -0.1
    found = fitted(log, faster, position=position)
    # The log of 100 positions has standard deviation .93.
    assert found.practice == pytest.approx(0.1, abs=band(0.45 / 0.93, len(position)))
    assert found.typical == pytest.approx(20, rel=4 * 0.6 / np.sqrt(60))
    assert found.changes() == [{"kind": "practice", "rate": pytest.approx(found.practice, rel=1e-3)}]
    assert fitted(log, position=position).practice < 0.03
    assert fitted(log, log.seconds * (position + 1) ** 0.1, position=position).changes() == []


def test_who_has_one_time_or_none_is_drawn_to_the_others():
    log = known_times(200, 50)
    person = np.append(log.person, 200)
    seconds = np.append(log.seconds, 20 * np.exp(2.0))
    found = fit_work_times(person, np.append(log.item, 0), seconds, 202, 400, np.random.default_rng(1))
    assert found is not None
    assert found.answers[-2:].tolist() == [1, 0]
    assert 20 < found.median[200] < 20 * np.exp(2.0)
    assert found.median[201] == pytest.approx(found.typical, rel=1e-3)
    assert found.sigma[201] == pytest.approx(found.mixed.sigma_centre)
    assert found.idle[201] == pytest.approx(found.mixed.idle_a / (found.mixed.idle_a + found.mixed.idle_b))
    assert make(AnyLatency, found.latency(201)).within(found.median[201]) < 0.55


def test_times_of_pages_are_shared_out_among_their_answers():
    log = known_times(40, 60)
    pages = fit_work_times(
        np.repeat(log.person, 5), np.arange(12_000) % 400, np.repeat(np.rint(5 * log.seconds), 5), 40, 400, np.random.default_rng(1)
    )
    assert pages is not None
    assert pages.page == pytest.approx(5, rel=0.01)
    assert pages.distance < 0.03
    assert rmse(np.log(pages.median), np.log(log.medians)) < 0.1


@pytest.mark.parametrize("seconds", [[5.0], [0.0, 0.0, 0.0], [3.0] * 30, [0.2, np.nan, 1e9], [0.0, 12.5]])
def test_hardly_any_times_make_a_possible_latency(seconds):
    count = len(seconds)
    found = fit_work_times(np.arange(count) % 2, np.arange(count), np.array(seconds), 3, count, np.random.default_rng(1))
    assert found is not None
    assert np.isfinite([*found.median, *found.sigma, *found.idle, found.distance]).all()
    for person in range(3):
        make(AnyLatency, found.latency(person))
    make(AnyLatency, found.somebody())


def test_a_log_without_times_has_nothing_to_fit():
    assert fit_work_times(np.zeros(2, np.intp), np.arange(2), np.full(2, np.nan), 1, 2, np.random.default_rng(1)) is None


def test_the_same_log_and_chance_give_the_same_fit():
    log = known_times(30, 40)
    assert fitted(log).latency(3) == fitted(log).latency(3)
    assert fitted(log).distance == fitted(log).distance


@pytest.mark.slow
def test_a_hundred_thousand_people_with_a_few_answers_each_are_fitted_by_what_they_share():
    log = known_times(100_000, 4, items=20_000)
    found = fitted(log, np.maximum(np.rint(log.seconds), 1))
    assert found.spread == pytest.approx(0.6, rel=0.03)
    assert found.typical == pytest.approx(20, rel=0.03)
    assert found.distance < 0.02
