"""Answers in Parquet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scenarios.answers.reader import read_answers
from scenarios.answers.table import Answers, Columns
from scenarios.errors import BadInput
from tests.scenarios.answers.files import rows

NOON = datetime(2024, 5, 1, 12, 0, 0, 250)


def parquet(folder: Path, **columns: Any) -> Path:
    path = folder / "answers.parquet"
    given = {"task": [7, 9], "worker": ["ann", "bob"], "label": ["yes", "no"], **columns}
    pq.write_table(pa.table(given), path)
    return path


def read(folder: Path, **columns: Any) -> Answers:
    return read_answers(parquet(folder, **columns), Columns())


def test_a_row_is_an_answer(tmp_path: Path) -> None:
    answers = read(tmp_path, start=[12.5, 10.0], duration=pa.array([None, 3], pa.int16()), truth=["yes", None])
    assert rows(answers) == [(7, "ann", "yes", 2.5, None), (9, "bob", "no", 0.0, 3.0)]
    assert answers.truth == {7: "yes"}
    assert answers.where(1) == f"{tmp_path / 'answers.parquet'}, row 2"


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array([1, 0], pa.uint8()), [1, 0]),
        (pa.array([1.0, 0.0]), [1, 0]),
        (pa.array([0.5, 1.0]), ["0.5", "1"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([" a ", "b"], pa.large_string()), ["a", "b"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([5, 6]).dictionary_encode(), [5, 6]),
    ],
    ids=lambda each: str(getattr(each, "type", "")),
)
def test_labels_are_numbers_or_text(tmp_path: Path, column: Any, found: list[object]) -> None:
    assert read(tmp_path, label=column).labels == found


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_starts_may_be_times_of_any_unit(tmp_path: Path, unit: str, zone: str | None) -> None:
    moments = [each.replace(tzinfo=UTC) if zone else each for each in (NOON + timedelta(seconds=90), NOON)]
    given = pa.array(moments, pa.timestamp("us", "UTC" if zone else None)).cast(pa.timestamp("ns", "UTC" if zone else None))
    column = given.cast(pa.timestamp(unit, zone), safe=False)
    assert read(tmp_path, start=column).starts == [90.0, 0.0]


def test_durations_may_be_lengths_of_time(tmp_path: Path) -> None:
    assert read(tmp_path, duration=pa.array([timedelta(seconds=1.5), None])).durations == [1.5, None]


def test_what_is_not_named_is_not_looked_at(tmp_path: Path) -> None:
    assert read(tmp_path, picture=[b"\x00", b"\xff"], boxes=[[1], [2, 3]]).labels == ["yes", "no"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"label": [["a"], ["b"]]}, r": column 'label' holds list<.*>; it should hold numbers, text or times"),
        ({"label": [b"a", b"b"]}, ": column 'label' holds binary; it should"),
        ({"label": ["yes", None]}, ", row 2: the label is empty"),
        ({"label": [1.0, float("nan")]}, ", row 2: the label is empty"),
        ({"task": [None, 1]}, ", row 1: the task is empty"),
        ({"duration": [1.0, -2.0]}, ", row 2: the duration is -2; durations"),
        ({"duration": [1.0, float("inf")]}, ", row 2: the duration is inf; durations"),
        ({"start": ["soon", "later"]}, ", row 1: the start is 'soon'; write"),
    ],
)
def test_bad_cells_are_refused_with_their_row(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=rf"^[^\n]*answers\.parquet{message}[^\n]*$"):
        read(tmp_path, **columns)


def test_columns_that_are_not_there_or_there_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no column 'lable'; did you mean 'label'"):
        read_answers(parquet(tmp_path), Columns(label="lable"))
    path = tmp_path / "twice.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["task", "task"]), path)
    with pytest.raises(BadInput, match="two columns are called 'task'"):
        read_answers(path)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"task,worker,label\n", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.parquet"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"^[^\n]*answers\.parquet: this is no Parquet file, or a damaged one \([^\n]*\)$"):
        read_answers(path)
