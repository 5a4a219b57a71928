"""Arrival: a Poisson process whose rate follows the day."""

import math
from collections import Counter
from itertools import pairwise
from statistics import fmean, variance

import pytest

from agents.annotator.availabilities.arrival import Arrival
from agents.annotator.availabilities.day import day_of
from agents.annotator.availabilities.week import DAY
from agents.annotator.availability import Availability
from bus.clock import SECOND
from tests.agents.annotator.availabilities.lives import firsts
from tests.agents.samples import band, share_band

PEOPLE = 4000


def test_first_comings_are_exponential_in_mean_and_variance() -> None:
    mean = 7200.0
    found = firsts([Arrival(mean=mean)], range(PEOPLE))
    assert fmean(found) == pytest.approx(mean, abs=band(mean, PEOPLE))
    # The fourth central moment of an exponential is nine times its squared variance.
    assert variance(found) == pytest.approx(mean**2, abs=band(mean**2 * math.sqrt(8), PEOPLE))


def test_arrivals_within_a_time_are_as_many_as_a_poisson_process_that_thins_out_has_with_its_variance() -> None:
    groups, size, mean, until = 400, 50, 3600.0, 600.0
    share = 1 - math.exp(-until / mean)
    counts = [sum(each <= until for each in firsts([Arrival(mean=mean)], range(size), seed=seed)) for seed in range(groups)]
    expected, spread = size * share, size * share * (1 - share)
    assert fmean(counts) == pytest.approx(expected, abs=band(math.sqrt(spread), groups))
    fourth = spread * (1 + 3 * spread - 6 * share * (1 - share)) - spread**2
    assert variance(counts) == pytest.approx(spread, abs=band(math.sqrt(fourth), groups))


def test_a_day_has_its_peak_its_trough_and_its_average() -> None:
    day = day_of(peak=15, swing=20)
    hourly = [(day.until((hour + 1) * DAY / 24) - day.until(hour * DAY / 24)) / (DAY / 24) for hour in range(24)]
    assert sum(hourly) / 24 == pytest.approx(1)
    assert hourly.index(max(hourly)) in (14, 15)
    assert hourly.index(min(hourly)) in (2, 3)
    sharp = day_of(peak=15, swing=20).sums
    steps = [after - before for before, after in pairwise(sharp)]
    assert max(steps) / min(steps) == pytest.approx(20, rel=0.01)
    assert day_of(3, 1).after(5 * SECOND, 7.0 * SECOND) == pytest.approx(7 * SECOND)


@pytest.mark.parametrize("moment", [0, DAY // 3, DAY - 1, 5 * DAY + 12345])
def test_the_time_until_there_was_so_much_activity_is_the_inverse_of_the_activity_until_then(moment: int) -> None:
    day = day_of(peak=20, swing=30)
    for activity in (0.0, 1e6, DAY / 7, 1.0 * DAY, 3.3 * DAY):
        passed = day.after(moment, activity)
        days, rest = divmod(moment % DAY + passed, DAY)
        assert days * DAY + day.until(rest) - day.until(moment % DAY) == pytest.approx(activity, abs=2)


def test_people_come_at_the_hours_at_which_there_is_most_activity() -> None:
    arrival = Arrival(mean=20 * 86400, swing=15, peak=18, utc_offset=3)
    found = firsts([arrival], range(PEOPLE))
    by_hour = Counter(int(each / 3600) % 24 for each in found)
    day = day_of(18, 15)
    # 18 h of their clock is 15 h in UTC. Over twenty days, a whole day more or less hardly matters.
    for hour in (3, 9, 15, 21):
        local = (hour + 3) % 24 * (DAY / 24)
        share = (day.until(local + DAY / 24) - day.until(local)) / DAY
        assert by_hour[hour] / PEOPLE == pytest.approx(share, abs=share_band(share, PEOPLE) + 0.03 * share)


def test_who_has_come_stays() -> None:
    parts: list[Availability] = [Arrival(mean=1)]
    assert all(each > 0 for each in firsts(parts, range(10)))
    assert firsts(parts, range(10)) == firsts(parts, range(10))
