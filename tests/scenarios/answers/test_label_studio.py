"""Exports of Label Studio."""

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios.answers import label_studio
from scenarios.answers.table import Answers
from scenarios.errors import BadInput
from tests.scenarios.answers.files import annotation, choice, export, read, rows, task


def studio(folder: Path, *tasks: dict[str, Any], **columns: str) -> Answers:
    return read(folder, export(*tasks), "export.json", **columns)


def test_an_annotation_is_an_answer_that_ended_when_it_was_created(tmp_path: Path) -> None:
    answers = studio(
        tmp_path,
        task(7, annotation(3, choice("yes")), annotation(4, choice("no"), created_at="2024-05-01T10:01:00.5Z", lead_time=20)),
        task(9, annotation(3, choice("no"), created_at="2024-05-01T10:02:00Z", lead_time=None)),
    )
    assert rows(answers) == [(7, "3", "yes", 0.0, 12.5), (7, "4", "no", 23.0, 20.0), (9, "3", "no", 102.5, None)]
    assert [*answers.lines] == [1, 1, 2]


def test_annotators_are_called_by_e_mail_or_by_number(tmp_path: Path) -> None:
    people = [3, {"id": 4, "email": " ann@example.org "}, {"id": 5, "email": ""}]
    answers = studio(tmp_path, task(7, *(annotation(each, choice("yes")) for each in people)))
    assert answers.workers == ["3", "ann@example.org", "5"]
    older = annotation(None, choice("yes"), created_username=" bob@example.org, 1")
    assert studio(tmp_path, task(7, older)).workers == ["bob@example.org, 1"]


def test_completions_are_annotations(tmp_path: Path) -> None:
    older = {"id": 7, "data": {}, "completions": [annotation(3, choice("yes"))]}
    assert studio(tmp_path, older).labels == ["yes"]


def test_who_skipped_or_chose_nothing_has_no_label(tmp_path: Path) -> None:
    empty = {**choice(""), "value": {"choices": []}}
    answers = studio(
        tmp_path,
        task(7, annotation(1, choice("yes"), was_cancelled=True), annotation(2), annotation(3, empty), annotation(4, choice("no"))),
    )
    assert answers.labels == [None, None, None, "no"]


def test_ground_truth_is_what_is_true_and_no_answer(tmp_path: Path) -> None:
    answers = studio(tmp_path, task(7, annotation(1, choice("yes"), ground_truth=True), annotation(2, choice("no"))))
    assert (answers.labels, answers.truth) == (["no"], {7: "yes"})


def test_results_that_are_no_choices_may_stand_beside_one(tmp_path: Path) -> None:
    box = {"from_name": "box", "type": "rectanglelabels", "value": {"rectanglelabels": ["Cat"]}}
    assert studio(tmp_path, task(7, annotation(1, box, choice("yes")))).labels == ["yes"]


def test_of_several_questions_one_is_named(tmp_path: Path) -> None:
    both = annotation(1, choice("sports"), choice("sad", "mood"))
    only = annotation(2, choice("politics"))
    assert studio(tmp_path, task(7, both, only), label="mood").labels == ["sad", None]
    with pytest.raises(BadInput, match=r"entry 1, annotations 1: several questions were asked \('topic', 'mood'\); name the one"):
        studio(tmp_path, task(7, both, only))
    with pytest.raises(BadInput, match=r"entry 2, annotations 1: several questions were asked \('topic', 'mood'\); name the one"):
        studio(tmp_path, task(7, only), task(8, annotation(2, choice("sad", "mood"))))
    with pytest.raises(BadInput, match=r"no question is called 'moud'; did you mean 'mood'\? there are mood, topic$"):
        studio(tmp_path, task(7, both, only), label="moud")


def test_tasks_may_be_called_by_what_stands_in_their_data(tmp_path: Path) -> None:
    named = task(7, annotation(1, choice("yes")), doc="d-1")
    assert studio(tmp_path, named, task="doc").tasks == ["d-1"]
    with pytest.raises(BadInput, match=r"entry 1: there is no 'dok' in its data$"):
        studio(tmp_path, named, task="dok")


def test_tasks_without_annotations_are_passed_over(tmp_path: Path) -> None:
    assert studio(tmp_path, task(7), task(8, annotation(1, choice("yes")))).tasks == [8]


