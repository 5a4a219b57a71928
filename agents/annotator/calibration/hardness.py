"""The item effect: an item's hidden hardness bends everybody's answers to it at once, and those of the able most.

On item i, the log odds of the truth of person w rise by spread_w * z_i. z_i is the item's ease: mean 0, variance 1, and a longer
tail towards hard items if it is skewed. spread_w grows with what an answer of w tells, to some power: whoever answers without
looking answers hard items as easy ones (a Rasch model has power 0, Birnbaum's two-parameter logistic model, 1968, power 1). Where
there are more than two classes, one wrong class of the item, its distractor, gains a share of what the truth loses.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv, ndtri

from agents.inference.answers import Floats, Indices, slices

NODES = 14
"""Values of ease that stand for all."""

_PLACE, _LENGTH = np.polynomial.legendre.leggauss(NODES)
_STEP = (_PLACE + 1.0) / 2
_RANK = _STEP**2 * (3.0 - 2.0 * _STEP)
_WEIGHT = _LENGTH * 3.0 * _STEP * (1.0 - _STEP)

ROWS = 2**12
"""Rows of confusion matrices at a time."""

ROUNDS = 12
"""Steps at most from a marginal confusion matrix to its base."""

CLOSE = 1e-4
"""How near a base must bring its margin, in log odds of the truth and in probabilities, before it is let be."""

FLOOR = 0.005
"""The least probability of a label where it is asked how much it tells."""

WIDEST = 8.0
"""The largest spread of a person."""


class Effect(NamedTuple):
    """The item effect of a crowd.

    Attributes:
        spread: standard deviation of what ease adds to the log odds of the truth, for whoever's answers tell one nat, by true
            class; shape (classes,).
        power: how spread grows with what answers tell; 0 for the same spread for everybody.
        distractor: what the item's distractor gains, as a share of what the truth loses; 0 with two classes.
        skew: skewness of hardness: 0 for a normal distribution, 2 for an exponential one.
    """

    spread: Floats
    power: float
    distractor: float
    skew: float

    def of(self, confusion: Floats) -> Floats:
        """Return everybody's spread by true class, below 0 for who says the contrary; shape (people, classes)."""
        told = telling(confusion)
        each = np.sign(told) * np.abs(told) ** self.power if self.power else np.ones(len(told))
        return np.asarray(np.clip(each[:, None] * self.spread, -WIDEST, WIDEST))


def telling(confusion: Floats) -> Floats:
    """Return by how many nats a person's label speaks for its own class rather than another, as a mean over classes.

    With two classes it is half of the log odds ratio. It is 0 for whoever answers without looking.

    Args:
        confusion: shape (people, classes, classes).
    """
    logs = np.log(np.maximum(confusion, FLOOR))
    classes = logs.shape[1]
    own = np.einsum("pkk->p", logs)
    other = (logs.sum(axis=(1, 2)) - own) / max(classes - 1, 1)
    return np.asarray((own - other) / max(classes, 1))


def ease(rank: Floats, skew: float) -> Floats:
    """Return the ease z of each rank of hardness in (0, 1): mean 0, variance 1; hardness is gamma-distributed (Pearson, 1895)."""
    if skew == 2.0:
        return np.asarray(1.0 + np.log1p(-rank))
    if skew == 0.0:
        return np.asarray(-ndtri(rank))
    shape = 4.0 / skew**2
    return np.asarray((shape - gammaincinv(shape, rank)) / np.sqrt(shape))


def nodes(skew: float) -> list[tuple[float, float]]:
    """Return values of ease and their weights, which sum to 1: Gauss and Legendre's, denser towards both ends of the ranks."""
    return list(zip(ease(_RANK, skew).tolist(), _WEIGHT.tolist(), strict=True))


def bent(base: Floats, truth: Indices, shift: Floats, distractor: Indices, share: float) -> Floats:
    """Return the probability of each label, given what the item does.

    Args:
        base: what each person would answer to an item of mean ease; shape (rows, classes).
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
    found = np.exp(logs, out=logs)
    found /= found.sum(axis=1, keepdims=True)
    return np.asarray(found)


def margin(base: Floats, truth: int, spread: Floats, effect: Effect) -> tuple[Floats, Floats]:
    """Return the probability of each label over all items, and the slope of the truth's in its own log odds.

    Args:
        base: rows of the true class; shape (rows, classes).
        truth: the true class.
        spread: of each row; shape (rows,).
        effect: the item effect.
    """
    right, likely = base[:, truth], 1.0 / max(base.shape[1] - 1, 1)
    # Sums over a few columns are products: NumPy's sum along short rows takes several times as long.
    across = np.ones(base.shape[1])
    wrong = base.copy()
    wrong[:, truth] = 0.0
    rest = wrong @ across
    found, slope = np.zeros_like(base), np.zeros(len(base))
    for z, weight in nodes(effect.skew):
        up = right * np.exp(spread * z)
        gain = np.exp(-effect.distractor * spread * z)[:, None] - 1.0
        # One over the sum of all labels' odds, by which of them is the distractor.
        inverse = 1.0 / ((up + rest)[:, None] + gain * wrong)
        inverse[:, truth] = 0.0
        total = inverse @ across
        share = likely * up * total
        found[:, truth] += weight * share
        found += weight * likely * wrong * (total[:, None] + gain * inverse)
        slope += weight * (share - likely * up**2 * np.einsum("rl,rl->r", inverse, inverse))
    return found, slope


def base_of(confusion: Floats, spread: Floats, effect: Effect, start: Floats | None = None) -> Floats:
    """Return what people would answer to items of mean ease, so that over all items they answer as their confusion matrices say.

    The truth's log odds by Newton's method, the wrong labels by proportional fitting.

    Args:
        confusion: marginal confusion matrices; shape (people, classes, classes).
        spread: everybody's spread by true class; shape (people, classes).
        effect: the item effect.
        start: bases to begin from; None for the matrices themselves.
    """
    found = np.maximum(confusion if start is None else start, 1e-9)
    if not effect.spread.any() or confusion.shape[1] < 2:
        return found
    for truth in range(confusion.shape[1]):
        for rows in slices(len(found), ROWS):
            goal = np.maximum(confusion[rows, truth], 1e-6)
            found[rows, truth] = _base_rows(goal, found[rows, truth], truth, spread[rows, truth], effect)
    return found


def _base_rows(goal: Floats, base: Floats, truth: int, spread: Floats, effect: Effect) -> Floats:
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
