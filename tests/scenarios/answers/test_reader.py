"""Formats: by name and by what a file ends in."""

import os
from pathlib import Path

import pytest

from scenarios.answers.reader import FORMATS, read_answers
from scenarios.errors import BadInput
from tests.scenarios.answers.files import TABLE, annotation, choice, choosing, export, task, write

CONTENTS = {
    "csv": TABLE,
    "tsv": TABLE.replace(",", "\t"),
    "label-studio": export(task(7, annotation(1, choice("yes")))),
    "prodigy": choosing("yes"),
}


@pytest.mark.parametrize("form", [*CONTENTS])
def test_a_format_may_be_named_whatever_the_file_ends_in(tmp_path: Path, form: str) -> None:
    answers = read_answers(write(tmp_path, CONTENTS[form], "answers.txt"), form=form)
    assert answers.labels[0] == "yes"


@pytest.mark.parametrize(("suffix", "form"), [("csv", "csv"), ("TSV", "tsv"), ("json", "label-studio"), ("jsonl", "prodigy")])
def test_what_a_file_ends_in_says_its_format(tmp_path: Path, suffix: str, form: str) -> None:
    assert read_answers(write(tmp_path, CONTENTS[form], f"answers.{suffix}")).labels[0] == "yes"


def test_unknown_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"^there is no format 'prodgy'; did you mean 'prodigy'\? there are csv, label-studio, parquet"
    ):
        read_answers(write(tmp_path, ""), form="prodgy")
    with pytest.raises(
        BadInput, match=r"answers\.xlsx: a file that ends in '\.xlsx' is of no known format; there are csv, label-studio"
    ):
        read_answers(write(tmp_path, "", "answers.xlsx"))


@pytest.mark.parametrize("suffix", ["csv", "parquet", "json", "jsonl"])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(BadInput, match=rf"none\.{suffix}: No such file or directory$"):
        read_answers(tmp_path / f"none.{suffix}")
    (tmp_path / f"folder.{suffix}").mkdir()
    with pytest.raises(BadInput, match=rf"folder\.{suffix}: Is a directory$"):
        read_answers(tmp_path / f"folder.{suffix}")
    with pytest.raises(BadInput, match=r"null byte$"):
        read_answers(tmp_path / f"\0.{suffix}")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(BadInput, match=r"pipe\.csv: this is no regular file$"):
        read_answers(tmp_path / "pipe.csv")


def test_truth_of_a_file_of_its_own_goes_with_any_format(tmp_path: Path) -> None:
    truth = write(tmp_path, "task,truth\n7,yes\n-17,no\n", "truth.csv")
    found = {
        form: read_answers(write(tmp_path, each, "answers.txt"), form=form, truth_file=truth).truth
        for form, each in CONTENTS.items()
    }
    table = {7: "yes", 9: "no"}
    assert found == {"csv": table, "tsv": table, "label-studio": {7: "yes"}, "prodigy": {-17: "no"}}


def test_truth_that_stands_in_both_files_must_agree(tmp_path: Path) -> None:
    answers, truth = write(tmp_path, TABLE), write(tmp_path, "task,truth\n7,yes\n9,yes\n", "truth.csv")
    with pytest.raises(BadInput, match=r"truth\.csv, line 3: task '9' is truly 'yes' here, but 'no' in line 4$"):
        read_answers(answers, truth_file=truth)


def test_a_file_of_truth_about_other_tasks_is_refused(tmp_path: Path) -> None:
    answers, truth = write(tmp_path, "task,worker,label\n7,w,x\n"), write(tmp_path, "task,truth\nseven,yes\n", "truth.csv")
    with pytest.raises(BadInput, match=r"truth\.csv: none of its tasks is one of .*answers\.csv, such as 7$"):
        read_answers(answers, truth_file=truth)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("task\n7\n", ": there is no column 'truth'; there is task"),
        ("task,truth\n7\n", ", line 2: 1 cells, but the header names 2 columns"),
        ("task,truth\n7,\n", ", line 2: the truth is empty"),
        ("task,truth\n,x\n", ", line 2: the task is empty"),
        ("task,truth\n7,x\n7,y\n", r", line 3: task '7' is truly 'y' here, but 'x' in .*truth\.csv, line 2"),
    ],
)
def test_bad_files_of_truth_are_refused_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    answers = write(tmp_path, "task,worker,label\n7,w,x\n")
    with pytest.raises(BadInput, match=rf"^[^\n]*truth\.csv{message}$"):
        read_answers(answers, truth_file=write(tmp_path, text, "truth.csv"))


def test_every_format_names_columns_that_there_are() -> None:
    from scenarios.answers.table import Columns

    assert all({*form.names} <= {*Columns._fields} for form in FORMATS.values())
