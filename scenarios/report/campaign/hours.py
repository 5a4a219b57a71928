"""Hours: when each annotator was at work, was there and had nothing to do, or was away."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.inference.answers import Floats
from scenarios.report.campaign.books import POSITION, STATUSES, Numbers
from scenarios.report.campaign.evidence import Evidence

MOST = 30
"""People who have a row."""

WORK, LATE, TALK = 0, 1, 2
NAMES = ("at work", "answer came late", "in a negotiation")
"""What kinds of work are called."""


class Timetable(NamedTuple):
    """Who was at work when; times in microseconds.

    Attributes:
        people: the numbers of those who have a row; shape (rows,).
        row, start, end, kind: of each stretch of work, in the order of their starts; shape (stretches,) each.
        there: for each row, the stretches in which they were there; None where nobody says.
    """

    people: NDArray[np.intp]
    row: Numbers
    start: Numbers
    end: Numbers
    kind: Numbers
    there: list[list[tuple[int, int]]] | None

    def shares(self, until: int, columns: int) -> Floats:
        """Return the share of each short stretch that each was at work, their stretches of work being added up.

        Args:
            until: the end, in microseconds.
            columns: how many short stretches there are up to then.

        Returns:
            Shape (rows, columns).
        """
        width = max(until, 1) / columns
        found = np.zeros((len(self.people), columns + 1))
        start, end = self.start / width, np.minimum(self.end, until) / width
        first, last = np.minimum(start, columns).astype(np.intp), np.minimum(end, columns).astype(np.intp)
        whole = np.zeros((len(self.people), columns + 2))
        np.add.at(whole, (self.row, first), 1)
        np.add.at(whole, (self.row, last), -1)
        found += whole.cumsum(axis=1)[:, : columns + 1]
        # The first stretch is not worked in from its start, and the last one up to a point.
        np.add.at(found, (self.row, first), -(start - first))
        np.add.at(found, (self.row, last), end - last)
        return found[:, :columns]

    def before(self, until: int) -> "Timetable":
        """Return the work that began before an instant, in microseconds, and the rows of those who were there before it."""
        early = self.start < until
        rows = np.zeros(len(self.people), dtype=bool)
        rows[self.row[early]] = True
        for row, spans in enumerate(self.there or ()):
            rows[row] |= any(start < until for start, _ in spans)
        place = np.cumsum(rows) - 1
        there = None if self.there is None else [spans for spans, kept in zip(self.there, rows, strict=True) if kept]
        return Timetable(self.people[rows], place[self.row[early]], self.start[early], self.end[early], self.kind[early], there)


def timetable_of(evidence: Evidence) -> Timetable:
    """Return who was at work when: those with most answers, in the order of the scenario."""
    answers = evidence.books.answers
    person, start, duration, status = (answers.column(name) for name in ("person", "start", "duration", "status"))
    load = np.bincount(person, minlength=len(evidence.books.people.names))
    people = np.sort(np.argsort(-load, kind="stable")[: min(MOST, int((load > 0).sum()))])
    place = np.full(len(load), -1)
    place[people] = np.arange(len(people))
    row = place[person]
    some = (row >= 0) & (start >= 0) & (duration >= 0) & (not evidence.counted)
    row, start, duration, status = row[some], start[some], duration[some], status[some]
    order = np.argsort(start, kind="stable")
    kind = np.where(status == STATUSES.index("late"), LATE, np.where(status == POSITION, TALK, WORK))[order]
    there = _there(evidence, people) if evidence.header.origin == "simulated" else None
    return Timetable(people, row[order], start[order], (start + duration)[order], kind, there)


def _there(evidence: Evidence, people: NDArray[np.intp]) -> list[list[tuple[int, int]]]:
    """Return when each was there: always, but for those who come and go; and not while they were down or silent."""
    stays, gaps = _by_person(evidence, "presence"), _by_person(evidence, "absence")
    found = []
    for number in people.tolist():
        person = evidence.state.people.get(evidence.books.people.names[number])
        always = person is None or person.stays.number < 0
        spans = [(0, evidence.end)] if always else stays.get(number, [])
        for gap in gaps.get(number, ()):
            spans = [part for each in spans for part in _without(each, gap)]
        found.append(spans)
    return found


def _by_person(evidence: Evidence, name: str) -> dict[int, list[tuple[int, int]]]:
    ledger = evidence.books.presence if name == "presence" else evidence.books.absence
    found: dict[int, list[tuple[int, int]]] = {}
    for person, start, end in zip(*(ledger.column(column).tolist() for column in ("person", "start", "end")), strict=True):
        found.setdefault(person, []).append((start, end))
    return found


def _without(span_: tuple[int, int], gap: tuple[int, int]) -> list[tuple[int, int]]:
    parts = [(span_[0], min(span_[1], gap[0])), (max(span_[0], gap[1]), span_[1])]
    return [(start, end) for start, end in parts if start < end]
