"""Committees of five negotiate ten thousand items: messages a CPU second, beside the bare majority of the same people.

Fifty people, right seven times out of ten among four classes, answer; where fewer than three quarters of a committee agree, it
argues for up to three rounds. The majority asks the same people the same first questions, and counts. Both write their logs. The
two take turns in one process; the best CPU time of each counts. A message of a session goes the way that one of a vote goes, and
carries views, so it is to cost hardly more.

    python benchmarks/negotiation.py [--items 10000] [--rounds 3]
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.socials.argument import Argument as Persuadable
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policy import Policy
from agents.coordinator.protocols.argument import Argument
from scenarios.annotators import AnnotatorsTable
from scenarios.run import run
from scenarios.scenario import CoordinationTable, Scenario
from scenarios.sources import Synthetic
from scenarios.summary import Summary

PEOPLE, SIZE, CLASSES, ACCURACY = 50, 5, 4, 0.7
DEMAND = 0.8


class Turn(NamedTuple):
    """A campaign: what came of it, and the CPU seconds it took."""

    summary: Summary
    seconds: float

    @property
    def speed(self) -> float:
        """Messages a CPU second."""
        return self.summary.events / self.seconds


def campaign(policy: Policy, items: int, folder: Path) -> Turn:
    """Return what came of a campaign, and how long it took."""
    scenario = Scenario(
        name=policy.kind,
        data=Synthetic(items=items, classes=CLASSES),
        annotators=[
            AnnotatorsTable(
                count=PEOPLE,
                noise=OneCoin(accuracy=ACCURACY),
                latency=LognormalTime(median=45.0, sigma=0.8),
                price=0.05,
                social=Persuadable(),
            )
        ],
        coordination=CoordinationTable(policy=policy),
    )
    start = time.process_time()
    summary = run(scenario, logs=folder)
    return Turn(summary, time.process_time() - start)


def main() -> None:
    """Print both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often the two take turns")
    options = parser.parse_args()
    talk, vote = Negotiation(size=SIZE, rounds=3, quorum=0.75, protocol=Argument()), Majority(size=SIZE)
    with tempfile.TemporaryDirectory() as folder:
        turns = [[campaign(policy, options.items, Path(folder)) for policy in (talk, vote)] for _ in range(options.rounds)]
    best = [min(each, key=lambda turn: turn.seconds) for each in zip(*turns, strict=True)]
    print(f"{options.items:,} items, {PEOPLE} people, committees of {SIZE}")
    for name, turn in zip(("negotiation", "majority"), best, strict=True):
        summary = turn.summary
        print(
            f"{name:<12} {turn.seconds:6.1f} s   {summary.events:>9,} messages, {turn.speed:>9,.0f} a CPU second   "
            f"{summary.answers:,} answers, {summary.positions:,} positions   {summary.label_accuracy:.1%} right"
        )
    ratio = best[0].speed / best[1].speed
    print(f"ratio {ratio:.2f} messages a CPU second (demanded: {DEMAND:.1f} at least) {'met' if ratio >= DEMAND else 'missed'}")


if __name__ == "__main__":
    main()
