"""The event log as it is written, and as it is written again with its past in front of it."""

import json
import math
import os
import subprocess
import sys
from contextlib import closing
from errno import ENOSPC
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bus.journal import (
    Diverged,
    FileWriter,
    Journal,
    LogInUse,
    PastWriter,
    Unwritable,
    append_to_log,
    claim_log,
    create_log,
    logger_of,
)
from bus.message import EVERYONE, Envelope
from bus.replay import LogReader
from tests.bus.samples import HEADER, Note, ping, write_events, write_log

ROOT = Path(__file__).parents[2]

SMALL_LOG = r"""{"log":2,"parley":"0.1.0","seed":7,"scenario":{"name":"Zoë"},"sum":"ebfdf0fe"}
{"seq":1,"t":0,"kind":"note","from":"a","to":"b","cause":null,"body":{"text":"says \"hé\"\n","weight":1.0},"sum":"150521c9"}
{"seq":2,"t":1500000,"kind":"note","from":"b","to":"*","cause":1,"body":{"text":"","weight":0.1},"sum":"f63c5ce5"}
{"events":2,"counts":{"note":2},"digest":"5303e3cb3e915a570170d408db022538","streams":{"world":12345},"sum":"a51f4e9b"}
"""


class LineList(list[bytes]):
    """A writer that keeps its lines."""

    closed = False

    def write(self, lines: list[bytes]) -> None:
        self.extend(lines)

    def close(self) -> None:
        self.closed = True


# Lines


def test_the_bytes_of_a_small_log_stay_what_they_are(tmp_path):
    path = tmp_path / "small.jsonl"
    journal = Journal(create_log(path), HEADER)
    journal.append(Envelope(1, 0, "a", "b", None, Note(text='says "hé"\n')))
    journal.append(Envelope(2, 1_500_000, "b", EVERYONE, 1, Note(text="", weight=0.1)))
    journal.finish({"world": 12345})
    assert path.read_text(encoding="utf-8") == SMALL_LOG


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False, allow_infinity=False)), max_size=5))
def test_what_is_written_is_json_line_by_line(bodies):
    lines = LineList()
    journal = Journal(lines, HEADER)
    for seq, (text, weight) in enumerate(bodies, 1):
        journal.append(Envelope(seq, seq, "a", "b", None, Note(text=text, weight=weight)))
    journal.finish({})
    header, *events, footer = map(json.loads, lines)
    assert {**header, "sum": 0} == {"log": 2, **HEADER, "sum": 0}
    assert [(event["seq"], event["body"]["text"], event["body"]["weight"]) for event in events] == [
        (seq, text, weight) for seq, (text, weight) in enumerate(bodies, 1)
    ]
    assert footer["events"] == len(bodies)


def test_a_header_that_is_no_json_is_not_written():
    with pytest.raises(ValueError, match="JSON"):
        Journal(LineList(), {"lease": math.inf})


def test_events_are_counted_by_kind():
    journal = Journal(LineList(), HEADER)
    journal.append(ping(1))
    journal.append(Envelope(2, 0, "a", "b", None, Note(text="x")))
    journal.append(ping(3))
    assert journal.counts == {"note": 1, "ping": 2}


def test_what_is_written_through_is_structlog():
    lines, same_lines = LineList(), LineList()
    logger = logger_of(Journal(lines, HEADER, flush=1))
    assert isinstance(logger, structlog.BoundLoggerBase)
    logger.record(ping(1))
    Journal(same_lines, HEADER, flush=1).append(ping(1))
    assert lines == same_lines
    assert len(lines) == 2


# Flushing


@pytest.mark.parametrize("flush", [1, 2, 7])
def test_fewer_lines_than_flush_says_are_unwritten_at_any_time(tmp_path, flush):
    path = tmp_path / "run.jsonl"
    journal = Journal(create_log(path), HEADER, flush)
    for seq in range(1, 30):
        journal.append(ping(seq))
        assert seq + 1 - path.read_bytes().count(b"\n") < flush
    journal.close()
    assert path.read_bytes().count(b"\n") == 30


