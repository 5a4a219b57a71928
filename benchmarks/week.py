"""A week of fifty annotators: events a CPU second, against the same campaign written directly in SimPy with `json` lines.

Both simulate 50 people who each take the oldest open question of a shared queue, work on it for a lognormal time, and answer it
rightly four times out of five; three answers make a label by majority, and a new item is opened for each that is done. Both write a
line for each request, assignment, answer and label. Parley runs with all it has: typed messages over the bus, policies as
coroutines, money, keyed luck, checksums. The two take turns in one process; the best CPU time of each counts.

    python benchmarks/week.py [--days 7] [--rounds 2]
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import simpy

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.policies.majority import Majority
from scenarios.annotators import AnnotatorsTable
from scenarios.run import run
from scenarios.scenario import CoordinationTable, Scenario, StopTable
from scenarios.sources import Synthetic

PEOPLE, VOTES, CLASSES = 50, 3, 4
MEDIAN, SIGMA, ACCURACY = 45.0, 0.8, 0.8
DEMAND = 1.0


def parley_week(days: float, folder: Path) -> tuple[int, float]:
    """Return events and CPU seconds of Parley's week."""
    scenario = Scenario(
        name="week",
        data=Synthetic(items=int(40_000 * days), classes=CLASSES),
        annotators=[
            AnnotatorsTable(
                count=PEOPLE, noise=OneCoin(accuracy=ACCURACY), latency=LognormalTime(median=MEDIAN, sigma=SIGMA), price=0.05
            )
        ],
        coordination=CoordinationTable(policy=Majority(size=VOTES)),
        stop=StopTable(time=days * 86400),
    )
    start = time.process_time()
    summary = run(scenario, logs=folder)
    return summary.events, time.process_time() - start


class SimpyWeek:
    """The same week, as one would write it in SimPy."""

    def __init__(self, days: float, path: Path) -> None:
        self.env = simpy.Environment()
        self.days = days
        self.draw = random.Random(0)
        self.tasks = simpy.Store(self.env)
        self.answers = simpy.Store(self.env)
        self.file = path.open("w", buffering=2**20)
        self.events = 0
        self.next_item = 0
        self.votes: dict[int, list[int]] = {}
        self.truth: list[int] = []

    def log(self, kind: str, sender: str, recipient: str, cause: int | None, body: dict[str, object]) -> int:
        """Write an event's line."""
        self.events += 1
        event = {
            "seq": self.events,
            "t": round(self.env.now * 1e6),
            "kind": kind,
            "from": sender,
            "to": recipient,
            "cause": cause,
            "body": body,
        }
        self.file.write(json.dumps(event, separators=(",", ":")) + "\n")
        return self.events

    def open_item(self, cause: int | None):
        """Open the next item: a task for each vote."""
        item = self.next_item
        self.next_item += 1
        self.truth.append(self.draw.randrange(CLASSES))
        self.votes[item] = []
        request = self.log("item-requested", "selector", "coordinator", cause, {"item": item, "version": 0, "score": 0.0})
        for _ in range(VOTES):
            yield self.tasks.put((item, request))

    def annotator(self, name: str):
        """Take a task, work, answer."""
        draw = self.draw
        while True:
            item, request = yield self.tasks.get()
            body = {"item": item, "attempt": 0, "price": 0.05, "lease_until": None}
            task = self.log("task-assigned", "coordinator", name, request, body)
            began = round(self.env.now * 1e6)
            yield self.env.timeout(MEDIAN * draw.lognormvariate(0, SIGMA))
            truth = self.truth[item]
            label = truth if draw.random() < ACCURACY else (truth + 1 + draw.randrange(CLASSES - 1)) % CLASSES
            body = {"item": item, "attempt": 0, "label": label, "began": began}
            answer = self.log("answer-submitted", name, "coordinator", task, body)
            yield self.answers.put((item, label, answer))

    def coordinator(self):
        """Count votes, resolve items, open new ones."""
        for _ in range(PEOPLE):
            yield from self.open_item(None)
        while True:
            item, label, answer = yield self.answers.get()
            votes = self.votes[item]
            votes.append(label)
            if len(votes) == VOTES:
                winner = Counter(votes).most_common(1)[0][0]
                del self.votes[item]
                body = {"item": item, "label": winner, "votes": VOTES, "revision": 0}
                resolved = self.log("item-resolved", "coordinator", "*", answer, body)
                yield from self.open_item(resolved)

    def run(self) -> tuple[int, float]:
        """Return events and CPU seconds."""
        start = time.process_time()
        self.env.process(self.coordinator())
        for number in range(PEOPLE):
            self.env.process(self.annotator(f"crowd-{number + 1}"))
        self.env.run(until=self.days * 86400)
        self.file.close()
        return self.events, time.process_time() - start


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    best = {"Parley": 0.0, "SimPy": 0.0}
    events = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name, measure in (
                ("Parley", lambda: parley_week(options.days, Path(folder))),
                ("SimPy", lambda: SimpyWeek(options.days, Path(folder) / "simpy.jsonl").run()),
            ):
                events[name], seconds = measure()
                best[name] = max(best[name], events[name] / seconds)
    for name, rate in best.items():
        print(f"{name:<8}{events[name]:>12,} events {rate:>12,.0f} events a CPU second")
    ratio = best["Parley"] / best["SimPy"]
    print(f"ratio {ratio:.2f} (aimed at: {DEMAND:.1f} or more) {'ok' if ratio >= DEMAND else 'short'}")


if __name__ == "__main__":
    main()
