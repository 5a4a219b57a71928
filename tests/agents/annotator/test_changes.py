"""What work does to people."""

import math

import numpy as np
import pytest

from agents.annotator.changes.choice import AnyChange
from agents.annotator.changes.drift import Drift
from agents.annotator.changes.fatigue import Fatigue
from agents.annotator.changes.learning import Learning
from agents.annotator.changes.mood import Mood
from agents.annotator.changes.practice import Practice
from agents.annotator.experience import Experience, Moment
from bus.chance import Chance
from bus.clock import SECOND
from tests.agents.samples import band, dump, make

PEOPLE = 4000
LUCKS = [Chance(5).keyed("annotator", f"crowd-{number}", "change") for number in range(PEOPLE)]
LUCK = LUCKS[0]
HOUR = 3600 * SECOND


def moment(answers: int = 0, session: int = 0, corrected: int = 0) -> Moment:
    return Moment(0, answers, session, 0, 0.0, float("inf"), corrected)


def after(*sessions: tuple[float, float], now: float) -> Moment:
    """Return how somebody stands at an hour who worked in these sessions, from hour to hour, at answers of a minute."""
    experience = Experience()
    for began, ended in sessions:
        for minute in range(round(began * 60), round(ended * 60)):
            experience.add(minute * 60 * SECOND, (minute + 1) * 60 * SECOND)
    return experience.at(round(now * HOUR))


# Practice


def test_practice_makes_times_fall_by_its_rate_for_each_unit_of_the_log_position():
    practice = Practice(rate=0.05)
    times = np.log([practice.pace(moment(answers), LUCK) for answers in range(1000)])
    slopes = np.diff(times) / np.diff(np.log(np.arange(1, 1001)))
    assert slopes == pytest.approx(-0.05)
    assert practice.skill(moment(100), LUCK) == 0


# Fatigue


def test_fatigue_grows_with_the_time_at_work_towards_exhaustion():
    fatigue = Fatigue(skill_lost=1.5, slowdown=2, work="4h", rest="1h")
    assert fatigue.level(moment()) == 0
    tired = after((0, 2), now=2)
    assert fatigue.level(tired) == pytest.approx(1 - math.exp(-0.5))
    assert fatigue.skill(tired, LUCK) == pytest.approx(-1.5 * (1 - math.exp(-0.5)))
    assert fatigue.pace(tired, LUCK) == pytest.approx(2 ** (1 - math.exp(-0.5)))


def test_fatigue_can_go_by_answers_instead():
    assert Fatigue(skill_lost=1, answers=100).level(after((0, 2), now=2)) == pytest.approx(1 - math.exp(-1.2))


def test_rest_takes_fatigue_away_exponentially_and_what_is_left_is_there_at_the_next_session():
    fatigue = Fatigue(skill_lost=1, work="4h", rest="2h")
    evening = 1 - math.exp(-8 / 4)
    assert fatigue.level(after((0, 8), now=9)) == pytest.approx(evening * math.exp(-1 / 2))
    morning = evening * math.exp(-12 / 2)
    assert fatigue.level(after((0, 8), now=20)) == pytest.approx(morning)
    noon = 1 - (1 - morning) * math.exp(-4 / 4)
    assert fatigue.level(after((0, 8), (20, 24), now=24)) == pytest.approx(noon)
    third = 1 - (1 - noon * math.exp(-1 / 2)) * math.exp(-1 / 4)
    assert fatigue.level(after((0, 8), (20, 24), (25, 26), now=26)) == pytest.approx(third)


def test_who_loses_no_skill_by_fatigue_may_still_slow_down():
    fatigue = Fatigue(skill_lost=0, slowdown=3)
    tired = after((0, 4), now=4)
    assert fatigue.skill(tired, LUCK) == 0
    assert fatigue.pace(tired, LUCK) > 1.5


# Learning


