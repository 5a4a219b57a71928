"""Aggregation in Python: what the answers in a table amount to, wherever the table came from."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from agents.inference.answers import Floats
from agents.inference.inference import Inference, Inferred
from agents.items import UNKNOWN
from agents.messages import Item, Label
from bus.table import nearest
from scenarios.aggregation.column import Column, column_of
from scenarios.aggregation.method import DEFAULT, method_of
from scenarios.aggregation.probabilities import TOLERANCE
from scenarios.aggregation.problem import table_from
from scenarios.errors import listed

COLUMNS = ("task", "worker", "label")


def aggregate(
    answers: Any,
    method: Inference | Mapping[str, Any] | str = DEFAULT,
    *,
    gold: Mapping[Item, Label] | None = None,
    probabilities: Mapping[Item, Sequence[float]] | None = None,
    classes: Sequence[Label] | None = None,
    seed: int = 0,
) -> Inferred:
    """Return what answers amount to: posteriors of the classes of each item, and how good people are.

    Tasks, and labels, are whole numbers throughout or text throughout, taken as they are; workers are named by what text they make.

        >>> found = aggregate({"task": [1, 1, 1, 2], "worker": ["ann", "bob", "cat", "ann"], "label": ["yes", "yes", "no", "no"]},
        ...                   method="majority")
        >>> found.table.items, found.table.classes
        ([1, 2], ('no', 'yes'))
        >>> found.posterior.round(2).tolist()
        [[0.33, 0.67], [1.0, 0.0]]

    Args:
        answers: a row an answer, with columns task, worker and label: a pandas DataFrame, a pyarrow Table, a structured NumPy array
            or a mapping of sequences; or a NumPy array of shape (answers, 3), in that order.
        method: a method's name, a table with its kind and its dials, or a method. `parley list inference` shows them.
        gold: true labels, as far as they are known. A task that stands here only is an item without answers.
        probabilities: what a model says: for a task, the probability of each class in order. A task that it lacks counts as evenly
            spread.
        classes: the classes, in order; None for those that occur in labels or gold, sorted.
        seed: of methods that need chance.

    Raises:
        TypeError: this is no table, or a column mixes numbers and text, or holds neither.
        ValueError: a column is missing, an answer lacks something, a label is none of the classes, probabilities are none, or there
            is no such method.
        agents.component.Unusable: the method cannot be used on such answers.
    """
    tasks, workers, labels = (_column(name, cells) for name, cells in zip(COLUMNS, _cells(answers), strict=True))
    _as_long(tasks, workers, labels)
    known: dict[Item, Label] = dict(_pairs("gold", gold))
    for task, label in known.items():
        if _missing(label):
            raise ValueError(f"gold: the label of task {task!r} is missing")
    _alike("tasks", [*tasks.names, *known])
    tasks = tasks.widened(known)
    _alike("labels", [*labels.names, *known.values(), *(classes or ())])
    order = [*classes] if classes is not None else sorted({*labels.names, *known.values()})
    index = {name: place for place, name in enumerate(order)}
    if len(index) < len(order):
        raise ValueError(f"a class stands twice among the classes {order!r}")
    for name in chain(labels.names, known.values()):
        if name not in index:
            raise ValueError(f"{name!r} is none of the classes; {nearest(str(name), listed([str(each) for each in order], 30))}")
    codes = np.fromiter((index[known[name]] if name in known else UNKNOWN for name in tasks.names), np.intp, len(tasks.names))
    spread = None if probabilities is None else _spread(dict(_pairs("probabilities", probabilities)), tasks.names, len(order))
    return method_of(method, seed).infer(table_from(tasks, workers, labels, order, codes if known else None, spread))


def _cells(answers: Any) -> list[Any]:
    """Return the columns of a table, whatever it is."""
    if isinstance(answers, np.ndarray) and answers.dtype.names is None:
        if answers.ndim != 2 or answers.shape[1] != len(COLUMNS):
            raise ValueError(
                f"an array of answers has the shape (answers, 3), task, worker and label, but this has {answers.shape}"
            )
        return [*answers.T]
    if isinstance(answers, np.ndarray):
        names = [*(answers.dtype.names or ())]
    elif hasattr(answers, "column_names"):
        names = [*answers.column_names]
    elif hasattr(answers, "columns") or isinstance(answers, Mapping):
        names = [*map(str, getattr(answers, "columns", answers))]
    else:
        raise TypeError(f"answers are a table with the columns task, worker and label, not {type(answers).__name__}")
    for name in COLUMNS:
        if name not in names:
            raise ValueError(f"there is no column {name!r}; {nearest(name, listed(names))}")
        if names.count(name) > 1:
            raise ValueError(f"two columns are called {name!r}")
    return [answers[name] for name in COLUMNS]


def _column(name: str, cells: Any) -> Column:
    """Return a column of cells none of which is missing."""
    values = cells.to_numpy() if hasattr(cells, "to_numpy") else cells
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuU":
        names, codes = np.unique(values, return_inverse=True)
        column = Column(names.tolist(), codes.reshape(-1).astype(np.intp))
    else:
        listing = values.tolist() if isinstance(values, np.ndarray) else [*values]
        _alike(f"the column {name!r}", listing)
        column = column_of([int(value) if isinstance(value, float) else value for value in listing])
    if "" in column.names:
        raise ValueError(f"the column {name!r} is empty in row {int(np.argmax(column.codes == column.names.index('')))}")
    return column


def _as_long(*columns: Column) -> None:
    """Refuse columns of different lengths."""
    lengths = [len(column.codes) for column in columns]
    if len({*lengths}) > 1:
        told = ", ".join(f"{name} {length:,}" for name, length in zip(COLUMNS, lengths, strict=True))
        raise ValueError(f"the columns are not of one length: {told} rows")


def _pairs(what: str, mapping: Any) -> Iterable[tuple[Any, Any]]:
    """Return the pairs of a mapping, or of a pandas Series, which is none but has items too; none of nothing."""
    if mapping is None:
        return ()
    if not isinstance(mapping, Mapping) and not (hasattr(mapping, "items") and getattr(mapping, "ndim", 0) == 1):
        raise TypeError(f"{what}: this should be a mapping whose keys are tasks, not {type(mapping).__name__}")
    pairs: Iterable[tuple[Any, Any]] = mapping.items()
    return pairs


def _missing(value: Any) -> bool:
    """Return whether a cell is None, NaN or pandas' NA, which is not even different from itself."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:
        return True


