"""The tracks of a trace: one for each agent, and more for who does several things at a time."""

import re
from collections.abc import Iterable

from bus.bus import BUS
from bus.message import EVERYONE
from bus.replay import LogReader
from scenarios.export.trace import Trace

SERVICES = ("campaign", "selector", "coordinator", "learner", "evaluator", BUS)
"""Who is no annotator, in the order in which they are shown, above the annotators."""

MICROSECOND = 1000
"""In nanoseconds."""

_MEMBER = re.compile(r"selector-\D.*")
"""What a member of the Selector's council is called; annotators of a table called "selector" have a number there."""

_LANES = 10
"""Numbers kept for each agent, so that its lanes stand together: the viewer sorts threads by number."""

_NAMES = re.compile(rb'"from":"([^"\\]+)","to":"([^"\\]+)"')
_DIGITS = re.compile(r"(\d{1,18})")


def agents_of(reader: LogReader) -> list[str]:
    """Return the names of all agents in a log, in the order in which they are shown.

    Raises:
        CorruptLog: the log is damaged.
    """
    found: dict[bytes, None] = {}
    for line in reader.lines():
        names = _NAMES.search(line)
        if names is not None:
            found.update(dict.fromkeys(names.groups()))
    # What is no UTF-8 is complained of where its line is parsed.
    return sorted({name.decode(errors="replace") for name in found} - {EVERYONE}, key=_rank)


def _rank(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Return a key that sorts services first, the council behind the Selector, and annotators in natural order: 2 before 10."""
    if name in SERVICES:
        return SERVICES.index(name), []
    if _MEMBER.fullmatch(name):
        return SERVICES.index("selector"), [(1, 0, name)]
    return len(SERVICES), [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(name)]


class Tracks:
    """The tracks of all agents.

    Args:
        trace: the trace.
        names: the agents that are known beforehand, in the order in which they are shown.
    """

    def __init__(self, trace: Trace, names: Iterable[str]) -> None:
        self._trace = trace
        self._next = _LANES
        self._known: dict[str, Track] = {}
        for name in names:
            self.of(name)

    def of(self, name: str) -> "Track":
        """Return the track of an agent."""
        track = self._known.get(name)
        if track is None:
            track = self._known[name] = Track(self._trace, name, self.numbers(_LANES), self)
        return track

    def numbers(self, count: int) -> int:
        """Return the first of so many numbers that no thread has."""
        first, self._next = self._next, self._next + count
        return first


class Track:
    """An agent's threads: the first, and lanes beside it for what overlaps.

    Args:
        trace: the trace.
        name: the agent's name.
        tid: number of the first thread.
        tracks: gives numbers for lanes, when those that are kept for the agent are used up.
    """

    def __init__(self, trace: Trace, name: str, tid: int, tracks: Tracks) -> None:
        self.tid = tid
        self._trace = trace
        self._name = name
        self._tracks = tracks
        self._tids = [tid]
        self._free = [0]
        trace.thread(tid, name, tid)

    @property
    def free(self) -> int:
        """The instant from which on the first thread is free."""
        return self._free[0]

    def place(self, start: int, end: int, first: int = 0) -> tuple[int, int, int]:
        """Return the thread on which a slice can stand, its start and its end.

        It may start up to a microsecond late, behind what was there before; and it lasts a nanosecond at least.

        Args:
            start, end: from when until when it lasts, in nanoseconds.
            first: the first lane that will do.
        """
        lane = first
        while lane < len(self._free) and self._free[lane] > start + MICROSECOND:
            lane += 1
        while lane >= len(self._free):
            self._add_lane()
        start = max(start, self._free[lane])
        self._free[lane] = end = max(end, start + 1)
        return self._tids[lane], start, end

    def _add_lane(self) -> None:
        lane = len(self._tids)
        tid = self.tid + lane if lane < _LANES else self._tracks.numbers(1)
        self._tids.append(tid)
        self._free.append(0)
        self._trace.thread(tid, f"{self._name} ({lane + 1})", tid)
