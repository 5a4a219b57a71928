"""Recorded people: those annotators of a scenario who give the answers, or take the times, of people of the real world."""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import NamedTuple

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from agents.annotator.nature import Nature
from agents.annotator.record import Record, Recording
from agents.items import UNKNOWN
from agents.messages import Item, Label
from bus.chance import Chance, Luck
from bus.table import nearest
from scenarios.annotators import Person
from scenarios.answers.log import digest_of
from scenarios.answers.reader import read_answers
from scenarios.answers.table import Answers, Columns
from scenarios.answers.timeline import timeline
from scenarios.errors import BadInput, brief, listed


class Bound(NamedTuple):
    """People who know what they are recorded to have answered.

    Attributes:
        people: all people, in their order.
        digest: 16 hexadecimal digits over the files of their answers; None if nobody is recorded.
    """

    people: list[Person]
    digest: str | None


def bind_people(
    people: Sequence[Person], folder: Path, items: Sequence[Item], classes: Sequence[Label], lease: float | None = None
) -> Bound:
    """Give each person who is recorded their record; each file is read once.

    An answer that is recorded to have taken longer than the lease would be late however often it is asked for. So it is as if it
    were not recorded, and its person is not asked for it.

    Args:
        people: the annotators of a scenario.
        folder: what relative paths start from.
        items: the items of the data.
        classes: their classes.
        lease: seconds in which an answer is due; None for ever.

    Raises:
        BadInput: a file cannot be read, holds fewer workers than there are to be people, answers with what is no class of the data,
            or answers none of the items.
    """
    sizes = Counter(_group_of(person) for person in people)
    files = _Files(folder, {str(item): item for item in items}, {str(label): place for place, label in enumerate(classes)})
    bound = [_bind(person, sizes[_group_of(person)], files, lease) for person in people]
    return Bound(bound, files.digest())


def _bind(person: Person, size: int, files: "_Files", lease: float | None) -> Person:
    group, _, number = person.name.rpartition("-")
    where = f"annotators.{group}"
    noise, latency = person.noise, person.latency
    try:
        answers = noise.recording()
        times = latency.recording(answers)
        if answers is not None:
            answered = files.record(where, answers, int(number), size)
            noise = noise.bound(answered)
        if times is not None:
            took = files.record(where, times, int(number), size)
            latency = latency.bound(took, noise.items())
        if answers is not None and times is not None and lease is not None:
            noise = noise.bound(_in_time(answered, latency, lease))
            latency = latency.bound(_in_time(took, latency, lease), noise.items())
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from None
    return person if answers is None and times is None else person.model_copy(update={"noise": noise, "latency": latency})


def _in_time(record: Record, latency: Latency, lease: float) -> Record:
    """Return the record without the answers that take longer than the lease."""
    luck, nature = Luck(0), Nature(Chance(0))  # What is recorded is left to no chance.
    in_time = {
        item: label for item, label in record.answers.items() if latency.seconds(Case(item, 0, UNKNOWN, 0, nature), luck) <= lease
    }
    return record._replace(answers=in_time)


def _group_of(person: Person) -> str:
    return person.name.rpartition("-")[0]


class _File(NamedTuple):
    """A file of answers: its workers in order, the rows of each as they came, and the median of all durations."""

    answers: Answers
    workers: list[str]
    rows: dict[str, list[int]]
    median: float | None


class _Files:
    """The files of answers of one scenario, each read once.

    Args:
        folder: what relative paths start from.
        items: the items of the data, by their names.
        classes: indices of the classes, by their names.
    """

    def __init__(self, folder: Path, items: dict[str, Item], classes: dict[str, int]) -> None:
        self._folder = folder
        self._items = items
        self._classes = classes
        self._read: dict[Recording, _File] = {}

    def record(self, where: str, recording: Recording, number: int, size: int) -> Record:
        """Return the record of one person of a group.

        Args:
            where: the group, as messages name it.
            recording: the file.
            number: the person's number, from 1.
            size: how many people the group has.

        Raises:
            BadInput: there is none.
        """
        file = self._file(recording._replace(workers=None))
        worker = _worker(where, file, recording, number, size)
        answers, seconds = dict[Item, int](), dict[Item, float]()
        for row in file.rows[worker]:
            item, label = self._items.get(str(file.answers.tasks[row])), file.answers.labels[row]
            if item is None or label is None or item in answers:
                continue
            if str(label) not in self._classes:
                known = ", ".join(listed([*self._classes], 20))
                raise BadInput(f"{file.answers.where(row)}: {brief(label)} is no class of the data; there are {known}")
            answers[item] = self._classes[str(label)]
            duration = file.answers.durations[row]
            if duration is not None:
                seconds[item] = duration
        return Record(answers, seconds, median(seconds.values()) if seconds else file.median)

    def digest(self) -> str | None:
        """Return the digest over the files that were read; None if none was."""
        if not self._read:
            return None
        paths = sorted({recording.file for recording in self._read})
        state = blake2b(digest_size=8)
        for path in paths:
            state.update(digest_of(self._folder / path).encode())
        return state.hexdigest()

    def _file(self, recording: Recording) -> _File:
        if recording not in self._read:
            self._read[recording] = self._open(recording)
        return self._read[recording]

    def _open(self, recording: Recording) -> _File:
        task, worker, label, duration = recording.columns
        columns = Columns(task, worker, label, duration=duration)
        answers = read_answers(self._folder / recording.file, columns, recording.format)
        if not any(str(name) in self._items for name in answers.tasks):
            found, there = answers.tasks[0], next(iter(self._items.values()), None)
            raise BadInput(
                f"{answers.path}: none of its tasks, such as {brief(found)}, is an item of the data, such as {brief(there)}"
            )
        rows: dict[str, list[int]] = {name: [] for name in answers.workers}
        for moment in timeline(answers).moments.tolist():
            if moment & 1:
                rows[answers.workers[moment >> 1]].append(moment >> 1)
        known = [each for each in answers.durations if each is not None]
        return _File(answers, [*rows], rows, median(known) if known else None)


def _worker(where: str, file: _File, recording: Recording, number: int, size: int) -> str:
    """Return the worker of the file who is that person of the group."""
    if recording.workers is None:
        if size > len(file.workers):
            raise BadInput(f"{where}: count is {size}, but {file.answers.path} has answers of {len(file.workers)} workers")
        return file.workers[number - 1]
    if len({*recording.workers}) != len(recording.workers) or len(recording.workers) != size:
        raise BadInput(f"{where}: workers names {len({*recording.workers})} of them, but count is {size}")
    worker = recording.workers[number - 1]
    if worker not in file.rows:
        known = nearest(worker, listed(file.workers))
        raise BadInput(f"{where}: {file.answers.path} has no answers of {brief(worker)}; {known}")
    return worker
