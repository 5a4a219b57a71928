"""The log of a crowd: answers, truth and times, whichever way they are read."""

from pathlib import Path

import numpy as np
import pytest

from agents.items import UNKNOWN
from scenarios.aggregation.reading import Stated, read_truth
from scenarios.answers.table import Columns
from scenarios.crowds.log import Log, read_log
from scenarios.errors import BadInput
from tests.scenarios.answers.files import annotation, choice, export, task
from tests.scenarios.crowds.files import write_log

ROWS = """task,worker,label,start,duration
b,ann,x,2024-05-01T10:00:00,3
a,ann,y,2024-05-01T09:59:00,
a,bob,x,2024-05-02T00:00:00,4.5
b,ann,x,2024-05-01T10:05:00,2
"""


def log_of(folder: Path, text: str, truth: dict[str, str] | None = None, **columns: str) -> Log:
    path = folder / "answers.csv"
    path.write_text(text)
    return read_log(path, Columns(**columns), None, None if truth is None else Stated(folder / "truth.csv", truth))


def test_answers_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    log = log_of(tmp_path, ROWS, {"a": "y"})
    assert ([*log.table.items], [*log.table.people], log.table.classes) == (["a", "b"], ["ann", "bob"], ("x", "y"))
    assert (log.item.tolist(), log.person.tolist()) == ([1, 0, 0, 1], [0, 0, 1, 0])
    np.testing.assert_array_equal(log.seconds, [3, np.nan, 4.5, 2])
    np.testing.assert_array_equal(log.start, [60, 0, 14 * 3600 + 60, 360])
    assert log.midnight == -(9 * 3600 + 59 * 60)
    assert (log.truth.tolist(), log.known) == ([1, UNKNOWN], 1)


def test_a_persons_answers_are_counted_in_the_order_of_time(tmp_path: Path) -> None:
    position = log_of(tmp_path, ROWS).position
    assert position is not None
    assert position.tolist() == [1, 0, 0, 2]


def test_without_all_starts_nobody_knows_an_order(tmp_path: Path) -> None:
    assert log_of(tmp_path, ROWS.replace("2024-05-02T00:00:00", "")).position is None
    log = log_of(tmp_path, "task,worker,label\na,ann,x\na,bob,y\n")
    assert log.position is None
    assert np.isnan(log.seconds).all()
    assert np.isnan(log.start).all()
    assert log.midnight is None


def test_a_file_with_declined_tasks_says_the_same_of_the_others(tmp_path: Path) -> None:
    said = (annotation(3, choice("x"), lead_time=5.0), annotation(4, was_cancelled=True), annotation(5, choice("y"), lead_time=6.0))
    path = tmp_path / "answers.json"
    path.write_text(export(task(7, *said)))
    log = read_log(path, Columns(), None, None)
    assert (log.declined, log.seconds.tolist(), log.person.tolist()) == (1, [5.0, 6.0], [0, 1])


def test_columns_of_times_may_be_called_something_else(tmp_path: Path) -> None:
    log = log_of(tmp_path, ROWS.replace("duration", "took").replace("start", "began"), start="began", duration="took")
    np.testing.assert_array_equal(log.seconds, [3, np.nan, 4.5, 2])
    assert log.midnight is not None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("3\n", "-3\n"), "line 2: the duration is -3"),
        (("4.5", "nix"), "line 4: the duration is 'nix'; durations are numbers"),
        (("2024-05-02T00:00:00", "12"), "line 4: the start is a number of seconds, but in line 2 it is a date and time"),
        (("2024-05-02T00:00:00", "noon"), "line 4: the start"),
        (("2024-05-02T00:00:00", "2424-05-02T00:00:00"), "line 4: the start is more than a century after"),
        (("duration", "x"), "there is no column 'took'"),
    ],
)
def test_wrong_times_are_refused_with_their_line(tmp_path: Path, wrong: tuple[str, str], message: str) -> None:
    columns = {"duration": "took"} if "took" in message else {}
    with pytest.raises(BadInput, match=message):
        log_of(tmp_path, ROWS.replace(*wrong), None, **columns)


def test_people_who_had_no_choice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="every answer is 'x'; nothing can be learnt"):
        log_of(tmp_path, ROWS.replace(",y,", ",x,"))


def test_both_ways_of_reading_agree(tmp_path: Path) -> None:
    answers, truth = write_log(tmp_path)
    stated = read_truth(truth)
    fast = read_log(answers, Columns(), None, stated)
    # A blank among the labels is an empty answer, which only the careful reader takes for what it is: here, a quoted blank line.
    tsv = tmp_path / "answers.tsv"
    tsv.write_text(answers.read_text().replace(",", "\t").replace("\n", "\n\n"))
    slow = read_log(tsv, Columns(), None, stated)
    for one, other in ((fast.item, slow.item), (fast.seconds, slow.seconds), (fast.start, slow.start), (fast.truth, slow.truth)):
        np.testing.assert_array_equal(one, other)
