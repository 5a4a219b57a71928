"""The item effect of a crowd, learnt from how often people answer alike, and from the likelihood of their answers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.concord import Expected, Pairs
from agents.annotator.calibration.hardness import WIDEST, Effect, base_of, telling
from agents.annotator.calibration.loadings import loadings
from agents.inference.answers import Floats

POWERS = 1.0, 0.5, 0.0
SKEWS = 1.0, 0.0, 2.0
SHARES = 1.0, 0.5
"""What is tried, the first to begin with."""

NEAR = 2e-4
"""How near expected agreement must come to the observed one (a share of pairs)."""

OWN_FACTOR = 50.0
"""Items of a class for which its own agreement counts as much as all classes' together."""

FURTHEST = 1.0
"""The logarithm of the factor by which loadings are stretched or shrunk at most, for agreement's sake."""

ROUNDS = 5
"""Steps in which that factor is found."""


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


def fit_effect(pairs: Pairs, confusion: Floats, draws: Sequence[Floats], terms: Effect | None = None) -> Found:
    """Return the item effect under which people agree as often as they do, and of these the most likely.

    One term after the other: the power, the skew and the distractor's share; then everybody's own spread; then all spreads by one
    factor, so that the agreement comes right again.

    Args:
        pairs: who answered with whom.
        confusion: everybody's marginal matrix; shape (people, classes, classes).
        draws: the same, drawn from what is known about it, once or more: as simulated people have them.
        terms: power, distractor's share and skew, if they are not to be looked for.
    """
    classes = confusion.shape[1]
    if not len(pairs.rows) or classes < 2:
        return Found(Effect(np.zeros(classes), POWERS[0], 0.0, SKEWS[0]), np.zeros((len(confusion), classes)), 0.0)
    search = _Search(pairs, confusion[pairs.people])
    start = terms or Effect(np.zeros(classes), POWERS[0], SHARES[0] if classes > 2 else 0.0, SKEWS[0])
    best, told = search.spread(start)
    if not best.spread.any():
        return Found(best, np.zeros((len(confusion), classes)), 0.0)
    for name, values in (("power", POWERS), ("skew", SKEWS), ("distractor", SHARES if classes > 2 else ())):
        for value in () if terms else values[1:]:
            effect, now = search.spread(_with(best, name, value))
            if now > told:
                best, told = effect, now
    spread = best.of(confusion)
    own, log_likelihood = loadings(pairs, search.confusion, spread[pairs.people], best)
    spread[pairs.people] = own
    factor = _factors([_Search(pairs, drawn[pairs.people]) for drawn in draws], own, best)
    return Found(best._replace(spread=best.spread * factor), _within(spread * factor), log_likelihood - told)


def _within(spread: Floats) -> Floats:
    """Return spreads no larger than a person's may be: beyond, no base brings the margin right."""
    return np.asarray(np.clip(spread, -WIDEST, WIDEST))


def _with(effect: Effect, name: str, value: float) -> Effect:
    """Return the effect with another value of one term."""
    return Effect._make(value if field == name else before for field, before in zip(Effect._fields, effect, strict=True))


class _Search:
    """Looks for spreads by which people agree as often as they do."""

    def __init__(self, pairs: Pairs, confusion: Floats) -> None:
        self.pairs, self.confusion = pairs, confusion
        seen = pairs.observed()
        self.share = pairs.total / pairs.total.sum()
        self.wanted = float(self.share @ (seen.right + seen.same))
        self.load = np.asarray(pairs.given.sum(axis=0), np.float64)
        self.base: Floats | None = None
        # What was found last: the next one will not be far off.
        self.typical = 0.0

    def excess(self, spread: Floats, effect: Effect, likelihood: bool = True) -> tuple[Expected, float]:
        """Return what is to be expected, and by how much more people agree then than they do."""
        self.base = base_of(self.confusion, spread, effect, self.base)
        found = self.pairs.expected(self.base, spread, effect, likelihood)
        return found, float(self.share @ (found.concord.right + found.concord.same)) - self.wanted

    def spread(self, effect: Effect) -> tuple[Effect, float]:
        """Return the effect with the spread that is wanted, by the rule of false position, and the log-likelihood then (nats)."""
        told = np.abs(telling(self.confusion)) ** effect.power
        unit = max(float(self.load @ told / self.load.sum()), 1e-6)

        def at(typical: float) -> tuple[Effect, float]:
            now = effect._replace(spread=np.full(len(effect.spread), typical / unit))
            return now, self.excess(now.of(self.confusion), now, likelihood=False)[1]

        if self.typical == 0.0:
            # Whether people agree more than independent ones would is the same for all effects.
            now, over = at(0.0)
            if over >= 0:
                return now, self.excess(now.of(self.confusion), now)[0].log_likelihood
        low, high = 0.8 * (self.typical or 1.0), 1.25 * (self.typical or 1.0)
        (_, under), (now, over) = at(low), at(high)
        while under > 0 and low > 1e-3:
            high, over, low = low, under, low / 2
            now, under = at(low)
        while over < 0 and high < WIDEST:
            low, under, high = high, over, 1.6 * high
            now, over = at(high)
        typical = high
        for _ in range(6):
            if over < 0 or under > 0 or min(abs(over), abs(under)) < NEAR:
                break
            typical = low - under * (high - low) / (over - under)
            now, off = at(typical)
            low, under, high, over = (typical, off, high, over) if off < 0 else (low, under, typical, off)
        self.typical = typical
        return now, self.excess(now.of(self.confusion), now)[0].log_likelihood


def _factors(searches: Sequence[_Search], spread: Floats, effect: Effect) -> Floats:
    """Return by what to multiply all spreads, by true class, so that people agree as often as they do; shape (classes,).

    Each class has its own factor as far as its items are many, and one for all so that agreement is right as a whole.
    """
    own = _factor(searches, spread, effect, together=False)
    total = searches[0].pairs.total
    apart = own ** (total / (total + OWN_FACTOR))
    return np.asarray(apart * _factor(searches, spread * apart, effect, together=True))


def _factor(searches: Sequence[_Search], spread: Floats, effect: Effect, together: bool) -> Floats:
    """Return the factors at which agreement is right, as a whole or in each class, by the rule of false position."""
    share, seen = searches[0].share, searches[0].pairs.observed()

    def over(logs: Floats) -> Floats:
        told = [search.excess(_within(spread * np.exp(logs)), effect, likelihood=False)[0].concord for search in searches]
        by_class = np.mean([now.right + now.same for now in told], axis=0) - seen.right - seen.same
        return np.full_like(by_class, share @ by_class) if together else np.asarray(by_class)

    at = np.zeros(len(share))
    start = over(at)
    # The other end lies on the other side, if agreement goes so far.
    low, high = np.where(start < 0, at, -FURTHEST), np.where(start < 0, FURTHEST, at)
    end = over(np.where(start < 0, high, low))
    below, above = np.where(start < 0, start, end), np.where(start < 0, end, start)
    for _ in range(ROUNDS):
        inside = (below < 0) & (above > 0)
        at = np.where(inside, low - below * (high - low) / np.where(inside, above - below, 1.0), np.where(below < 0, high, low))
        if not inside.any():
            break
        now = over(at)
        if np.abs(now[inside]).max() < NEAR:
            break
        # An end that stays is halved in height (the Illinois variant), so that it moves in turn.
        below, above = np.where(now < 0, now, below / 2), np.where(now < 0, above / 2, now)
        low, high = np.where(now < 0, at, low), np.where(now < 0, high, at)
    return np.asarray(np.exp(at))
