"""Tables of answers, as text and as Parquet."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.replay import LogReader
from scenarios.export import tables
from scenarios.export.reading import unwatched
from scenarios.export.tables import seconds, write_csv, write_parquet
from tests.scenarios.export.story import Story

GOLDEN = Path(__file__).parents[2] / "golden"
ODD = ["=1+1", "+a", "-a", "@a", 'say "a"', "a,b", "two\nlines", " a ", "ü", "007"]


def as_csv(log: Path, everything: bool = False) -> str:
    file = io.BytesIO()
    count = write_csv(LogReader(log), file, everything, unwatched)
    text = file.getvalue().decode()
    assert len([*csv.reader(io.StringIO(text, newline=""))]) == count + 1
    return text


def as_parquet(log: Path, everything: bool = False) -> pyarrow.Table:
    file = io.BytesIO()
    count = write_parquet(LogReader(log), file, everything, unwatched)
    file.seek(0)
    table = pyarrow.parquet.read_table(file)
    assert table.num_rows == count
    return table


def two_answers(folder: Path, item: int | str = "x", label: int | str = "a") -> Path:
    story = Story()
    for each in (item, 7):
        story.request(each, t=0)
    story.assign(item, "ann")
    story.assign(7, "bob")
    story.answer(item, "ann", label, 1, t=2_500_000)
    story.answer(7, "bob", 3, None, t=2_500_001)
    return story.written(folder)


def test_a_row_says_who_called_what_how_and_when(tmp_path: Path) -> None:
    assert as_csv(two_answers(tmp_path)) == "task,worker,label,start,duration\nx,ann,a,0.000001,2.499999\n7,bob,3,,\n"


def test_the_status_stands_where_answers_are_that_did_not_count() -> None:
    lines = as_csv(GOLDEN / "v1-labelling.jsonl", everything=True).splitlines()
    assert lines[:2] == ["task,worker,label,start,duration,status", "0,crowd-2,2,0,7.077596,counted"]
    assert next(line for line in lines if line.endswith(",late")) == "7,crowd-5,0,69.168809,69.417194,late"
    assert len(lines) == 80


@given(st.integers(-(2**60), 2**60))
def test_seconds_are_exact_and_short(microseconds: int) -> None:
    text = seconds(microseconds)
    assert Decimal(text) * 1_000_000 == microseconds
    assert "." not in text or not text.endswith(("0", "."))


def test_text_is_data_whatever_it_begins_with(tmp_path: Path) -> None:
    story = Story()
    for number, odd in enumerate(ODD):
        story.request(odd)
        story.assign(odd, f"ann-{number}")
        story.answer(odd, f"ann-{number}", odd, None)
    rows = [*csv.reader(io.StringIO(as_csv(story.written(tmp_path)), newline=""))][1:]
    assert [(row[0], row[2]) for row in rows] == [(odd, odd) for odd in ODD]


@pytest.mark.parametrize("everything", [False, True], ids=["counted", "all"])
@pytest.mark.parametrize("name", ["v1-labelling", "v1-learning"])
def test_both_are_the_same_table(name: str, everything: bool) -> None:
    log = GOLDEN / f"{name}.jsonl"
    rows = [*csv.DictReader(io.StringIO(as_csv(log, everything)))]
    table = as_parquet(log, everything)
    assert table.column_names == [*rows[0]]
    for row, each in zip(rows, table.to_pylist(), strict=True):
        for column in ("task", "worker", "label"):
            assert row[column] == str(each[column])
        for column in ("start", "duration"):
            assert float(row[column]) == each[column]
        assert row.get("status") == each.get("status")


def test_whole_numbers_are_whole_numbers_in_parquet_if_all_are() -> None:
    types = {name: str(kind) for name, kind in zip(*_schema(as_parquet(GOLDEN / "v1-labelling.jsonl")), strict=True)}
    assert types == {"task": "int64", "worker": "string", "label": "int64", "start": "double", "duration": "double"}
    types = {name: str(kind) for name, kind in zip(*_schema(as_parquet(GOLDEN / "v1-learning.jsonl")), strict=True)}
    assert (types["task"], types["label"]) == ("int64", "string")


@pytest.mark.parametrize("item", ["x", 2**63, -(2**63) - 1])
def test_one_task_that_is_none_makes_text_of_all(item: int | str, tmp_path: Path) -> None:
    table = as_parquet(two_answers(tmp_path, item))
    assert table["task"].to_pylist() == [str(item), "7"]
    assert table["label"].to_pylist() == ["a", "3"]
    assert table["start"].to_pylist() == [0.000001, None]


def test_a_refusal_leaves_its_label_open(tmp_path: Path) -> None:
    story = Story()
    for item in (1, 2):
        story.request(item)
        story.assign(item, f"ann-{item}")
    story.tell("task-declined", "ann-1", "coordinator", item=1, attempt=0)
    story.answer(2, "ann-2", 5, 0)
    log = story.written(tmp_path)
    assert as_csv(log, everything=True).splitlines()[1:] == ["1,ann-1,,,,declined", "2,ann-2,5,0,0,counted"]
    assert as_parquet(log, everything=True)["label"].to_pylist() == [None, 5]


def test_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 10)
    file = io.BytesIO()
    write_parquet(LogReader(GOLDEN / "v1-labelling.jsonl"), file, False, unwatched)
    assert pyarrow.parquet.ParquetFile(file).metadata.num_row_groups == 8


def test_a_log_without_answers_is_a_table_without_rows(tmp_path: Path) -> None:
    log = Story().written(tmp_path)
    assert as_csv(log) == "task,worker,label,start,duration\n"
    assert as_parquet(log).num_rows == 0


def _schema(table: pyarrow.Table) -> tuple[list[str], list[pyarrow.DataType]]:
    return table.schema.names, table.schema.types
