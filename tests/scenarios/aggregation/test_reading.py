"""Reading answers at once, and a row at a time."""

import csv
import io
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.inference.answers import table_of
from scenarios.aggregation import bulk, memory, reading
from scenarios.aggregation.probabilities import read_probabilities
from scenarios.aggregation.reading import Reading, read, read_truth
from scenarios.answers.table import Columns
from scenarios.errors import BadInput
from tests.scenarios.answers.files import write

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=6).filter(
    lambda text: text.strip() != ""
)
ROWS = st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=12)


def rows(found: Reading) -> list[tuple[str, str, str]]:
    columns = found.tasks, found.workers, found.labels
    return [*zip(*([column.names[code] for code in column.codes] for column in columns), strict=True)]


@given(ROWS, st.sampled_from(["csv", "tsv"]), st.booleans())
@settings(deadline=None, max_examples=60)
def test_both_ways_of_reading_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, ...]], form: str, bom: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerows([("task", "worker", "label"), *cells])
    path = tmp_path_factory.mktemp("both") / f"answers.{form}"
    path.write_text(("\ufeff" if bom else "") + text.getvalue(), encoding="utf-8", newline="")
    quick, careful = reading._at_once(path, Columns(), form), reading._carefully(path, Columns(), form)
    assert quick is not None
    assert rows(quick) == rows(careful) == [tuple(cell.strip() for cell in row) for row in cells]
    assert quick.where(len(cells) - 1) == careful.where(len(cells) - 1)


def test_parquet_reads_numbers_and_categories_as_a_row_at_a_time_does(tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    table = {"task": [2.0, 1.0, 2.0], "worker": pyarrow.array(["a", "b ", "a"]).dictionary_encode(), "label": [1, 0, 1]}
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    quick, careful = reading._at_once(path, Columns(), "parquet"), reading._carefully(path, Columns(), None)
    assert quick is not None
    assert rows(quick) == rows(careful) == [("2", "a", "1"), ("1", "b", "0"), ("2", "a", "1")]


def test_a_file_as_it_should_be_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, 'task,worker,label\n"1",a,yes\n\n2,b,no\n')
    monkeypatch.delattr(reading, "read_answers")
    assert rows(read(path)) == [("1", "a", "yes"), ("2", "b", "no")]
    assert read(path).where(1).endswith("line 4")


def test_what_is_true_may_stand_with_the_answers(tmp_path: Path) -> None:
    assert read(write(tmp_path, "task,worker,label,truth\n1,a,x,y\n2,a,x,\n1,b,y,y\n")).truth == {"1": "y"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("task,worker,label\n1,a,x\n2,,y\n", "line 3: the worker is empty"),
        ("task,worker,label\n1,a,x\n2,y\n", "line 3: 2 cells, but the header names 3"),
        ("task,wroker,label\n1,a,x\n", "no column 'worker'; did you mean 'wroker'"),
        ("task,worker,label\n", "no answers"),
        ("", "no column 'task'"),
        (b"task,worker,label\n1,a,\xff\n", "line 2: this is not UTF-8"),
        ("task,worker,label,truth\n1,a,x,y\n1,b,x,z\n", "line 3: task '1' is truly 'z' here, but 'y' in line 2"),
        ("task,task,worker,label\n1,1,a,x\n", "two columns are called 'task'"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(write(tmp_path, content))


def test_a_file_too_large_for_memory_is_refused_with_figures(tmp_path: Path) -> None:
    path = write(tmp_path, "task,worker,label\n" + "1,a,x\n" * 1000)
    memory.refuse_too_large(path, "csv", 200_000)
    with pytest.raises(BadInput, match=r"too large for this machine's memory.* answers.* free"):
        memory.refuse_too_large(path, "csv", 100_000)


def test_ten_gigabytes_are_told_from_a_sample(tmp_path: Path) -> None:
    path = write(tmp_path, "task,worker,label\n" + "12345678,worker-1,x\n" * 100_000)
    with path.open("r+b") as file:
        file.truncate(10**10)  # The rest is a hole, which takes no room.
    with pytest.raises(BadInput, match=r"10\.0 GB, some 5\d\d million answers"):
        memory.refuse_too_large(path, "csv", 10**9)


def test_truth_may_be_called_gold_or_label(tmp_path: Path) -> None:
    for name in reading.TRUTHS:
        assert read_truth(write(tmp_path, f"task,{name}\n1,x\n2,y\n", "truth.csv")).truth == {"1": "x", "2": "y"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("task,truth\n1,x\n1,y\n", "line 3: task '1' is truly 'y' here"),
        ("task,truth\n1,x\n2,\n", "line 3: the truth is empty"),
        ("task,truht\n1,x\n", "did you mean 'truht'"),
        ("task,truth\n", "nothing in it but a header"),
    ],
)
def test_what_is_wrong_with_truth_is_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_truth(write(tmp_path, content, "truth.csv"))


def test_probabilities_are_read_from_text_and_parquet(tmp_path: Path) -> None:
    text = write(tmp_path, "task,yes,no\n1,0.25,0.75\n2,1,0\n", "model.csv")
    table = tmp_path / "model.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"task": [1, 2], "yes": [0.25, 1], "no": [0.75, 0]}), table)
    for path in (text, table):
        assert read_probabilities(path).of(["2", "3", "1"], ["no", "yes"]).tolist() == [[0, 1], [0.5, 0.5], [0.75, 0.25]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("task,yes,no\n1,0.5,0.5\n2,-0.1,1.1\n", "line 3: the probability of 'yes' is '-0.1'"),
        ("task,yes,no\n1,0.5,0.6\n", "line 2: the probabilities add up to 1.1"),
        ("task,yes,no\n1,0.5,half\n", "line 2: the probability of 'no' is 'half'"),
        ("task,yes,no\n1,nan,1\n", "line 2: the probability of 'yes' is 'nan'"),
        ("task,yes,no\n1,0.5,0.5\n1,0.5,0.5\n", "line 3: task '1' stands in line 2 already"),
        ("task\n1\n", "there is no other"),
        ("task,yes,no\n", "nothing in it but a header"),
    ],
)
def test_what_is_wrong_with_probabilities_is_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_probabilities(write(tmp_path, content, "model.csv"))


