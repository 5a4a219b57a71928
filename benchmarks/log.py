"""How fast a log is written, read, folded, indexed, and jumped into.

The log is that of a campaign of fifty people, three votes an item and leases that run out now and then, over and over: each time
with other items, later times and higher numbers, and every checksum made anew. Journalling, reading, folding and indexing are
measured by CPU time. A jump is a whole `parley state LOG --at T`, its start included, by the clock on the wall.

    python benchmarks/log.py [--events 10000000]

Ten million events take two gigabytes in the folder for temporary files, and two minutes.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zlib import crc32

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.policies.majority import Majority
from agents.messages import AnswerSubmitted, CampaignEnded, ItemRequested, ItemResolved, LabelsJudged, PoolExhausted, TaskAssigned
from agents.state import State
from bus.clock import SECOND
from bus.journal import Journal, create_log, logger_of
from bus.message import EVERYONE, Envelope, Message
from bus.replay import LogReader
from scenarios.annotators import AnnotatorsTable
from scenarios.history.index import index_file
from scenarios.run import run
from scenarios.scenario import CoordinationTable, Scenario
from scenarios.sources import Synthetic

ROOT = Path(__file__).parents[1]
ITEMS = 5000
MEASURED = 1_000_000
"""Events that are journalled, read and folded: with more, it would only take longer."""
ROUNDS = 3
JUMPS = (0.0, 0.003, 0.25, 0.5, 0.77, 0.999, 1.0)
"""Where to jump, as shares of the time of the log."""


class Row(NamedTuple):
    """A line of the table."""

    what: str
    outcome: str
    demand: str
    verdict: str


# The log


class Pattern(NamedTuple):
    """A line to be written over and over: a format, and the numbers in it, each with what is added to it every time."""

    form: str
    numbers: tuple[tuple[int, int], ...]

    def line(self, shifts: tuple[int, int, int]) -> bytes:
        """Return the line, without its checksum."""
        return (self.form % tuple([number + shifts[axis] for number, axis in self.numbers])).encode()


SEQ, TIME, ITEM = range(3)


def pattern(event: dict[str, Any], places: dict[int, int]) -> Pattern:
    """Return the pattern of an event.

    Args:
        event: the event.
        places: the seq that it and its cause are to have, by the seq that they had.
    """
    body = event["body"]
    axes = {"item": ITEM, "lease_until": TIME, "began": TIME}
    shifting = {key: axes[key] for key in body if key in axes and body[key] is not None}
    content = json.dumps({key: "@" if key in shifting else value for key, value in body.items()}, separators=(",", ":"))
    # What follows from the start of the campaign does so every time.
    cause = None if event["cause"] is None else places[event["cause"]]
    after = "null" if cause is None else "1" if cause == 1 else "%d"
    form = f'{{"seq":%d,"t":%d,"kind":"{event["kind"]}","from":"{event["from"]}","to":"{event["to"]}","cause":{after},"body":'
    numbers = [(places[event["seq"]], SEQ), (event["t"], TIME)]
    numbers += [(cause, SEQ)] if cause is not None and cause > 1 else []
    numbers += [(body[key], axis) for key, axis in shifting.items()]
    return Pattern(form + content.replace('"@"', "%d"), tuple(numbers))


class Scribe:
    """Writes sealed lines."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.chain = 0
        self.digest = blake2b(digest_size=16)

    def write(self, lines: list[bytes]) -> None:
        """Seal lines and write them."""
        chain, sealed = self.chain, []
        for line in lines:
            chain = crc32(line, chain)
            sealed.append(b'%b,"sum":"%08x"}\n' % (line, chain))
        self.chain, block = chain, b"".join(sealed)
        self.digest.update(block)
        self.file.write(block)


def write_log(path: Path, wanted: int) -> int:
    """Write a finished log of about so many events, and return how many they are."""
    scenario = Scenario(
        name="log",
        data=Synthetic(items=ITEMS, classes=4),
        annotators=(
            AnnotatorsTable(count=50, noise=OneCoin(accuracy=0.8), latency=LognormalTime(median=45.0, sigma=0.8), price=0.05),
        ),
        coordination=CoordinationTable(policy=Majority(size=3), lease=600.0),
    )
    summary = run(scenario, logs=path.parent / "once")
    assert summary.log is not None
    once = LogReader(Path(summary.log))
    header = next(once.lines())[: -len(',"sum":"00000000"}\n')]
    ending = {PoolExhausted.kind, CampaignEnded.kind, LabelsJudged.kind}
    start, *events = once.events()
    repeated = [event for event in events if event["kind"] not in ending]
    places = {event["seq"]: place for place, event in enumerate([start, *repeated], 1)}
    patterns = [pattern(event, places) for event in repeated]
    rounds = max(1, round(wanted / len(patterns)))
    scribe = Scribe(path)
    scribe.write([header, pattern(start, places).line((0, 0, 0))])
    for number in range(rounds):
        shifts = (number * len(patterns), number * (events[-1]["t"] + SECOND), number * ITEMS)
        scribe.write([each.line(shifts) for each in patterns])
    seq, last = 1 + rounds * len(patterns), rounds * (events[-1]["t"] + SECOND)
    end = {"seq": seq + 1, "t": last, "kind": CampaignEnded.kind, "from": "coordinator", "to": EVERYONE, "cause": None}
    scribe.write([json.dumps({**end, "body": {"stopped_by": "pool"}}, separators=(",", ":")).encode()[:-1]])
    counts = Counter(event["kind"] for event in repeated)
    footer = {"events": seq + 1, "counts": {kind: rounds * count for kind, count in counts.items()}}
    scribe.write([json.dumps({**footer, "digest": scribe.digest.hexdigest(), "streams": {}}, separators=(",", ":")).encode()[:-1]])
    scribe.file.close()
    return seq + 1