@pytest.mark.parametrize("flush", [1, 3, 1000])
def test_flushing_changes_no_byte(tmp_path, flush):
    assert write_log(tmp_path / "run.jsonl", flush=flush) == write_log(tmp_path / "other.jsonl")


def test_closing_writes_what_is_held_back_and_no_footer(tmp_path):
    whole = write_log(tmp_path / "whole.jsonl")
    assert write_log(tmp_path / "run.jsonl", footer=False) == whole[:-1]


def test_a_header_is_written_at_once(tmp_path):
    journal = Journal(create_log(tmp_path / "run.jsonl"), HEADER)
    assert LogReader(tmp_path / "run.jsonl").header["seed"] == 7
    journal.close()


def test_a_writer_that_fails_is_closed_all_the_same():
    class Disk(LineList):
        full = False

        def write(self, lines: list[bytes]) -> None:
            if self.full:
                raise OSError("no space left on device")

    disk = Disk()
    journal = Journal(disk, HEADER)
    journal.append(ping(1))
    disk.full = True
    with pytest.raises(OSError, match="no space"):
        journal.close()
    assert disk.closed


class Floppy:
    """A file that takes three bytes at a time, and so many in all."""

    name = "run.jsonl"

    def __init__(self, room: int) -> None:
        self.room = room
        self.data = b""

    def write(self, data: memoryview) -> int:
        if not self.room:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        taken = bytes(data[: min(3, self.room)])
        self.data += taken
        self.room -= len(taken)
        return len(taken)

    def flush(self) -> None:
        """Do nothing."""


def test_a_file_that_takes_a_few_bytes_at_a_time_gets_them_all():
    floppy = Floppy(100)
    FileWriter(floppy).write([b"one\n", b"and another\n"])
    assert floppy.data == b"one\nand another\n"


def test_what_cannot_be_written_is_told_with_the_file_and_nothing_is_written_after_it():
    floppy = Floppy(5)
    writer = FileWriter(floppy)
    with pytest.raises(Unwritable) as unwritable:
        writer.write([b"one\n", b"and another\n"])
    assert (unwritable.value.errno, unwritable.value.filename) == (ENOSPC, "run.jsonl")
    floppy.room = 100
    with pytest.raises(Unwritable):
        writer.write([b"a third\n"])
    assert floppy.data == b"one\na", "a line is missing from the middle of a log"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device_that_is_always_full_is_told(tmp_path):
    (tmp_path / "run.jsonl").symlink_to("/dev/full")
    with closing(create_log(tmp_path / "run.jsonl")) as writer, pytest.raises(Unwritable, match="No space left"):
        writer.write([b"one\n"])


