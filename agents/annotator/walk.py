"""A random walk of which every step is known without the steps before it."""

import math

from bus.chance import Keyed


def walk(luck: Keyed, steps: int, keep: float = 1.0, which: int = 0) -> float:
    """Return where an autoregressive walk stands: X(0) = 0, X(n) = keep * X(n - 1) + a standard normal draw.

    It is a pure function of the key and the number of steps, of the same distribution as if it were walked; and it costs a few
    draws for each doubling of the steps. First come the steps 1, 2, 4, ... by draws that are independent; then, between two of
    them, the one in the middle, which depends on these two alone, and so on (Levy's construction of Brownian motion; in the
    middle of 2h steps, with c = keep ** h and v the variance that h steps gather, the mean is c (a + b) / (1 + c^2) and the
    variance v / (1 + c^2)).

    Args:
        luck: draws, keyed by the step.
        steps: how many.
        keep: what a step leaves of where one stood: 1 for a random walk, less for one that is pulled back to 0.
        which: which of several walks of the same luck.
    """
    if steps == 0:
        return 0.0

    def draw(step: int) -> float:
        return luck.luck(step, which).normal()

    low, left, high, right = 0, 0.0, 1, draw(1)
    while high < steps:
        low, left = high, right
        right = keep**low * left + math.sqrt(_gathered(low, keep)) * draw(2 * high)
        high *= 2
    while high != steps:
        middle, half = (low + high) // 2, (high - low) // 2
        kept = keep**half
        spread = math.sqrt(_gathered(half, keep) / (1 + kept * kept))
        between = kept * (left + right) / (1 + kept * kept) + spread * draw(middle)
        if middle <= steps:
            low, left = middle, between
        else:
            high, right = middle, between
        if low == steps:
            return left
    return right


def _gathered(steps: int, keep: float) -> float:
    """Return the variance that so many steps gather: the sum of keep ** (2 i) for i below `steps`."""
    loss = (1 - keep) * (1 + keep)
    return float(steps) if loss == 0 else -math.expm1(2 * steps * math.log(keep)) / loss if keep > 0 else 1.0
