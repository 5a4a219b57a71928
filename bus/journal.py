"""The event log of a run: written line by line, or written again with its past in front of it.

A log is a JSONL file: a header, a line an event, a footer. Each line ends in a checksum (CRC-32) of its own bytes that is
chained to the line before, so that damage is found at its line; the footer holds a digest (BLAKE2b) of all that stands above it.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from errno import EAGAIN
from hashlib import blake2b
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Protocol
from zlib import crc32

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

import structlog

from bus.message import Envelope
from bus.upcasting import LOG_VERSION, Json

LINES_AT_ONCE = 100
"""Events that become lines in one go: 3 us each, and 8 us if each is made between other work.

More at once would live long enough to bring on collections of garbage: at 1000, they take a twelfth of a run.
"""


class Diverged(Exception):
    """A run that is repeated did something else than its log says.

    Attributes:
        number: the line, from 1.
        recorded: the line as the log has it; None if the log ends before it.
        repeated: the line as it was written now; None if the run ended before it.
    """

    def __init__(self, number: int, recorded: bytes | None, repeated: bytes | None) -> None:
        self.number = number
        self.recorded = recorded
        self.repeated = repeated
        super().__init__(f"line {number} differs")


class Unwritable(OSError):
    """A log could not be written on, as on a full disk. What it held before is still there, perhaps with a torn line below."""


class LogInUse(OSError):
    """A log is being written by another process."""


class LineWriter(Protocol):
    """Where a journal's lines go."""

    def write(self, lines: list[bytes]) -> None:
        """Take the next lines."""

    def close(self) -> None:
        """Take no more."""


class FileWriter:
    """Writes lines to a file and hands them to the system at once.

    What was handed over survives the end of the process, `kill -9` too, but not a power failure: forcing lines to the disk
    takes 4 ms each time.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._failure: Unwritable | None = None

    def write(self, lines: list[bytes]) -> None:
        """Write the next lines; none any more once that has failed, lest a line be missing from the middle of a log.

        Raises:
            Unwritable: they cannot be written.
        """
        if self._failure is not None:
            raise self._failure
        rest = memoryview(b"".join(lines))
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            self._file.flush()
        except OSError as error:
            self._failure = Unwritable(error.errno, error.strerror, str(self._file.name))
            raise self._failure from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class PastWriter:
    """Compares lines with those of a log, and goes on with another writer when the log ends.

    Args:
        past: the recorded lines, in order.
        then: makes the writer for what comes after; None if nothing may come after.
    """

    def __init__(self, past: Iterator[bytes], then: Callable[[], LineWriter] | None = None) -> None:
        self._past = past
        self._then = then
        self._writer: LineWriter | None = None
        self._number = 0

    @property
    def in_past(self) -> bool:
        """Whether the run still repeats what is recorded."""
        return self._writer is None

    def write(self, lines: list[bytes]) -> None:
        """Compare the next lines with the recorded ones, and write those for which there are none."""
        for index, line in enumerate(lines):
            if self._writer is not None:
                self._writer.write(lines[index:])
                return
            self._compare(line)

    def close(self) -> None:
        """Close the writer that came after, if there was one."""
        if self._writer is not None:
            self._writer.close()

    def finish(self) -> None:
        """Say that the run is over.

        Raises:
            Diverged: the log goes on.
        """
        left = next(self._past, None)
        if left is not None:
            raise Diverged(self._number + 1, left, None)

    def _compare(self, line: bytes) -> None:
        self._number += 1
        recorded = next(self._past, None)
        if recorded == line:
            return
        if recorded is not None or self._then is None:
            raise Diverged(self._number, recorded, line)
        self._writer = self._then()
        self._writer.write([line])


class Journal:
    """Turns envelopes into chained lines. Its verb is `record`, by way of structlog: see `logger_of`.

    Args:
        writer: where the lines go.
        header: what the first line says of the run.
        flush: lines that may be held back before they are written.
    """

    def __init__(self, writer: LineWriter, header: Json, flush: int = 1000) -> None:
        self._writer = writer
        self._flush = flush
        self._batch = min(flush, LINES_AT_ONCE)
        self._envelopes: list[Envelope] = []
        self._lines: list[bytes] = []
        self._chain = 0
        self._digest = blake2b(digest_size=16)
        self._counts: Counter[str] = Counter()
        self._seal(_compact({"log": LOG_VERSION, **header}))
        # However early the run may break off, its log says what it was.
        self.flush()

    @property
    def counts(self) -> dict[str, int]:
        """Events so far, by kind."""
        return dict(sorted((self._counts + _kinds(self._envelopes)).items()))

    def append(self, envelope: Envelope) -> None:
        """Write the line of an event, whose body nobody may change from now on."""
        envelopes = self._envelopes
        envelopes.append(envelope)
        if len(envelopes) >= self._batch:
            self._make_lines()
            if len(self._lines) >= self._flush:
                self.flush()

    def finish(self, streams: dict[str, int]) -> None:
        """Write the footer and close.

        Args:
            streams: one further draw of each random stream, by name.
        """
        self.flush()
        digest = self._digest.hexdigest()
        self._seal(_compact({"events": self._counts.total(), "counts": self.counts, "digest": digest, "streams": streams}))
        self.close()

    def flush(self) -> None:
        """Write what is held back."""
        self._make_lines()
        lines, self._lines = self._lines, []
        self._digest.update(b"".join(lines))
        self._writer.write(lines)

    def close(self) -> None:
        """Write what is held back, and take no more. Without a footer, the log is that of an unfinished run."""
        try:
            self.flush()
        finally:
            self._writer.close()

    def _make_lines(self) -> None:
        envelopes, self._envelopes = self._envelopes, []
        self._counts.update(_kinds(envelopes))
        for seq, time, sender, recipient, cause, body in envelopes:
            after = "null" if cause is None else cause
            # Names and kinds hold nothing that JSON would escape, so only the body needs a serialiser.
            head = f'{{"seq":{seq},"t":{time},"kind":"{body.kind}","from":"{sender}","to":"{recipient}","cause":{after},"body":'
            self._seal(head.encode() + body.__pydantic_serializer__.to_json(body))

    def _seal(self, line: bytes) -> None:
        """Close an object that lacks its last brace with the checksum, and hold it back."""
        self._chain = chain = crc32(line, self._chain)
        self._lines.append(b'%b,"sum":"%08x"}\n' % (line, chain))


def _kinds(envelopes: list[Envelope]) -> Counter[str]:
    return Counter([envelope.body.kind for envelope in envelopes])


class JournalLogger(structlog.BoundLoggerBase):
    """structlog's face of a journal: no processors, one verb."""

    @property
    def record(self) -> Callable[[Envelope], None]:
        """Write the line of an event. A property, so that who keeps it calls the journal without a detour."""
        append: Callable[[Envelope], None] = self._logger.append
        return append


