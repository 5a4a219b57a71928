"""Remarks: what a file may not mean as it is taken, told to whoever asked, who may know better."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from bus.table import nearest
from scenarios.aggregation.probabilities import Beliefs
from scenarios.aggregation.reading import Reading, Stated
from scenarios.errors import brief, listed
from scenarios.history.phrases import counted
from scenarios.rows import are_whole

_SHOWN = 5
_NOTHING = frozenset({"nan", "na", "n/a", "<na>", "null"})
"""What programs write where nothing is."""
_MANY = 50
"""Classes from which on they may be no classes."""


def remarks_on(
    reading: Reading, judged: Mapping[str, str], known: Mapping[str, str], beliefs: Beliefs | None, classes: Collection[str] | None
) -> list[str]:
    """Say what is odd about answers and what is said of them.

    Args:
        reading: the answers.
        judged: what is true of tasks.
        known: what methods may know of it.
        beliefs: what a model says of them.
        classes: the classes, where they were given.
    """
    true = {*judged.values(), *known.values()}
    found = [*_declined(reading), *_numbers(reading), *_nothing(reading, true), *_many(reading), *_unheard_of(reading, beliefs)]
    found += _contradicted(judged, known)
    if judged and classes is None:
        found += [*_never_true(reading, {*judged.values()}), *_never_answered(reading, judged)]
    return found


def unasked(tasks: Sequence[str], *known: Stated | Beliefs | None) -> list[str]:
    """Say of which tasks a file knows something that nobody was asked."""
    asked = {*tasks}
    remarks = []
    for each in known:
        others = [] if each is None else [task for task in each.tasks() if task not in asked]
        if each is not None and others:
            tell = f"{counted(len(others), 'task')} without answers, such as {brief(others[0])}"
            remarks.append(f"{each.path}: {tell}: left out")
    return remarks


def _declined(reading: Reading) -> Iterable[str]:
    if reading.declined:
        yield f"{reading.path}: {counted(reading.declined, 'task')} declined, which count as no answers"


def _numbers(reading: Reading) -> Iterable[str]:
    names = reading.labels.names
    odd = [name for name in names if not are_whole([name])]
    if odd and len(odd) < len(names):
        whole = next(name for name in names if name not in {*odd})
        yield (
            f"{reading.first(odd[0])}: the label {brief(odd[0])} is no whole number, though others such as {brief(whole)} are: "
            "all are taken as text"
        )


def _nothing(reading: Reading, true: Collection[str]) -> Iterable[str]:
    for name in reading.labels.names:
        if name.casefold() in _NOTHING and name not in true:
            yield f"{reading.first(name)}: the label {brief(name)} is taken for a class, though it may mean that there is none"


def _many(reading: Reading) -> Iterable[str]:
    number, answers = len(reading.labels.names), len(reading.labels.codes)
    if number >= _MANY and 4 * number > answers:
        column = reading.columns.label or "label"
        yield f"{reading.path}: {answers:,} answers give {number:,} different labels; does the column {column!r} hold classes?"


def _unheard_of(reading: Reading, beliefs: Beliefs | None) -> Iterable[str]:
    """Say of which tasks a model says nothing."""
    others = [] if beliefs is None else [task for task in reading.tasks.names if task not in beliefs.rows]
    if beliefs is not None and others:
        tell = f"nothing is said of {counted(len(others), 'task')}, such as {brief(others[0])}"
        yield f"{beliefs.path}: {tell}: every class counts as equally probable"


def _contradicted(judged: Mapping[str, str], known: Mapping[str, str]) -> Iterable[str]:
    """Say of which tasks gold is something else than truth."""
    others = [task for task, label in known.items() if judged.get(task, label) != label]
    if others:
        first = others[0]
        what = f"of {brief(first)}, {brief(known[first])} is gold and {brief(judged[first])} is true"
        yield f"gold contradicts the truth of {counted(len(others), 'task')}: {what}; gold is what methods are told"


def _never_true(reading: Reading, truths: Collection[str]) -> Iterable[str]:
    """Say which labels were answered that are true of no task: mistakes in writing, perhaps."""
    never = [name for name in reading.labels.names if name not in truths]
    for name in never[:_SHOWN]:
        near = nearest(name, listed(sorted(truths), 30))
        yield f"{reading.first(name)}: the label {brief(name)} is true of no task whose truth is known; {near}"
    yield from _rest(never)


def _never_answered(reading: Reading, judged: Mapping[str, str]) -> Iterable[str]:
    """Say what is true of some tasks that nobody ever answered."""
    labels = {*reading.labels.names}
    never = [(name, count) for name, count in sorted(Counter(judged.values()).items()) if name not in labels]
    for name, count in never[:_SHOWN]:
        near = nearest(name, listed(reading.labels.names, 30))
        yield f"{brief(name)} is true of {counted(count, 'task')}, but nobody ever answered so; {near}"
    yield from _rest(never)


def _rest(found: Sequence[object]) -> Iterable[str]:
    if len(found) > _SHOWN:
        yield f"and so are {len(found) - _SHOWN:,} more"
