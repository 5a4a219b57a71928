"""Experience: what one person has done so far."""

from typing import NamedTuple

from bus.clock import SECOND

REST = 15 * 60 * SECOND
"""Microseconds without work after which a person who works again begins a new session, as studies of real logs have it."""


class Session(NamedTuple):
    """A stretch of work that is over.

    Attributes:
        began: the instant at which it began, in microseconds.
        ended: the instant at which its last answer was given.
        answers: answers given in it.
        busy: seconds at work in it.
    """

    began: int
    ended: int
    answers: int
    busy: float


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
        busy: seconds at work in this session, without the gaps between answers.
        sessions: the sessions before this one, in order.
    """

    now: int
    answers: int
    session: int
    position: int
    worked: float
    rested: float
    corrected: int
    busy: float = 0.0
    sessions: tuple[Session, ...] = ()


class Experience:
    """A fold of a person's own answers, in order, and of what they were told of them: the same after a crash as before it."""

    __slots__ = ("_answers", "_began", "_busy", "_corrected", "_ended", "_position", "_rested", "_sessions")

    def __init__(self) -> None:
        self._answers = self._position = self._corrected = 0
        self._began: int = 0
        self._busy: int = 0
        self._ended: int | None = None
        self._rested = float("inf")
        self._sessions: tuple[Session, ...] = ()

    def at(self, now: int) -> Moment:
        """Return how they stand if they begin now."""
        past, ended = self._sessions, self._ended
        if ended is None:
            return Moment(now, self._answers, 0, 0, 0.0, self._rested, self._corrected)
        if now - ended > REST:
            rested = (now - ended) / SECOND
            past = (*past, self._session(ended))
            return Moment(now, self._answers, len(past), 0, 0.0, rested, self._corrected, 0.0, past)
        worked, busy = (now - self._began) / SECOND, self._busy / SECOND
        return Moment(now, self._answers, len(past), self._position, worked, self._rested, self._corrected, busy, past)

    def add(self, began: int, ended: int) -> None:
        """Take in an answer that was begun and ended at these instants, in microseconds."""
        if self._ended is None:
            self._began = began
        elif began - self._ended > REST:
            self._sessions = (*self._sessions, self._session(self._ended))
            self._began, self._rested = began, (began - self._ended) / SECOND
            self._position = self._busy = 0
        self._position += 1
        self._busy += ended - began
        self._answers += 1
        self._ended = ended

    def correct(self) -> None:
        """Take in that they were told whether an answer was right."""
        self._corrected += 1

    def _session(self, ended: int) -> Session:
        return Session(self._began, ended, self._position, self._busy / SECOND)
