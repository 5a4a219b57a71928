"""The evidence: all that the report of a run is made of, read from its log once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.component import Trust
from agents.inference.answers import AnswerTable
from agents.inference.auto import Auto
from agents.inference.inference import Inferred
from agents.inference.one_coin import OneCoinDawidSkene
from agents.items import UNKNOWN
from agents.messages import Label
from agents.state import State
from bus.replay import LogReader
from scenarios.export.reading import Progress, read_through, unwatched
from scenarios.header import Header, Recorded, Simulated, header_of
from scenarios.report.campaign.actual import Actual, actual_of
from scenarios.report.campaign.bookkeeper import Bookkeeper
from scenarios.report.campaign.books import NOBODY, STATUSES, Books, Numbers
from scenarios.summary import Summary, budget_of, people_of, rules_of, summarise

_LARGEST = 20_000_000
"""Numbers in everybody's confusion matrices together, beyond which one number a person must do."""

_FINEST = 1_000_000
"""Held-out items that are looked for at most."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a log tells, and what is true of its items.

    Attributes:
        path: the log.
        header: its header.
        state: what the campaign came to.
        books: what was kept beside.
        summary: what it amounts to.
        actual: what is true.
        end: when the campaign, or the log, was over, in microseconds.
        finished: whether the log has a footer.
        torn: bytes of a last line that was cut short.
    """

    path: Path
    header: Header
    state: State
    books: Books
    summary: Summary
    actual: Actual
    end: int
    finished: bool
    torn: int

    @property
    def counted(self) -> bool:
        """Whether times only count answers, nothing but whose order was known."""
        return isinstance(self.header, Recorded) and self.header.times == "order"

    @property
    def budget(self) -> float | None:
        """The budget, in units of the user's currency; None for none."""
        return budget_of(self.header)

    def setting(self, *path: str) -> Any:
        """Return what the scenario says under a path of tables; None if it says nothing."""
        found: Any = self.header.scenario if isinstance(self.header, Simulated) else {}
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    # Items, labels and answers as arrays

    @property
    def classes(self) -> Sequence[Label]:
        """The names of labels, by number."""
        return self.books.labels.names

    @cached_property
    def truth(self) -> Numbers:
        """The true label of each item, by number; NOBODY's where it is not known; shape (items,)."""
        number, actual = self.books.labels, self.actual.labels
        found = [number.known(actual[item]) if item in actual else NOBODY for item in self.books.items.names]
        return np.array(found, dtype=np.int64)

    @cached_property
    def final(self) -> Numbers:
        """The label that each item has at the end; NOBODY's where it has none; shape (items,)."""
        found = np.full(len(self.books.items.names), NOBODY, dtype=np.int64)
        found[list(self.books.final.keys())] = list(self.books.final.values())
        return found

    @cached_property
    def _columns(self) -> dict[str, Numbers]:
        return {
            name: self.books.answers.column(name) for name in ("item", "person", "label", "start", "duration", "status", "time")
        }

    def answers(self, name: str, *statuses: str) -> Numbers:
        """Return a column of the answers that became one of these, in their order; shape (answers,)."""
        return self._columns[name][self._are(statuses)]

    def _are(self, statuses: tuple[str, ...]) -> NDArray[np.bool_]:
        return np.isin(self._columns["status"], [STATUSES.index(each) for each in statuses])

    @cached_property
    def judged(self) -> tuple[int, int]:
        """Labels that can be told right from wrong, and how many are right: by the evaluator's word, or else by what is true."""
        judged = self.state.judged
        if judged is not None and judged.labels:
            return judged.labels, judged.right
        known = (self.final != NOBODY) & (self.truth != NOBODY)
        return int(known.sum()), int((self.final[known] == self.truth[known]).sum())

    @cached_property
    def knows_truth(self) -> bool:
        """Whether it is known of the labelled items what is true of them; of nine in ten at least."""
        labelled = self.final != NOBODY
        return bool(labelled.any()) and float((self.truth[labelled] != NOBODY).mean()) >= 0.9

    @cached_property
    def held_out(self) -> int | None:
        """Held-out items; None if there is no curve.

        Where the data are not there, the number that accuracies can be shares of: the least, or the multiple of it that comes next
        to what the scenario says.
        """
        curve = self.state.curve
        if not curve or self.actual.held_out:
            return self.actual.held_out if curve else None
        least = 1
        for each in curve:
            least = math.lcm(least, Fraction(each.accuracy).limit_denominator(_FINEST).denominator)
            if least > _FINEST:
                return None
        share = self.setting("data", "test_fraction")
        about = self.state.items * share / (1 - share) if isinstance(share, float) and 0 < share < 1 else 0.0
        return least * max(1, round(about / least))

    # What the answers amount to, by themselves

    @cached_property
    def inferred(self) -> Inferred | None:
        """What the answers that count amount to, gold being known: as `parley aggregate` has it; None where they say nothing.

        They say nothing of each other where hardly any item has two.
        """
        item, person, label = (self.answers(name, "counted", "gold") for name in ("item", "person", "label"))
        if not len(item) or len(np.unique(item)) > 0.8 * len(item):
            return None
        gold = np.full(len(self.books.items.names), UNKNOWN, dtype=np.intp)
        for each, known in self.state.gold.items():
            number = self.books.items.known(each)
            if number != NOBODY:
                gold[number] = self.books.labels.of(known)
        names = self.books.items.names, self.books.people.names, self.classes
        table = AnswerTable(*names, item.astype(np.int32), person.astype(np.int32), label.astype(np.int32), gold)
        large = len(self.books.people.names) * len(self.classes) ** 2 > _LARGEST
        method = OneCoinDawidSkene() if large else Auto()
        with np.errstate(all="ignore"):
            return method.infer(table)


def evidence_of(path: Path, trust: Trust, folder: Path | None = None, progress: Progress = unwatched) -> Evidence:
    """Read a log.

    Args:
        path: the log.
        trust: what its scenario may import, if its data are made anew to know what is true.
        folder: where the paths of its data start; None for where they started then.
        progress: told how many bytes have been read.

    Raises:
        CorruptLog: the log is damaged.
        OSError: it cannot be read.
    """
    reader = LogReader(path)
    header = header_of(reader)
    names = people_of(header)
    keeper = Bookkeeper(reader, names)
    for _ in read_through(reader, keeper, progress):
        pass
    state, books = keeper.state, keeper.books
    summary = summarise(state, header.name, header.seed, str(path), names, rules_of(header))
    actual = actual_of(path, header, books.told, state.items, trust, folder)
    return Evidence(path, header, state, books, summary, actual, keeper.end, reader.footer is not None, reader.torn)
