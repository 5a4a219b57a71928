"""Exports of Prodigy."""

import json
from pathlib import Path

import pytest

from scenarios.answers import prodigy
from scenarios.answers.table import Answers
from scenarios.errors import BadInput
from tests.scenarios.answers.files import answer, choosing, read, rows


def read_lines(folder: Path, *lines: str, **columns: str) -> Answers:
    return read(folder, "".join(lines), "export.jsonl", **columns)


def test_a_line_is_an_answer_that_ended_at_its_time(tmp_path: Path) -> None:
    answers = read_lines(tmp_path, choosing("a"), "\n", choosing("b", "set-bob", _timestamp=1700000012.5))
    assert rows(answers) == [(-17, "set-ann", "a", 0.0, None), (-17, "set-bob", "b", 12.5, None)]
    assert [*answers.lines] == [1, 3]


def test_tasks_are_called_by_their_id_or_that_of_their_meta_or_their_hash(tmp_path: Path) -> None:
    lines = [choosing("a", id="d1"), choosing("a", meta={"id": 7}), choosing("a"), choosing("a", _task_hash=None)]
    assert read_lines(tmp_path, *lines).tasks == ["d1", "7", "-17", "5"]
    assert read_lines(tmp_path, choosing("a", doc="x"), choosing("a", meta={"doc": "y"}), task="doc").tasks == ["x", "y"]


def test_workers_are_called_by_who_they_are_or_their_session(tmp_path: Path) -> None:
    assert read_lines(tmp_path, choosing("a", _annotator_id="bob"), choosing("a"), choosing("b", _annotator_id="")).workers == [
        "bob", "set-ann", "set-ann",
    ]  # fmt: skip
    assert read_lines(tmp_path, choosing("a", user=3), worker="user").workers == ["3"]


def test_who_ignored_or_rejected_or_chose_nothing_has_no_label(tmp_path: Path) -> None:
    lines = [choosing("a", answer="ignore"), choosing("a", answer="reject"), choosing([]), choosing("b"), answer(answer="ignore")]
    assert read_lines(tmp_path, *lines).labels == [None, None, None, "b", None]


def test_without_options_the_label_is_whether_it_was_accepted(tmp_path: Path) -> None:
    answers = read_lines(tmp_path, answer(label="SPAM"), answer("bob", label="SPAM", answer="reject"), answer("cat"))
    assert answers.labels == ["accept", "reject", "accept"]
    assert answers.tasks == [-17, -17, -17]


def test_questions_about_several_labels_are_tasks_of_their_own(tmp_path: Path) -> None:
    answers = read_lines(tmp_path, answer(label="SPAM", id=1), answer(label="RUDE", id=1, answer="reject"), choosing("a", id=1))
    assert answers.tasks == ["1/SPAM", "1/RUDE", "1"]


@pytest.mark.parametrize("column", ["label", "start", "duration", "truth"])
def test_what_has_its_own_place_cannot_be_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(BadInput, match=rf"{column} = 'x' names a column, but a file of prodigy has its own place for that$"):
        read_lines(tmp_path, choosing("a"), **{column: "x"})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]\n", "line 2: this is a list, where an object should be"),
        ("{]\n", r"line 2: this is not JSON \(.*at column 2\)"),
        ("null\n", "line 2: this is null, where an object should be"),
        ('{"a": NaN}\n', r"line 2: this is not JSON \(expected value at column 7\)"),
        ('{"text": "half', r"line 2: this is not JSON \(EOF"),
        ("[" * 100_000, r"line 2: this is not JSON \(recursion limit"),
        ("{}\n", "line 2: 'answer' is missing"),
        ('{"seq":1,"kind":"campaign-started"}\n', "line 2: 'answer' is missing"),
        (answer(answer="yes"), "line 2: 'answer' is none of accept, reject and ignore"),
        (answer(answer=["accept"]), "line 2: 'answer' is none of accept, reject and ignore"),
        (choosing(["a", "b"]), "line 2: 2 options were accepted; a set of labels is not one label"),
        (choosing([["a"]]), "line 2: 'accept' is a list; it should be text or a whole number"),
        (answer(options=[], accept="a"), "line 2: 'accept' is \"a\"; it should be a list"),
        (
            answer(_view_id="ner_manual", spans=[]),
            "line 2: this is of 'ner_manual', and marks parts of a task; an answer is a label",
        ),
        (answer(_session_id=None), "line 2: there is no '_annotator_id' or '_session_id', so nobody knows who answered"),
        (answer(_task_hash=None, _input_hash=None), "line 2: there is no 'id', 'meta.id', '_task_hash' or '_input_hash'"),
        (answer(meta=[]), "line 2, meta: this is a list, where an object should be"),
        (answer(id=1.5), "line 2: 'id' is 1.5; it should be text or a whole number"),
        (answer(_timestamp=-1), "line 2: '_timestamp' is -1; times are 0 to"),
        (answer(_timestamp=1700000000000), r"line 2: '_timestamp' is 1\.7e\+12; times are .* \(are these milliseconds\?\)"),
        (answer(_timestamp=True), "line 2: '_timestamp' is true; it should be a number"),
        (answer(_timestamp="2024-05-01"), "line 2: the start is a date and time without a time zone, but in line 1 it is a number"),
        (answer(label={}), "line 2: 'label' is an object; it should be text or a whole number"),
    ],
)
def test_bad_lines_are_refused_with_their_number(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(BadInput, match=rf"^[^\n]*export\.jsonl, {message}[^\n]*$"):
        read_lines(tmp_path, choosing("a"), line)


def test_a_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"line 1: there is no 'doc', nor in its meta$"):
        read_lines(tmp_path, choosing("a"), task="doc")
    with pytest.raises(BadInput, match=r"line 1: there is no 'user', so nobody knows who answered$"):
        read_lines(tmp_path, choosing("a"), worker="user")


def test_a_line_that_memory_might_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prodigy, "LONGEST_LINE", 2**20)
    with pytest.raises(BadInput, match=r"export\.jsonl, line 2: the line is longer than 1 MiB$"):
        read_lines(tmp_path, choosing("a"), json.dumps({"text": "x" * 2**20}))
