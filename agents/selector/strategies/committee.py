"""Query by committee: the items over which the members of a committee differ (Seung, Opper and Sompolinsky, 1992).

Members are those of the model, or samples that its classifier draws. A class that a member has not seen has no probability by it.
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from agents.selector.shortlist import Scores
from agents.selector.strategies.uncertainty import TINY, entropies
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class VoteEntropy(Strategy):
    """The entropy of the members' votes, in nats (Dagan and Engelson, 1995): each votes for the class it finds most probable."""

    kind: ClassVar[str] = "vote-entropy"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    def scores(self, view: PoolView) -> Scores:
        """Return -sum (v/M) log (v/M), by the votes v of each class."""
        return view.forecast.by_members(_entropy_of_votes)


class VariationRatios(Strategy):
    """The share of the members that do not vote as most of them do (Freeman, 1965)."""

    kind: ClassVar[str] = "variation-ratios"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - v/M, by the votes v of the class that has most."""
        return view.forecast.by_members(lambda tables: 1.0 - votes(tables).max(axis=0) / len(tables))


class ConsensusEntropy(Strategy):
    """The entropy of the mean of the members' probabilities, in nats (soft vote entropy; Settles, 2012)."""

    kind: ClassVar[str] = "consensus-entropy"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    def scores(self, view: PoolView) -> Scores:
        """Return -sum q log q, by the mean q."""
        return view.forecast.by_members(lambda tables: entropies(tables.mean(axis=0)))


class KLDivergence(Strategy):
    """How far the members are from their consensus: the Kullback-Leibler divergence, in nats (McCallum and Nigam, 1998)."""

    kind: ClassVar[str] = "kl-divergence"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    over: Literal["mean", "max"] = "mean"
    """Whether the members' mean counts, or who differs most."""

    def scores(self, view: PoolView) -> Scores:
        """Return the mean, or the maximum, over the members, of sum p log (p/q), by their mean q."""
        return view.forecast.by_members(information if self.over == "mean" else _farthest)


class MeanDeviation(Strategy):
    """How much the members' probabilities vary: the mean over the classes of the standard deviation (Kendall et al., 2015)."""

    kind: ClassVar[str] = "mean-deviation"
    needs_members: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n M C)"

    def scores(self, view: PoolView) -> Scores:
        """Return the mean over the classes of the square root of E p^2 - (E p)^2."""
        return view.forecast.by_members(lambda tables: np.asarray(tables.std(axis=0).mean(axis=1)))


def votes(tables: Scores) -> NDArray[np.intp]:
    """Return how many members vote for each class; shape (classes, rows), of probabilities (members, rows, classes)."""
    _, rows, classes = tables.shape
    ballots = tables.argmax(axis=2)
    # A class a row, for what follows reduces over classes.
    places = (ballots * rows + np.arange(rows)).ravel()
    return np.bincount(places, minlength=classes * rows).reshape(classes, rows)


def _entropy_of_votes(tables: Scores) -> Scores:
    """Return the entropy of the members' votes; shape (rows,), of (members, rows, classes)."""
    shares = np.arange(len(tables) + 1) / len(tables)
    terms = -shares * np.log(np.maximum(shares, TINY))
    return np.asarray(terms[votes(tables)].sum(axis=0))


def information(tables: Scores) -> Scores:
    """Return what an item's label would tell of which member is right, in nats; shape (rows,), of (members, rows, classes).

    The mutual information of both is the entropy of the mean less the mean entropy: as much as the mean divergence from the mean.
    """
    own = sum(entropies(table) for table in tables) / len(tables)
    return np.asarray(np.maximum(entropies(tables.mean(axis=0)) - own, 0.0))


def _farthest(tables: Scores) -> Scores:
    """Return the greatest divergence of a member from the mean; shape (rows,)."""
    logs = np.log(np.maximum(tables.mean(axis=0), TINY))
    own = np.stack([-entropies(table) - np.einsum("ij,ij->i", table, logs) for table in tables])
    return np.asarray(np.maximum(own.max(axis=0), 0.0))
