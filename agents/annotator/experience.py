"""Experience: what one person has done so far."""

from typing import NamedTuple

from bus.clock import SECOND

REST = 15 * 60 * SECOND
"""Microseconds without work after which a person who works again begins a new session, as studies of real logs have it."""


class Moment(NamedTuple):
    """How a person stands when they begin on an answer.

    Attributes:
        now: the instant, in microseconds.
        answers: answers they have given.
        session: sessions they had before this one.
        position: answers they have given in this session.
        worked: seconds since this session began.
        rested: seconds without work before this session; infinite before the first.
        corrected: gold questions of which they were told whether they were right.
    """

    now: int
    answers: int
    session: int
    position: int
    worked: float
    rested: float
    corrected: int


class Experience:
    """A fold of a person's own answers, in order: the same after a crash as before it."""

    __slots__ = ("_answers", "_began", "_corrected", "_ended", "_position", "_rested", "_session")

    def __init__(self) -> None:
        self._answers = self._position = self._corrected = 0
        self._session = -1
        self._began: int = 0
        self._ended: int | None = None
        self._rested = float("inf")

    def at(self, now: int) -> Moment:
        """Return how they stand if they begin now."""
        if self._ended is None or now - self._ended > REST:
            rested = float("inf") if self._ended is None else (now - self._ended) / SECOND
            return Moment(now, self._answers, self._session + 1, 0, 0.0, rested, self._corrected)
        worked = (now - self._began) / SECOND
        return Moment(now, self._answers, self._session, self._position, worked, self._rested, self._corrected)

    def add(self, began: int, ended: int) -> None:
        """Take in an answer that was begun and ended at these instants, in microseconds."""
        moment = self.at(began)
        if moment.position == 0:
            self._began, self._rested = began, moment.rested
        self._session, self._position = moment.session, moment.position + 1
        self._answers += 1
        self._ended = ended

    def correct(self) -> None:
        """Take in that they were told whether an answer was right."""
        self._corrected += 1
