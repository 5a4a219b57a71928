"""A view of a study: its results and findings, and who is who in them."""

import math
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from scenarios.findings.findings import Findings, findings
from scenarios.findings.quantities import Quantity, quantity
from scenarios.statistics.estimate import Estimate, estimate
from scenarios.study.results import Place, Results

SAMPLED = 8
"""Different numbers of a dial from which on a study without all of their combinations is taken to have drawn them from a range."""


class Seat(NamedTuple):
    """Where a point of a study stands: at which place, with which level; None where nothing is compared."""

    place: int
    level: int | None


class View(NamedTuple):
    """A study as its report sees it.

    Attributes:
        results: of the study.
        found: what they say.
        places, levels: of the study; no levels where nothing is compared.
        seats: of each point.
    """

    results: Results
    found: Findings
    places: tuple[Place, ...]
    levels: tuple[Any, ...]
    seats: tuple[Seat, ...]

    @property
    def own(self) -> Quantity | None:
        """The measure that the study is about; None if no run has it."""
        return quantity(self.found.quantities, self.results.measure)

    @property
    def compares(self) -> bool:
        """Whether there is a place where levels can be compared."""
        return any(len(place.members) > 1 for place in self.places)

    @property
    def sampled(self) -> bool:
        """Whether points were drawn from ranges rather than all combined."""
        told = self.results.told()
        every = math.prod(len(self.results.levels(path)) for path in told)
        wide = any(self.numbers(path) is not None and len(self.results.levels(path)) >= SAMPLED for path in told)
        return wide and len(self.results.points) * 2 < every

    def numbers(self, path: str) -> list[float] | None:
        """Return what a dial is set to, if they are all numbers, two or more."""
        values = self.results.levels(path)
        if len(values) < 2 or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            return None
        if any(abs(value) > sys.float_info.max for value in values):
            return None
        return [float(value) for value in values]

    def setting(self, point: int, path: str) -> str:
        """Return what a dial is set to at a point, as people read it."""
        return self.found.names.levels[path][self.results.levels(path).index(self.results.points[point][path])]

    def title(self, point: int, paths: Sequence[str]) -> str:
        """Return what some dials are set to at a point, with their names."""
        return ", ".join(f"{self.found.names.dials[path]} {self.setting(point, path)}" for path in paths)

    def name(self, point: int) -> str:
        """Return a point's name: its level, and its place where there are several."""
        place, level = self.seats[point]
        parts = [] if level is None or len(self.levels) < 2 else [self.found.names.compared[level]]
        parts += [self.found.names.places[place]] if self.found.names.places[place] else []
        return ", ".join(parts) or "every run"

    def over(self, found: Quantity, points: Sequence[int]) -> Estimate:
        """Return the mean over several points, and its interval over the seeds that all of them have."""
        tables = [found.values[point] for point in points]
        seeds = sorted(set.intersection(*({*table} for table in tables))) if tables else []
        return estimate([math.fsum(table[seed] for table in tables) / len(tables) for seed in seeds])


def view_of(results: Results) -> View:
    """Return a study as its report sees it."""
    places = tuple(results.places())
    levels = tuple(results.levels(results.compared)) if results.compared is not None else ()
    seats = [Seat(0, None)] * len(results.points)
    for number, place in enumerate(places):
        for level, point in place.members:
            seats[point] = Seat(number, levels.index(level) if levels else None)
    return View(results, findings(results), places, levels, tuple(seats))
