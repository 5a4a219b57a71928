"""Sessions fitted to logs of known comings and goings."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.calibration.random_effects import effects
from agents.annotator.calibration.sessions import FittedSessions, fit_sessions
from tests.agents.samples import band, make

DAY = 86400.0


class Known(NamedTuple):
    """A log, and what it was made of: whose answers, begun and given when; each person's medians."""

    person: NDArray[np.intp]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    answers: NDArray[np.float64]
    pause: NDArray[np.float64]


def known_sessions(people: int, sessions: int, seed: int = 1, most: int = 10**9) -> Known:
    """Return people of sessions of 12 answers and pauses of a day in the median, spread .5 and .4 over people."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), sessions)
    answers = 12 * np.exp(0.5 * rng.standard_normal(people))
    pause = DAY * np.exp(0.4 * rng.standard_normal(people))
    count = np.minimum(np.ceil(answers[who] * np.exp(0.9 * rng.standard_normal(len(who)))), most).astype(np.intp)
    away = np.maximum(pause[who] * np.exp(0.8 * rng.standard_normal(len(who))), 1000.0)
    away[::sessions] = rng.exponential(2 * DAY, people)
    person = np.repeat(who, count)
    work = 20 * np.exp(0.5 * rng.standard_normal(len(person)))
    gap = np.full(len(person), 2.0)
    gap[np.cumsum(count) - count] = away
    passed = np.cumsum(gap + work)
    own = np.flatnonzero(np.append(True, person[1:] != person[:-1]))
    end = passed - (passed - gap - work)[own][person]
    return Known(person, end - work, end, answers, pause)


def fitted(log: Known, rows=slice(None)) -> FittedSessions:
    found = fit_sessions(log.person[rows], log.start[rows], log.end[rows], len(log.answers), np.random.default_rng(2))
    assert found is not None
    return found


def test_what_sessions_are_made_of_is_recovered():
    found = fitted(known_sessions(300, 12))
    assert set(found.sessions) == {12}
    assert found.answers_typical == pytest.approx(12, rel=4 * 0.55 / np.sqrt(300))
    assert found.answers_spread == pytest.approx(0.5, abs=band(0.6 / np.sqrt(2), 300))
    assert found.answers_sigma == pytest.approx(0.9, abs=band(0.9 / np.sqrt(2), 3600) + 0.02)
    assert found.pause_typical == pytest.approx(DAY, rel=4 * 0.45 / np.sqrt(300))
    assert found.pause_spread == pytest.approx(0.4, abs=band(0.5 / np.sqrt(2), 300))
    assert found.pause_sigma == pytest.approx(0.8, abs=band(0.8 / np.sqrt(2), 3300))
    assert found.arrival == pytest.approx(2 * DAY, rel=4 / np.sqrt(300))
    assert found.distance_of_answers < 0.03
    assert found.distance_of_pauses < 0.04
    assert found.cap is None
    assert found.gaps[0] == pytest.approx(2)


def test_errors_of_peoples_medians_fall_as_one_over_the_root_of_their_sessions():
    errors = []
    for sessions in (8, 32, 128):
        log = known_sessions(200, sessions)
        found = fitted(log)
        errors.append([np.log(found.answers / log.answers).std(), np.log(found.pause / log.pause).std()])
    for before, after in ((errors[0], errors[1]), (errors[1], errors[2])):
        assert [after[0] / before[0], after[1] / before[1]] == pytest.approx([0.55, 0.55], abs=0.12)


def test_the_order_of_the_rows_makes_no_difference():
    log = known_sessions(20, 5)
    rows = np.random.default_rng(3).permutation(len(log.person))
    one, other = fitted(log), fitted(log, rows)
    assert one.availability(3) == other.availability(3)
    assert one.hazard.tolist() == other.hazard.tolist()


def test_the_tables_make_people_who_come_and_go():
    found = fitted(known_sessions(50, 6))
    sessions = make(AnyAvailability, found.availability(4))
    assert (sessions.answers, sessions.pause) == (
        pytest.approx(found.answers[4], rel=1e-3),
        pytest.approx(found.pause[4], rel=1e-3),
    )
    assert set(make(AnyAvailability, found.somebody()).spread) == {"answers", "pause"}
    assert make(AnyAvailability, found.coming()).mean == pytest.approx(found.arrival, rel=1e-3)


def test_the_hazard_of_leaving_is_the_share_of_those_who_came_so_far():
    person = np.repeat(np.arange(40), np.repeat([1, 3], 20))
    start = np.arange(len(person)) * 60.0
    found = fit_sessions(person, start, start + 30, 40, np.random.default_rng(1))
    assert found is not None
    assert found.hazard.tolist() == [0.5, 0.0, 1.0]


def test_the_number_of_answers_that_a_platform_allows_is_found():
    found = fitted(known_sessions(200, 10, most=30))
    assert found.cap == 30
    assert found.hazard[29] == 1
    assert found.hazard[:29].max() < 0.2


def test_a_session_under_way_when_the_log_ends_counts_as_longer():
    log = known_sessions(600, 1, seed=5)
    own = np.flatnonzero(np.append(True, log.person[1:] != log.person[:-1]))
    # They come one after the other, and the log ends while many are at it.
    begins = np.random.default_rng(8).uniform(0, 1000, 600)
    start = log.start - (log.start[own] - begins)[log.person]
    log = log._replace(start=start, end=start + (log.end - log.start))
    seen = log.end < 1000
    typical = fitted(log, seen).answers_typical
    assert typical == pytest.approx(12, rel=0.12)
    # Taken for whole ones, they would seem shorter.
    count = np.bincount(log.person[seen])
    assert np.median(count[count > 0]) < 0.9 * typical


def test_hours_and_swing_tell_when_people_come():
    rng = np.random.default_rng(6)
    hour = (14.5 + rng.vonmises(0, 1.5, 4000) * 24 / (2 * np.pi)) % 24
    person = np.arange(4000)
    start = 5.25 * 3600 + rng.integers(0, 30, 4000) * DAY + hour * 3600
    found = fit_sessions(person, start, start, 4000, rng, midnight=5.25 * 3600)
    assert found is not None
    assert found.peak == pytest.approx(14.5, abs=0.4)
    assert np.log(found.swing) == pytest.approx(3, abs=0.3)
    assert found.hours.sum() == pytest.approx(1)
    assert found.hours.argmax() in (13, 14, 15)


@pytest.mark.parametrize(("span", "midnight"), [(40 * DAY, None), (5 * 3600.0, 0.0)])
def test_no_hour_is_said_to_be_busiest_where_the_log_does_not_tell(span, midnight):
    start = np.linspace(0, span, 200) // DAY * DAY + np.linspace(0, 3600, 200)
    found = fit_sessions(np.arange(200), start, start, 200, np.random.default_rng(1), midnight)
    assert found is not None
    assert (found.peak, found.swing) == (0, 1)
    assert found.coming()["swing"] == 1


def test_answers_begun_before_the_one_before_was_given_overlap():
    start = np.arange(100) * 10.0
    found = fit_sessions(np.zeros(100, np.intp), start, start + np.where(np.arange(100) % 4, 5, 15), 1, np.random.default_rng(1))
    assert found is not None
    assert found.overlap == pytest.approx(25 / 99)
    assert found.sessions.tolist() == [1]


@pytest.mark.parametrize("start", [[5.0], [5.0, 6.0], [0.0, 1e6], [np.nan, 3.0, 3.0]])
def test_hardly_any_answers_make_somebody_possible(start):
    found = fit_sessions(np.zeros(len(start), np.intp), np.array(start), np.full(len(start), np.nan), 2, np.random.default_rng(1))
    assert found is not None
    for table in (found.availability(0), found.availability(1), found.somebody(), found.coming()):
        make(AnyAvailability, table)


def test_a_log_that_does_not_say_when_has_nothing_to_fit():
    nothing = np.full(3, np.nan)
    assert fit_sessions(np.arange(3), nothing, nothing, 3, np.random.default_rng(1)) is None


# Effects


def test_effects_are_told_from_chance_by_the_analysis_of_variance():
    rng = np.random.default_rng(7)
    person = rng.choice(200, 3000, p=(weight := np.arange(1, 201.0)) / weight.sum())
    own = 3 + 0.7 * rng.standard_normal(200)
    found = effects(person, own[person] + 1.5 * rng.standard_normal(3000), 200)
    assert found.sigma == pytest.approx(1.5, abs=band(1.5 / np.sqrt(2), 3000))
    assert found.spread == pytest.approx(0.7, abs=0.16)
    assert found.mean == pytest.approx(3, abs=band(0.9, 200))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-10, 10)), min_size=1, max_size=30))
def test_effects_are_shrunk_towards_the_mean_and_never_beyond(rows):
    person, value = np.array([each for each, _ in rows], np.intp), np.array([number for _, number in rows])
    found = effects(person, value, 7)
    assert found.each[6] == found.mean
    for each in range(6):
        if (own := value[person == each]).size:
            low, high = sorted([found.mean, own.mean()])
            assert low - 1e-9 <= found.each[each] <= high + 1e-9
