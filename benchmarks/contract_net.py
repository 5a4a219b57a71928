"""A hundred thousand items through the contract net, with two hundred people: messages a CPU second, beside the shared queue.

The same people label the same items, each once; both write their logs. In the contract net two people are called for each item and
bid, and one is awarded it: seven messages a task where the shared queue has two, and two more of an item. The two take turns in one
process; the best CPU time of each counts. A message of a tender goes the way that any message goes, so it is to cost no more.

    python benchmarks/contract_net.py [--items 100000] [--candidates 2] [--rounds 3]
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.coordinator.allocation import Allocation
from agents.coordinator.allocations.contract_net import ContractNet
from agents.coordinator.allocations.shared_queue import SharedQueue
from scenarios.annotators import AnnotatorsTable
from scenarios.run import run
from scenarios.scenario import CoordinationTable, Scenario
from scenarios.sources import Synthetic
from scenarios.summary import Summary

PEOPLE, CLASSES, ACCURACY = 200, 4, 0.8
DEMAND = 0.9


class Turn(NamedTuple):
    """A campaign: what came of it, and the CPU seconds it took."""

    summary: Summary
    seconds: float

    @property
    def speed(self) -> float:
        """Messages a CPU second."""
        return self.summary.events / self.seconds


def campaign(allocation: Allocation, items: int, folder: Path) -> Turn:
    """Return what came of a campaign, and how long it took."""
    scenario = Scenario(
        name=allocation.kind,
        data=Synthetic(items=items, classes=CLASSES),
        annotators=[
            AnnotatorsTable(
                count=PEOPLE, noise=OneCoin(accuracy=ACCURACY), latency=LognormalTime(median=45.0, sigma=0.8), price=0.05
            )
        ],
        coordination=CoordinationTable(allocation=allocation),
    )
    start = time.process_time()
    summary = run(scenario, logs=folder)
    return Turn(summary, time.process_time() - start)


def main() -> None:
    """Print both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="how often the two take turns")
    options = parser.parse_args()
    allocations = ContractNet(candidates=options.candidates), SharedQueue()
    with tempfile.TemporaryDirectory() as folder:
        turns = [[campaign(each, options.items, Path(folder)) for each in allocations] for _ in range(options.rounds)]
    net, queue = (min(each, key=lambda turn: turn.seconds) for each in zip(*turns, strict=True))
    print(f"{options.items:,} items, {PEOPLE} people, {options.candidates} called for each item")
    for name, turn in (("contract net", net), ("shared queue", queue)):
        summary = turn.summary
        print(
            f"  {name:13}{turn.seconds:7.2f} s, {summary.events:9,} messages, {turn.speed:8,.0f} a CPU second; "
            f"all labelled after {summary.simulated_seconds / 3600:.2f} h"
        )
    extra = (net.seconds - queue.seconds) / options.items
    print(f"  a tender costs {1e6 * extra:.0f} us more than a place in a queue, for {3 * options.candidates - 1} messages more")
    print(f"  a message costs {queue.speed / net.speed:.2f} of one without tenders; at most {1 / DEMAND:.2f} is demanded")
    if net.speed < DEMAND * queue.speed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
