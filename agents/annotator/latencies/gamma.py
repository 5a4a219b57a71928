"""Gamma: several steps, one after the other, each of them memoryless."""

import math
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latency import Latency
from bus.chance import Luck
from bus.duration import LONGEST, Duration

_normal = NormalDist().inv_cdf


class GammaTime(Latency):
    """Gamma times: of a whole shape k, the sum of k exponential times (Erlang, 1917). Their variance is mean ** 2 / shape."""

    kind: ClassVar[str] = "gamma"

    mean: Annotated[Duration, Field(gt=0)] = 30.0
    """Mean time of an answer."""
    shape: Annotated[float, Field(ge=0.05, le=1000)] = 2.0
    """Shape; 1 is the exponential distribution, and the higher, the more alike are the times."""

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw by inversion, so that a draw depends on one number, and grows with it."""
        return min(self.mean / self.shape * quantile(self.shape, luck.uniform()), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function: the regularised incomplete gamma function."""
        return below(self.shape, max(seconds, 0.0) * self.shape / self.mean)


# Written out, and not taken from a library: a log is to be the same bytes whatever the version of a library of special functions.


def below(shape: float, x: float) -> float:
    """Return the lower regularised incomplete gamma function (Abramowitz and Stegun, 1964, 6.5.29 and 6.5.31)."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        place = shape
        while term > total * 1e-16:
            place += 1
            term *= x / place
            total += term
        return min(front * total, 1.0)
    return 1 - front * _above(shape, x)


def _above(shape: float, x: float) -> float:
    """Return the continued fraction of the upper function, from the front (Lentz, 1976)."""
    b = x + 1 - shape
    c, d = 1e300, 1 / b
    value, step = d, 0
    while True:
        step += 1
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        value *= c * d
        if abs(c * d - 1) < 1e-15 or step > 10_000:
            return value


def quantile(shape: float, share: float) -> float:
    """Return x of which below(shape, x) is the share, by Newton's method on the log of x.

    It begins at the approximation by a cubed normal (Wilson and Hilferty, 1931), or where the shape is low, at the leading term of
    the series; each step that would leave the bounds found so far halves them instead.
    """
    cubed = 1 - 1 / (9 * shape) + _normal(share) / (3 * math.sqrt(shape))
    leading = (math.log(share) + math.lgamma(shape + 1)) / shape
    x = shape * cubed**3 if shape > 0.5 and cubed > 0.1 else math.exp(min(max(leading, -700.0), 5.0))
    low, high = -745.0, math.log(shape + 60 + 12 * math.sqrt(shape))
    at = min(max(math.log(x), low), high)
    for _ in range(200):
        x = math.exp(at)
        miss = below(shape, x) - share
        low, high = (low, at) if miss > 0 else (at, high)
        slope = math.exp(shape * at - x - math.lgamma(shape))
        step = at - miss / slope if slope > 0 else math.inf
        step = step if low < step < high else (low + high) / 2
        if abs(step - at) <= 1e-14 * max(abs(at), 1.0):
            break
        at = step
    return math.exp(at)
