"""The index beside a log: it leads to where one would have come from the start, and what becomes of it does no harm."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.snapshot import dump
from agents.state import State
from bus.replay import CorruptLog, LogReader
from scenarios.history import index as module
from scenarios.history.course import Course
from scenarios.history.index import Index, index_file, state_at
from tests.scenarios.logs import GOLDEN, Step, lines_of, write_lines, write_steps

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def small_logs_have_an_index_with_many_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTH_IT", 0)
    monkeypatch.setattr(module, "SPACING", 10)
    monkeypatch.setattr(module, "_SHARE", 0)


@pytest.fixture(params=["v1-labelling", "v1-learning"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    path.write_bytes((GOLDEN / f"{request.param}.jsonl").read_bytes())
    return path


def from_the_start(log: Path, time: int | None) -> tuple[dict[str, Any], Any]:
    course = Course(LogReader(log))
    course.go_to(time)
    return dump(course.state), course.mark


def by_index(log: Path, time: int | None) -> tuple[dict[str, Any], Any]:
    state, mark = state_at(log, time)
    return dump(state), mark


def times(log: Path) -> list[int]:
    return sorted({line["t"] for line in lines_of(log)[1:]})


def places(log: Path) -> int:
    with closing(sqlite3.connect(index_file(log))) as base:
        count: int = base.execute("SELECT count(*) FROM places").fetchone()[0]
        return count


class Builds:
    """Counts how often an index was made, by its file being another one."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._file = self._now()

    def _now(self) -> tuple[int, int] | None:
        file = index_file(self._log)
        return (file.stat().st_ino, file.stat().st_mtime_ns) if file.exists() else None

    def again(self) -> bool:
        before, self._file = self._file, self._now()
        return self._file != before


# Where it leads


def test_at_every_moment_the_state_is_that_reached_from_the_start(log: Path) -> None:
    moments = [each + around for each in times(log) for around in (-1, 0, 1)]
    for time in [*moments, 0, 2**62, None]:
        assert by_index(log, time) == from_the_start(log, time)
    assert places(log) > 5


def test_the_log_is_read_on_from_there_as_it_stands(log: Path) -> None:
    whole = [*LogReader(log).events()]
    for time in times(log):
        state, mark = state_at(log, time)
        assert [*LogReader(log).events(mark)] == [event for event in whole if event["t"] > time] == whole[state.seq :]


def test_places_may_be_let_go_by_so_that_more_is_read(log: Path) -> None:
    index = Index(LogReader(log))
    time = index.end()
    marks = [index.near(time, back).mark.number for back in range(places(log) + 3)]
    assert marks == sorted(marks, reverse=True)
    assert marks[-1] == 0


def test_the_end_is_known_with_the_footer_and_the_torn_line(log: Path) -> None:
    reader = LogReader(log)
    assert Index(reader).end() == times(log)[-1]
    assert reader.footer is not None
    with log.open("ab") as file:
        file.write(b"to")
    log.write_bytes(log.read_bytes()[:-40])
    torn = LogReader(log)
    Index(torn).end()
    assert torn.footer is None
    assert torn.torn > 0


def test_a_log_that_all_happened_at_one_instant_has_an_index(tmp_path: Path) -> None:
    steps: list[Step] = [
        (7, "item-requested", "selector", "coordinator", {"item": item, "version": 0, "score": 0.0}) for item in range(200)
    ]
    log = write_steps(tmp_path / "log.jsonl", *steps)
    assert [len(state_at(log, time)[0].open) for time in (6, 7, 8, None)] == [0, 200, 200, 200]
    # One at the end, and none within the instant.
    assert places(log) == 1


