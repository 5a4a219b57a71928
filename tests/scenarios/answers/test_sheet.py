"""Answers in comma- and tab-separated text."""

from pathlib import Path

import pytest

from scenarios.errors import BadInput
from tests.scenarios.answers.files import TABLE, read, rows, write


def test_a_row_is_an_answer(tmp_path: Path) -> None:
    answers = read(tmp_path, TABLE)
    assert rows(answers) == [
        (7, "ann", "yes", 0.0, 4.0),
        (7, "bob", "no", 2.5, 3.0),
        (9, "ann", "no", 10.0, 2.5),
        (7, "cat", "yes", 11.0, None),
    ]
    assert answers.truth == {7: "yes", 9: "no"}
    assert [answers.where(row) for row in (0, 3)] == [f"{tmp_path / 'answers.csv'}, line 2", f"{tmp_path / 'answers.csv'}, line 5"]


def test_times_and_truth_need_not_be_there(tmp_path: Path) -> None:
    answers = read(tmp_path, "label,worker,task,note\nyes,ann,a,x\n")
    assert rows(answers) == [("a", "ann", "yes", None, None)]
    assert answers.truth == {}


def test_durations_may_be_called_duration_s(tmp_path: Path) -> None:
    assert read(tmp_path, "task,worker,label,duration_s\na,w,x,14\n").durations == [14.0]


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    text = "item,who,said,at,secs,gold\na,w,x,2024-05-01T10:00:00Z,3,y\n"
    columns = {"task": "item", "worker": "who", "label": "said", "start": "at", "duration": "secs", "truth": "gold"}
    answers = read(tmp_path, text, **columns)
    assert rows(answers) == [("a", "w", "x", 0.0, 3.0)]
    assert answers.truth == {"a": "y"}


def test_a_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    for column, name in (("task", "taks"), ("start", "strat"), ("truth", "truht")):
        with pytest.raises(BadInput, match=f"there is no column '{name}'; did you mean '{column}'"):
            read(tmp_path, TABLE, **{column: name})


def test_tabs_quotes_blanks_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    text = '\ufefftask\tworker\tlabel\r\n a \t"w, 1"\tx\r\n\r\nb\tw\t y\r\n'
    assert rows(read(tmp_path, text, "answers.tsv"))[:2] == [("a", "w, 1", "x", None, None), ("b", "w", "y", None, None)]


def test_answers_of_one_worker_to_one_task_are_all_kept(tmp_path: Path) -> None:
    assert len(read(tmp_path, "task,worker,label\na,w,x\na,w,x\na,w,y\n").tasks) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": there is no column 'task': the file is empty"),
        ("task,worker,label\n", ": there are no answers"),
        ("task,worker\n1,2\n", ": there is no column 'label'; there are task, worker"),
        ("task,task,worker,label\n", ": two columns are called 'task'"),
        ("task,worker,label\na,w\n", ", line 2: 2 cells, but the header names 3 columns"),
        ("task,worker,label\na,w,x\n\n,w,x\n", ", line 4: the task is empty"),
        ("task,worker,label\na, ,x\n", ", line 2: the worker is empty"),
        ("task,worker,label\na,w,\n", ", line 2: the label is empty"),
        ("task,worker,label,duration\na,w,x,long\n", ", line 2: the duration is 'long'; durations are numbers of seconds"),
        ("task,worker,label,duration\na,w,x,nan\n", ", line 2: the duration is nan; durations are 0 to"),
        ("task,worker,label,duration\na,w,x,-1\n", ", line 2: the duration is -1; durations are 0 to"),
        ("task,worker,label,start\na,w,x,1\nb,w,x,soon\n", ", line 3: the start is 'soon'; write seconds"),
        (
            "task,worker,label,start\na,w,x,1\nb,w,x,2024-05-01\n",
            ", line 3: the start is a date and time without a time zone, but in",
        ),
        ("task,worker,label,truth\na,w,x,x\na,v,x,y\n", ", line 3: task 'a' is truly 'y' here, but 'x' in line 2"),
        (b"task,worker,label\na,w,caf\xe9\n", ", line 2: this is not UTF-8 text"),
        ('task,worker,label\na,w,"x\n', ", line 2: unexpected end of data"),
    ],
)
def test_bad_files_are_refused_with_their_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(BadInput, match=rf"^[^\n]*answers\.csv{message}[^\n]*$"):
        read(tmp_path, text)


def test_a_file_of_truth_is_read_with_the_answers(tmp_path: Path) -> None:
    from scenarios.answers.reader import read_answers
    from scenarios.answers.table import Columns

    truth = write(tmp_path, "gold\ttask\nno\t7\nx\t100\n", "truth.tsv")
    answers = read_answers(write(tmp_path, "task,worker,label\n7,w,yes\n9,w,no\n"), Columns(truth="gold"), truth_file=truth)
    assert answers.truth == {7: "no"}
