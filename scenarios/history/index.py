"""The index of a log: what its campaign had come to at places all over it, in a side file, so that one can jump to a moment.

It is a memory of what was read once, and nobody's source: it is made again where it is missing or does not fit its log, and from
the place that it leads to, the log is read and checked as always.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple
from zlib import crc32

from pydantic_core import from_json

from agents.snapshot import dump, load
from agents.state import State
from bus.replay import START, LogReader, Mark
from scenarios.header import PARLEY_VERSION
from scenarios.history.course import NONSENSE, Course

FORMAT = 6
"""To be raised whenever a snapshot holds something else, or means something else by it."""

SPACING = 10_000
"""Lines between two places: a jump reads no more than these, which takes 50 ms."""

WORTH_IT = 2**23
"""Bytes from which on a log has an index: a smaller one is read whole in a quarter of a second."""

_LARGE = 2**22
"""Bytes after which a place is due, however few lines they are."""

_SHARE = 2
"""Bytes of the log for each byte of a snapshot, but for the last: however many items are open, an index is smaller than its log."""

_DAMAGE = (sqlite3.Error, OSError, *NONSENSE)

Advance = Callable[[int], object]
"""Told now and then how many more bytes of the log have been read."""

Say = Callable[[str], object]
"""Told what a person should know."""

_TABLES = """
CREATE TABLE log (identity TEXT);
CREATE TABLE places (seq INTEGER PRIMARY KEY, t INTEGER, offset INTEGER, number INTEGER, chain INTEGER,
                     sum INTEGER, curve BLOB, state BLOB);