def test_learning_gains_exponentially_by_what_was_told():
    learning = Learning(gain=2, lessons=10)
    assert learning.skill(moment(answers=500), LUCK) == 0
    assert learning.skill(moment(answers=500, corrected=10), LUCK) == pytest.approx(2 * (1 - math.exp(-1)))
    assert learning.is_told()


def test_learning_without_feedback_goes_by_answers_and_can_follow_a_power_law():
    learning = Learning(gain=2, lessons=10, law="power", rate=0.5, feedback=False)
    assert learning.skill(moment(answers=30, corrected=3), LUCK) == pytest.approx(2 * (1 - 4**-0.5))
    assert not learning.is_told()


# Drift


def test_drift_does_nothing_by_itself_as_in_real_logs():
    assert {Drift().skill(moment(answers), LUCK) for answers in range(10)} == {0}


def test_drift_has_its_slope_and_the_variance_of_a_random_walk():
    shifts = np.array([Drift(slope=-0.01, step=0.1).skill(moment(50), luck) for luck in LUCKS])
    assert shifts.mean() == pytest.approx(-0.5, abs=band(0.1 * 50**0.5, PEOPLE))
    assert shifts.var() == pytest.approx(0.5, abs=band(0.5 * 2**0.5, PEOPLE))


def test_drift_that_is_pulled_back_settles_at_its_variance_and_autocorrelation():
    drift = Drift(step=0.1, pull=0.1)
    one, other = np.array([[drift.skill(moment(n), luck) for luck in LUCKS] for n in (300, 307)])
    settled = 0.01 / (1 - 0.9**2)
    assert one.var() == pytest.approx(settled, abs=band(settled * 2**0.5, PEOPLE))
    correlation = 0.9**7
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(correlation, abs=band(1 - correlation**2, PEOPLE))


# Mood


def test_mood_is_the_same_for_all_of_a_session_and_another_in_the_next():
    mood = Mood(sd=0.5, pace_sd=0.3)
    assert mood.skill(moment(3, session=2), LUCK) == mood.skill(moment(9, session=2), LUCK)
    assert mood.skill(moment(session=2), LUCK) != mood.skill(moment(session=3), LUCK)


@pytest.mark.parametrize("lasting", [0.0, 0.6])
def test_mood_has_its_deviation_in_every_session_and_its_correlation_between_them(lasting):
    mood = Mood(sd=0.5, pace_sd=0.3, lasting=lasting)
    skills = np.array([[mood.skill(moment(session=s), luck) for luck in LUCKS] for s in range(5)])
    paces = np.log([[mood.pace(moment(session=s), luck) for luck in LUCKS] for s in range(5)])
    assert skills.var(axis=1) == pytest.approx(0.25, abs=band(0.25 * 2**0.5, PEOPLE))
    assert paces.var(axis=1) == pytest.approx(0.09, abs=band(0.09 * 2**0.5, PEOPLE))
    for values in (skills, paces):
        for lag in (1, 3):
            expected = lasting**lag
            assert np.corrcoef(values[1], values[1 + lag])[0, 1] == pytest.approx(expected, abs=band(1 - expected**2, PEOPLE))
    assert abs(np.corrcoef(skills[2], paces[2])[0, 1]) < band(1, PEOPLE)


# All


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "practice", "rate": 0.1},
        {"kind": "fatigue", "skill_lost": 1.0, "slowdown": 1.0, "work": 14400.0, "rest": 3600.0},
        {"kind": "learning", "gain": 1.0, "lessons": 20.0, "law": "power", "rate": 0.5, "feedback": False},
        {"kind": "drift", "slope": 0.0, "step": 0.1, "pull": 0.2},
        {"kind": "mood", "sd": 0.5, "pace_sd": 0.1, "lasting": 0.3},
    ],
)
def test_a_header_shows_a_change_as_the_table_that_makes_it(table):
    assert dump(AnyChange, make(AnyChange, table)) == table
