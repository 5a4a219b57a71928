"""Spread: how people differ in the spread of their times, and in how often they wander off."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

LEAST = 1e-3
"""Least standard deviation, of a logarithm: below, times are as good as equal."""
MOST = 2.0
"""Greatest one: above, the fastest and the slowest of twenty times differ by a factor of 2,000."""
_ENOUGH = 20_000
"""People by whom the distributions over people are known well enough."""
_STRIDE = 0.5
"""Farthest step, of a logarithm, towards the maximum of a likelihood."""

Floats = NDArray[np.float64]


class Spread(NamedTuple):
    """How people differ in the spread of their residuals and in their shares of idle answers.

    Attributes:
        freedom, scale: of the scaled inverse chi-square distribution of people's variances.
        mean, strength: of the beta distribution of their shares: its mean, and the sum of its shapes.
    """

    freedom: float
    scale: float
    mean: float
    strength: float


def climbed(now: Spread, squares: Floats, work: Floats, strayed: Floats, unsure: Floats) -> Spread:
    """Return the two distributions over people, one step of their marginal likelihood further up.

    Args:
        now: the distributions as they are taken to be.
        squares: sum of each person's squared residuals at work; shape (people,), as all the others.
        work: how many times at work there are of each, in expectation.
        strayed: how many idle ones.
        unsure: the variance of that number.
    """
    every = slice(None, None, 1 + len(squares) // _ENOUGH)
    squares, work, strayed, unsure = squares[every], work[every], strayed[every], unsure[every]

    def of_freedom(log_freedom: float) -> float:
        """Student's t of each person's residuals, but for what does not change."""
        half, sum_of_squares = np.exp(log_freedom) / 2, np.exp(log_freedom) * now.scale**2
        parts = gammaln(half + work / 2) - (half + work / 2) * np.log(sum_of_squares + squares)
        return float(parts.sum() + len(work) * (half * np.log(sum_of_squares) - gammaln(half)))

    def of_strength(log_strength: float) -> float:
        """Beta-binomial of each person's idle answers; their number is known by its mean and variance alone."""
        a, b = now.mean * np.exp(log_strength), (1 - now.mean) * np.exp(log_strength)
        parts = gammaln(a + strayed) + gammaln(b + work) - gammaln(a + b + strayed + work)
        parts += 0.5 * unsure * (_trigamma(a + strayed) + _trigamma(b + work))
        return float(parts.sum() + len(work) * (gammaln(a + b) - gammaln(a) - gammaln(b)))

    freedom = float(np.exp(_uphill(of_freedom, np.log(now.freedom), np.log(1.0), np.log(1e3))))
    strength = float(np.exp(_uphill(of_strength, np.log(now.strength), np.log(0.5), np.log(1e3))))
    precision = (work + freedom) / (squares + freedom * now.scale**2)
    share = (strayed + now.mean * strength) / (strayed + work + strength)
    scale = float(np.clip(float(precision.mean()) ** -0.5, LEAST, MOST))
    return Spread(freedom, scale, float(np.clip(share.mean(), 1e-6, 1 - 1e-6)), strength)


def _uphill(height: Callable[[float], float], x: float, low: float, high: float) -> float:
    """Return x after a step of Newton's method towards the maximum, with derivatives by differences."""
    step = 0.1
    before, here, after = height(x - step), height(x), height(x + step)
    slope, bend = (after - before) / (2 * step), (after - 2 * here + before) / step**2
    move = -slope / bend if bend < 0 else np.copysign(_STRIDE, slope)
    return float(np.clip(x + np.clip(move, -_STRIDE, _STRIDE), low, high))


def _trigamma(x: Floats) -> Floats:
    """Return the derivative of digamma, to one in a thousand: a recurrence, then an asymptotic series."""
    y = x + 2
    return np.asarray(1 / x**2 + 1 / (x + 1) ** 2 + 1 / y + 1 / (2 * y**2) + 1 / (6 * y**3))
