"""People who are drawn afresh: new ones, like those of a fitted crowd."""

from dataclasses import replace

import numpy as np

from agents.annotator.calibration.crowd import FittedCrowd, Persons
from agents.annotator.calibration.hardness import base_of
from agents.inference.answers import Indices

NEAR = 0.1
"""How far apart in load people are who may stand for each other: a standard deviation of the natural logarithm of load."""


def donors(crowd: FittedCrowd, load: Indices, stream: np.random.Generator) -> Indices:
    """Return for each load somebody of the crowd who worked about as much; shape (people,).

    Load and skill hang together in real crowds, either way. So a new person takes after one whose load is near: a bootstrap
    that is smoothed along the load (Efron, 1979; Silverman and Young, 1987).

    Args:
        crowd: the crowd.
        load: how many answers each new person is to give; shape (people,).
        stream: the randomness.
    """
    order = np.argsort(crowd.load, kind="stable")
    order = order[crowd.load[order] > 0]
    ranked = np.log(crowd.load[order])
    wanted = np.log(np.maximum(load, 1)) + NEAR * stream.standard_normal(len(load))
    # The nearest load, and of all who have it, anybody.
    above = np.clip(np.searchsorted(ranked, wanted), 1, max(len(ranked) - 1, 1))
    below = np.maximum(above - 1, 0)
    above = np.minimum(above, len(ranked) - 1)
    nearest = ranked[np.where(wanted - ranked[below] < ranked[above] - wanted, below, above)]
    low, high = np.searchsorted(ranked, nearest, "left"), np.searchsorted(ranked, nearest, "right")
    return np.asarray(order[low + np.floor(stream.random(len(load)) * (high - low)).astype(np.intp)], np.intp)


def afresh(crowd: FittedCrowd, load: Indices, stream: np.random.Generator) -> Persons:
    """Return new people who are to give so many answers: like somebody of about that load, as far as that one is known.

    Args:
        crowd, load, stream: as for `donors`.
    """
    like = donors(crowd, load, stream)
    communities = crowd.communities
    confusion = replace(communities, member=communities.member[like]).drawn(crowd.counts[like], stream)
    spread = crowd.spread[like]
    return Persons(confusion, base_of(confusion, spread, crowd.effect), spread)
