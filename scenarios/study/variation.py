"""What a study varies: a grid, a list, or points drawn so that they fill their ranges evenly."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator
from scipy.stats import qmc

from bus.chance import Chance
from bus.table import Table

MOST_DIALS = 1_000
"""Dials that are drawn at most."""

Settings = dict[str, JsonValue]
"""What is set at a point: values, by path."""


class Range(Table):
    """A range that a dial is drawn from."""

    low: float
    """The least value."""
    high: float
    """The greatest value."""
    log: bool = False
    """Whether equal ratios are equally likely, rather than equal differences."""
    whole: bool = False
    """Whether values are whole numbers, both ends among them."""

    @model_validator(mode="after")
    def _is_a_range(self) -> "Range":
        if not self.low < self.high:
            raise ValueError(f"low = {self.low:g} and high = {self.high:g}: a range goes from a lower value to a higher one")
        if self.log and self.low <= 0:
            raise ValueError(f"low = {self.low:g}: by ratios, a range begins above zero")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError(f"low = {self.low:g} and high = {self.high:g}: of whole numbers, both ends are whole")
        return self

    def at(self, share: float) -> float | int:
        """Return the value below which lies such a share of the range, from 0 to below 1."""
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        if self.log:
            low = max(low, 0.5) if self.whole else low
            value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            value = low + share * (high - low)
        if self.whole:
            return int(min(max(round(value), self.low), self.high))
        # Ends are allowed, and rounding must not go beyond them; nobody reads more than six digits.
        return min(max(float(f"{value:.6g}"), self.low), self.high)


def _branch(value: Any) -> str:
    return "drawn-range" if isinstance(value, dict | Range) else "drawn-values"


Drawn = Annotated[
    Annotated[Range, Tag("drawn-range")] | Annotated[list[JsonValue], Field(min_length=1), Tag("drawn-values")],
    Discriminator(_branch),
]


class Sample(Table):
    """Points drawn so that they fill the ranges of several dials evenly."""

    points: Annotated[int, Field(ge=2, le=65_536)]
    """How many."""
    method: Literal["latin-hypercube", "sobol"] = "latin-hypercube"
    """Latin hypercube: each dial takes a value from each of as many equal parts of its range (McKay, Beckman and Conover, 1979).
    Sobol: a scrambled sequence, evenest where the number of points is a power of two (Sobol, 1967; Owen, 1998)."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Of the draw; the same seed draws the same points."""
    dials: Annotated[dict[str, Drawn], Field(min_length=1, max_length=MOST_DIALS)]
    """What is drawn, by path: from a range, or one of several values."""

    @model_validator(mode="after")
    def _is_even(self) -> "Sample":
        if self.method == "sobol" and self.points & (self.points - 1):
            power = 2 ** round(math.log2(self.points))
            raise ValueError(f"points = {self.points}: a Sobol sequence is even for powers of two, such as {power}")
        return self

    def drawn(self) -> list[Settings]:
        """Return the points."""
        rng = Chance(self.seed).stream("study", "sample")
        dimensions = len(self.dials)
        if self.method == "sobol":
            shares = qmc.Sobol(dimensions, rng=rng).random_base2(round(math.log2(self.points)))
        else:
            shares = qmc.LatinHypercube(dimensions, rng=rng).random(self.points)
        return [
            {path: _drawn(dial, float(share)) for (path, dial), share in zip(self.dials.items(), row, strict=True)}
            for row in shares
        ]


def points_of(vary: Mapping[str, Sequence[JsonValue]], listed: Sequence[Settings], sample: Sample | None) -> list[Settings]:
    """Return every combination of the values of a grid, the points of a list and those of a sample."""
    grid = [dict(zip(vary, values, strict=True)) for values in itertools.product(*vary.values())]
    drawn = [{}] if sample is None else sample.drawn()
    return [{**first, **second, **third} for first, second, third in itertools.product(grid, listed or [{}], drawn)]


def count_of(vary: Mapping[str, Sequence[JsonValue]], listed: Sequence[Settings], sample: Sample | None) -> int:
    """Return how many points that would be."""
    return math.prod(map(len, vary.values())) * max(1, len(listed)) * (1 if sample is None else sample.points)


def _drawn(dial: Any, share: float) -> JsonValue:
    return dial.at(share) if isinstance(dial, Range) else dial[int(share * len(dial))]
