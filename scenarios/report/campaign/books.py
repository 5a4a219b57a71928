"""What a report keeps of a log beyond what its campaign has come to: answers, labels, hours, changes of mind; as arrays."""

from array import array
from collections import Counter
from typing import Generic, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from agents.messages import Item, Label
from scenarios.export.answers import Status
from scenarios.report.campaign.bins import Bins

STATUSES: tuple[str, ...] = get_args(Status)
"""What may have become of an answer; answers keep its place here."""

POSITION = len(STATUSES)
"""What stands in the place of a status for what was said in a negotiation, which is no answer."""

SERIES = ("open", "waiting", "tasks", "busy", "there", "committed", "reserved", "labels")
"""Quantities that are followed: items open, and those of them that nobody is at; tasks under way, people who have one, people
there; money spent and promised, in millionths; labels."""

NOBODY = -1
"""In the place of a label: there is none, or nobody knows it."""

UNKNOWN_TIME = -1
"""In the place of a time that nobody knows."""

Numbers = NDArray[np.int64]

Name = TypeVar("Name", int | str, str)


class Numbering(Generic[Name]):
    """Numbers for names, in the order in which they come."""

    def __init__(self) -> None:
        self.names: list[Name] = []
        self._numbers: dict[Name, int] = {}

    def of(self, name: Name) -> int:
        """Return the number of a name; the next one if it is new."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
        return number

    def known(self, name: Name) -> int:
        """Return the number of a name; NOBODY's if it is new."""
        return self._numbers.get(name, NOBODY)


class Ledger:
    """Rows of whole numbers under names, appended one by one: in few bytes each, however many there are.

    Args:
        names: the columns.
    """

    def __init__(self, *names: str) -> None:
        self._columns = {name: array("q") for name in names}

    def add(self, *values: int) -> None:
        """Append a row."""
        for column, value in zip(self._columns.values(), values, strict=True):
            column.append(value)

    def column(self, name: str) -> Numbers:
        """Return a column; shape (rows,)."""
        return np.array(self._columns[name], dtype=np.int64)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))


class Books:
    """What is kept of a log. Items, people and labels are numbered; times are in microseconds, money in millionths.

    Attributes:
        items, people, labels: their names.
        answers: everything that was answered, declined or abstained from, in the order in which it was settled what became of it.
            `label` is NOBODY's where there is none, `start` UNKNOWN_TIME where nobody knows it, and `duration` likewise.
        presence: from when until when somebody was there, of those who come and go.
        absence: from when until when somebody was down, or not heard of.
        final: the label of each item that has one, as it stands at the end.
        settled: when an item got the label that it has; of the items in `final`.
        told: what the log says is true of items: those known from the start, gold, and where answers were imported, others.
        series: the quantities of SERIES.
        staleness: how many items got their label after so many others since they were asked for.
        rounds: how many sessions were over after so many rounds; outcomes: and how they ended.
        changes: changes of mind: item, round, label before and after.
        seeds: items whose label was known from the start.
        earned: what was paid to each person, by number.
    """

    def __init__(self) -> None:
        self.items = Numbering[Item]()
        self.people = Numbering[str]()
        self.labels = Numbering[Label]()
        self.answers = Ledger("item", "person", "label", "start", "duration", "status", "time")
        self.presence = Ledger("person", "start", "end")
        self.absence = Ledger("person", "start", "end")
        self.final: dict[int, int] = {}
        self.settled: dict[int, int] = {}
        self.told: dict[Item, Label] = {}
        self.seeds: set[Item] = set()
        self.series = Bins(SERIES)
        self.staleness: Counter[int] = Counter()
        self.rounds: Counter[int] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.changes = Ledger("item", "turn", "before", "after")
        self.earned: Counter[int] = Counter()