def test_a_log_is_written_by_one_process_at_a_time(tmp_path):
    path = tmp_path / "run.jsonl"
    with closing(create_log(path)) as writer:
        writer.write([b"one\n"])
        for claim in (create_log, claim_log):
            with pytest.raises(LogInUse, match="another process is writing this log"):
                claim(path)
        script = "import sys; from pathlib import Path; from bus.journal import claim_log; claim_log(Path(sys.argv[1]))"
        other = subprocess.run([sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "LogInUse" in other.stderr
    assert path.read_bytes() == b"one\n"
    claim_log(path).close()


ENDLESS_RUN = """
import sys
from pathlib import Path
from bus.journal import Journal, create_log
from tests.bus.samples import HEADER, ping

journal = Journal(create_log(Path(sys.argv[1])), HEADER, flush=10)
seq = 0
while True:
    seq += 1
    journal.append(ping(seq))
    print(seq, flush=True)
"""


def test_a_killed_process_loses_fewer_lines_than_flush_says(tmp_path):
    path = tmp_path / "run.jsonl"
    with subprocess.Popen([sys.executable, "-c", ENDLESS_RUN, path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "1234\n":
                process.kill()
                break
        appended = int(([line, *process.stdout])[-1] or 1234)
    summary = LogReader(path).check()
    assert appended - summary.events < 10
    assert summary.footer is None
    assert summary.torn == 0


def test_a_new_log_replaces_the_old_and_makes_its_folder(tmp_path):
    path = tmp_path / "logs" / "deep" / "run.jsonl"
    write_log(path, events=9)
    assert write_log(path, events=2) == path.read_bytes().splitlines(keepends=True)
    assert LogReader(path).check().events == 2


# The past


def repeat(past: list[bytes], events: int, footer: bool = True, flush: int = 1000) -> PastWriter:
    writer = PastWriter(iter(past))
    write_events(Journal(writer, HEADER, flush), events, footer)
    writer.finish()
    return writer


@pytest.mark.parametrize("flush", [1, 3, 1000])
@pytest.mark.parametrize("footer", [True, False])
def test_a_run_that_repeats_its_log_is_verified(tmp_path, flush, footer):
    past = write_log(tmp_path / "run.jsonl", footer=footer)
    assert repeat(past, events=5, footer=footer, flush=flush).in_past


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("flush", [1, 3, 1000])
def test_a_different_line_is_told_with_its_number_and_both_versions(tmp_path, number, flush):
    lines = write_log(tmp_path / "run.jsonl")
    past = [*lines[: number - 1], b"otherwise\n", *lines[number:]]
    with pytest.raises(Diverged, match=f"line {number} differs") as diverged:
        repeat(past, events=5, flush=flush)
    assert (diverged.value.number, diverged.value.recorded, diverged.value.repeated) == (number, b"otherwise\n", lines[number - 1])


def test_a_run_that_does_more_than_its_log_has_diverged(tmp_path):
    past = write_log(tmp_path / "run.jsonl", events=3, footer=False)
    more = write_log(tmp_path / "more.jsonl", events=4, footer=False)
    with pytest.raises(Diverged) as diverged:
        repeat(past, events=4, footer=False)
    assert (diverged.value.number, diverged.value.recorded, diverged.value.repeated) == (5, None, more[4])


def test_a_run_that_does_less_than_its_log_has_diverged(tmp_path):
    past = write_log(tmp_path / "run.jsonl", events=3, footer=False)
    with pytest.raises(Diverged) as diverged:
        repeat(past, events=2, footer=False)
    assert (diverged.value.number, diverged.value.recorded, diverged.value.repeated) == (4, past[3], None)


def resume(path: Path, events: int, flush: int) -> None:
    reader = LogReader(path)
    writer = PastWriter(reader.lines(), lambda: append_to_log(claim_log(path), reader.torn))
    write_events(Journal(writer, HEADER, flush), events)
    writer.finish()


@pytest.mark.parametrize("flush", [1, 3, 1000])
def test_a_log_cut_anywhere_and_resumed_is_the_log_of_an_uninterrupted_run(tmp_path, flush):
    lines = write_log(tmp_path / "run.jsonl")
    whole = b"".join(lines)
    path = tmp_path / "cut.jsonl"
    for cut in range(len(lines[0]), len(whole) + 1):
        path.write_bytes(whole[:cut])
        resume(path, events=5, flush=flush)
        assert path.read_bytes() == whole


def test_a_resumed_run_that_diverges_leaves_the_log_as_it_was(tmp_path):
    path = tmp_path / "run.jsonl"
    lines = write_log(path, footer=False)
    with pytest.raises(Diverged, match="line 5 differs"):
        resume(path, events=3, flush=1)
    assert path.read_bytes() == b"".join(lines)


def test_a_run_knows_when_it_has_left_its_past():
    lines = LineList()
    Journal(lines, HEADER, flush=1).append(ping(1))
    now = LineList()
    writer = PastWriter(iter(list(lines)), lambda: now)
    journal = Journal(writer, HEADER, flush=1)
    journal.append(ping(1))
    assert writer.in_past
    journal.append(ping(2))
    assert not writer.in_past
    journal.close()
    assert len(now) == 1
    assert now.closed


def test_going_on_cuts_off_only_what_is_torn(tmp_path):
    path = tmp_path / "run.jsonl"
    for torn, text in ((0, b"whole\nmore\n"), (4, b"whole\nmore\n")):
        path.write_bytes(b"whole\n" + b"torn"[:torn])
        writer = append_to_log(claim_log(path), torn)
        assert isinstance(writer, FileWriter)
        writer.write([b"more\n"])
        writer.close()
        assert path.read_bytes() == text
