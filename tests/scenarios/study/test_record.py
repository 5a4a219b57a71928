"""The record of a study: torn and damaged lines, runs in any order, and runs that are there twice."""

import math
import os
import tempfile
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import BadInput
from scenarios.study.record import RECORD, read_record, read_results
from scenarios.study.recorder import recording
from scenarios.study.results import FIGURES

HEADER: dict[str, Any] = {
    "name": "n", "scenario": "s.toml", "dials": ["a"], "points": [{"a": 1}, {"a": 2}, {"a": 1}], "keys": ["k1", "k2", "k1"],
    "measure": "accuracy", "compared": "a", "against": None, "target": None, "precision": None, "seeds": 3, "names": {},
    "most_seeds": None, "versions": {},
}  # fmt: skip
EVERY = [(key, seed) for key in ("k1", "k2") for seed in range(3)]

Places = list[tuple[str, int]]


def write_record(folder: Path, places: Places, ended: list[int] | None = None) -> Path:
    with recording(folder, HEADER, resume=False) as (recorder, runs):
        assert runs == {}
        for number, (key, seed) in enumerate(places):
            recorder.add(key, seed, {"accuracy": float(number), "error": None})
        if ended is not None:
            recorder.finish(ended)
    return folder / RECORD


@given(st.permutations(EVERY), st.lists(st.sampled_from(EVERY), max_size=4))
def test_results_stand_in_the_order_of_points_and_seeds_and_once_each_whatever_the_record(order: Places, again: Places) -> None:
    with tempfile.TemporaryDirectory() as name:
        places = [*order, *again]
        write_record(Path(name), places, [3, 3, 3])
        rows = read_results(Path(name)).rows
    assert [(row["point"], row["seed"]) for row in rows] == [(point, seed) for point in range(3) for seed in range(3)]
    last = {place: float(number) for number, place in enumerate(places)}
    assert [row["accuracy"] for row in rows] == [last[HEADER["keys"][row["point"]], row["seed"]] for row in rows]
    assert [row["a"] for row in rows] == [1] * 3 + [2] * 3 + [1] * 3


def test_a_record_cut_off_at_any_byte_holds_the_runs_whose_lines_are_whole(tmp_path: Path) -> None:
    path = write_record(tmp_path, EVERY)
    whole = path.read_bytes()
    for size in {*range(0, len(whole), 9), *(at + 1 for at, byte in enumerate(whole) if byte == 10)}:
        path.write_bytes(whole[:size])
        known = read_record(path)
        lines = whole[:size].count(b"\n")
        if lines == 0:
            assert known is None
        else:
            assert known is not None
            assert len(known.runs) == lines - 1
            assert known.size + known.torn == size


def test_a_line_that_is_damaged_is_named(tmp_path: Path) -> None:
    path = write_record(tmp_path, EVERY)
    whole = path.read_bytes()
    for place in range(0, len(whole) - 1, 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        number = whole[:place].count(b"\n") + 1
        with pytest.raises(BadInput, match=rf"{RECORD}(, line {number}: this is not what was written there|: this is no record)"):
            read_record(path)


def test_a_line_that_is_missing_is_noticed_at_the_next(tmp_path: Path) -> None:
    path = write_record(tmp_path, EVERY)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    with pytest.raises(BadInput, match="line 4: this is not what was written there; what stands above is whole"):
        read_results(tmp_path)


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no study here yet"):
        read_results(tmp_path)
    (tmp_path / RECORD).write_text('{"log":1}\n')
    with pytest.raises(BadInput, match="this is no record of a study"):
        read_results(tmp_path)


NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"points": None}, "points: should be a valid list"),
    ({"points": [{"a": 1}, {"b": 2}, {"a": 1}]}, "its dials, points and keys do not fit together"),
    ({"keys": ["k1"]}, "its dials, points and keys do not fit together"),
    ({"seeds": 1e99}, "seeds: should be a valid integer"),
    ({"seeds": 10**30}, "seeds: should be less than or equal to 100000"),
    ({"target": math.nan}, "target: should be a finite number"),
    ({"measure": "joy"}, "measure: should be 'accuracy'"),
    ({"compared": "b"}, "compared: 'b' is not varied"),
    ({"against": 3}, "against: nothing is set to that"),
    ({"names": {"a": ["one"]}}, "names: they are not those of the values of 'a'"),
]


@pytest.mark.parametrize(("nonsense", "told"), NONSENSE, ids=[told for _, told in NONSENSE])
def test_a_record_that_says_nonsense_under_right_checksums_is_refused(tmp_path: Path, nonsense: dict[str, Any], told: str) -> None:
    with recording(tmp_path, {**HEADER, **nonsense}, resume=False):
        pass
    with pytest.raises(BadInput, match=f"{RECORD}, line 1: this is nothing that Parley writes there: {told}"):
        read_results(tmp_path)


@pytest.mark.parametrize(
    "nonsense", [{"accuracy": "x"}, {"cost": True}, {"curve": [[1]]}, {"curve": 7}, {"error": 7}, {"seed": -1}]
)
def test_a_run_of_which_nonsense_is_told_is_refused(tmp_path: Path, nonsense: dict[str, Any]) -> None:
    with recording(tmp_path, HEADER, resume=False) as (recorder, _):
        recorder.add("k1", 0, nonsense)
    with pytest.raises(BadInput, match=f"{RECORD}, line 2: this is nothing that Parley writes there: {next(iter(nonsense))}"):
        read_results(tmp_path)


def test_an_end_that_is_not_of_the_studys_points_is_refused(tmp_path: Path) -> None:
    write_record(tmp_path, EVERY, [3, 3])
    with pytest.raises(BadInput, match="line 8: runs: the study has 3 points, and here are 2 numbers"):
        read_results(tmp_path)


@pytest.mark.parametrize("text", [b'{"study":1,', b'{"study":' + b"[" * 100_000, b'{"study":"\xff"', b'{"study":' + b"9" * 10_000])
def test_what_is_no_json_under_a_right_checksum_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / RECORD).write_bytes(b'%b,"sum":"%08x"}\n' % (text, crc32(text)))
    with pytest.raises(BadInput, match="line 1: this is no JSON"):
        read_results(tmp_path)


def test_figures_that_a_run_says_nothing_of_it_has_not(tmp_path: Path) -> None:
    write_record(tmp_path, EVERY)
    row = read_results(tmp_path).rows[0]
    assert row["accuracy"] == 0.0
    assert {row[figure] for figure in FIGURES if figure != "accuracy"} == {None}


def test_a_record_that_is_no_file_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / RECORD)
    with pytest.raises(BadInput, match="it cannot be read: this is no regular file"):
        read_record(tmp_path / RECORD)


def test_a_record_goes_on_below_its_last_whole_line(tmp_path: Path) -> None:
    path = write_record(tmp_path, EVERY[:4])
    path.write_bytes(path.read_bytes()[:-5])
    with recording(tmp_path, HEADER, resume=True) as (recorder, runs):
        assert [*runs] == EVERY[:3]
        recorder.add(*EVERY[3], {"accuracy": 7.0, "error": None})
    assert len(read_results(tmp_path).rows) == 3 + 1 + 3
    assert path.read_bytes().count(b'{"study"') == 1
    assert read_results(path) == read_results(tmp_path)