def test_a_row_at_a_time_is_the_way_where_cells_are_odd(tmp_path: Path) -> None:
    assert bulk.columns_of(write(tmp_path, "task,worker\n1,2,3\n"), "csv", ["task", "worker"]) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('1,"a"b,x', "line 3: ',' expected after"),
        ('1,"a" ,x', "line 3: ',' expected after"),
        ('1,a,"x', "line 3: unexpected end of data"),
        ("1,a,x\0", "line 3: there is a NUL character"),
    ],
)
def test_what_is_no_cell_is_refused_however_the_rest_could_be_read(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(write(tmp_path, f"task,worker,label\n0,a,x\n{row}\n2,a,y\n"))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("task;worker;label\n1;a;x\n", "answers.csv", "between cells seems to be ';'"),
        ("task,worker,label\n1,a,x\n", "answers.tsv", "between cells seems to be ','"),
        (b"\x1f\x8b\x08\x00\xff\xff\n", "answers.csv", "not UTF-8 text, but gzip; unpack it first"),
        ("task,worker,label\n1,a,x\n".encode("utf-16"), "answers.csv", "not UTF-8 text, but UTF-16"),
        (b"", "answers.csv.gz", "'.gz' is of no known format; unpack it first"),
        (b"", "answers.csv", "no column 'task': the file is empty"),
        ("1,a,x\n1,b,x\n", "answers.csv", "no column 'task'; the first line should name the columns; there are 1, a, x"),
    ],
)
def test_a_file_that_is_something_else_is_called_what_it_is(tmp_path: Path, content: str | bytes, name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(write(tmp_path, content, name))


def test_a_file_of_gold_has_gold_before_truth(tmp_path: Path) -> None:
    path = write(tmp_path, "task,truth,gold\n1,x,y\n", "gold.csv")
    assert (read_truth(path, names=reading.GOLD).truth, read_truth(path).truth) == ({"1": "y"}, {"1": "x"})


def test_a_method_that_would_not_fit_into_memory_is_told_by_what_it_holds() -> None:
    table = table_of(range(100), map(str, range(100)), range(100))
    assert memory.lack_of(table, False, 8 * 4 * 100 * 100) is None
    assert "posteriors of 100 items of 100 classes" in str(memory.lack_of(table, False, 8 * 4 * 100 * 100 - 1))
    assert "100 confusion matrices of 100 classes" in str(memory.lack_of(table, True, 8 * 4 * 100 * 100))
    assert memory.lack_of(table, True, 10**9) is None


def test_one_column_cannot_be_two_things(tmp_path: Path) -> None:
    path = write(tmp_path, "task,worker,label\n1,a,x\n")
    with pytest.raises(BadInput, match="columns of their own, but these are 'task', 'worker', 'worker'"):
        read(path, Columns(label="worker"))
