"""Whatever bytes a log holds: it is read, or refused by its line, in bounded memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus.replay import CorruptLog, LogReader
from tests.bus.samples import seal, write_log

ROOT = Path(__file__).parents[2]
HEADER_LINE = b'{"log":2'

any_settings = settings(deadline=None, suppress_health_check=[*HealthCheck])
quick, thorough = settings(any_settings, max_examples=100), settings(any_settings, max_examples=2000)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(["seq", "t", "kind", "body", "events", "digest", "log", "sum", "x"]), values, max_size=5)


def assert_is_read_or_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    lines = data.count(b"\n")
    try:
        reader = LogReader(path)
        events = list(reader.events())
    except CorruptLog as corrupt:
        # A last line without its newline may be too long to be one.
        assert corrupt.number is None or 1 <= corrupt.number <= lines + 1
    else:
        assert all(type(event) is dict for event in events)
        assert len(events) + 1 + (reader.footer is not None) == lines
        assert data.endswith(b"\n") == (reader.torn == 0)


def bytes_below_a_header(path: Path, data: bytes) -> None:
    assert_is_read_or_refused(path, data)
    assert_is_read_or_refused(path, seal(HEADER_LINE) + data)


def objects_under_right_checksums(path: Path, lines: list[dict[str, object]]) -> None:
    # An object that is empty has no place for a checksum behind a comma.
    contents = [json.dumps(line).encode()[:-1] or b"{" for line in lines]
    assert_is_read_or_refused(path, seal(*contents))
    assert_is_read_or_refused(path, seal(HEADER_LINE, *contents))


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b"\n", b"{", b'"seq":1', b',"sum":"00000000"}', b"\0", b"\r"])).map(b"".join)
)
@quick
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    bytes_below_a_header(tmp_path_factory.getbasetemp() / "bytes.jsonl", data)


@given(st.lists(objects, max_size=4))
@quick
def test_any_objects_under_right_checksums_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, object]]
) -> None:
    objects_under_right_checksums(tmp_path_factory.getbasetemp() / "objects.jsonl", lines)


@pytest.mark.slow
@given(st.binary(max_size=2000), st.lists(objects, max_size=6))
@thorough
def test_two_thousand_times_any_bytes_and_objects_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, lines: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "thorough.jsonl"
    bytes_below_a_header(path, data)
    objects_under_right_checksums(path, lines)


# Memory

READ = """
import resource, sys
from pathlib import Path
from bus.replay import CorruptLog, LogReader
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    for event in LogReader(Path(sys.argv[1])).events():
        pass
    print("read")
except CorruptLog as corrupt:
    print(corrupt.number, corrupt)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def read_elsewhere(path: Path) -> tuple[str, int]:
    """Read a log in another process; return what came of it, and how many MiB of memory it took at most."""
    result = subprocess.run([sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True, check=True)
    outcome, memory = result.stdout.splitlines()
    return outcome, int(memory)


@pytest.mark.parametrize("end", [b"\n", b""], ids=["whole", "torn"])
def test_a_line_of_a_gigabyte_is_refused_in_the_memory_of_the_longest_line(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "run.jsonl"
    write_log(path, events=3, footer=False)
    with path.open("ab") as file:
        file.truncate(2**30)
        file.write(end)
    outcome, memory = read_elsewhere(path)
    assert outcome == f"5 {path}, line 5: the line is longer than 64 MiB"
    assert memory < 200


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "bytes_a_byte"), [(b"x", 5), (b"1,", 16), (b'"ab",', 24), (b"[],", 36), (b'{"a":0},', 36)])
@pytest.mark.parametrize("checksum", ["right", "wrong"])
def test_a_line_that_is_almost_too_long_takes_memory_in_proportion(
    tmp_path: Path, unit: bytes, bytes_a_byte: int, checksum: str
) -> None:
    long = 60 * 2**20 // len(unit)
    content = b'"' + unit * long + b'"' if unit == b"x" else b"[" + unit * long + b"0]"
    lines = seal(HEADER_LINE, b'{"seq":1,"body":' + content)
    path = tmp_path / "run.jsonl"
    path.write_bytes(lines if checksum == "right" else lines.replace(b'"seq":1', b'"seq":2'))
    outcome, memory = read_elsewhere(path)
    assert (outcome == "read") == (checksum == "right")
    assert memory < (60 * bytes_a_byte if checksum == "right" else 300)
