"""The ballot: a vote in which people weigh differently."""

import numpy as np
from scipy import sparse

from agents.inference.answers import AnswerTable, Floats
from agents.inference.inference import TIED, clamp, vote_shares


class Ballot:
    """The answers as one sparse matrix, so that a vote, and how well everybody agrees with its outcome, are a product each.

    Args:
        table: the answers.
    """

    def __init__(self, table: AnswerTable) -> None:
        self.table = table
        items, classes = len(table.items), len(table.classes)
        row = table.item * classes + table.label
        self.matrix = sparse.csr_array((np.ones(len(table)), (row, table.person)), shape=(items * classes, len(table.people)))
        """How often each person gave each label to each item; shape (items * classes, people)."""

    def scores(self, weight: Floats) -> Floats:
        """Return the sum of the weights of those who gave each label; shape (items, classes).

        Args:
            weight: of each person's answers; shape (people,).
        """
        return np.asarray(self.matrix @ weight, np.float64).reshape(len(self.table.items), -1)

    def shares(self, weight: Floats) -> Floats:
        """Return the scores as shares, with known items certain; shape (items, classes).

        Where everybody who answered weighs nothing, they count alike.

        Args:
            weight: as for `scores`, none below 0.
        """
        shares = vote_shares(self.table)
        scores = self.scores(weight)
        total = scores.sum(axis=1, keepdims=True)
        np.divide(scores, total, out=shares, where=total > 0)
        return clamp(shares, self.table)

    def agreement(self, belief: Floats) -> Floats:
        """Return how much of a belief stands behind each person's answers, on average; 0 for those who gave none; shape (people,).

        Args:
            belief: probability of each class; shape (items, classes).
        """
        return np.asarray(self.matrix.T @ belief.ravel(), np.float64) / np.maximum(self.table.answers_of_person, 1)


def winners(shares: Floats) -> Floats:
    """Return 1 at the class of each item with the greatest share, or equal parts at those that tie; shape (items, classes)."""
    top = shares >= shares.max(axis=1, keepdims=True) - TIED
    return np.asarray(top / top.sum(axis=1, keepdims=True), np.float64)
