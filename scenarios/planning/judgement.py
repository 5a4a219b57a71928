"""Judgement: candidates run again, with seeds that nobody chose them by, to say how often they miss their targets."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scipy.stats import binomtest

from scenarios.grid import Cell, Row, run_grid
from scenarios.planning.front import Outlay
from scenarios.planning.reading import FIGURES, ended
from scenarios.planning.space import Space
from scenarios.planning.targets import Targets
from scenarios.statistics.estimate import Estimate, Interval, estimate

FRESH = 1_000
"""The first of the seeds that candidates are judged by."""

Proposal = tuple[int, int]
"""A candidate's number, and the labels with which it is to end."""


class Risk(NamedTuple):
    """How often a target was missed, of so many campaigns."""

    missed: int
    runs: int

    @property
    def share(self) -> float:
        """The share of campaigns that missed it."""
        return self.missed / self.runs if self.runs else math.nan

    @property
    def interval(self) -> Interval:
        """Between what the risk lies, with a probability of .95 (Clopper and Pearson, 1934)."""
        if not self.runs:
            return Interval(0.0, 1.0)
        low, high = binomtest(self.missed, self.runs).proportion_ci(0.95, "exact")
        return Interval(float(low), float(high))


class Verdict(NamedTuple):
    """What a candidate came to.

    Attributes:
        candidate: its number.
        labels: with which its campaigns ended.
        runs: how many there were.
        accuracy, cost, seconds: means over them, with half the width of their 95 % intervals.
        risks: how often it missed each target; empty where nobody has judged it yet.
    """

    candidate: int
    labels: int
    runs: int
    accuracy: Estimate
    cost: Estimate
    seconds: Estimate
    risks: Mapping[str, Risk]

    def outlay(self, people: int) -> Outlay:
        """Return what it takes, with so many annotators."""
        return Outlay(self.cost.mean, self.seconds.mean, people)

    def too_often(self, targets: Targets) -> list[str]:
        """Return the targets that it misses more often than allowed."""
        return [name for name, risk in self.risks.items() if not risk.share <= targets.risk]


def run_proposals(space: Space, proposals: list[Proposal], seeds: int, jobs: int) -> Iterator[Row]:
    """Run proposals with fresh seeds, seed by seed; a row says whose it is in `candidate`.

    Args:
        space: the candidates.
        proposals: those to be run.
        seeds: how many.
        jobs: processes; -1 for as many as there are cores.
    """
    tables = [({"candidate": number}, space.candidates[number].ending(labels)) for number, labels in proposals]
    cells = [Cell(settings, scenario, FRESH + seed) for seed in range(seeds) for settings, scenario in tables]
    yield from run_grid(cells, FIGURES, space.origin, jobs)


def verdict(space: Space, targets: Targets, proposal: Proposal, rows: list[Row]) -> Verdict:
    """Return what a candidate came to, by its runs; one that failed has missed its targets."""
    number, labels = proposal
    fee = targets.fee * space.candidates[number].people
    good = [ended(row, labels, space.learner, fee) for row in rows if not row["error"]]
    accuracy, cost, seconds = ([float(getattr(each, key)[0]) for each in good] for key in ("accuracy", "cost", "seconds"))
    failed = len(rows) - len(good)
    missed = {"accuracy": sum(not value >= targets.accuracy for value in accuracy)}
    if targets.deadline is not None:
        missed["deadline"] = sum(value > targets.deadline for value in seconds)
    if targets.budget is not None:
        # Money is counted in millionths, and sums of it are rounded.
        missed["budget"] = sum(value > targets.budget + 1e-6 for value in cost)
    risks = {name: Risk(count + failed, len(rows)) for name, count in missed.items()}
    return Verdict(number, labels, len(rows), estimate(accuracy), estimate(cost), estimate(seconds), risks)
