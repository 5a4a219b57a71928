"""How often two people answer an item alike: counted in a table, and expected of a crowd with an item effect."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from agents.annotator.calibration.hardness import Effect, base_of, nodes
from agents.inference.answers import AnswerTable, Floats

SAMPLE = 60_000
"""Answers, about, from which an item effect is learnt."""

WIDEST = 8.0
"""The largest spread that is looked for."""


class Concord(NamedTuple):
    """Shares of the pairs of answers that two people gave to an item, by its true class; shape (classes,) each.

    Attributes:
        right: both right.
        same: both wrong, and alike.
    """

    right: Floats
    same: Floats


class Pairs:
    """The items of a table on which two people or more have answered, as a sample of bounded size.

    Each item counts the same, whatever its number of answers, as in Fleiss' kappa.

    Args:
        table: the answers.
        posterior: probability of each item's true class; shape (items, classes).
    """

    def __init__(self, table: AnswerTable, posterior: Floats) -> None:
        shape = len(table.items), len(table.people)
        given = sparse.csr_array((np.ones(len(table)), (table.item, table.person)), shape=shape)
        given.sum_duplicates()
        number = given.sum(axis=1)
        squares = given.power(2).sum(axis=1)
        pairs = number**2 - squares
        rows = np.flatnonzero((pairs > 0) & (posterior.sum(axis=1) > 0.5))
        every = max(1, -(-int(number[rows].sum()) // SAMPLE))
        rows = rows[::every]
        self.table, self.rows = table, rows
        some = given[rows]
        self.people = np.flatnonzero(some.sum(axis=0) > 0)
        self.given = sparse.csr_array(some[:, self.people])
        self.twice = self.given.power(2)
        # Pairs of one person's own answers are no pairs of two people.
        self.weight = posterior[rows] / pairs[rows, None]
        self.total = np.maximum(posterior[rows].sum(axis=0), 1e-9)

    def observed(self) -> Concord:
        """Return what the table shows."""
        table = self.table
        votes = np.zeros((len(self.rows), len(table.classes)))
        place = np.full(len(table.items), -1)
        place[self.rows] = np.arange(len(self.rows))
        alike = np.empty_like(votes)
        for label in range(votes.shape[1]):
            mine = np.flatnonzero((table.label == label) & (place[table.item] >= 0))
            shape = len(self.rows), len(table.people)
            said = sparse.csr_array((np.ones(len(mine)), (place[table.item[mine]], table.person[mine])), shape=shape)
            said.sum_duplicates()
            alike[:, label] = said.sum(axis=1) ** 2 - said.power(2).sum(axis=1)
        total = self.weight.T @ alike
        right = np.diagonal(total)
        return Concord(right / self.total, (total.sum(axis=1) - right) / self.total)

    def expected(self, base: Floats, effect: Effect) -> Concord:
        """Return what is to be expected of people with these bases; shape (people of the sample, classes, classes)."""
        classes = base.shape[1]
        right, same = np.zeros(classes), np.zeros(classes)
        others = max(classes - 1, 1)
        for truth, spread in enumerate(effect.spread.tolist()):
            rows, weight = base[:, truth], self.weight[:, truth]
            for z, share in zip(*nodes(effect.shape), strict=True):
                for distractor in (label for label in range(classes) if label != truth):
                    answer = rows.copy()
                    answer[:, truth] *= np.exp(spread * z)
                    answer[:, distractor] *= np.exp(-effect.distractor * spread * z)
                    answer /= answer.sum(axis=1, keepdims=True)
                    alike = weight @ ((self.given @ answer) ** 2 - self.twice @ answer**2)
                    right[truth] += share / others * alike[truth]
                    same[truth] += share / others * (alike.sum() - alike[truth])
                    if not effect.distractor or spread == 0:
                        right[truth] += share / others * alike[truth] * (others - 1)
                        same[truth] += share / others * (alike.sum() - alike[truth]) * (others - 1)
                        break
        return Concord(right / self.total, same / self.total)


def spread_of(pairs: Pairs, confusion: Floats, distractor: float, shape: float) -> Effect:
    """Return the effect of one spread for all classes by which people agree as often as they do.

    Args:
        pairs: who answered with whom.
        confusion: marginal confusion matrices of everybody; shape (people, classes, classes).
        distractor, shape: of the effect.
    """
    classes = confusion.shape[1]
    mine = confusion[pairs.people]
    seen = pairs.observed()
    wanted = float((pairs.total * (seen.right + seen.same)).sum() / pairs.total.sum())
    base = None

    def excess(spread: float) -> float:
        nonlocal base
        effect = Effect(np.full(classes, spread), distractor, shape)
        base = base_of(mine, effect, base)
        told = pairs.expected(base, effect)
        return float((pairs.total * (told.right + told.same)).sum() / pairs.total.sum()) - wanted

    low, high = 0.0, 1.0
    if excess(0.0) >= 0:
        return Effect(np.zeros(classes), distractor, shape)
    while high < WIDEST and excess(high) < 0:
        low, high = high, 2 * high
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) >= 0 else (middle, high)
    return Effect(np.full(classes, (low + high) / 2), distractor, shape)
