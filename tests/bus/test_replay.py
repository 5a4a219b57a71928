"""A log read back: what was written, or the line at which it is damaged."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus import replay
from bus.journal import Journal, create_log
from bus.message import Envelope
from bus.replay import CorruptLog, LogReader
from tests.bus.samples import HEADER, Note, seal, write_log

HEADER_LINE = b'{"log":2'


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.jsonl"


@pytest.fixture(params=["finished", "unfinished"])
def lines(request, path):
    return write_log(path, footer=request.param == "finished")


def damage(path: Path, data: bytes) -> CorruptLog:
    """Return what a reader says of a log that must be damaged."""
    path.write_bytes(data)
    with pytest.raises(CorruptLog) as corrupt:
        LogReader(path).check()
    assert str(corrupt.value).startswith(str(path))
    return corrupt.value


# Whole logs


def test_header_events_and_footer_come_back(path):
    journal = Journal(create_log(path), HEADER)
    journal.append(Envelope(1, 5, "a", "b", None, Note(text="Zoë")))
    journal.append(Envelope(2, 6, "b", "a", 1, Note(text="", weight=0.1)))
    journal.finish({"world": 1})
    reader = LogReader(path)
    assert {key: reader.header[key] for key in ("log", *HEADER)} == {"log": 2, **HEADER}
    first, second = reader.events()
    del first["sum"]
    assert first == {
        "seq": 1,
        "t": 5,
        "kind": "note",
        "from": "a",
        "to": "b",
        "cause": None,
        "body": {"text": "Zoë", "weight": 1.0},
    }
    assert (second["cause"], second["body"]["weight"]) == (1, 0.1)
    assert reader.footer is not None
    assert (reader.footer["counts"], reader.footer["streams"]) == ({"note": 2}, {"world": 1})


def test_check_tells_what_a_log_holds(path):
    write_log(path, events=3)
    summary = LogReader(path).check()
    assert (summary.events, summary.torn, summary.header["seed"]) == (3, 0, 7)
    assert summary.footer is not None
    assert summary.footer["events"] == 3


def test_an_unfinished_log_has_no_footer(path):
    write_log(path, events=3, footer=False)
    summary = LogReader(path).check()
    assert (summary.events, summary.footer, summary.torn) == (3, None, 0)


def test_a_log_can_be_read_again(path, lines):
    reader = LogReader(path)
    assert list(reader.lines()) == list(reader.lines()) == lines
    assert reader.check() == reader.check()


# Torn tails


def test_a_tail_torn_at_any_byte_is_left_out_and_counted(path, lines):
    whole = b"".join(lines)
    for cut in range(len(lines[0]), len(whole)):
        path.write_bytes(whole[:cut])
        reader = LogReader(path)
        kept = b"".join(reader.lines())
        assert kept == whole[: whole.rfind(b"\n", 0, cut) + 1]
        assert reader.torn == cut - len(kept)
        assert reader.footer is None


def test_a_whole_last_line_without_its_newline_is_torn_too(path, lines):
    path.write_bytes(b"".join(lines)[:-1])
    summary = LogReader(path).check()
    assert (summary.torn, summary.footer) == (len(lines[-1]) - 1, None)


def test_a_log_torn_within_its_header_is_none(path, lines):
    for cut in range(len(lines[0])):
        assert "no whole line" in str(damage(path, lines[0][:cut]))


# Damage


def assert_damage_is_named(path: Path, lines: list[bytes], position: int, value: int) -> None:
    data = bytearray(b"".join(lines))
    data[position] = value
    if position == len(data) - 1:
        # Without its newline, the last line is as if it had been cut short in writing.
        path.write_bytes(data)
        assert LogReader(path).check().torn == len(lines[-1])
    else:
        assert damage(path, bytes(data)).number == b"".join(lines).count(b"\n", 0, position) + 1


@pytest.mark.parametrize("value", [b"\n", b"\0", b"0", b'"'])
def test_a_byte_changed_anywhere_is_named_by_its_line(path, lines, value):
    whole = b"".join(lines)
    for position in range(len(whole)):
        if whole[position] != ord(value):
            assert_damage_is_named(path, lines, position, ord(value))


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_byte_changed_to_anything_is_named_by_its_line(path, lines, data):
    whole = b"".join(lines)
    position = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != whole[position]))
    assert_damage_is_named(path, lines, position, value)


def test_a_line_that_was_removed_is_named_by_the_one_in_its_place(path, lines):
    for index in range(len(lines) - 1):
        assert damage(path, b"".join(lines[:index] + lines[index + 1 :])).number == index + 1


def test_lines_that_were_swapped_are_named_by_the_first(path, lines):
    for index in range(len(lines) - 1):
        swapped = [*lines[:index], lines[index + 1], lines[index], *lines[index + 2 :]]
        assert damage(path, b"".join(swapped)).number == index + 1


def test_a_line_that_stands_twice_is_named_the_second_time(path, lines):
    for index in range(len(lines)):
        assert damage(path, b"".join(lines[: index + 1] + lines[index:])).number == index + 2


def test_lines_that_have_become_one_are_named_though_they_chain(path, lines):
    for index in range(len(lines) - 1):
        merged = [*lines[:index], lines[index][: -len(seal(b""))] + lines[index + 1], *lines[index + 2 :]]
        corrupt = damage(path, b"".join(merged))
        assert corrupt.number == index + 1
        assert "not a line of JSON" in str(corrupt)


def test_what_looks_like_two_lines_in_a_text_is_one(path):
    journal = Journal(create_log(path), HEADER)
    journal.append(Envelope(1, 0, "a", "b", None, Note(text="}{")))
    journal.finish({})
    assert LogReader(path).check().events == 1


def test_a_line_of_another_log_does_not_fit(path, lines, tmp_path):
    other = write_log(tmp_path / "other.jsonl", events=9)
    assert damage(path, b"".join([*lines[:3], other[7], *lines[4:]])).number == 4


def test_nothing_may_follow_the_footer(path):
    lines = write_log(path)
    corrupt = damage(path, b"".join(lines) + b"{}\n")
    assert corrupt.number == len(lines) + 1
    assert "goes on after its footer" in str(corrupt)


@pytest.mark.parametrize("footer", [b'{"events":1,"digest":"00"', b'{"events":0,"digest":"00"', b'{"note":"x"'])
def test_a_footer_that_fits_another_log_is_refused(path, footer):
    corrupt = damage(path, seal(HEADER_LINE, b'{"seq":1', footer))
    assert corrupt.number == 3
    assert "footer does not belong" in str(corrupt)


def test_a_footer_that_counts_wrongly_is_refused(path):
    *contents, footer = (line[: -len(seal(b""))] for line in write_log(path))
    assert damage(path, seal(*contents, footer.replace(b'"events":5', b'"events":6'))).number == 7


# What is no log, or none that can be read


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no whole line"),
        (b"hello\n", "not a line of JSON"),
        (b"\xff\xff\x00\n", "not a line of JSON"),
        (b"\xff\xfe{\x00", "text in UTF-16"),
        (b"\xef\xbb\xbf" + seal(HEADER_LINE), "byte order mark"),
        (b"\x1f\x8b\x08 and so on", "compressed data (gzip)"),
        (b"\x28\xb5\x2f\xfd and so on", "compressed data (zstd)"),
        (b"PAR1 and so on", "a Parquet file"),
        (seal(HEADER_LINE).replace(b"\n", b"\r\n"), "ends in a carriage return"),
        (b"[1, 2]\n", "no checksum"),
        (b'{"name": "x"}\n', "no checksum"),
        (b'{"log": 1, "sum": "00000000"}\n', "checksum does not fit"),
        (seal(b'{"name":"x"'), "not the header of a Parley log"),
        (seal(b'{"seq":1'), "not the header of a Parley log"),
    ],
)
def test_what_is_no_log_is_refused_with_the_reason(path, data, reason):
    assert reason in str(damage(path, data))


@pytest.mark.parametrize("version", [b"0", b"3", b'"1"', b"null", b"[1]", b"true"])
def test_an_unknown_log_version_is_refused(path, version):
    corrupt = damage(path, seal(b'{"log":' + version))
    assert corrupt.number == 1
    assert "is not known to this Parley, which reads versions 1 to 2" in str(corrupt)


def test_a_missing_log_is_an_os_error(path):
    with pytest.raises(FileNotFoundError):
        LogReader(path)


@pytest.mark.parametrize(
    "value",
    [b"NaN", b"-Infinity", b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b"9" * 5000, b'"\xff"', b"1,", b""],
    ids=["NaN", "infinity", "unclosed nesting", "deep nesting", "long number", "no UTF-8", "comma", "nothing"],
)
@pytest.mark.parametrize("place", ["header", "event", "footer"])
def test_a_line_that_chains_but_is_no_plain_json_is_refused(path, place, value):
    harmful = {
        "header": [HEADER_LINE + b',"x":' + value],
        "event": [HEADER_LINE, b'{"seq":' + value],
        "footer": [HEADER_LINE, b'{"events":' + value],
    }[place]
    path.write_bytes(seal(*harmful))
    with pytest.raises(CorruptLog, match="not a line of JSON") as corrupt:
        list(LogReader(path).events())
    assert corrupt.value.number == len(harmful)


@pytest.mark.parametrize("place", ["in a line", "in a torn line"])
def test_a_line_over_the_limit_is_refused_and_not_read_into_memory(path, monkeypatch, place):
    monkeypatch.setattr(replay, "LONGEST_LINE", 2**20)
    whole = seal(HEADER_LINE, b'{"seq":"' + b"x" * 2**21 + b'"')
    corrupt = damage(path, whole if place == "in a line" else whole[:-30])
    assert corrupt.number == 2
    assert "longer than 1 MiB" in str(corrupt)


def test_reading_takes_a_line_for_what_it_is_whatever_stands_in_it(path):
    odd = 'line\u2028separator, "quotes", \\, \x00 and }\n{"seq":'
    journal = Journal(create_log(path), HEADER)
    journal.append(Envelope(1, 0, "a", "b", None, Note(text=odd)))
    journal.finish({})
    assert [event["body"]["text"] for event in LogReader(path).events()] == [odd]
    assert json.loads(path.read_bytes().splitlines()[1])["body"]["text"] == odd


def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(CorruptLog, match="this is no regular file"):
            LogReader(path)
