"""Times that were taken of pages are told from times of answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.calibration.pages import timed
from tests.agents.annotator.calibration.timing import known_times


def paged(sizes, times, who=None):
    """Return the log of pages of these sizes and times."""
    person = np.repeat(np.zeros(len(sizes), np.intp) if who is None else np.asarray(who), sizes)
    return person, np.arange(int(np.sum(sizes))), np.repeat(np.asarray(times, float), sizes)


def test_a_time_that_repeats_along_a_page_is_the_pages():
    sizes = np.array([5] * 40)
    times = np.random.default_rng(1).permutation(np.arange(3, 43))
    taken = timed(*paged(sizes, times))
    assert taken.seconds.tolist() == times.tolist()
    assert taken.size.tolist() == sizes.tolist()
    assert taken.item.tolist() == [*range(0, 200, 5)]


def test_two_pages_in_a_row_that_took_as_long_are_two():
    times = np.arange(3, 43)
    times[11] = times[10]
    times[22] = times[21] = times[20]
    taken = timed(*paged([5] * 40, times))
    assert taken.seconds.tolist() == times.tolist()
    assert set(taken.size.tolist()) == {5}


def test_pages_of_different_sizes_are_told_by_their_times():
    sizes = np.random.default_rng(2).integers(2, 9, 60)
    times = np.arange(60) + 4
    taken = timed(*paged(sizes, times))
    # A page twice as long as most may be two; nothing else is.
    usual = np.argmax(np.bincount(sizes))
    expected = [usual if size % usual == 0 else size for size in sizes for _ in range(size // usual if size % usual == 0 else 1)]
    assert taken.size.tolist() == expected


def test_pages_of_people_who_take_turns_in_the_file_are_put_together():
    person, item, seconds = paged([4] * 30, np.arange(30) + 5.0, who=np.arange(30) % 3)
    mixed = np.random.default_rng(3).permutation(len(person))
    # The order within a person stays.
    mixed = mixed[np.argsort(person[mixed], kind="stable")]
    rows = np.concatenate([np.sort(mixed[person[mixed] == each]) for each in (2, 0, 1)])
    taken = timed(person[rows], item[rows], seconds[rows])
    assert sorted(taken.seconds.tolist()) == [*(np.arange(30) + 5.0)]
    assert set(taken.size.tolist()) == {4}


def test_times_that_repeat_by_chance_are_times_of_answers():
    log = known_times(20, 100)
    whole = np.maximum(np.rint(log.seconds / 8), 1)
    assert (whole[1:] == whole[:-1]).mean() > 0.1
    taken = timed(log.person, log.item, whole)
    assert len(taken.person) == 2000
    assert set(taken.size.tolist()) == {1}


def test_a_machine_that_always_takes_as_long_does_not_answer_pages():
    taken = timed(np.zeros(100, np.intp), np.arange(100), np.full(100, 2.0))
    assert len(taken.seconds) == 100


def test_answers_without_a_time_are_left_out():
    seconds = np.array([3.0, np.nan, 5.0, np.nan])
    taken = timed(np.array([1, 0, 0, 1]), np.arange(4), seconds)
    assert (taken.person.tolist(), taken.item.tolist(), taken.row.tolist()) == ([0, 1], [2, 0], [2, 0])
    assert len(timed(np.array([0]), np.array([0]), np.array([np.nan])).seconds) == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=120))
def test_every_answer_is_on_one_page_of_its_own_person_and_time(rows):
    person = np.array([each for each, _ in rows], np.intp)
    seconds = np.array([time for _, time in rows], float)
    taken = timed(person, np.arange(len(rows)), seconds)
    assert taken.size.sum() == len(rows)
    assert person[taken.row].tolist() == taken.person.tolist()
    assert seconds[taken.row].tolist() == taken.seconds.tolist()
    for each in range(4):
        assert (taken.seconds * taken.size)[taken.person == each].sum() == pytest.approx(seconds[person == each].sum())
