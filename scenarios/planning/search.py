"""The search: few seeds for all candidates, and more for those that may still be among the answers."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from scenarios.grid import Cell, Row, run_grid
from scenarios.planning.front import Outlay, kept
from scenarios.planning.outlook import Outlook, Stop, outlooks
from scenarios.planning.reading import FIGURES, Reading, read
from scenarios.planning.space import Space
from scenarios.planning.targets import Targets

RUNGS = (2, 6, 14)
"""Seeds that candidates have been run with, round by round."""

SHARE = 3
"""One of so many goes on to the next round, and all that are not beaten by any other."""

_FEW = 8
"""Candidates that are worth more seeds at once."""

_BEYOND, _FAR_BEYOND = 2, 3
"""How many times the labels with which a candidate comes to the targets it is run to; and after one run, which tells little."""

Tell = Callable[[int, int], None]
"""Is told how many runs have been done, and how many there will be, as far as is known."""


class Round(NamedTuple):
    """A round of the search: how many candidates took part, and with how many seeds each had been run by its end."""

    candidates: int
    seeds: int


class Search:
    """Successive halving over seeds (Karnin, Koren and Somekh, 2013; Jamieson and Talwalkar, 2016).

    All candidates have the same seeds, so the same items and people. Who goes on is told by bounds, not by means alone: whoever may
    come to the targets, and is not surely beaten in money, time and people at once by somebody who surely does.

    Args:
        space: the candidates.
        targets: what they are to come to.
        seeds: more than so many none is given.
        jobs: processes; -1 for as many as there are cores.
    """

    def __init__(self, space: Space, targets: Targets, seeds: int, jobs: int = 1) -> None:
        self.space = space
        self.targets = targets
        self.jobs = jobs
        few = len(space.candidates) <= _FEW
        self.rungs = sorted({min(rung, seeds) for rung in (RUNGS[1:] if few else RUNGS)})
        self.alive = [*range(len(space.candidates))]
        self.outlooks: dict[int, Outlook] = {}
        """What is known of each candidate, by the last round that it took part in."""
        self.readings: dict[int, list[Reading]] = {number: [] for number in self.alive}
        self.rounds: list[Round] = []
        self.failed: list[Row] = []
        self.runs = 0

    def expected(self) -> int:
        """Return how many runs there will be, at about."""
        left, before, runs = len(self.alive), self.rounds[-1].seeds if self.rounds else 0, 0
        for rung in self.rungs[len(self.rounds) :]:
            runs += left * (rung - before)
            left, before = max(_FEW, math.ceil(left / SHARE)) if left > _FEW else left, rung
        return runs

    def run(self, tell: Tell) -> None:
        """Run all rounds.

        Raises:
            KeyboardInterrupt: what is known by then is kept, as far as all who take part have had the same seeds.
        """
        before = 0
        try:
            for rung in self.rungs:
                for seed in range(before, rung):
                    self._sow(seed, tell)
                before = rung
                self._judge(rung)
        except KeyboardInterrupt:
            self._judge(min((len(self.readings[each]) for each in self.alive), default=0))
            raise

    def _sow(self, seed: int, tell: Tell) -> None:
        """Run everybody with one seed more."""
        for row in self._runs(seed):
            self.runs += 1
            self._take(row)
            tell(self.runs, self.runs + max(0, self.expected() - self._sown(seed, row)))

    def _sown(self, seed: int, row: Row) -> int:
        before = self.rounds[-1].seeds if self.rounds else 0
        return (seed - before) * len(self.alive) + self.alive.index(row["candidate"]) + 1

    def _runs(self, seed: int) -> Iterator[Row]:
        cells = [Cell({"candidate": each}, self.space.candidates[each].ending(self._reach(each)), seed) for each in self.alive]
        yield from run_grid(cells, FIGURES, self.space.origin, self.jobs)

    def _reach(self, number: int) -> int:
        """Return how many labels a candidate is run to: far beyond where it comes to the targets, as far as that is known."""
        labels, runs = self.space.labels, self.readings[number]
        found = self.outlooks.get(number)
        if found is not None and found.middling is not None:
            wanted = _BEYOND * labels[found.middling.at]
        elif found is None and runs and (runs[0].accuracy >= self.targets.accuracy).any():
            wanted = _FAR_BEYOND * labels[int(np.argmax(runs[0].accuracy >= self.targets.accuracy))]
        else:
            return labels[-1]
        return next((each for each in labels if each >= wanted), labels[-1])

    def _take(self, row: Row) -> None:
        number = row["candidate"]
        if row["error"]:
            self.failed.append(row)
            return
        fee = self.targets.fee * self.space.candidates[number].people
        self.readings[number].append(read(row, self.space.labels, self.space.learner, fee))

    def _judge(self, seeds: int) -> None:
        """Make up the outlooks of those who take part, and let some of them go on."""
        broken = {row["candidate"] for row in self.failed}
        self.alive = [each for each in self.alive if each not in broken]
        if seeds < 2 or (self.rounds and seeds <= self.rounds[-1].seeds):
            return
        self.rounds.append(Round(len(self.alive), seeds))
        found = outlooks({each: self.readings[each][:seeds] for each in self.alive}, self.targets)
        self.outlooks |= found
        self.alive = self._survivors(found)

    def _survivors(self, found: dict[int, Outlook]) -> list[int]:
        most = max(_FEW, math.ceil(len(found) / SHARE))
        hopeful = {key: each for key, each in found.items() if each.possible is not None}
        if not hopeful:
            return sorted(sorted(found, key=lambda key: found[key].short)[:most])
        least = {key: self._outlay(key, each.possible) for key, each in hopeful.items()}
        certain = [self._outlay(key, each.certain) for key, each in hopeful.items() if each.certain is not None]
        open_still = [key for key, mine in least.items() if not any(sure.beats(mine) for sure in certain)]
        middling = {key: self._outlay(key, hopeful[key].middling or hopeful[key].possible) for key in open_still}
        return sorted(kept(middling, most))

    def _outlay(self, number: int, stop: Stop | None) -> Outlay:
        assert stop is not None
        return Outlay(stop.cost, stop.seconds, self.space.candidates[number].people)

    def proposals(self) -> dict[int, Stop]:
        """Return those of the last round that probably come to the targets, or else may, and where they would end."""
        known = {key: self.outlooks[key] for key in self.alive if key in self.outlooks}
        likely = {key: each.likely for key, each in known.items() if each.likely is not None}
        return likely or {key: each.middling for key, each in known.items() if each.middling is not None}

    def nearest(self) -> tuple[int, Stop] | None:
        """Return who misses the targets by least, and where; None if nothing is known."""
        if not self.outlooks:
            return None
        key = min(self.outlooks, key=lambda key: self.outlooks[key].short)
        return key, self.outlooks[key].nearest