def test_a_small_log_has_no_side_file(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTH_IT", log.stat().st_size + 1)
    assert by_index(log, 10**7) == from_the_start(log, 10**7)
    assert not index_file(log).exists()


def test_an_index_is_smaller_than_its_log_however_many_items_are_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SHARE", 2)
    steps: list[Step] = []
    for t in range(3000):
        steps.append((t, "item-requested", "selector", "coordinator", {"item": t, "version": 0, "score": 0.0}))
        if t >= 300:
            steps.append((t, "item-given-up", "coordinator", "*", {"item": t - 300, "reason": "time"}))
    log = write_steps(tmp_path / "log.jsonl", *steps)
    state_at(log)
    assert places(log) > 4
    assert index_file(log).stat().st_size < 0.7 * log.stat().st_size


def test_long_lines_make_places_before_there_are_many_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPACING", 1000)
    steps: list[Step] = [(t, "coffee-break", "ann", "*", {"talk": "x" * 1000}) for t in range(900)]
    log = write_steps(tmp_path / "log.jsonl", *steps)
    state_at(log)
    assert places(log) == 1
    index_file(log).unlink()
    monkeypatch.setattr(module, "_LARGE", 200_000)
    state_at(log)
    assert places(log) > 3


# Once, and again only when it must be


def test_an_index_that_stands_is_used(log: Path) -> None:
    builds = Builds(log)
    state_at(log, 5)
    assert builds.again()
    for time in (None, 10, 10**8):
        state_at(log, time)
    assert not builds.again()


def test_what_is_read_from_the_log_is_checked_as_always(log: Path) -> None:
    """Damage that leaves size and time of the file as they were is found where the log is read, and named by its line."""
    state_at(log)
    number = len(lines_of(log)) - 8
    lines, status = log.read_bytes().splitlines(keepends=True), log.stat()
    lines[number - 1] = lines[number - 1].replace(b'"t":', b'"T":', 1)
    log.write_bytes(b"".join(lines))
    os.utime(log, ns=(status.st_atime_ns, status.st_mtime_ns))
    builds = Builds(log)
    # A place near the start leads past nothing that is damaged.
    state_at(log, 0)
    assert not builds.again()
    reader = LogReader(log)
    course = Index(reader).near(json.loads(lines[number - 3])["t"])
    with pytest.raises(CorruptLog, match=f"line {number}: "):
        course.go_to(None)


def test_a_place_that_is_no_place_in_the_log_any_more_leads_nowhere(log: Path) -> None:
    """Two lines that changed places move all marks between them, though size, time and end of the file are what they were."""
    state_at(log)
    lines, status = log.read_bytes().splitlines(keepends=True), log.stat()
    first = next(number for number, line in enumerate(lines[3:], 3) if len(line) != len(lines[-9]))
    lines[first], lines[-9] = lines[-9], lines[first]
    log.write_bytes(b"".join(lines))
    os.utime(log, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(CorruptLog, match=f"line {first + 1}: "):
        state_at(log, json.loads(lines[-20])["t"])


@pytest.mark.parametrize("damage", ["shorter", "longer", "touched", "another"])
def test_an_index_of_what_the_log_was_is_made_again(log: Path, damage: str) -> None:
    state_at(log)
    if damage == "shorter":
        write_lines(log, lines_of(log)[:60])
    elif damage == "longer":
        lines = lines_of(log)
        later = {**lines[-1], "seq": len(lines), "t": lines[-1]["t"] + 5}
        write_lines(log, [*lines, later])
    elif damage == "touched":
        os.utime(log, ns=(1, 1))
    else:
        other = write_lines(log.with_name("other.jsonl"), lines_of(log)[:70])
        state_at(other)
        index_file(other).replace(index_file(log))
    builds = Builds(log)
    for time in (None, 10**7):
        assert by_index(log, time) == from_the_start(log, time)
    assert builds.again()


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 5000])
def test_a_file_that_is_no_index_is_replaced_by_one(log: Path, content: bytes) -> None:
    index_file(log).write_bytes(content)
    assert by_index(log, 10**7) == from_the_start(log, 10**7)
    assert places(log) > 5


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE places",
        "DELETE FROM log",
        "UPDATE log SET identity = '[1]'",
        "UPDATE places SET state = '{}'",
        "UPDATE places SET state = NULL",
        "UPDATE places SET state = replace(state, '\"committed\":', '\"committed\":1')",
        "UPDATE places SET curve = '[[1,2,3,4,5]]'",
        "UPDATE places SET offset = offset + 1",
        "UPDATE places SET offset = -5",
        "UPDATE places SET number = number + 1",
        "UPDATE places SET chain = 5",
        "UPDATE places SET chain = 'x'",
        "UPDATE places SET t = t - 1000000",
    ],
)
def test_an_index_that_was_tampered_with_is_made_again(log: Path, statement: str) -> None:
    state_at(log)
    builds = Builds(log)
    with closing(sqlite3.connect(index_file(log))) as base:
        base.execute(statement)
        base.commit()
    time = times(log)[-2]
    assert by_index(log, time) == from_the_start(log, time)
    assert builds.again()


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_with_a_changed_byte_anywhere_misleads_nobody(log: Path, data: st.DataObject) -> None:
    index_file(log).unlink(missing_ok=True)
    state_at(log)
    content = bytearray(index_file(log).read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    index_file(log).write_bytes(content)
    time = data.draw(st.sampled_from(times(log)))
    assert by_index(log, time) == from_the_start(log, time)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_an_index_that_was_cut_short_is_made_again(log: Path, cut: float) -> None:
    state_at(log)
    content = index_file(log).read_bytes()
    index_file(log).write_bytes(content[: int(cut * len(content))])
    assert by_index(log, 10**7) == from_the_start(log, 10**7)


# Where there can be none


def test_where_the_side_file_cannot_be_written_the_log_is_read_from_its_start_and_that_is_said(log: Path) -> None:
    index_file(log).mkdir()
    said: list[str] = []
    course = Index(LogReader(log), say=said.append).at(10**7)
    assert (dump(course.state), course.mark) == from_the_start(log, 10**7)
    assert [each.split(":")[1] for each in said] == [
        " an index cannot be kept there (Is a directory), so the log is read from its start"
    ]
    assert sorted(path.name for path in log.parent.iterdir()) == ["log.jsonl", "log.jsonl.index"]


def test_a_damaged_log_has_no_index_and_is_refused_with_its_line(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    lines[50] = lines[50].replace(b":", b";", 1)
    log.write_bytes(b"".join(lines))
    with pytest.raises(CorruptLog, match="line 51: "):
        state_at(log, 5)
    assert [path.name for path in log.parent.iterdir()] == ["log.jsonl"]


def test_an_event_that_cannot_be_kept_is_refused_with_its_line(tmp_path: Path) -> None:
    steps: list[Step] = [
        (t, "item-requested", "selector", "coordinator", {"item": t, "version": 0, "score": 0.0}) for t in range(30)
    ]
    steps[15] = (15, "task-expired", "coordinator", "*", {"item": 3, "annotator": "nobody", "attempt": 0})
    with pytest.raises(CorruptLog, match="line 17: "):
        state_at(write_steps(tmp_path / "log.jsonl", *steps))


# Several at once


def test_processes_that_make_an_index_at_once_do_each_other_no_harm(log: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from scenarios.history import index\n"
        "index.WORTH_IT, index.SPACING, index._SHARE = 0, 10, 0\n"
        "from agents.snapshot import dump\n"
        "states = [dump(index.state_at(Path(sys.argv[1]), 10**7)[0]) for _ in range(5)]\n"
        "print(len(set(map(repr, states))), states[0]['seq'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(log)]
    at_work = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [process.communicate(timeout=60) for process in at_work]
    assert {error for _, error in outcomes} == {b""}
    assert {out.decode().split()[1] for out, _ in outcomes} == {str(from_the_start(log, 10**7)[0]["seq"])}
    assert sorted(path.name for path in log.parent.iterdir()) == ["log.jsonl", "log.jsonl.index"]


# Making it


def test_progress_adds_up_to_what_was_read(log: Path) -> None:
    read: list[int] = []
    Index(LogReader(log), read.append).at(5)
    assert all(size > 0 for size in read)
    assert 0.5 * log.stat().st_size < sum(read) <= log.stat().st_size


def test_the_index_of_an_interrupted_making_is_none(log: Path) -> None:
    def interrupt(size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Index(LogReader(log), interrupt).at(5)
    assert [path.name for path in log.parent.iterdir()] == ["log.jsonl"]


def test_a_campaign_that_has_not_begun_has_a_state(log: Path) -> None:
    write_lines(log, lines_of(log)[:1])
    assert by_index(log, None) == (dump(State()), from_the_start(log, None)[1])
