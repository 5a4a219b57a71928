"""What one person has done so far."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.experience import REST, Experience, Session
from bus.clock import SECOND

MINUTE = 60 * SECOND


def test_a_beginner_has_done_nothing_and_rested_for_ever():
    moment = Experience().at(5)
    assert (moment.answers, moment.session, moment.position, moment.worked, moment.busy) == (0, 0, 0, 0, 0)
    assert moment.rested == float("inf")
    assert moment.sessions == ()


def test_answers_that_follow_each_other_make_a_session_and_a_rest_ends_it():
    experience = Experience()
    experience.add(0, 2 * MINUTE)
    experience.add(10 * MINUTE, 11 * MINUTE)
    here = experience.at(20 * MINUTE)
    assert (here.answers, here.session, here.position, here.worked, here.busy) == (2, 0, 2, 20 * 60, 3 * 60)
    assert experience.at(11 * MINUTE + REST).session == 0
    later = experience.at(60 * MINUTE)
    assert (later.answers, later.session, later.position, later.worked, later.rested) == (2, 1, 0, 0, 49 * 60)
    assert later.sessions == (Session(0, 11 * MINUTE, 2, 180.0),)
    experience.add(60 * MINUTE, 61 * MINUTE)
    again = experience.at(62 * MINUTE)
    assert (again.session, again.position, again.worked, again.rested) == (1, 1, 120, 49 * 60)


def test_looking_at_how_somebody_stands_changes_nothing():
    experience = Experience()
    experience.add(0, MINUTE)
    experience.at(100 * MINUTE)
    assert experience.at(2 * MINUTE).position == 1


@given(st.lists(st.tuples(st.integers(0, 2 * REST), st.integers(0, MINUTE)), max_size=30))
@settings(deadline=None, max_examples=50)
def test_sessions_hold_all_answers_and_all_work(gaps):
    experience, now, busy = Experience(), 0, 0
    for gap, length in gaps:
        now += gap
        experience.add(now, now := now + length)
        busy += length
    moment = experience.at(now + 2 * REST)
    assert sum(each.answers for each in moment.sessions) == moment.answers == len(gaps)
    assert abs(sum(each.busy for each in moment.sessions) - busy / SECOND) < 1e-6
    assert moment.session == len(moment.sessions)
