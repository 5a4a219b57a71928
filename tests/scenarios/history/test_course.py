"""The course of a campaign through its log: in turn, from any mark, and no further than what makes sense."""

from pathlib import Path
from typing import Any

import pytest

from agents.snapshot import dump, load
from bus.replay import CorruptLog, LogReader
from scenarios.history.course import LAST_TIME, Course
from tests.scenarios.logs import GOLDEN, HEADER, lines_of, write_lines, write_steps

LOG = GOLDEN / "v1-labelling.jsonl"


def walk(log: Path) -> Course:
    course = Course(LogReader(log))
    course.go_to(None)
    return course


def complaint(log: Path) -> str:
    with pytest.raises(CorruptLog) as corrupt:
        walk(log)
    return str(corrupt.value)


def test_events_come_in_turn_with_their_lines_and_numbers() -> None:
    course = Course(LogReader(LOG))
    lines = LOG.read_bytes().splitlines(keepends=True)
    for event in course.events():
        assert course.number == event["seq"] + 1
        assert course.line == lines[event["seq"]]
        course.take(event)
    assert course.over
    assert course.reader.footer is not None
    assert course.state.seq == course.reader.footer["events"]


def test_from_every_mark_between_two_instants_the_course_goes_on_as_if_it_had_come_all_the_way() -> None:
    whole, course = walk(LOG), Course(LogReader(LOG))
    for event in course.events():
        if event["t"] > course.state.time and event["seq"] % 7 == 0:
            other = Course(LogReader(LOG), load(dump(course.state)), course.mark)
            other.go_to(None)
            assert dump(other.state) == dump(whole.state)
            assert other.mark == whole.mark
        course.take(event)


def test_the_mark_at_the_end_stays_above_the_footer() -> None:
    course = walk(LOG)
    again = Course(LogReader(LOG), course.state, course.mark)
    assert [*again.events()] == []
    assert again.over
    assert again.reader.footer is not None
    assert again.mark == course.mark


def test_a_course_stops_before_the_first_event_that_is_later() -> None:
    course = Course(LogReader(LOG))
    course.go_to(60_000_000)
    assert not course.over
    assert course.state.time <= 60_000_000
    following = next(course.events())
    assert following["t"] > 60_000_000
    assert following["seq"] == course.state.seq + 1


def test_nothing_may_follow_the_footer_wherever_reading_began(tmp_path: Path) -> None:
    mark = walk(LOG).mark
    log = tmp_path / "log.jsonl"
    log.write_bytes(LOG.read_bytes() + b"{}\n")
    with pytest.raises(CorruptLog, match="goes on after its footer"):
        list(Course(LogReader(log), mark=mark).events())


@pytest.mark.parametrize("t", [None, "5", 1.5, -1, True, LAST_TIME + 1])
def test_a_time_that_is_none_is_refused_with_its_line(t: Any, tmp_path: Path) -> None:
    log = write_steps(tmp_path / "log.jsonl", (t, "pool-exhausted", "selector", "coordinator", {}))
    assert "log.jsonl, line 2: the t of this event is " in complaint(log)


def test_time_does_not_go_back(tmp_path: Path) -> None:
    steps = [(t, "pool-exhausted", "selector", "coordinator", {}) for t in (5, 9, 8)]
    assert "line 4: the t of this event is 8; it must be a whole number, 9 " in complaint(
        write_steps(tmp_path / "log.jsonl", *steps)
    )


@pytest.mark.parametrize("seq", [0, 2, 4, None, "3"])
def test_a_number_out_of_turn_is_refused_with_its_line(seq: Any, tmp_path: Path) -> None:
    lines = lines_of(LOG)[:6]
    lines[3] = {**lines[3], "seq": seq}
    assert "line 4: the seq of this event is" in complaint(write_lines(tmp_path / "log.jsonl", lines))


def test_an_event_that_does_not_fit_what_came_before_is_refused_with_its_line(tmp_path: Path) -> None:
    body = {"item": "x", "annotator": "nobody", "attempt": 0}
    log = write_steps(tmp_path / "log.jsonl", (0, "task-expired", "coordinator", "*", body))
    assert "line 2: this task-expired is not whole, or does not fit what came before it (KeyError" in complaint(log)


def test_an_unfinished_log_has_a_course_as_well(tmp_path: Path) -> None:
    log = write_lines(tmp_path / "log.jsonl", lines_of(LOG)[:40])
    course = walk(log)
    assert (course.over, course.reader.footer, course.state.seq) == (True, None, 39)


def test_a_log_of_nothing_but_a_header_has_a_course_of_nothing(tmp_path: Path) -> None:
    course = walk(write_lines(tmp_path / "log.jsonl", [HEADER]))
    assert (course.over, course.state.seq, course.mark.number) == (True, 0, 1)