CREATE INDEX moments ON places (t, seq);
"""


class _Place(NamedTuple):
    """A row of the index: a mark between two instants, and what the campaign has come to there.

    The curve is that since the row before. It only ever grows: with all of it in each row, an index could outgrow its log.
    """

    seq: int
    t: int
    offset: int
    number: int
    chain: int
    sum: int
    curve: bytes
    state: bytes


class Index:
    """Leads to any moment of a log: from a place nearby, or from its start where the log is small.

    Args:
        reader: the log.
        advance: told of the progress, when the side file must be made.
        say: told why it cannot be kept, where it cannot.
    """

    def __init__(self, reader: LogReader, advance: Advance = lambda _: None, say: Say = lambda _: None) -> None:
        self._reader = reader
        self._advance = advance
        self._say = say
        self._file = index_file(reader.path)
        self._built = False
        self._usable = reader.path.stat().st_size >= WORTH_IT

    def at(self, time: int | None) -> Course:
        """Return the course of the campaign after all events up to an instant.

        Args:
            time: the instant, in microseconds, included; None for the end of the log.

        Raises:
            CorruptLog: the log is damaged where it was read; and that is all of it, where the side file had to be made.
        """
        course = self.near(time)
        course.go_to(time)
        return course

    def end(self) -> int:
        """Return the instant of the last event, in microseconds, having read the end of the log.

        Raises:
            CorruptLog: as above.
        """
        course = self.near(None)
        time = course.state.time
        for event in course.events():
            time = event["t"]
        return time

    def near(self, time: int | None, back: int = 0) -> Course:
        """Return the course of the campaign from the last place that is known and lies no later than an instant.

        Args:
            time: the instant, in microseconds; None for the end of the log.
            back: places to let go by, so that more is read of what came before.

        Raises:
            CorruptLog: as above.
        """
        if self._usable:
            with suppress(*_DAMAGE):
                return self._look_up(time, back)
            if not self._built:
                self._built, self._usable = True, self._build()
                return self.near(time, back)
        return Course(self._reader)

    def _look_up(self, time: int | None, back: int) -> Course:
        # The file under this name is never written to, only replaced: there is nothing to lock, and nothing to recover.
        with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            if not self._built and base.execute("SELECT identity FROM log").fetchone() != (_identity(self._reader),):
                raise ValueError("this is the index of another log")
            row = base.execute(
                "SELECT * FROM places WHERE t <= ? ORDER BY t DESC, seq DESC LIMIT 1 OFFSET ?",
                (2**63 - 1 if time is None else time, back),
            ).fetchone()
            if row is None:
                return Course(self._reader)
            place = _Place(*row)
            curve: list[Any] = []
            past = 0
            for (stretch,) in base.execute("SELECT curve FROM places WHERE seq <= ? ORDER BY seq", (place.seq,)):
                past = crc32(stretch, past)
                curve += from_json(stretch)
        mark = Mark(place.offset, place.number, place.chain)
        if place.sum != _sum(place, past) or not _is_there(self._reader.path, mark):
            raise ValueError("this place is not in the log")
        return Course(self._reader, load({**from_json(place.state), "curve": curve}), mark)

    def _build(self) -> bool:
        """Make the side file, and return whether that was possible."""
        try:
            identity = _identity(self._reader)
            with NamedTemporaryFile(dir=self._file.parent, prefix=f".{self._file.name}-", delete=False) as temporary:
                new = Path(temporary.name)
            try:
                with closing(sqlite3.connect(new)) as base:
                    self._fill(base, identity)
                new.chmod(self._reader.path.stat().st_mode & 0o666)
                new.replace(self._file)
            finally:
                new.unlink(missing_ok=True)
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            self._say(f"{self._file}: an index cannot be kept there ({reason}), so the log is read from its start")
            return False
        return True

    def _fill(self, base: sqlite3.Connection, identity: str) -> None:
        # Until it is renamed it is nothing, so nothing of it would ever have to be recovered.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.executescript(_TABLES)
        base.execute("INSERT INTO log VALUES (?)", (identity,))
        base.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _places(Course(self._reader), self._advance))
        base.commit()


def state_at(log: Path, time: int | None = None) -> tuple[State, Mark]:
    """Return what a campaign had come to at an instant, and the place in its log from which to read on.

    Args:
        log: the log.
        time: the instant, in microseconds, included; None for the end of the log.

    Raises:
        CorruptLog: the log is damaged where it was read.
        OSError: it cannot be read.
    """
    course = Index(LogReader(log)).at(time)
    course.state.settle()
    return course.state, course.mark


def index_file(log: Path) -> Path:
    """Return the file beside a log that holds its index."""
    return log.with_name(f"{log.name}.index")


def _places(course: Course, advance: Advance) -> Iterator[_Place]:
    """Yield places all over a log, and one at its end: each between two instants, where nothing is left to be settled."""
    state, take, every = course.state, course.take, SPACING // 10
    read, due, places = 0, every, _Places(course)
    for event in course.events():
        if event["seq"] > due and event["t"] > state.time:
            due = event["seq"] + every
            mark = course.mark
            advance(mark.offset - read)
            read = mark.offset
            if places.is_due(mark) and (place := places.here(mark)) is not None:
                yield place
        take(event)
    place = places.here(course.mark, last=True)
    assert place is not None
    yield place


class _Places:
    """Makes places, one after the other."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._mark = START
        self._size = 0
        self._past = 0
        self._evaluated = 0

    def is_due(self, mark: Mark) -> bool:
        """Return whether the last place is far enough above a mark."""
        distance = mark.offset - self._mark.offset
        return (mark.number - self._mark.number >= SPACING or distance >= _LARGE) and distance >= _SHARE * self._size

    def here(self, mark: Mark, last: bool = False) -> _Place | None:
        """Make the place at a mark; None if so large a snapshot is not due yet, unless it is the last."""
        state = self._course.state
        try:
            dumped = dump(state)
            fresh = [*dumped.pop("curve")][self._evaluated :]
            curve, text = (json.dumps(part, allow_nan=False, separators=(",", ":")).encode() for part in (fresh, dumped))
        except NONSENSE as error:
            raise self._course.misfit({}, error) from None
        self._size = len(text)
        if not last and not self.is_due(mark):
            return None
        self._mark, self._evaluated = mark, len(state.curve)
        self._past = crc32(curve, self._past)
        place = _Place(state.seq, state.time, *mark, 0, curve, text)
        return place._replace(sum=_sum(place, self._past))


def _sum(place: _Place, past: int) -> int:
    """Return the checksum of a place, `past` being that of the curve up to it: a database has none."""
    return crc32(place.state, crc32(repr(place[:5]).encode(), past))


def _is_there(log: Path, mark: Mark) -> bool:
    """Return whether a mark is one of this log: below a line with its checksum, and above the line of its number."""
    seal = b',"sum":"%08x"}\n' % mark.chain
    with log.open("rb") as file:
        file.seek(mark.offset - len(seal))
        above, below = file.read(len(seal)), file.read(64)
    return above == seal and (not below.startswith(b'{"seq":') or below.startswith(b'{"seq":%d,' % mark.number))


def _identity(reader: LogReader) -> str:
    """Return what tells this log, as it is now, from any other, and this version of the index from others."""
    status = reader.path.stat()
    with reader.path.open("rb") as file:
        file.seek(max(0, status.st_size - 64))
        tail = file.read(64).hex()
    known = [FORMAT, PARLEY_VERSION, status.st_size, status.st_mtime_ns, reader.header.get("sum"), tail]
    return json.dumps(known)
