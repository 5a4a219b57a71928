"""Verdicts: which differences between policies are real, and which are not yet."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from scenarios.grid import Row
from scenarios.measures.measure import MEASURES, Measure
from scenarios.statistics.corrections import holm
from scenarios.statistics.estimate import ERROR, Estimate, estimate
from scenarios.statistics.paired import Paired, paired

Verdict = Literal["real", "not yet", "the same", "no pairs"]
"""
Real: the interval excludes zero. Not yet: it does not, or there is none. The same: all pairs are equal. No pairs: no seed has both.
"""


class Difference(NamedTuple):
    """How a policy differs from the one that it is compared with, by one measure.

    Attributes:
        name: the policy.
        measure: the measure.
        paired: the differences, seed by seed.
        p: the p-value of no difference, corrected for all differences of the comparison; NaN if there is no test.
        low, high: the interval, likewise corrected; NaN if there is none.
        verdict: what to make of it.
        ratio: the ratio of the means of these pairs; None if the other's mean is not above zero.
        needed: pairs that would find it, were it as it looks, of those that are not yet real; None if too many, or nobody knows.
    """

    name: str
    measure: Measure
    paired: Paired
    p: float
    low: float
    high: float
    verdict: Verdict
    ratio: float | None
    needed: int | None

    @property
    def half_width(self) -> float:
        """Half the width of the interval; 0 where all pairs tell the same, and enough of them do; NaN if there is none."""
        return 0.0 if self.paired.constant and self.verdict in ("real", "the same") else (self.high - self.low) / 2


class Standing(NamedTuple):
    """How a policy did.

    Attributes:
        name: the policy.
        runs: its runs that did not fail.
        stopped_by: of these, how many were stopped by what.
        means: each measure's mean over the runs that have it, by its key.
    """

    name: str
    runs: int
    stopped_by: Counter[str]
    means: dict[str, Estimate]


class Comparison(NamedTuple):
    """What came of a contest.

    Attributes:
        standings: a standing for each policy, the one that the others are compared with first.
        differences: of each other policy, by each measure that any run has; measure by measure.
        tests: differences that were tested: those with a spread.
        error: the probability with which each interval misses, after the correction.
        rows: the runs.
    """

    standings: tuple[Standing, ...]
    differences: tuple[Difference, ...]
    tests: int
    error: float
    rows: tuple[Row, ...]

    @property
    def against(self) -> str:
        """The name of the policy that the others are compared with."""
        return self.standings[0].name

    @property
    def failures(self) -> list[Row]:
        """The runs that failed."""
        return [row for row in self.rows if row["error"]]

    @property
    def seeds(self) -> int:
        """How many seeds were run."""
        return len({row["seed"] for row in self.rows})

    def measures(self) -> list[Measure]:
        """Return the measures by which anybody was compared."""
        return [*dict.fromkeys(each.measure for each in self.differences)]

    def value(self, measure: Measure) -> float | None:
        """Return the value of a measure in all runs, if it is the same in all."""
        values = {measure.figure(row) for row in self.rows if not row["error"]} - {None}
        return values.pop() if len(values) == 1 else None


def compare(names: Sequence[str], rows: Sequence[Row]) -> Comparison:
    """Return what runs say of policies: means, and differences paired by seed, corrected for how many they are.

    Args:
        names: the policies, the one that the others are compared with first.
        rows: a row a run, with the policy's name, the seed, the figures and the error.
    """
    by_name = {name: {row["seed"]: row for row in rows if row["policy"] == name and not row["error"]} for name in names}
    told = [measure for measure in MEASURES if any(measure.figure(row) is not None for row in rows if not row["error"])]
    found = [(name, measure, *_pairs(by_name[name], by_name[names[0]], measure)) for measure in told for name in names[1:]]
    tested = [place for place, (*_, pairs, _) in enumerate(found) if pairs.pairs > 1 and not pairs.alike]
    corrected, error = holm([found[place][2].p for place in tested])
    p = dict(zip(tested, corrected, strict=True))
    differences = tuple(
        _difference(name, measure, pairs, ratio, p.get(place, float("nan")), error)
        for place, (name, measure, pairs, ratio) in enumerate(found)
    )
    standings = tuple(_standing(name, [*by_name[name].values()], told) for name in names)
    return Comparison(standings, differences, len(tested), error, tuple(rows))


def _pairs(mine: dict[int, Row], theirs: dict[int, Row], measure: Measure) -> tuple[Paired, float | None]:
    """Return the differences by one measure, of the seeds that have it for both, and the ratio of the means."""
    both = [(mine[seed], theirs[seed]) for seed in sorted(mine.keys() & theirs.keys())]
    figures = [(measure.figure(one), measure.figure(other)) for one, other in both]
    some = [(one, other) for one, other in figures if one is not None and other is not None]
    values, others = [one for one, _ in some], [other for _, other in some]
    grains = [measure.grain(row) for pair in both for row in pair] if measure.grain else _gaps({*values, *others})
    ratio = sum(values) / sum(others) if sum(others) > 0 else None
    return paired(values, others, max(grains, default=0.0)), ratio


def _gaps(values: set[float]) -> list[float]:
    """Return the smallest gap between different values, the best guess at how fine they are."""
    return [min(after - before for before, after in pairwise(sorted(values)))] if len(values) > 1 else []


def _difference(name: str, measure: Measure, pairs: Paired, ratio: float | None, p: float, error: float) -> Difference:
    low, high = pairs.interval(error)
    if pairs.pairs == 0:
        verdict: Verdict = "no pairs"
    elif pairs.alike and pairs.pairs > 1:
        verdict = "the same"
    else:
        verdict = "real" if p <= ERROR else "not yet"
    needed = pairs.pairs_needed(error) if verdict == "not yet" else None
    return Difference(name, measure, pairs, p, low, high, verdict, ratio, needed)


def _standing(name: str, rows: Sequence[Row], measures: Sequence[Measure]) -> Standing:
    figures = {each.key: [each.figure(row) for row in rows] for each in measures}
    means = {key: estimate([value for value in values if value is not None]) for key, values in figures.items()}
    return Standing(name, len(rows), Counter(row["stopped_by"] for row in rows), means)
