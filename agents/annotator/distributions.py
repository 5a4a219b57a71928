"""Distributions over people: how a dial differs from one person to the next."""

import math
from abc import abstractmethod
from statistics import NormalDist
from typing import Annotated, ClassVar, Protocol, runtime_checkable

from pydantic import BeforeValidator, Field, model_validator

from agents.annotator import beta
from agents.annotator.gamma import dirichlet, gamma
from agents.component import Choice, Component
from bus.chance import Keyed, Luck
from bus.duration import parse_duration

_NORMAL = NormalDist()


Value = Annotated[float, BeforeValidator(parse_duration)]
"""A number, or a duration as text: whatever the dial takes."""


class Distribution(Component):
    """A distribution over people."""

    @abstractmethod
    def draw(self, luck: Luck) -> float:
        """Draw one person's value."""


@runtime_checkable
class Ranked(Protocol):
    """What says which value a person of a certain rank has."""

    def at(self, share: float) -> float:
        """Return the value below which that share of people is."""


class Beta(Distribution):
    """Beta distribution on 0 to 1, of mean a / (a + b): for accuracies and other probabilities."""

    kind: ClassVar[str] = "beta"

    a: Annotated[float, Field(ge=1e-6, le=1e4)]
    """First shape."""
    b: Annotated[float, Field(ge=1e-6, le=1e4)]
    """Second shape."""

    def draw(self, luck: Luck) -> float:
        """Draw as a ratio of two gamma draws."""
        if max(self.a, self.b) < 1:
            # Both draws may be too small for numbers.
            return dirichlet((self.a, self.b), luck)[0]
        first, second = gamma(self.a, luck), gamma(self.b, luck)
        return first / (first + second)

    def at(self, share: float) -> float:
        """Return the value below which that share of people is."""
        return beta.quantile(self.a, self.b, share)


class Uniform(Distribution):
    """Each value between two bounds as likely as the others."""

    kind: ClassVar[str] = "uniform"

    low: Value
    """Lower bound."""
    high: Value
    """Upper bound."""

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        if self.low > self.high:
            raise ValueError(f"low is {self.low}, above high, which is {self.high}")
        return self

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.low + (self.high - self.low) * luck.uniform()

    def at(self, share: float) -> float:
        """Return the value below which that share of people is."""
        return self.low + (self.high - self.low) * share


class Normal(Distribution):
    """Normal distribution, cut off where the dial's range ends."""

    kind: ClassVar[str] = "normal"

    mean: Value
    """Mean before the cut."""
    sd: Annotated[Value, Field(ge=0)]
    """Standard deviation before the cut."""

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.mean + self.sd * luck.normal()

    def at(self, share: float) -> float:
        """Return the value below which that share of people is."""
        return self.mean + self.sd * _NORMAL.inv_cdf(share)


class Lognormal(Distribution):
    """Lognormal distribution: for speeds, whose logarithm differs between people by about 0.55."""

    kind: ClassVar[str] = "lognormal"

    median: Annotated[Value, Field(gt=0)]
    """Median."""
    sigma: Annotated[float, Field(ge=0, le=5)]
    """Standard deviation of the natural logarithm."""

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.median * math.exp(self.sigma * luck.normal())

    def at(self, share: float) -> float:
        """Return the value below which that share of people is."""
        return self.median * math.exp(self.sigma * _NORMAL.inv_cdf(share))


class Tied(Distribution):
    """A distribution of which each person's value goes with a number of theirs, as values of other dials do.

    That number, called `to`, is normal, and the same wherever the person's dials are tied to it; so people's speed may go with
    their accuracy, and both with how much they do. What is tied with correlations r and s goes together with correlation r * s, as
    ranks by a normal distribution (a Gaussian copula; Sklar, 1959).
    """

    kind: ClassVar[str] = "tied"

    to: Annotated[str, Field(min_length=1, max_length=64)]
    """Name of the number."""
    correlation: Annotated[float, Field(ge=-1, le=1)] = 1.0
    """How closely the value goes with it: correlation of the value's rank, as a normal number, with the number."""
    of: Annotated[Distribution, Choice("distribution over people", Beta, Uniform, Normal, Lognormal)]
    """How the value is distributed over people."""

    @model_validator(mode="after")
    def _has_ranks(self) -> "Tied":
        if not isinstance(self.of, Ranked):
            raise ValueError("a distribution can be tied if it has a method `at`, and this has none")
        return self

    def draw(self, luck: Luck) -> float:
        """Draw a value that goes with nothing."""
        return self._at(luck.normal())

    def given(self, shared: Luck, luck: Luck) -> float:
        """Draw a value, given the draws to which it is tied."""
        return self._at(self.correlation * shared.normal() + math.sqrt(1 - self.correlation**2) * luck.normal())

    def _at(self, score: float) -> float:
        assert isinstance(self.of, Ranked)
        return self.of.at(min(max(_NORMAL.cdf(score), 2**-53), 1 - 2**-53))


DISTRIBUTIONS = Choice("distribution over people", Beta, Uniform, Normal, Lognormal, Tied)
AnyDistribution = Annotated[Distribution, DISTRIBUTIONS]


def drawn(spread: Distribution, luck: Luck, shared: Keyed | None, attempt: int) -> float:
    """Draw one person's value.

    Args:
        spread: what it is drawn from.
        luck: the person's draws for this value.
        shared: their draws to which it may be tied; None if it goes with nothing.
        attempt: how often a value was drawn for this component already.
    """
    # Who is drawn again is drawn again altogether: with the same number, a value that is tied to it would stay impossible.
    if shared is not None and isinstance(spread, Tied):
        return spread.given(shared.luck(spread.to, attempt), luck)
    return spread.draw(luck)
