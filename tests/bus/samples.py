"""What the tests of the bus say to each other."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from zlib import crc32

from bus.bus import MessageBus
from bus.clock import VirtualLoop
from bus.journal import Journal, Json, create_log
from bus.message import Envelope, Message


def the_loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def run_on(loop: VirtualLoop, main: Coroutine[Any, Any, Any], debug: bool | None = None) -> Any:
    with asyncio.Runner(loop_factory=lambda: loop, debug=debug) as runner:
        return runner.run(main)


class Ping(Message):
    number: int


class Pong(Message):
    number: int


class Note(Message):
    text: str
    weight: float = 1.0


def ping(seq: int, sender: str = "a", to: str = "b") -> Envelope:
    return Envelope(seq, 1000 * seq, sender, to, seq - 1 or None, Ping(number=seq))


class Recorder(list[Envelope]):
    """Records envelopes, and knows how to pick some out."""

    def of(self, kind: type[Message]) -> list[Envelope]:
        return [envelope for envelope in self if type(envelope.body) is kind]


def bus_and_record() -> tuple[MessageBus, Recorder]:
    recorder = Recorder()
    return MessageBus(recorder.append), recorder


HEADER: Json = {"parley": "0.1.0", "seed": 7, "scenario": {"name": "Zoë"}}


def write_log(path: Path, events: int = 5, footer: bool = True, flush: int = 1000) -> list[bytes]:
    """Write a log of pings, and return its lines."""
    journal = Journal(create_log(path), HEADER, flush)
    write_events(journal, events, footer)
    return path.read_bytes().splitlines(keepends=True)


def write_events(journal: Journal, events: int, footer: bool = True) -> None:
    for seq in range(1, events + 1):
        journal.append(ping(seq))
    if footer:
        journal.finish({"world": 12345})
    else:
        journal.close()


def seal(*contents: bytes) -> bytes:
    """Chain lines that a journal would not write: each is an object without its last brace."""
    chain, sealed = 0, b""
    for content in contents:
        chain = crc32(content, chain)
        sealed += b'%b,"sum":"%08x"}\n' % (content, chain)
    return sealed
