"""What files say together, and what of it is remarked."""

from pathlib import Path

import pytest

from scenarios.aggregation.probabilities import read_probabilities
from scenarios.aggregation.problem import Problem, pose
from scenarios.aggregation.reading import GOLD, read, read_truth
from scenarios.errors import BadInput
from tests.scenarios.answers.files import write

HEADER = "task,worker,label\n"


def posed(folder: Path, rows: str, truth: str = "", gold: str = "", model: str = "", classes: list[str] | None = None) -> Problem:
    return pose(
        read(write(folder, HEADER + rows)),
        classes,
        read_truth(write(folder, f"task,gold\n{gold}", "gold.csv"), names=GOLD) if gold else None,
        read_truth(write(folder, f"task,truth\n{truth}", "truth.csv")) if truth else None,
        read_probabilities(write(folder, model, "model.csv")) if model else None,
    )


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ("1,a,1.0\n1,b,2.0\n2,a,1.0\n", {"truth": "1,1\n2,2\n"}),
        ("1,a,1\n1,b,2\n2,a,1.0\n", {"truth": "1,1.0\n2,2\n"}),
        ("1,a,1\n1,b,2\n2,a,1\n", {"gold": "1,1.0\n", "classes": ["1.0", "2.0"]}),
        ("1,a,1.0\n1,b,2.0\n2,a,1.0\n", {"model": "task,2,1\n1,0.5,0.5\n2,1,0\n"}),
    ],
)
def test_whole_numbers_are_the_same_with_a_point_and_without(tmp_path: Path, rows: str, more: dict[str, str]) -> None:
    found = posed(tmp_path, rows, **more)  # type: ignore[arg-type]
    assert found.table.classes == (1, 2)
    assert found.table.votes.tolist() == [[1, 1], [1, 0]]
    assert found.remarks == ()


def test_numbers_beside_words_are_text_as_they_are_written(tmp_path: Path) -> None:
    found = posed(tmp_path, "1,a,1\n1,b,1.0\n2,a,yes\n")
    assert found.table.classes == ("1", "1.0", "yes")
    assert "line 3: the label '1.0' is no whole number, though others such as '1' are" in found.remarks[0]


@pytest.mark.parametrize(
    ("rows", "more", "words"),
    [
        ("1,a,x\n2,a,nan\n", {}, ["line 3: the label 'nan' is taken for a class"]),
        (
            "1,a,x\n2,a,y\n",
            {"truth": "1,X\n2,y\n"},
            ["line 2: the label 'x' is true of no task", "'X' is true of 1 task, but nobody"],
        ),
        ("1,a,x\n2,a,y\n", {"truth": "1,x\n2,y\n9,y\n"}, ["truth.csv: 1 task without answers, such as '9'"]),
        ("1,a,x\n2,a,y\n", {"model": "task,x,y\n1,0.5,0.5\n"}, ["model.csv: nothing is said of 1 task, such as '2'"]),
        ("1,a,x\n2,a,y\n", {"truth": "1,x\n", "gold": "1,x\n", "classes": ["x", "y"]}, ["nothing is left to judge by"]),
        (
            "".join(f"{row},a,text {row}\n" for row in range(60)),
            {},
            ["60 answers give 60 different labels; does the column 'label'"],
        ),
        ("1,a,x\n2,a,y\n", {"truth": "1,x\n2,y\n", "gold": "1,y\n"}, ["of '1', 'y' is gold and 'x' is true"]),
        ("1,a,nan\n1,b,x\n", {"truth": "1,nan\n"}, ["the label 'x' is true of no task"]),
    ],
)
def test_what_a_file_may_not_mean_is_remarked(tmp_path: Path, rows: str, more: dict[str, str], words: list[str]) -> None:
    remarks = posed(tmp_path, rows, **more).remarks  # type: ignore[arg-type]
    assert len(remarks) == len(words)
    for remark, word in zip(remarks, words, strict=True):
        assert word in remark


def test_no_more_remarks_are_made_than_can_be_read(tmp_path: Path) -> None:
    remarks = posed(tmp_path, "".join(f"1,a,l{row}\n" for row in range(40)), truth="1,l0\n").remarks
    assert len(remarks) == 6
    assert remarks[-1] == "and so are 34 more"


def test_gold_wins_over_truth_and_is_not_judged(tmp_path: Path) -> None:
    found = posed(tmp_path, "1,a,x\n2,a,y\n", truth="1,x\n2,y\n", gold="1,y\n")
    assert (found.table.gold.tolist(), found.truth.tolist()) == ([1, -1], [-1, 1])


def test_a_label_that_is_none_of_the_classes_given_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"answers\.csv, line 3: the label 'z' is none of the classes; there are x, y"):
        posed(tmp_path, "1,a,x\n2,a,z\n", classes=["x", "y"])
    with pytest.raises(BadInput, match=r"truth\.csv: task '2' is truly 'z', which is none of the classes"):
        posed(tmp_path, "1,a,x\n2,a,y\n", truth="2,z\n", classes=["x", "y"])


def test_what_is_known_of_tasks_stays_with_them_where_numbers_are_put_in_order(tmp_path: Path) -> None:
    found = posed(
        tmp_path, "10,a,x\n9,a,y\n100,a,x\n", truth="100,y\n", gold="9,x\n", model="task,y,x\n100,0.25,0.75\n9,1,0\n10,0,1\n"
    )
    assert found.table.items == [9, 10, 100]
    assert (found.table.gold.tolist(), found.truth.tolist()) == ([0, -1, -1], [-1, -1, 1])
    assert found.table.probabilities is not None
    assert found.table.probabilities.tolist() == [[0, 1], [1, 0], [0.75, 0.25]]
