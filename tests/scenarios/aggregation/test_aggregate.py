"""Aggregation in Python."""

import doctest
from typing import Any

import numpy as np
import pandas
import pyarrow
import pytest
from pydantic import ValidationError

from agents.inference.majority import MajorityVote
from scenarios.aggregation import aggregate as module
from scenarios.aggregation.aggregate import aggregate

ROWS = [(1, "ann", "yes"), (1, "bob", "yes"), (1, "cat", "no"), (2, "ann", "no")]
COLUMNS = {name: [row[place] for row in ROWS] for place, name in enumerate(("task", "worker", "label"))}

FRAME = pandas.DataFrame(COLUMNS)
NULLABLE = FRAME.astype("string").assign(worker=pandas.array(["ann", "bob", pandas.NA, "ann"], "string"))


def test_the_example_in_its_docstring_is_right() -> None:
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted == 3


@pytest.mark.parametrize(
    "answers",
    [
        COLUMNS,
        pandas.DataFrame(COLUMNS),
        pandas.DataFrame(COLUMNS).astype({"label": "category"}),
        pandas.DataFrame(COLUMNS, index=[7, 7, 0, -1]).astype({"task": "Int64", "worker": "string", "label": "string[pyarrow]"}),
        pandas.DataFrame(COLUMNS).astype({"task": float, "label": object}),
        pyarrow.table(COLUMNS),
        np.array(ROWS, [("task", int), ("worker", "U3"), ("label", "U3")]),
        np.array(ROWS, object),
    ],
    ids=["mapping", "pandas", "category", "nullable", "floats", "pyarrow", "structured", "array"],
)
def test_every_kind_of_table_says_the_same(answers: object) -> None:
    found = aggregate(answers, "majority")
    assert (found.table.items, found.table.people, found.table.classes) == ([1, 2], ["ann", "bob", "cat"], ("no", "yes"))
    np.testing.assert_allclose(found.posterior, [[1 / 3, 2 / 3], [1, 0]])


def test_a_method_may_be_a_name_a_table_or_a_method() -> None:
    for method in ("majority", {"kind": "majority"}, MajorityVote()):
        assert aggregate(COLUMNS, method).posterior[1, 0] == 1
    assert aggregate(COLUMNS, {"kind": "dawid-skene", "most": 1, "tolerance": 0}).iterations == 1


def test_gold_is_certain_and_may_be_of_tasks_without_answers() -> None:
    found = aggregate(COLUMNS, "majority", gold={1: "no", 3: "maybe"})
    assert found.table.items == [1, 2, 3]
    assert found.table.classes == ("maybe", "no", "yes")
    assert found.posterior[[0, 2]].tolist() == [[0, 1, 0], [1, 0, 0]]


def test_probabilities_stand_at_their_tasks() -> None:
    table = aggregate(COLUMNS, "majority", probabilities={2: [0.25, 0.75]}).table
    assert table.probabilities is not None
    assert table.probabilities.tolist() == [[0.5, 0.5], [0.25, 0.75]]


def test_classes_may_be_given_in_their_order() -> None:
    assert aggregate(COLUMNS, "majority", classes=["yes", "no", "never"]).posterior[1].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("answers", "more", "error", "words"),
    [
        ({**COLUMNS, "label": [1, "yes", 1, 1]}, {}, TypeError, "mixed"),
        ({**COLUMNS, "label": ["a", None, "b", "c"]}, {}, ValueError, "row 1"),
        ({**COLUMNS, "label": ["a", "", "b", "c"]}, {}, ValueError, "empty in row 1"),
        ({**COLUMNS, "label": [0.5, 1, 1, 1]}, {}, TypeError, "0.5"),
        ({"task": [1], "worker": ["a"], "lable": ["x"]}, {}, ValueError, "did you mean 'lable'"),
        (np.zeros((3, 2), int), {}, ValueError, r"\(3, 2\)"),
        (7, {}, TypeError, "int"),
        (COLUMNS, {"classes": ["yes", "nay"]}, ValueError, "'no' is none of the classes"),
        (COLUMNS, {"gold": {"1": "no"}}, TypeError, "mixed"),
        (COLUMNS, {"gold": {1: None}}, ValueError, "gold: the label of task 1 is missing"),
        (COLUMNS, {"gold": [(1, "no")]}, TypeError, "gold: this should be a mapping whose keys are tasks, not list"),
        (COLUMNS, {"classes": ["yes", "no", "no"]}, ValueError, "stands twice"),
        ({**COLUMNS, "task": [1]}, {}, ValueError, "task 1, worker 4, label 4 rows"),
        (NULLABLE, {}, ValueError, "'worker': row 2"),
        (pandas.concat([FRAME, FRAME[["label"]]], axis=1), {}, ValueError, "two columns are called 'label'"),
        (COLUMNS, {"probabilities": np.eye(2)}, TypeError, "not ndarray"),
        (COLUMNS, {"probabilities": {9: [0.5, 0.5]}}, ValueError, "none of their tasks, such as 9"),
        (COLUMNS, {"probabilities": {1: ["a", "b"]}}, TypeError, "no numbers"),
        (COLUMNS, {"probabilities": {1: [0.5, 0.6]}}, ValueError, "add up"),
        (COLUMNS, {"probabilities": {1: [1.5, -0.5]}}, ValueError, "add up"),
    ],
)
def test_what_is_wrong_is_said(answers: object, more: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        aggregate(answers, "majority", **more)  # type: ignore[arg-type]


def test_an_unknown_method_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="did you mean 'dawid-skene'"):
        aggregate(COLUMNS, "dawid-skeen")


@pytest.mark.parametrize("method", [None, 3, MajorityVote])
def test_what_is_no_method_is_said(method: Any) -> None:
    with pytest.raises(TypeError, match="a method is a name, a table with a kind, or a method"):
        aggregate(COLUMNS, method)


def test_gold_may_be_a_series() -> None:
    assert aggregate(FRAME, "majority", gold=pandas.Series({2: "yes"})).posterior[1].tolist() == [0, 1]  # type: ignore[arg-type]


def test_a_task_of_gold_without_answers_may_stand_before_the_others() -> None:
    found = aggregate(COLUMNS, "majority", gold={0: "yes"})
    assert found.table.items == [0, 1, 2]
    np.testing.assert_allclose(found.posterior, [[0, 1], [1 / 3, 2 / 3], [1, 0]])
