"""The beta distribution's quantiles, written out: people are to be the same whatever the version of a library."""

import math


def below(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function (Abramowitz and Stegun, 1964, 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x > 0)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    # On the other side of the mean, the fraction settles slowly.
    return front * _fraction(a, b, x) / a if x < (a + 1) / (a + b + 2) else 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction, from the front (Lentz, 1976)."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, 2000):
        place = a + 2 * step
        even, odd = step * (b - step) * x / ((place - 1) * place), -(a + step) * (a + b + step) * x / (place * (place + 1))
        d, c = 1 / _not_zero(1 + even * d), _not_zero(1 + even / c)
        value *= c * d
        d, c = 1 / _not_zero(1 + odd * d), _not_zero(1 + odd / c)
        value *= c * d
        if -1e-15 < c * d - 1 < 1e-15:
            break
    return value


def _not_zero(x: float) -> float:
    return x if x > 1e-300 or x < -1e-300 else 1e-300


def quantile(a: float, b: float, share: float) -> float:
    """Return x of which below(a, b, x) is the share, by Halley's method on the log of x, from the mean; to within 1e-10.

    Each step that would leave the bounds found so far halves them instead. Logarithms, since of a low shape, most of the
    distribution may lie below any number that could be named beforehand.
    """
    if a > b:
        # Near 1, numbers lie farther apart than near 0.
        return 1 - quantile(b, a, 1 - share)
    low, high = -700.0, 0.0
    at = math.log(a / (a + b))
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for _ in range(100):
        x = math.exp(at)
        miss = below(a, b, x) - share
        low, high = (low, at) if miss > 0 else (at, high)
        slope = math.exp(scale + a * at + (b - 1) * math.log1p(-x)) if x < 1 else 0.0
        newton = miss / slope if slope > 0 else math.inf
        # How the slope bends: far off, that leads astray.
        bend = newton * (a - (b - 1) * x / (1 - x)) / 2 if slope > 0 else math.inf
        step = at - (newton / (1 - bend) if abs(bend) < 0.5 else newton)
        if not low < step < high:
            step, bend = (low + high) / 2, math.inf
        before, at = at, step
        # What is off after a step is in proportion to the cube of it.
        if abs(at - before) < (1e-5 if abs(bend) < 1e-4 else 1e-13):
            break
    return math.exp(at)
