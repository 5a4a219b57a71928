"""Damaged and senseless files, of people and of answers: each is used, or refused in words; nothing else ever happens."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from agents.component import Trust
from scenarios.cli import app
from scenarios.crowds.crowd import Crowd
from scenarios.crowds.reading import read_crowd
from scenarios.crowds.writing import write_crowd
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.run import Origin, prepare
from scenarios.toml import toml
from tests.scenarios.answers.test_fuzz import JUNK, damaged, places, replaced
from tests.scenarios.crowds.files import PEOPLE, write
from tests.scenarios.fuzz import commands_that_read

COMMANDS = {
    "import": ["import", "--to", "fuzz.jsonl", "--force", "--quiet"],
    "aggregate": ["aggregate", "--method", "majority"],
    "calibrate": ["calibrate", "--out", "people.toml"],
    "fidelity": ["fidelity", "--simulations", "2"],
}
"""Every command that takes a file of answers, and what it needs besides."""

ANSWERS = "task,worker,label,duration,truth\n" + "".join(
    f"{task},{worker},{'xyz'[(task + place * task) % 3]},{3 + task},{'xyz'[task % 3]}\n"
    for task in range(5)
    for place, worker in enumerate(("ann", "bob", "cyd"))
)
TABLES = tomllib.loads(PEOPLE)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
THOROUGH = settings(max_examples=2000, deadline=None, suppress_health_check=[*HealthCheck])


def survives(folder: Path, content: bytes, name: str) -> Crowd | None:
    """Read a people file; None if it is refused as it should be."""
    path = folder / name
    path.write_bytes(content)
    try:
        crowd = read_crowd(path, Trust(everything=False))
    except BadInput as error:
        assert all(line.startswith((str(path), "... and")) for line in str(error).splitlines()), str(error)
        assert len(str(error)) < 3000, str(error)[:300]
        return None
    assert len(crowd) > 0
    for row in range(len(crowd)):
        crowd.person(row)
    return crowd


def parquet_of(folder: Path) -> bytes:
    path = folder / "good.parquet"
    write_crowd(TABLES["annotators"], TABLES["classes"], ["noise", "latency", "price", "changes"], path)
    return path.read_bytes()


def good(folder: Path, name: str) -> bytes:
    return PEOPLE.encode() if name.endswith(".toml") else parquet_of(folder)


def whole(tables: Any) -> bytes | None:
    """Return tables as a file of TOML; None if TOML has no words for what stands in them."""
    if not isinstance(tables, dict):
        return None
    try:
        text = "".join(f"{toml(key)} = {toml(value)}\n" for key, value in tables.items() if value is not None)
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError):
        return None
    return text.encode(errors="replace")


# People


@pytest.mark.parametrize("name", ["people.toml", "people.parquet"])
def test_the_good_files_are_good(tmp_path: Path, name: str) -> None:
    assert survives(tmp_path, good(tmp_path, name), name) is not None


@pytest.mark.parametrize("name", ["people.toml", "people.parquet"])
@given(data=st.data())
@QUICK
def test_a_damaged_people_file_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    survives(tmp_path, data.draw(damaged(good(tmp_path, name))), name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["people.toml", "people.parquet"])
@given(data=st.data())
@THOROUGH
def test_however_a_people_file_is_damaged_it_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    survives(tmp_path, data.draw(damaged(good(tmp_path, name))), name)


def test_wrong_values_anywhere_in_a_people_file_are_read_or_refused(tmp_path: Path) -> None:
    for place in places(TABLES):
        for junk in JUNK:
            content = whole(replaced(TABLES, place, junk))
            if content is not None:
                survives(tmp_path, content, "people.toml")


@given(st.text(max_size=50) | st.sampled_from([json.dumps(junk) for junk in JUNK]))
@QUICK
def test_senseless_cells_of_parquet_are_read_or_refused(tmp_path: Path, cell: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "cells.parquet"
    pq.write_table(pa.table({"worker": ["ann"], "noise": [cell.encode(errors="replace").decode()]}), path)
    survives(tmp_path, path.read_bytes(), "people.parquet")


@given(data=st.data())
@settings(QUICK, max_examples=30)
def test_a_scenario_of_damaged_people_is_possible_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = write(tmp_path, data.draw(damaged(PEOPLE.encode())))
    try:
        loaded = load(path, trust=Trust(everything=False))
        prepare(loaded.scenario, Origin(loaded.folder))
    except BadInput as error:
        assert "Traceback" not in str(error)


# Answers


def test_every_command_that_reads_answers_is_tried() -> None:
    assert {*COMMANDS} == commands_that_read("ANSWERS")


def ends_well(folder: Path, content: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command on a file of answers, and make sure that it ended as a command may end."""
    monkeypatch.chdir(folder)
    (folder / "answers.csv").write_bytes(content)
    result = CliRunner().invoke(app, [*COMMANDS[name], "answers.csv"])
    assert result.exception is None or isinstance(result.exception, SystemExit), (name, result.exc_info)
    assert "Traceback" not in result.output
    assert result.exit_code in (0, 2), (name, result.output)
    assert (result.exit_code == 2) == ("parley: " in result.stderr)
    return result.exit_code


@pytest.mark.parametrize("name", COMMANDS)
def test_the_good_answers_are_good(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_well(tmp_path, ANSWERS.encode(), name, monkeypatch) == 0


@pytest.mark.parametrize("name", ["calibrate", "fidelity"])
@given(data=st.data())
@settings(QUICK, max_examples=6)
def test_damaged_answers_are_used_or_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    ends_well(tmp_path, data.draw(damaged(ANSWERS.encode())), name, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["calibrate", "fidelity"])
@given(data=st.data())
@settings(THOROUGH, max_examples=300)
def test_however_answers_are_damaged_they_are_used_or_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    ends_well(tmp_path, data.draw(damaged(ANSWERS.encode())), name, monkeypatch)
