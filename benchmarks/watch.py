"""The live view, and what it costs: runs with and without it in alternation, on a real pseudo-terminal of 120 x 40.

Of each pair, the ratio of the seconds that the process worked, both threads together, and of those that passed. Of the first it is
demanded, as it is the same whatever else the machine does. One thread works while the other waits: on an idle machine they agree.

python benchmarks/watch.py [--rounds 5] [--only WEEK]
"""

import argparse
import os
import pty
import statistics
import subprocess
import time
from contextlib import AbstractContextManager, nullcontext
from typing import IO, NamedTuple

from scenarios import operator
from scenarios.execution import OnStart
from scenarios.loading import find, load
from scenarios.run import Origin, run
from scenarios.watch.view import View

DEMAND = 1.05
"""Of what a run takes unwatched."""

SIZE = 120, 40
RUNS: dict[str, tuple[str, dict[str, object]]] = {
    "a labelling week of 50 people": ("tired", {"stop.time": "7d", "data.items": 60_000, "annotators.crowd.count": 50}),
    "200 annotators": ("tired", {"stop.labels": 25_000, "data.items": 60_000, "annotators.crowd.count": 200}),
    "a model a label": ("quickstart", {"stop.labels": 1_100, "stop.budget": 1e6, "stop.time": "9d", "learner.retrain_every": 1}),
}
"""By name, a scenario of the library and what is changed there."""


class Time(NamedTuple):
    """Seconds that passed, and that the process worked."""

    passed: float
    worked: float


def measure(name: str, settings: dict[str, object], view: AbstractContextManager[OnStart | None]) -> tuple[Time, int]:
    """Return what a run takes, and how many events it has."""
    loaded = load(find(name), settings)
    with view as watch:
        passed, worked = time.perf_counter(), time.process_time()
        summary = run(loaded.scenario, None, origin=Origin(loaded.folder, loaded.script), on_start=watch)
        return Time(time.perf_counter() - passed, time.process_time() - worked), summary.events


def compare(name: str, settings: dict[str, object], rounds: int, terminal: IO[str]) -> Time:
    """Return the ratios of what runs take with the view and without it: medians over pairs of them."""
    # What is imported and read once is so before the first of them.
    measure(name, {**settings, "stop.labels": 20}, nullcontext())
    ratios: list[Time] = []
    for number in range(rounds):
        pair: dict[bool, Time] = {}
        # Whichever comes first has the machine as the pair before it left it.
        for watched in (False, True) if number % 2 else (True, False):
            pair[watched], events = measure(name, settings, View(terminal, SIZE) if watched else nullcontext())
        alone, seen = pair[False], pair[True]
        ratios.append(Time(seen.passed / alone.passed, seen.worked / alone.worked))
        print(f"  {events:,} events: worked {alone.worked:.2f} s and {seen.worked:.2f} s, "
              f"passed {alone.passed:.2f} s and {seen.passed:.2f} s", flush=True)  # fmt: skip
    return Time(statistics.median(each.passed for each in ratios), statistics.median(each.worked for each in ratios))


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the name of the runs that are wanted")
    given = parser.parse_args()
    operator.configure(-1)
    master, slave = pty.openpty()
    # Somebody has to read what a terminal is sent, and not in this process.
    with subprocess.Popen(["cat"], stdin=master, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        os.close(master)
        with os.fdopen(slave, "w", encoding="utf-8") as terminal:
            for what, (name, settings) in RUNS.items():
                if given.only in what:
                    print(what)
                    ratio = compare(name, settings, given.rounds, terminal)
                    print(f"watched by unwatched: worked {ratio.worked:.3f}, passed {ratio.passed:.3f}; demanded {DEMAND} at most")


if __name__ == "__main__":
    main()
