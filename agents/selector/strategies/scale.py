"""Scales: what makes scores of different strategies comparable."""

from typing import Literal

import numpy as np
from scipy.stats import rankdata

from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

Scale = Literal["none", "range", "rank"]
"""On what scale scores are put: the one that they are on, from the pool's lowest to its highest, or by their ranks in the pool."""

_LARGEST = float(np.finfo(np.float64).max)


def scores_of(part: Strategy, view: PoolView, scale: Scale = "none") -> Scores:
    """Return the scores of a strategy that is part of another, on a scale, NaN for items that it gives none; shape (items,)."""
    scores = part.standing(view)
    return np.where(scores == -_LARGEST, np.nan, scaled(scores, scale))


def scaled(scores: Scores, scale: Scale) -> Scores:
    """Return scores on a scale; shape (items,).

    Args:
        scores: a score an item, none of them NaN.
        scale: "none" for the scores as they are; "range" for (s - min) / (max - min), and 0 where all are alike; "rank" for the
            share of the other items that score lower, half of the ties among them.
    """
    if scale == "none" or not len(scores):
        return scores
    if scale == "rank":
        return np.asarray((rankdata(scores) - 1.0) / max(len(scores) - 1, 1))
    # What has no score, or an infinite one, is no part of the range.
    known = scores[np.abs(scores) < _LARGEST]
    if not len(known) or known.min() == known.max():
        return np.zeros(len(scores))
    low, high = known.min(), known.max()
    return np.asarray((np.clip(scores, low, high) - low) / (high - low))