def logger_of(journal: Journal) -> JournalLogger:
    """Return the structlog logger that writes to `journal`."""
    logger = structlog.wrap_logger(journal, processors=[], wrapper_class=JournalLogger)
    bound: JournalLogger = logger.bind()
    return bound


def create_log(path: Path) -> FileWriter:
    """Open a new log file, replacing what stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return begin_log(claim_log(path, new=True))


def claim_log(path: Path, new: bool = False) -> BinaryIO:
    """Open a log file for writing, for one process at a time, and leave what it holds as it is.

    Args:
        path: the file.
        new: whether it need not be there.

    Raises:
        LogInUse: another process has opened it so. Where the system cannot tell, it is not noticed.
        OSError: it cannot be opened.
    """
    # Without a buffer: should a write fail, nothing is left behind that closing the file would try to write again.
    file = path.open("ab" if new else "r+b", buffering=0)
    if sys.platform != "win32":
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            file.close()
            raise LogInUse(EAGAIN, "another process is writing this log", str(path)) from None
        except OSError:
            # Some file systems of other machines have no locks.
            pass
    return file


def begin_log(file: BinaryIO) -> FileWriter:
    """Write a log from its start, dropping what a claimed file holds."""
    # What is no file but a device holds nothing, and would not hear of it.
    if file.seek(0, SEEK_END):
        file.truncate(0)
    return FileWriter(file)


def append_to_log(file: BinaryIO, torn: int = 0) -> FileWriter:
    """Go on writing at the end of a claimed file, cutting off the `torn` bytes of a last line that is not whole."""
    file.truncate(file.seek(-torn, SEEK_END))
    return FileWriter(file)


def _compact(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()[:-1]
