"""The table of answers: what its cells must be."""

from pathlib import Path

import pytest

from scenarios.answers.moment import Kind, Moment
from scenarios.answers.table import Answers, Draft
from scenarios.errors import BadInput

PATH = Path("answers.csv")


def draft() -> Draft:
    return Draft(PATH, "line")


def finished(*answers: tuple[str, str, str | None], truth: dict[str, str] | None = None) -> Answers:
    table = draft()
    for line, (task, worker, label) in enumerate(answers, 2):
        table.add(line, task, worker, label)
    for name, true in (truth or {}).items():
        table.know(f"{PATH}, line 9", name, true)
    return table.finish()


def at(*seconds: float | None) -> Answers:
    table = draft()
    for line, each in enumerate(seconds, 2):
        table.add(line, "t", "w", "x", None if each is None else Moment(each, Kind.NUMBER))
    return table.finish()


def test_tasks_and_labels_that_are_whole_numbers_throughout_become_numbers_and_workers_never_do() -> None:
    answers = finished(("7", "1", "0"), ("9", "2", "-1"), truth={"7": "0"})
    assert (answers.tasks, answers.workers, answers.labels, answers.truth) == ([7, 9], ["1", "2"], [0, -1], {7: 0})


def test_one_text_makes_all_texts() -> None:
    answers = finished(("7", "1", "0"), ("nine", "2", "x"), truth={"7": "0"})
    assert (answers.tasks, answers.labels, answers.truth) == (["7", "nine"], ["0", "x"], {"7": "0"})


def test_labels_and_truth_are_of_one_type() -> None:
    answers = finished(("7", "1", "0"), truth={"7": "none"})
    assert (answers.labels, answers.truth) == (["0"], {7: "none"})


def test_a_truth_that_went_through_a_program_for_numbers_is_still_whole() -> None:
    assert finished(("7", "1", "0"), truth={"7": "1.0"}).truth == {7: 1}
    assert finished(("7", "1", "a"), truth={"7": "1.0"}).truth == {7: "1.0"}


def test_only_tasks_that_were_asked_have_a_truth() -> None:
    assert finished(("7", "1", "0"), truth={"8": "x", "7": "1"}).truth == {7: 1}


def test_who_skipped_a_task_has_no_label_and_labels_may_be_numbers_all_the_same() -> None:
    assert finished(("7", "1", "0"), ("7", "2", None)).labels == [0, None]


def test_classes_are_those_of_answers_and_truth_in_order() -> None:
    assert finished(("7", "1", "10"), ("8", "1", "9"), ("8", "2", None), truth={"7": "2"}).classes() == (2, 9, 10)


def test_starts_count_from_the_earliest() -> None:
    assert at(100.0, None, 98.5).starts == [1.5, None, 0.0]


def test_a_file_spans_no_more_than_a_century() -> None:
    assert at(0.0, 3.1e9).starts == [0.0, 3.1e9]
    with pytest.raises(BadInput, match=r"answers\.csv, line 4: the start is more than a century after the earliest$"):
        at(4e9, 5e9, 9e9, 8e9)


@pytest.mark.parametrize(
    ("task", "worker", "label", "what"), [("", "w", "x", "task"), ("t", "", "x", "worker"), ("t", "w", "", "label")]
)
def test_empty_cells_are_refused(task: str, worker: str, label: str, what: str) -> None:
    with pytest.raises(BadInput, match=rf"answers\.csv, line 5: the {what} is empty$"):
        draft().add(5, task, worker, label)


@pytest.mark.parametrize("duration", [-1.0, float("nan"), float("inf"), 3.3e9])
def test_durations_are_from_nothing_to_a_century(duration: float) -> None:
    with pytest.raises(BadInput, match=r"line 5: the duration is .*; durations are 0 to 3\.2e\+09 seconds$"):
        draft().add(5, "t", "w", "x", duration=duration)


def test_moments_of_different_kinds_do_not_mix() -> None:
    table = draft()
    table.add(2, "t", "w", "x", Moment(5.0, Kind.UNIVERSAL))
    message = "line 3: the start is a number of seconds, but in line 2 it is a date and time with a time zone$"
    with pytest.raises(BadInput, match=message):
        table.add(3, "t", "w", "x", Moment(5.0, Kind.NUMBER))


def test_two_truths_of_a_task_are_refused_and_one_said_twice_is_not() -> None:
    table = draft()
    table.know("answers.csv, line 2", "t", "x")
    table.know("answers.csv, line 3", "t", "x")
    with pytest.raises(BadInput, match=r"^answers\.csv, line 4: task 't' is truly 'y' here, but 'x' in line 2$"):
        table.know("answers.csv, line 4", "t", "y")


def test_a_file_without_answers_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^answers\.csv: there are no answers$"):
        draft().finish()


def test_a_file_in_which_everybody_skipped_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^answers\.csv: nobody gave a label$"):
        finished(("t", "w", None))
