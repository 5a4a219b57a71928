"""Shifts: there by the clock and the calendar, to the microsecond."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.availabilities.shifts import Shifts
from agents.annotator.availabilities.week import DAY, HOUR, WEEK, WEEKDAYS, parse_week_time, week_of
from agents.annotator.availability import Past
from bus.chance import Keyed
from bus.clock import SECOND
from tests.agents.annotator.availabilities.lives import Stay, stays
from tests.agents.samples import complaint, make

NOBODYS = Keyed(0, "nobody")


def there(shifts: Shifts, hour: float, epoch: int = 0) -> bool:
    return shifts.at(round(hour * HOUR), Past(epoch=epoch), NOBODYS).there


def hours(found: list[Stay]) -> list[tuple[float, float | None]]:
    return [(came / 3600, None if left is None else left / 3600) for came, left, _ in found]


def test_office_hours_are_forty_hours_of_the_week_and_the_weekend_is_free() -> None:
    shifts = Shifts()
    assert shifts.share() == 40 / 168
    assert hours(stays([shifts], 7 * 86400)) == [(24 * day + 9, 24 * day + 17) for day in range(5)]


def test_the_share_of_time_that_they_are_there_is_that_of_their_hours_without_breaks() -> None:
    shifts = Shifts(begins=8 * 3600, ends=16 * 3600, breaks=((12 * 3600, 12.5 * 3600), (14 * 3600, 14.25 * 3600)))
    weeks = 10
    total = sum((left or 0) - came for came, left, _ in stays([shifts], weeks * 7 * 86400))
    assert total / (weeks * 7 * 86400) == shifts.share() == 5 * 7.25 / 168


def test_a_shift_that_ends_before_it_begins_ends_on_the_next_day_and_the_weeks_end_is_no_end() -> None:
    night = Shifts(days=("sun",), begins=22 * 3600, ends=6 * 3600)
    assert hours(stays([night], 14 * 86400)) == [(0, 6), (166, 174), (334, None)]
    assert night.share() == 8 / 168


def test_around_the_clock_is_without_end() -> None:
    always = Shifts(days=WEEKDAYS, begins=0, ends=0)
    assert always.at(5, Past(), NOBODYS) == (True, None)
    assert (always.share(), always.longest()) == (1.0, None)


def test_breaks_part_a_shift() -> None:
    shifts = Shifts(days=("mon",), breaks=((12 * 3600, 13 * 3600),), overtime=False)
    assert hours(stays([shifts], 86400)) == [(9, 12), (13, 17)]
    assert shifts.longest() == 4 * 3600


@pytest.mark.parametrize(("offset", "hour"), [(0, 9), (5.5, 3.5), (-8, 17)])
def test_hours_are_those_of_where_they_live(offset: float, hour: float) -> None:
    shifts = Shifts(utc_offset=offset, days=WEEKDAYS)
    assert not there(shifts, hour - 1e-9)
    assert there(shifts, hour)
    assert there(shifts, hour + 7.999)
    assert not there(shifts, hour + 8)


def test_a_campaign_may_begin_at_any_time_of_the_week() -> None:
    friday = parse_week_time("fri 16:30")
    assert friday == 4 * DAY + 16 * HOUR + HOUR // 2
    assert hours(stays([Shifts()], 3 * 86400, epoch=friday)) == [(0, 0.5), (64.5, None)]


@pytest.mark.parametrize("text", ["noon", "9:00", "mon 24:00", "mon 9:60", "someday 9:00", "mon"])
def test_what_is_no_time_of_the_week_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no weekday and time of day"):
        parse_week_time(text)


def test_hours_at_which_nobody_could_be_there_are_refused() -> None:
    assert "never there" in complaint(AnyAvailability, {"kind": "shifts", "days": []})
    assert "never there" in complaint(AnyAvailability, {"kind": "shifts", "breaks": [["8h", "18h"]]})
    assert "begins before it ends" in complaint(AnyAvailability, {"kind": "shifts", "breaks": [["13h", "12h"]]})


def test_durations_may_be_text() -> None:
    shifts = make(AnyAvailability, {"kind": "shifts", "begins": "7h30m", "breaks": [["12h", "12h30m"]]})
    assert (shifts.begins, shifts.breaks) == (7.5 * 3600, ((12 * 3600, 12.5 * 3600),))


spans = st.tuples(st.integers(0, WEEK // HOUR - 1), st.integers(1, 30)).map(lambda each: (each[0] * HOUR, sum(each) * HOUR))


@settings(max_examples=60, deadline=None)
@given(st.lists(spans, min_size=1, max_size=4), st.lists(spans, max_size=3))
def test_a_week_is_what_its_hours_say_at_every_moment(work: list[tuple[int, int]], breaks: list[tuple[int, int]]) -> None:
    week = week_of(work, breaks)

    def within(moment: int, several: list[tuple[int, int]]) -> bool:
        return any(begin <= place < end for begin, end in several for place in (moment, moment + WEEK))

    moments = range(0, WEEK, HOUR)
    inside = [within(moment, work) and not within(moment, breaks) for moment in moments]
    assert [week.at(moment)[0] for moment in moments] == inside
    assert week.share() == pytest.approx(sum(inside) / len(inside))
    for moment in range(HOUR // 2, WEEK, 5 * HOUR):
        now, left = week.at(moment)
        if left is not None:
            assert week.at(moment + left - 1)[0] is now
            assert week.at(moment + left)[0] is not now


def test_who_leaves_on_time_says_so() -> None:
    assert Shifts(overtime=False).is_strict()
    assert Shifts(overtime=False).longest() == 8 * 3600
    assert Shifts().longest() is None
    assert Shifts(days=("mon", "tue"), begins=0, ends=0, overtime=False).longest() == 2 * DAY / SECOND