@pytest.mark.parametrize("column", ["worker", "start", "duration", "truth"])
def test_what_has_its_own_place_cannot_be_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(BadInput, match=rf"{column} = 'x' names a column, but a file of label-studio has its own place for that$"):
        studio(tmp_path, task(7, annotation(1, choice("yes"))), **{column: "x"})


TWO = {**choice("a"), "value": {"choices": ["a", "b"]}}
BOX = {"type": "rectanglelabels", "value": {}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, ": an export of Label Studio is a list of tasks, and this is none"),
        ([], ": there are no answers"),
        ([7], ", entry 1: this is 7, where an object should be"),
        ([task(1), None], ", entry 2: this is null, where an object should be"),
        ([{"id": 1, "topic": "yes"}], r", entry 1: there are no 'annotations'; export as JSON \(JSON-MIN"),
        ([{"id": 1, "annotations": {}}], ", entry 1: 'annotations' is an object; it should be a list"),
        ([{"annotations": [annotation(1)]}], ", entry 1: there is no 'id'"),
        ([task(1.5, annotation(1))], ", entry 1: 'id' is 1.5; it should be text or a whole number"),
        ([task(True, annotation(1))], ", entry 1: 'id' is true; it should be text or a whole number"),
        ([task(1, annotation(1, TWO))], ", entry 1, annotations 1, result 1: there are several choices for 'topic'; a set"),
        ([task(1, annotation(1, choice("a"), choice("b")))], ", entry 1, annotations 1, result 2: there are several choices"),
        ([task(1, annotation(1, choice(["a", "b"])))], ", entry 1, annotations 1, result 1: 'choices' is a list; it should"),
        ([task(1, annotation(1, BOX))], ", entry 1, annotations 1: its results are 'rectanglelabels'; an answer is a choice"),
        ([task(1), task(2, annotation(None, choice("a")))], ", entry 2, annotations 1: there is no 'completed_by', so nobody"),
        ([task(1, annotation([], choice("a")))], ", entry 1, annotations 1: 'completed_by' is a list; it should be text or"),
        ([task(1, annotation(1, choice("a"), lead_time=-1))], ", entry 1: the duration is -1; durations are"),
        ([task(1, annotation(1, choice("a"), lead_time="long"))], ", entry 1, annotations 1: 'lead_time' is .long.; it should"),
        ([task(1, annotation(1, choice("a"), lead_time=10**400))], ", entry 1, annotations 1: 'lead_time' is 10+.*too large"),
        ([task(1, annotation(1, choice("a"), created_at="late"))], ", entry 1, annotations 1: 'created_at' is 'late'; write"),
        ([task(1, annotation(1, choice("a"), created_at=[]))], ", entry 1, annotations 1: 'created_at' is a list; it"),
        ([task(1, annotation(1, choice("a"), was_cancelled=2))], ", entry 1, annotations 1: 'was_cancelled' is 2; it should"),
        ([task(1, annotation(1, choice(" ")))], ", entry 1: the label is empty"),
        ([task(1, annotation(1, choice("a"), ground_truth=True), annotation(2, choice("b"), ground_truth=True))],
         ", entry 1, annotations 2: task '1' is truly 'b' here, but 'a' in entry 1, annotations 1"),
    ],
)  # fmt: skip
def test_bad_entries_are_refused_with_their_number(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(BadInput, match=rf"^[^\n]*export\.json{message}[^\n]*$"):
        read(tmp_path, json.dumps(content), "export.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"this is not JSON \(EOF while parsing a value at column 0\)"),
        ("[{]", r"this is not JSON \(.* at column 3\)"),
        ('[\n{"id": NaN}]', r"this is not JSON \(expected value at line 2 column 8\)"),
        ("[" * 100_000, r"this is not JSON \(recursion limit exceeded"),
        (b"\xff\xfe[", "this is not JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(BadInput, match=rf"^[^\n]*export\.json: {message}[^\n]*$"):
        read(tmp_path, text, "export.json")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + export(task(7, annotation(1, choice("yes")))), "export.json").labels == ["yes"]


def test_an_export_that_memory_might_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_studio, "LARGEST", 2**20)
    with pytest.raises(BadInput, match=r"export\.json: the file is larger than 1 MiB; part it, or turn it into CSV or Parquet$"):
        read(tmp_path, " " * (2**20 + 1), "export.json")
