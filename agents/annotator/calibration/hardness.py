"""The item effect: how the hidden hardness of an item bends everybody's answers to it, and everybody's answers the other way.

Log odds of the truth rise by spread * z(E), where E is the item's hardness, an exponential of mean 1 for shape 1, and z(E) = 1 - E has
mean 0 and variance 1: an easy mass, and a tail of items that are hard for everybody. With other shapes E is gamma-distributed. Where
there are more than two classes, one wrong class of the item, its distractor, gains what the truth loses, in some proportion.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv

from agents.inference.answers import Floats, Indices, slices

NODES = 24
"""Values of hardness that stand for all: the nodes of Gauss and Legendre's quadrature of its rank."""

ROWS = 2**13
"""Rows of confusion matrices at a time."""

ROUNDS = 12
"""Steps at most from a marginal confusion matrix to its base."""

CLOSE = 1e-4
"""How near, in log odds, a base must bring its margin before it is let be."""


class Effect(NamedTuple):
    """The item effect of a crowd.

    Attributes:
        spread: standard deviation of what hardness adds to the log odds of the truth, by true class; shape (classes,).
        distractor: what the item's distractor gains, as a share of what the truth loses; 0 with two classes.
        shape: shape of the gamma distribution of hardness; 1 for the exponential.
    """

    spread: Floats
    distractor: float = 0.5
    shape: float = 1.0

    @property
    def none(self) -> bool:
        """Whether items make no difference."""
        return not self.spread.any()


def ease(rank: Floats, shape: float) -> Floats:
    """Return z of each rank of hardness in (0, 1): mean 0, variance 1, and skewed towards hard items."""
    if shape == 1.0:
        return np.asarray(1.0 + np.log1p(-rank))
    return np.asarray((shape - gammaincinv(shape, rank)) / np.sqrt(shape))


def nodes(shape: float) -> tuple[Floats, Floats]:
    """Return values of z and their weights, which sum to 1; shape (NODES,) each."""
    place, weight = np.polynomial.legendre.leggauss(NODES)
    # The square of a rank's distance from 1 puts nodes where the tail is.
    rank = (place + 1.0) / 2
    return ease(1.0 - rank**2, shape), weight * rank


def bent(base: Floats, truth: Indices, shift: Floats, distractor: Indices, share: float) -> Floats:
    """Return the probability of each label, given what the item does.

    Args:
        base: what each person would answer to an item of no effect; shape (rows, classes).
        truth: the true class; shape (rows,).
        shift: what the item adds to the log odds of the truth; shape (rows,).
        distractor: the wrong class that gains what the truth loses; shape (rows,).
        share: how much of it.
    """
    rows = np.arange(len(base))
    logs = np.log(np.maximum(base, 1e-300))
    logs[rows, truth] += shift
    if share:
        logs[rows, distractor] -= share * shift
    logs -= logs.max(axis=1, keepdims=True)
    found = np.exp(logs)
    found /= found.sum(axis=1, keepdims=True)
    return np.asarray(found)


def margin(base: Floats, truth: int, spread: float, effect: Effect) -> tuple[Floats, Floats]:
    """Return the probability of each label over all items, and the slope of the truth's in its own log odds.

    Args:
        base: rows of the true class; shape (rows, classes).
        truth: the true class.
        spread: the spread of that class.
        effect: the item effect.
    """
    right = base[:, truth]
    wrong = base.copy()
    wrong[:, truth] = 0.0
    others = max(base.shape[1] - 1, 1)
    rest = wrong.sum(axis=1)
    found, slope = np.zeros_like(base), np.zeros(len(base))
    for z, weight in zip(*nodes(effect.shape), strict=True):
        up, gain = np.exp(spread * z), np.exp(-effect.distractor * spread * z)
        inverse = 1.0 / ((up * right + rest)[:, None] + (gain - 1.0) * wrong)
        inverse[:, truth] = 0.0
        total = inverse.sum(axis=1)
        share = up * right * total / others
        found[:, truth] += weight * share
        found += weight / others * wrong * (total[:, None] + (gain - 1.0) * inverse)
        slope += weight * (share - (up * right) ** 2 * (inverse**2).sum(axis=1) / others)
    return found, slope


def base_of(confusion: Floats, effect: Effect, start: Floats | None = None) -> Floats:
    """Return what people would answer to items of no effect, so that over all items they answer as their confusion matrices say.

    The truth's log odds by Newton's method, the wrong labels by proportional fitting.

    Args:
        confusion: marginal confusion matrices; shape (people, classes, classes).
        effect: the item effect.
        start: bases to begin from; None for the matrices themselves.
    """
    found = np.maximum(confusion if start is None else start, 1e-9)
    if effect.none or confusion.shape[1] < 2:
        return found
    for truth, spread in enumerate(effect.spread.tolist()):
        for rows in slices(len(found), ROWS):
            found[rows, truth] = _base_rows(np.maximum(confusion[rows, truth], 1e-9), found[rows, truth], truth, spread, effect)
    return found


def _base_rows(goal: Floats, base: Floats, truth: int, spread: float, effect: Effect) -> Floats:
    """Return the bases of rows of one true class; shape (rows, classes)."""
    goal = goal / goal.sum(axis=1, keepdims=True)
    wanted = _log_odds(goal[:, truth])
    for _ in range(ROUNDS):
        base = base / base.sum(axis=1, keepdims=True)
        now, slope = margin(base, truth, spread, effect)
        right = now[:, truth]
        off = wanted - _log_odds(right)
        if np.abs(off).max(initial=0.0) < CLOSE and np.abs(now - goal).max(initial=0.0) < CLOSE:
            break
        step = np.clip(off * right * (1.0 - right) / np.maximum(slope, 1e-9), -4.0, 4.0)
        odds = np.exp(_log_odds(base[:, truth]) + step)
        base = base * goal / np.maximum(now, 1e-12)
        base[:, truth] = 0.0
        base /= base.sum(axis=1, keepdims=True) * (1.0 + odds)[:, None]
        base[:, truth] = odds / (1.0 + odds)
    return np.asarray(base)


def _log_odds(share: Floats) -> Floats:
    """Return the log odds of a probability, kept from the infinite."""
    share = np.clip(share, 1e-12, 1.0 - 1e-12)
    return np.asarray(np.log(share) - np.log1p(-share))
