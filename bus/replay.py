"""Reading event logs: the header, the events in order, the footer, and every kind of damage named by its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple
from zlib import crc32

from pydantic_core import from_json

from bus.upcasting import LOG_VERSION, Json, event_upcaster, upcast_header

LONGEST_LINE = 64 * 2**20
"""Bytes of a line beyond which a log is refused rather than read into memory."""

_LONGEST_EXPLAINED = 2**20
"""Bytes of a line beyond which nothing more is said of it than that it is wrong: to look at all of it would take much memory."""

_FOREIGN = {
    b"\x1f\x8b": "compressed data (gzip)",
    b"\x28\xb5\x2f\xfd": "compressed data (zstd)",
    b"\xef\xbb\xbf": "text with a byte order mark before it",
    b"\xff\xfe": "text in UTF-16",
    b"PAR1": "a Parquet file",
}
"""How files begin that are taken for logs by mistake, and what they are."""

_SEAL = len(',"sum":"00000000"}\n')


class CorruptLog(Exception):
    """A log that is damaged, or is none. The message names the file, and the line where there is one."""

    def __init__(self, path: Path, number: int | None, reason: str) -> None:
        self.path = path
        self.number = number
        place = "" if number is None else f", line {number}"
        super().__init__(f"{path}{place}: {reason}")


@dataclass(frozen=True)
class LogSummary:
    """What a whole reading of a log has shown.

    Attributes:
        header: the first line.
        events: number of events.
        footer: the last line; None if the run did not finish.
        torn: bytes of a last line that was cut short in writing; 0 if none was.
    """

    header: Json
    events: int
    footer: Json | None
    torn: int


class Mark(NamedTuple):
    """A place between two lines of a log, from which it can be read on.

    Attributes:
        offset: bytes above it.
        number: lines above it.
        chain: checksum of the line above it.
    """

    offset: int
    number: int
    chain: int


START = Mark(0, 0, 0)


def mark_after(before: Mark, line: bytes) -> Mark:
    """Return the mark below a line that was read at `before`."""
    return Mark(before.offset + len(line), before.number + 1, int(line[-11:-3], 16))


class LogReader:
    """Reads a log, checking each line's checksum and its chain to the line before.

    Header and events are given as the present version of the log has them, however old the log is.

    Args:
        path: the log file.

    Raises:
        CorruptLog: while iterating, at the first line that is not what was written.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        if not S_ISREG(path.stat().st_mode):
            # A pipe would be waited for, and a device may never end.
            raise CorruptLog(path, None, "this is no regular file, and a log is read more than once; name a file that holds it")
        self.path = path
        self.torn = 0
        self.footer: Json | None = None
        self.header = self._read_header()

    def lines(self, start: Mark = START) -> Iterator[bytes]:
        """Yield each whole line from a mark on, seal and all. A torn last line is left out, and counted in `torn`.

        The digest in the footer is checked only when the log is read from its start.
        """
        self.footer, self.torn = None, 0
        chain, number, digested = start.chain, start.number, start == START
        digest = blake2b(digest_size=16)
        with self.path.open("rb") as file:
            file.seek(start.offset)
            # What is done here is done to every line of a log: slices and calls that could be spared were measured.
            for line in iter(partial(file.readline, LONGEST_LINE), b""):
                if not line.endswith(b"\n"):
                    self.torn = self._torn(number + 1, line)
                    break
                number += 1
                if self.footer is not None:
                    raise CorruptLog(self.path, number, "the log goes on after its footer")
                chain = crc32(line[:-_SEAL], chain)
                if not line.endswith(b',"sum":"%08x"}\n' % chain):
                    raise CorruptLog(self.path, number, _what_is_wrong(line))
                if not line.startswith(b'{"seq":') and number > 1:
                    self.footer = self._check_footer(number, line, digest.hexdigest() if digested else None)
                if digested:
                    digest.update(line)
                yield line
        if number == 0:
            raise CorruptLog(self.path, None, "there is no whole line in it, so it is no event log")

    def events(self, start: Mark = START) -> Iterator[Json]:
        """Yield each event as a dictionary, as it stands in the log, from a mark on."""
        upcast = event_upcaster(self.version)
        number, parse = start.number, self.parse
        for line in self.lines(start):
            number += 1
            if line.startswith(b'{"seq":'):
                event = parse(number, line)
                yield event if upcast is None else upcast(event)

    def check(self) -> LogSummary:
        """Read the whole log, and return what it showed."""
        events = 0
        for number, line in enumerate(self.lines(), 1):
            events += line.startswith(b'{"seq":')
            # Two lines that have become one, the checksum between them lost, still chain; and look like this.
            if b'}{"' in line:
                self.parse(number, line)
        return LogSummary(self.header, events, self.footer, self.torn)

    def _read_header(self) -> Json:
        with self.path.open("rb") as file:
            start = file.read(8)
        for known, what in _FOREIGN.items():
            if start.startswith(known):
                raise CorruptLog(self.path, 1, f"this is {what}, and no event log")
        first = next(self.lines())
        header = self.parse(1, first)
        if "log" not in header:
            raise CorruptLog(self.path, 1, "this is not the header of a Parley log")
        self.version = header["log"]
        if type(self.version) is not int or not 1 <= self.version <= LOG_VERSION:
            raise CorruptLog(
                self.path, 1, f"log version {self.version!r} is not known to this Parley, which reads versions 1 to {LOG_VERSION}"
            )
        return upcast_header(header)

    def _torn(self, number: int, line: bytes) -> int:
        if len(line) == LONGEST_LINE:
            raise CorruptLog(self.path, number, f"the line is longer than {LONGEST_LINE >> 20} MiB")
        return len(line)

    def _check_footer(self, number: int, line: bytes, digest: str | None) -> Json:
        footer = self.parse(number, line)
        if footer.get("digest") != (digest or footer.get("digest")) or footer.get("events") != number - 2:
            raise CorruptLog(self.path, number, "the footer does not belong to the lines above it")
        return footer

    def parse(self, number: int, line: bytes) -> Json:
        """Return the object that a line holds.

        Raises:
            CorruptLog: it is none.
        """
        try:
            # Keys alone come again and again; to look up every text takes longer than to make it.
            value: Any = from_json(line, allow_inf_nan=False, cache_strings="keys")
        except ValueError as error:
            raise CorruptLog(self.path, number, f"this is not a line of JSON ({error})") from error
        return value if type(value) is dict else {}


def _what_is_wrong(line: bytes) -> str:
    if line.endswith(b"\r\n"):
        return "the line ends in a carriage return: some program has changed the ends of lines, and with them the log"
    if len(line) > _LONGEST_EXPLAINED:
        return _MISFIT
    try:
        value = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        return f"this is not a line of JSON ({error})"
    if not isinstance(value, dict) or "sum" not in value:
        return "the line has no checksum, so it is no line of an event log"
    return _MISFIT


_MISFIT = "the checksum does not fit: this line was changed, or a line before it was removed or added"
