"""Files of answers as data."""

from pathlib import Path
from typing import Any

import pytest

from bus.chance import Chance
from scenarios.answers.source import Answered
from scenarios.errors import BadInput
from scenarios.source import Dataset
from tests.scenarios.answers.files import TABLE, write


def load(folder: Path, text: str = TABLE, **dials: Any) -> Dataset:
    write(folder, text)
    return Answered(path="answers.csv", **dials).load(folder, Chance(7), features=False)


def test_items_are_the_tasks_in_order_of_first_appearance(tmp_path: Path) -> None:
    data = load(tmp_path, TABLE.replace("7,ann", "9,bob,no,100,4,no\n7,ann"))
    assert (data.ids, data.classes, data.truth.tolist(), data.features) == ([9, 7], ("no", "yes"), [0, 1], None)


def test_classes_are_those_of_answers_too(tmp_path: Path) -> None:
    data = load(tmp_path, "task,worker,label,truth\n1,w,a,b\n2,w,c,b\n")
    assert (data.classes, data.truth.tolist()) == (("a", "b", "c"), [1, 1])


def test_truth_may_stand_in_a_file_of_its_own_and_columns_be_called_anything(tmp_path: Path) -> None:
    write(tmp_path, "item\tgold\nx\t1\n", "truth.tsv")
    columns = {"task": "item", "worker": "who", "label": "said", "truth": "gold", "truth_file": "truth.tsv", "format": "csv"}
    data = load(tmp_path, "item,who,said\nx,w,0\n", **columns)
    assert (data.ids, data.classes, data.truth.tolist()) == (["x"], (0, 1), [1])


def test_tasks_without_truth_are_refused_or_left_out(tmp_path: Path) -> None:
    text = "task,worker,label,truth\n1,w,a,a\n2,w,a,\n3,w,a,\n2,v,a,\n"
    message = (
        r"answers\.csv, line 3: what is true of task 2 \(and of 1 more\) is not known; a truth_file may say it, or without_truth"
    )
    with pytest.raises(BadInput, match=message):
        load(tmp_path, text)
    assert load(tmp_path, text, without_truth="drop").ids == [1]


@pytest.mark.parametrize("without_truth", ["refuse", "drop"])
def test_a_file_without_any_truth_is_refused(tmp_path: Path, without_truth: str) -> None:
    with pytest.raises(BadInput, match=r"line 2: what is true of task 1 is not known; a truth_file may say it$"):
        load(tmp_path, "task,worker,label\n1,w,a\n", without_truth=without_truth)