# Measuring


def cpu_seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def best(work: Callable[[], object]) -> float:
    return min(cpu_seconds(work) for _ in range(ROUNDS))


def journalling(folder: Path, events: int) -> Row:
    bodies: list[tuple[str, str, Message]] = [
        ("selector", "coordinator", ItemRequested(item=5, version=3, score=0.693147)),
        *[("coordinator", "crowd-17", TaskAssigned(item=5, attempt=0, price=0.05, lease_until=612_345_678))] * 3,
        *[("crowd-17", "coordinator", AnswerSubmitted(item=5, attempt=0, label=3, began=12_345_678))] * 3,
        ("coordinator", EVERYONE, ItemResolved(item=5, label=3, votes=3, revision=0)),
    ]
    envelopes = [
        Envelope(seq, 12_345_678 + seq, *bodies[seq % len(bodies)][:2], seq - 1 or None, bodies[seq % len(bodies)][2])
        for seq in range(1, events + 1)
    ]

    def write() -> None:
        journal = Journal(create_log(folder / "journal.jsonl"), {})
        record = logger_of(journal).record
        for envelope in envelopes:
            record(envelope)
        journal.finish({})

    microseconds = best(write) / events * 1e6
    return Row("journalling an event", f"{microseconds:.2f} us", "<= 5 us", "ok" if microseconds <= 5 else "short")


def rate(what: str, events: int, seconds: float, demand: int | None = None) -> Row:
    per_second = events / seconds
    verdict = "" if demand is None else "ok" if per_second >= demand else "short"
    return Row(what, f"{per_second:,.0f}/s", "" if demand is None else f">= {demand:,}/s", verdict)


def read(path: Path, events: int) -> None:
    for _ in islice(LogReader(path).events(), events):
        pass


def fold(path: Path, events: int) -> None:
    state = State()
    for event in islice(LogReader(path).events(), events):
        state.apply(event)


MAKING = """
import sys, time
from pathlib import Path
from bus.replay import LogReader
from scenarios.history.index import Index
Index(LogReader(Path(sys.argv[1]))).at(0)
print(time.process_time())
status = Path("/proc/self/status")
print(status.read_text() if status.exists() else "")
"""


def making_the_index(path: Path) -> tuple[float, str]:
    """Return the CPU seconds, and the most memory, of a process that makes the index and does nothing else."""
    done = subprocess.run([sys.executable, "-c", MAKING, str(path)], cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, *status = done.stdout.splitlines()
    kilobytes = [int(line.split()[1]) for line in status if line.startswith("VmHWM:")]
    return float(seconds), f"{kilobytes[0] / 1024:,.0f} MiB" if kilobytes else "not known here"


def state(path: Path, moment: str) -> Any:
    command = [sys.executable, "-m", "parley", "state", str(path), "--at", moment, "--json"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def jump(path: Path, share: float, end: float) -> Row:
    begun = time.perf_counter()
    before = state(path, f"{end * share:.6f}")["events"]
    seconds = time.perf_counter() - begun
    return Row(f"parley state, after {before:,} events", f"{seconds:.2f} s", "< 1 s", "ok" if seconds < 1 else "short")


def rows(folder: Path, wanted: int) -> list[Row]:
    path = folder / "log.jsonl"
    events = write_log(path, wanted)
    some = min(events, MEASURED)
    print(f"{events:,} events, {path.stat().st_size / 2**20:,.0f} MiB", flush=True)
    table = [
        journalling(folder, min(some, 200_000)),
        rate("reading", some, best(lambda: read(path, some)), 300_000),
        rate("reading and folding", some, best(lambda: fold(path, some))),
    ]
    seconds, memory = making_the_index(path)
    table.append(rate("making the index", events, seconds))
    table.append(Row("  its size", f"{index_file(path).stat().st_size / 2**20:,.1f} MiB", "", ""))
    table.append(Row("  memory of the process", memory, "", ""))
    end = state(path, "0")["end"]
    return table + [jump(path, share, end) for share in JUMPS]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    with TemporaryDirectory() as folder:
        for row in rows(Path(folder), parser.parse_args().events):
            print(f"{row.what:42} {row.outcome:>12} {row.demand:>14}  {row.verdict}".rstrip())


if __name__ == "__main__":
    main()
