"""Gamma draws, and what is made of them, by keyed luck."""

import math
from collections.abc import Sequence

from bus.chance import Luck


def gamma(shape: float, luck: Luck) -> float:
    """Draw from the gamma distribution of scale 1 (Marsaglia and Tsang, 2000)."""
    if shape < 1:
        return gamma(shape + 1, luck) * math.pow(luck.uniform(), 1 / shape)
    d = shape - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        normal = luck.normal()
        v = (1 + c * normal) ** 3
        if v > 0 and math.log(luck.uniform()) < 0.5 * normal * normal + d - d * v + d * math.log(v):
            return d * v


def dirichlet(shapes: Sequence[float], luck: Luck) -> list[float]:
    """Draw from the Dirichlet distribution: shares that sum to 1, of means in proportion to `shapes`.

    Args:
        shapes: 0 or more each, and one of them at least above; what has 0 gets nothing.
        luck: the draws.
    """
    # By logarithms: the share of a small shape may be too small for a number, and if all were, nothing would be left to share.
    logs = [math.log(gamma(shape + 1, luck)) + math.log(luck.uniform()) / shape if shape > 0 else -math.inf for shape in shapes]
    most = max(logs)
    shares = [math.exp(log - most) for log in logs]
    total = math.fsum(shares)
    return [share / total for share in shares]
