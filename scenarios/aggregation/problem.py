"""A problem of truth inference: the answers of a file, with what else is known of its tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.items import UNKNOWN
from agents.messages import Label
from bus.table import nearest
from scenarios.aggregation.column import Column
from scenarios.aggregation.probabilities import Beliefs
from scenarios.aggregation.reading import Reading, Stated
from scenarios.aggregation.remarks import remarks_on, unasked
from scenarios.errors import BadInput, brief, listed
from scenarios.rows import are_whole


@dataclass(frozen=True, eq=False)
class Problem:
    """What methods work on, and what they are judged by.

    Attributes:
        table: the answers, gold labels, and what a model says.
        truth: true class of each item, or UNKNOWN: never shown to a method; shape (items,). Items whose true class is gold are
            UNKNOWN here, as a method knows them.
        declined: how many tasks were declined, which are no answers.
        remarks: what whoever asked should know of the files.
    """

    table: AnswerTable
    truth: Indices
    declined: int = 0
    remarks: tuple[str, ...] = ()


def table_from(
    tasks: Column, workers: Column, labels: Column, classes: Sequence[Label], gold: Indices | None, probabilities: Floats | None
) -> AnswerTable:
    """Return the table of answers in columns.

    Args:
        tasks, workers, labels: a row an answer.
        classes: the classes; all labels are among them.
        gold: true class of each of the tasks' names, or UNKNOWN; None if none is known.
        probabilities: what a model says of them; shape (tasks' names, classes).
    """
    index = {name: number for number, name in enumerate(classes)}
    place = np.fromiter((index[name] for name in labels.names), np.intp, len(labels.names))
    people = [str(name) for name in workers.names]
    return AnswerTable(tasks.names, people, classes, tasks.codes, workers.codes, place[labels.codes], gold, probabilities)


def pose(
    reading: Reading,
    classes: Sequence[str] | None = None,
    gold: Stated | None = None,
    truth: Stated | None = None,
    beliefs: Beliefs | None = None,
) -> Problem:
    """Bring together what the files say.

    Tasks are whole numbers if all of them are written as such, and text otherwise; labels likewise, with those of gold, truth and
    model. Of tasks that nobody answered, nothing is made but a remark.

    Args:
        reading: the answers.
        classes: the classes, in order, if not those that occur.
        gold: true labels that methods may use.
        truth: true labels by which methods are judged; None for those that stand with the answers.
        beliefs: what a model says of the tasks.

    Raises:
        BadInput: the files do not fit each other.
    """
    tasks = reading.tasks
    known = _asked(gold, tasks.names, reading)
    judged = _asked(truth, tasks.names, reading) if truth is not None else dict(reading.truth)
    reading, classes, known, judged, beliefs = _without_points(reading, classes, known, judged, beliefs)
    said = [*reading.labels.names, *(beliefs.classes if beliefs else ())]
    names = [*dict.fromkeys([*said, *known.values(), *judged.values()] if classes is None else classes)]
    _check_classes(reading, names, classes, [(gold, known), (truth, judged)])
    remarks = [*unasked(tasks.names, gold, truth, beliefs), *remarks_on(reading, judged, known, beliefs, classes)]
    whole = are_whole(names)
    if classes is None:
        names = sorted(names, key=int if whole else None)
    index = {name: number for number, name in enumerate(names)}
    gold_of = _codes(known, tasks.names, index)
    truth_of = np.where(gold_of == UNKNOWN, _codes(judged, tasks.names, index), UNKNOWN)
    if judged and (truth_of == UNKNOWN).all():
        remarks.append("every task whose truth is known is gold, so nothing is left to judge by")
    spread = None if beliefs is None else beliefs.of(tasks.names, names)
    tasks, order = _in_order(tasks)
    labels = reading.labels.renamed([*map(int, reading.labels.names)]) if whole else reading.labels
    table = table_from(
        tasks,
        reading.workers,
        labels,
        [*map(int, names)] if whole else names,
        gold_of[order] if known else None,
        None if spread is None else spread[order],
    )
    return Problem(table, truth_of[order], reading.declined, tuple(remarks))


def _in_order(tasks: Column) -> tuple[Column, Indices]:
    """Turn tasks into numbers if all are whole; return also where each of the new names stood before."""
    if not are_whole(tasks.names):
        return tasks, np.arange(len(tasks.names))
    numbers = [int(name) for name in tasks.names]
    return tasks.renamed(numbers), np.array(sorted(range(len(numbers)), key=numbers.__getitem__), np.intp)


def _asked(stated: Stated | None, tasks: Sequence[str], reading: Reading) -> dict[str, str]:
    """Return what a file says of tasks that were asked.

    Raises:
        BadInput: it says nothing of these.
    """
    if stated is None:
        return {}
    found = {task: stated.truth[task] for task in tasks if task in stated.truth}
    if not found:
        other = next(iter(stated.truth))
        raise BadInput(
            f"{stated.path}: none of its tasks, such as {brief(other)}, is one of {reading.path}, such as {brief(tasks[0])}"
        )
    return found


def _without_points(
    reading: Reading, classes: Sequence[str] | None, known: dict[str, str], judged: dict[str, str], beliefs: Beliefs | None
) -> tuple[Reading, Sequence[str] | None, dict[str, str], dict[str, str], Beliefs | None]:
    """Write whole numbers without a point, if all labels and classes are whole numbers then.

    A column of numbers some of which are missing comes out of many a program as 1.0.
    """
    said = [*reading.labels.names, *(beliefs.classes if beliefs else ()), *(classes or ())]
    every = [*said, *known.values(), *judged.values()]
    if are_whole(every) or not are_whole([*map(_shorn, {*every})]):
        return reading, classes, known, judged, beliefs
    return (
        replace(reading, labels=reading.labels.renamed([*map(_shorn, reading.labels.names)])),
        None if classes is None else [*map(_shorn, classes)],
        {task: _shorn(label) for task, label in known.items()},
        {task: _shorn(label) for task, label in judged.items()},
        None if beliefs is None else replace(beliefs, classes=tuple(map(_shorn, beliefs.classes))),
    )


def _shorn(label: str) -> str:
    return label.removesuffix(".0")


def _check_classes(
    reading: Reading, names: Sequence[str], classes: Sequence[str] | None, stated: Iterable[tuple[Stated | None, dict[str, str]]]
) -> None:
    """Refuse labels that are none of the classes given, and truth that has nothing to do with the answers."""
    there = {*names}
    for label in reading.labels.names:
        if label not in there:
            raise BadInput(f"{reading.first(label)}: the label {brief(label)} is none of the classes; {_near(label, names)}")
    for source, found in stated:
        where = reading.path if source is None else source.path
        for task, label in found.items():
            if label not in there:
                raise BadInput(
                    f"{where}: task {brief(task)} is truly {brief(label)}, which is none of the classes; {_near(label, names)}"
                )
        if classes is None and found and not {*found.values()} & {*reading.labels.names}:
            answers = ", ".join(listed(reading.labels.names, 10))
            raise BadInput(
                f"{where}: none of what is true there, such as {brief(next(iter(found.values())))}, was ever answered; "
                f"answers are {answers}"
            )


def _near(label: str, names: Sequence[str]) -> str:
    return nearest(label, listed(names, 30))


def _codes(known: Mapping[str, str], tasks: Sequence[str], index: Mapping[str, int]) -> Any:
    return np.fromiter((index[known[task]] if task in known else UNKNOWN for task in tasks), np.intp, len(tasks))
