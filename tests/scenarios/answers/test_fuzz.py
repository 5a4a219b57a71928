"""Damaged and senseless files of answers: each is read, or refused in one sentence that names it; nothing else ever happens."""

import copy
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.event import event_of
from agents.state import State
from scenarios.answers.reader import read_answers
from scenarios.answers.retelling import Retelling
from scenarios.answers.table import Answers
from scenarios.answers.timeline import timeline
from scenarios.errors import BadInput
from tests.scenarios.answers.files import TABLE, annotation, answer, choice, choosing, export, task, write

TASKS = [
    task(7, annotation(3, choice("yes")), annotation({"id": 4, "email": "ann@example.org"}, choice("no"))),
    task(9, annotation(3, choice("no"), ground_truth=True), annotation(3, was_cancelled=True)),
    {"id": 10, "completions": [annotation(5, choice("yes"))]},
]
LINES = [choosing("a", meta={"id": 3}), choosing("b", "set-bob"), answer(label="SPAM", answer="reject"), answer(answer="ignore")]


def parquet_bytes() -> bytes:
    sink = pa.BufferOutputStream()
    columns = {"task": [7, 9, 7], "worker": ["a", "b", "c"], "label": ["x", "y", "x"], "start": [1.0, None, 3.0]}
    pq.write_table(pa.table(columns), sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


GOOD = {
    "csv": TABLE.encode(),
    "tsv": TABLE.replace(",", "\t").encode(),
    "json": export(*TASKS).encode(),
    "jsonl": "".join(LINES).encode(),
    "parquet": parquet_bytes(),
}
JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, 10**300, -(2**63), "", " ", "x", "NaN", "1e999", "\0", "\u2028", "'\"\\", "x" * 5000,
    "\u0661", [], [[]], [None], ["a", "b"], {}, {"a": {}}, {"id": []}, "2024-05-01T10:00:00+99:00", "9999-12-31T23:59:59-23:59",
]  # fmt: skip
FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(folder: Path, content: bytes, suffix: str) -> Answers | None:
    """Read a file, and tell what it says as a campaign; None if it is refused as it should be."""
    path = write(folder, content, f"answers.{suffix}")
    try:
        answers = read_answers(path)
        times = timeline(answers)
    except BadInput as error:
        message = str(error)
        assert message.startswith(str(path)), message
        assert "\n" not in message
        assert len(message) < 1000, message[:300]
        return None
    state = State()
    for event in Retelling(answers, times, None, 0).events():
        state.apply(event_of(event))
    assert state.resolved + state.given_up == state.items
    return answers


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Bytes of a good file with pieces cut out, put in, repeated, swapped or flipped."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content)))))
        match draw(st.sampled_from(["cut", "end", "flip", "put", "repeat", "swap"])):
            case "cut":
                del content[start : min(end, start + 8)]
            case "end":
                del content[start:]
            case "flip" if start < len(content):
                content[start] ^= 1 << draw(st.integers(0, 7))
            case "put":
                content[start:start] = draw(
                    st.binary(max_size=6) | st.sampled_from([b'"', b",", b"\n", b"\r", b"NaN", b"[[", b"}", b"\xff", b"\0"])
                )
            case "repeat":
                content[start:start] = content[start:end]
            case "swap":
                content = content[end:] + content[start:end] + content[:start]
        del content[20_000:]
    return bytes(content)


@pytest.mark.parametrize("suffix", [*GOOD])
def test_the_good_files_are_good(tmp_path: Path, suffix: str) -> None:
    assert survives(tmp_path, GOOD[suffix], suffix) is not None


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [*GOOD])
@given(data=st.data())
@settings(FUZZ, max_examples=2000)
def test_however_a_file_is_damaged_it_is_read_or_refused(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    survives(tmp_path, data.draw(damaged(GOOD[suffix])), suffix)


@pytest.mark.parametrize("suffix", [*GOOD])
@given(data=st.data())
@FUZZ
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    survives(tmp_path, data.draw(damaged(GOOD[suffix])), suffix)


@pytest.mark.parametrize("suffix", [*GOOD])
@given(content=st.binary(max_size=200))
@FUZZ
def test_a_file_of_garbage_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert survives(tmp_path, content, suffix) is None


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to all values inside a value of JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places(each, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """Return a value of JSON with junk in one place."""
    if not path:
        return junk
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return changed


def test_wrong_values_anywhere_in_an_export_of_label_studio_are_read_or_refused(tmp_path: Path) -> None:
    for path in places(TASKS):
        for junk in JUNK:
            survives(tmp_path, json.dumps(replaced(TASKS, path, junk)).encode(), "json")


def test_wrong_values_anywhere_in_an_export_of_prodigy_are_read_or_refused(tmp_path: Path) -> None:
    for number, line in enumerate(LINES):
        good = json.loads(line)
        for path in places(good):
            for junk in JUNK:
                changed = [*LINES[:number], json.dumps(replaced(good, path, junk)) + "\n", *LINES[number + 1 :]]
                survives(tmp_path, "".join(changed).encode(), "jsonl")


@given(st.integers(1, 4), st.integers(0, 5), st.sampled_from([str(junk) for junk in JUNK]))
@FUZZ
def test_wrong_cells_are_read_or_refused(tmp_path: Path, row: int, column: int, junk: str) -> None:
    cells = [line.split(",") for line in TABLE.splitlines()]
    cells[row][column] = '"' + junk.replace('"', '""') + '"'
    survives(tmp_path, "\n".join(map(",".join, cells)).encode(), "csv")


EXTREMES: dict[str, Callable[[int], bytes]] = {
    "deep lists": lambda size: b"[" * size,
    "deep objects": lambda size: b'{"a":' * size,
    "deep in a task": lambda size: b'[{"id":1,"annotations":' + b"[" * size,
    "an endless number": lambda size: b'[{"id":' + b"9" * size + b"}]",
    "an endless text": lambda size: b'[{"id":"' + b"x" * size + b'"}]',
    "an endless word": lambda size: b"x" * size,
    "endless cells": lambda size: b"x," * size,
    "an endless quote": lambda size: b'"' + b"x\n" * size,
    "endless blank lines": lambda size: b"\n" * size,
    "zeros": bytes,
}


@pytest.mark.parametrize("size", [200_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("suffix", [*GOOD])
@pytest.mark.parametrize("extreme", [*EXTREMES])
def test_extremes_are_refused(tmp_path: Path, suffix: str, extreme: str, size: int) -> None:
    assert survives(tmp_path, EXTREMES[extreme](size), suffix) is None


@pytest.mark.parametrize("suffix", [*GOOD])
def test_a_gigabyte_that_is_one_line_is_refused_before_memory_is_full(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"answers.{suffix}"
    with path.open("wb") as file:
        file.truncate(2**30)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match=rf"answers\.{suffix}"):
            read_answers(path)
        assert tracemalloc.get_traced_memory()[1] < 400 * 2**20
    finally:
        tracemalloc.stop()
