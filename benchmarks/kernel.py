"""How fast the kernel is, as ratios against SimPy: `python benchmarks/kernel.py`, twenty seconds.

Measured are timers (a thousand processes that wait a hundred times each, for delays drawn beforehand), mailboxes (two agents who
hand a message to and fro through mailboxes of capacity 1, against two SimPy Stores of capacity 1) and what structlog adds to
writing an event to the log. All contenders run in this one process, taking turns, by CPU time (`time.process_time`), and the best
of several rounds counts: a busy machine slows both sides of a ratio, but seldom for all rounds.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import simpy

from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import SECOND, VirtualLoop, run
from bus.journal import Journal, create_log, logger_of
from bus.mailbox import Mailbox
from bus.message import Envelope, Message

ROUNDS = 7
PROCESSES = 1000
WAITS = 100
EXCHANGES = 50_000
EVENTS = 100_000

DELAYS: list[list[float]] = Chance(1).stream("delays").random((PROCESSES, WAITS)).tolist()


class Ball(Message):
    """What is handed to and fro."""

    bounce: int


class AnswerSubmitted(Message):
    """As long as the messages of which a log is full."""

    item: int | str
    attempt: int
    label: int | str
    began: int


BALL = Ball(bounce=1)
ENVELOPE = Envelope(1, 0, "a", "b", None, BALL)
EVENT = Envelope(1, 12_345_678, "crowd-1", "coordinator", 1, AnswerSubmitted(item=5, attempt=0, label=3, began=12_345_678))


# Timers: waits a second


def simpy_timeouts() -> float:
    environment = simpy.Environment()

    def process(delays: list[float]) -> Any:
        for delay in delays:
            yield environment.timeout(delay)

    for delays in DELAYS:
        environment.process(process(delays))
    return PROCESSES * WAITS / cpu_seconds(environment.run)


def sleeps(sleep: Callable[[VirtualLoop], Callable[[Any], Awaitable[Any]]], delays_of_all: list[list[Any]]) -> float:
    async def process(sleep: Callable[[Any], Awaitable[Any]], delays: list[Any]) -> None:
        for delay in delays:
            await sleep(delay)

    async def main() -> float:
        loop = virtual_loop()
        tasks = [loop.create_task(process(sleep(loop), delays)) for delays in delays_of_all]
        gc.collect()
        begun = time.process_time()
        for task in tasks:
            await task
        return time.process_time() - begun

    return PROCESSES * WAITS / run(main())


# Mailboxes: messages a second


def simpy_stores() -> float:
    environment = simpy.Environment()
    there, back = simpy.Store(environment, 1), simpy.Store(environment, 1)

    def serve() -> Any:
        for _ in range(EXCHANGES):
            yield there.put(BALL)
            yield back.get()

    def reply() -> Any:
        for _ in range(EXCHANGES):
            yield back.put((yield there.get()))

    environment.process(serve())
    environment.process(reply())
    return 2 * EXCHANGES / cpu_seconds(environment.run)


async def mailboxes() -> None:
    there, back = Mailbox("there", 1), Mailbox("back", 1)

    async def serve() -> None:
        for _ in range(EXCHANGES):
            if not there.offer(ENVELOPE):
                await there.put(ENVELOPE)
            await back.get()

    async def reply() -> None:
        for _ in range(EXCHANGES):
            envelope = await there.get()
            if not back.offer(envelope):
                await back.put(envelope)

    await asyncio.gather(serve(), reply())


async def message_bus() -> None:
    bus = MessageBus(lambda _: None)
    server, replier = bus.subscribe("server", capacity=1), bus.subscribe("replier", capacity=1)

    async def serve() -> None:
        for _ in range(EXCHANGES):
            await bus.publish(BALL, "server", "replier")
            await server.get()

    async def reply() -> None:
        for _ in range(EXCHANGES):
            await bus.publish(BALL, "replier", "server", await replier.get())

    await asyncio.gather(serve(), reply())


def exchanges(play: Callable[[], Coroutine[Any, Any, None]]) -> float:
    return 2 * EXCHANGES / cpu_seconds(partial(run, play()))


# The log: events a second


def direct(journal: Journal) -> Callable[[Envelope], None]:
    return journal.append


def through_structlog(journal: Journal) -> Callable[[Envelope], None]:
    return logger_of(journal).record


def events(way: Callable[[Journal], Callable[[Envelope], None]]) -> float:
    def write() -> None:
        for _ in range(EVENTS):
            record(EVENT)

    with TemporaryDirectory() as folder:
        journal = Journal(create_log(Path(folder) / "run.jsonl"), {})
        record = way(journal)
        seconds = cpu_seconds(write)
        journal.finish({})
    return EVENTS / seconds


# Measuring


def virtual_loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def cpu_seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


WHOLE_DELAYS = [[int(delay * SECOND) for delay in delays] for delays in DELAYS]
CONTENDERS: dict[str, Callable[[], float]] = {
    "SimPy timeouts": simpy_timeouts,
    "loop.timer": partial(sleeps, lambda loop: loop.timer, WHOLE_DELAYS),
    "asyncio.sleep": partial(sleeps, lambda _: asyncio.sleep, DELAYS),
    "SimPy Store": simpy_stores,
    "mailbox": partial(exchanges, mailboxes),
    "bus": partial(exchanges, message_bus),
    "journal": partial(events, direct),
    "journal by structlog": partial(events, through_structlog),
}


def best_rates() -> dict[str, float]:
    best = dict.fromkeys(CONTENDERS, 0.0)
    for _ in range(ROUNDS):
        for name, rate in CONTENDERS.items():
            best[name] = max(best[name], rate())
    return best


class Row(NamedTuple):
    """A line of the table."""

    what: str
    ours: str
    peers: str
    outcome: str
    demand: str
    verdict: str


def ratio_row(rates: dict[str, float], ours: str, peer: str, demand: float) -> Row:
    ratio = rates[ours] / rates[peer]
    verdict = "ok" if ratio >= demand else "short"
    return Row(f"{ours} / {peer}", f"{rates[ours]:,.0f}/s", f"{rates[peer]:,.0f}/s", f"{ratio:.2f}", f">= {demand}", verdict)


def structlog_row(rates: dict[str, float], demand: float) -> Row:
    direct, logged = (1e6 / rates[name] for name in ("journal", "journal by structlog"))
    verdict = "ok" if logged - direct <= demand else "short"
    outcome = f"{logged - direct:+.2f} us"
    return Row("journal by structlog - direct", f"{logged:.2f} us", f"{direct:.2f} us", outcome, f"<= {demand} us", verdict)


def rows(rates: dict[str, float]) -> list[Row]:
    return [
        Row("what", "Parley", "peer", "ratio", "demand", ""),
        ratio_row(rates, "loop.timer", "SimPy timeouts", 0.5),
        ratio_row(rates, "asyncio.sleep", "SimPy timeouts", 0.3),
        ratio_row(rates, "mailbox", "SimPy Store", 2.0),
        ratio_row(rates, "bus", "SimPy Store", 1.5),
        structlog_row(rates, 0.2),
    ]


if __name__ == "__main__":
    for row in rows(best_rates()):
        print(f"{row.what:30} {row.ours:>12} {row.peers:>12} {row.outcome:>9} {row.demand:>9}  {row.verdict}".rstrip())
