"""The item effect of a crowd, learnt from how often people answer alike, and from the likelihood of their answers."""

from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.concord import Expected, Pairs
from agents.annotator.calibration.hardness import WIDEST, Effect, base_of, telling
from agents.annotator.calibration.loadings import loadings
from agents.inference.answers import Floats

POWERS = 1.0, 0.5, 0.0
SKEWS = 1.0, 0.0, 2.0
SHARES = 1.0, 0.5, 2.0
"""What is tried, the first to begin with."""

NEAR = 2e-4
"""How near expected agreement must come to the observed one (a share of pairs)."""

FACTORS = 0.25, 4.0
"""Between what loadings are scaled to bring agreement about."""


class Found(NamedTuple):
    """The item effect of a crowd.

    Attributes:
        effect: its terms.
        spread: everybody's spread by true class; shape (people, classes).
        gain: what everybody's own spread adds to the log-likelihood, beyond what their skill makes of it (nats).
    """

    effect: Effect
    spread: Floats
    gain: float


def fit_effect(pairs: Pairs, confusion: Floats, drawn: Floats) -> Found:
    """Return the item effect under which people agree as often as they do, and of these the most likely.

    One term after the other: the power, the skew and the distractor's share; then everybody's own spread; then all spreads by one
    factor, so that the agreement comes right again.

    Args:
        pairs: who answered with whom.
        confusion: everybody's marginal matrix; shape (people, classes, classes).
        drawn: the same, drawn from what is known about it: as simulated people have them.
    """
    classes = confusion.shape[1]
    search = _Search(pairs, confusion[pairs.people])
    best, told = search.spread(Effect(np.zeros(classes), POWERS[0], SHARES[0] if classes > 2 else 0.0, SKEWS[0]))
    if not best.spread.any():
        return Found(best, np.zeros((len(confusion), classes)), 0.0)
    tried = [("power", POWERS[1:]), ("skew", SKEWS[1:]), *([("distractor", SHARES[1:])] if classes > 2 else [])]
    for name, values in tried:
        for value in values:
            effect, now = search.spread(best._replace(**{name: value}))
            if now.log_likelihood > told.log_likelihood:
                best, told = effect, now
    spread = best.of(confusion)
    own, log_likelihood = loadings(pairs, search.confusion, spread[pairs.people], best)
    spread[pairs.people] = own
    factor = _Search(pairs, drawn[pairs.people]).factor(own, best)
    return Found(best._replace(spread=best.spread * factor), spread * factor, log_likelihood - told.log_likelihood)


class _Search:
    """Looks for spreads by which people agree as often as they do."""

    def __init__(self, pairs: Pairs, confusion: Floats) -> None:
        self.pairs, self.confusion = pairs, confusion
        seen = pairs.observed()
        self.share = pairs.total / pairs.total.sum()
        self.wanted = float(self.share @ (seen.right + seen.same))
        self.load = np.asarray(pairs.given.sum(axis=0), np.float64)
        self.base: Floats | None = None

    def excess(self, spread: Floats, effect: Effect) -> tuple[Expected, float]:
        """Return what is to be expected, and by how much more people agree then than they do."""
        self.base = base_of(self.confusion, spread, effect, self.base)
        found = self.pairs.expected(self.base, spread, effect)
        return found, float(self.share @ (found.concord.right + found.concord.same)) - self.wanted

    def spread(self, effect: Effect) -> tuple[Effect, Expected]:
        """Return the effect with the spread that is wanted, by the rule of false position; and what is to be expected then."""
        told = np.abs(telling(self.confusion)) ** effect.power
        unit = max(float(self.load @ told / self.load.sum()), 1e-6)
        self.base = None

        def at(typical: float) -> tuple[Effect, Expected, float]:
            now = effect._replace(spread=np.full(len(effect.spread), typical / unit))
            return now, *self.excess(now.of(self.confusion), now)

        low, high = 0.0, 1.0
        now, found, under = at(low)
        if under >= 0:
            return now, found
        now, found, over = at(high)
        while over < 0 and high < WIDEST:
            low, under, high = high, over, 1.6 * high
            now, found, over = at(high)
        for _ in range(8):
            if over < 0 or min(abs(over), abs(under)) < NEAR:
                break
            middle = low - under * (high - low) / (over - under)
            now, found, off = at(middle)
            low, under, high, over = (middle, off, high, over) if off < 0 else (low, under, middle, off)
        return now, found

    def factor(self, spread: Floats, effect: Effect) -> float:
        """Return by what to multiply all spreads, by bisection."""
        low, high = FACTORS
        while high / low > 1.005:
            middle = float(np.sqrt(low * high))
            low, high = (middle, high) if self.excess(spread * middle, effect)[1] < 0 else (low, middle)
        return float(np.sqrt(low * high))