def _alike(what: str, values: Sequence[Any]) -> None:
    """Refuse values that are neither whole numbers throughout nor text throughout."""
    kinds: dict[bool, int] = {}
    for row, value in enumerate(values):
        if _missing(value):
            raise ValueError(f"{what}: row {row} (from 0) is missing")
        if not isinstance(value, int | str | np.integer) and not (isinstance(value, float) and value.is_integer()):
            raise TypeError(f"{what}: row {row} (from 0) is {value!r}; values are whole numbers or text")
        kinds.setdefault(isinstance(value, str), row)
    if len(kinds) > 1:
        text, number = kinds[True], kinds[False]
        raise TypeError(
            f"{what}: text and numbers are mixed, such as {values[text]!r} in row {text} and {values[number]!r} in {number}"
        )


def _spread(probabilities: Mapping[Item, Sequence[float]], tasks: Sequence[Item], classes: int) -> Floats:
    """Return a model's probabilities of the tasks; shape (tasks, classes)."""
    if probabilities and tasks and not any(task in probabilities for task in tasks):
        other = next(iter(probabilities))
        raise ValueError(f"probabilities: none of their tasks, such as {other!r}, is one of the answers', such as {tasks[0]!r}")
    found = np.full((len(tasks), classes), 1.0 / max(1, classes))
    for row, task in enumerate(tasks):
        if task in probabilities:
            try:
                each = np.asarray(probabilities[task], np.float64)
            except (TypeError, ValueError):
                raise TypeError(f"the probabilities of task {task!r} are {probabilities[task]!r}: these are no numbers") from None
            if each.shape != (classes,) or not (each >= 0).all() or abs(each.sum() - 1) > TOLERANCE:
                raise ValueError(f"the probabilities of task {task!r} are {each.tolist()}: no {classes} numbers that add up to 1")
            found[row] = each / each.sum()
    return found
