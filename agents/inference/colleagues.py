"""Colleagues: people with items in common, and how far they agree beyond chance."""

import numpy as np
from scipy import sparse

from agents.inference.answers import Floats, Indices
from agents.inference.inference import TIED

ROUNDS = 300
"""Steps of the power iteration that finds signs: by then a gap of a tenth between eigenvalues is one of 10**6 in weight."""


class Colleagues:
    """For every two people who answered an item in common, the share of the answers in which they agree, scaled by chance.

    The scale is 1 for full agreement and 0 for what two guesses of evenly spread classes give. Answers that somebody gave to an
    item more than once are compared each with each.

    Args:
        answers: how often each person gave each label to each item; the last person stands for the gold labels;
            shape (items * classes, people).
        classes: how many classes there are, 2 or more.
    """

    def __init__(self, answers: sparse.csr_array, classes: int) -> None:
        items, self.people = answers.shape[0] // classes, answers.shape[1]
        rows = np.arange(items * classes)
        merge = sparse.csr_array((np.ones(len(rows)), (rows // classes, rows)), shape=(items, len(rows)))
        given = merge @ answers
        # The agreements ride along as the imaginary part, so that pairs who never agree keep their place.
        both = sparse.coo_array(given.T @ given + 1j * (answers.T @ answers))
        row, column = both.coords
        kept = row != column
        order = np.lexsort((column[kept], row[kept]))
        self._row, self._column = row[kept][order].astype(np.intp), column[kept][order].astype(np.intp)
        self._common = both.data.real[kept][order]
        agreed = both.data.imag[kept][order] / self._common
        self._beyond = (agreed * classes - 1.0) / (classes - 1)
        self.number: Indices = np.bincount(self._row, minlength=self.people)
        """How many colleagues each person has; shape (people,)."""
        self._starts = np.cumsum(self.number) - self.number
        self._floor = 1.0 / np.sqrt(max(int(np.count_nonzero(np.diff(given.indptr))), 1))

    @property
    def least(self) -> int:
        """The fewest colleagues of anybody who has any, gold labels aside; 0 where nobody has."""
        some = self.number[:-1][self.number[:-1] > 0]
        return int(some.min()) if len(some) else 0

    def quotients(self, skill: Floats, before: Floats, cut: int) -> Floats:
        """Return everybody's mean of agreement by the colleague's skill, the extremes left out; shape (people,).

        Of the values below what it was before the `cut` smallest are left out, of those above it the `cut` greatest. People of
        whom nothing is left stay as they were, and nobody falls to 0, by which nothing could be divided.

        Args:
            skill: of the colleagues, above 0; shape (people,).
            before: what the means were before; shape (people,).
            cut: how many values to leave out at either end.
        """
        value = np.abs(self._beyond) / skill[self._column]
        kept = self._kept(value, before, cut) if cut else None
        number = self.number if kept is None else np.bincount(self._row, kept, self.people)
        total = np.bincount(self._row, value if kept is None else value * kept, self.people)
        mean = np.divide(total, number, out=before.copy(), where=number > 0)
        return np.asarray(np.where(mean > 0, mean, self._floor), np.float64)

    def _kept(self, value: Floats, before: Floats, cut: int) -> Floats:
        """Return 1 at the values that count and 0 at those left out; shape (pairs,)."""
        bound = before[self._row]
        # What it was before is often one of the values: whether that is above or below is not for the rounding to decide.
        below = np.bincount(self._row, value < bound * (1 - TIED), self.people)
        above = np.bincount(self._row, value > bound * (1 + TIED), self.people)
        order = np.lexsort((value, self._row))
        place = np.empty(len(order), np.intp)
        place[order] = np.arange(len(order)) - self._starts[self._row]
        first, last = np.minimum(below, cut), self.number - np.minimum(above, cut)
        return np.asarray(((place >= first[self._row]) & (place < last[self._row])), np.float64)

    def signs(self, size: Floats) -> Floats:
        """Return 1 for those who are better than a guess and -1 for those who are worse; shape (people,).

        The signs of the leading eigenvector of the normalised agreements, by the items they rest on: those who agree get the
        same, as far as can be. Of each part of the crowd the greater half, by answers in common and skill, gets 1; the last
        person, who stands for gold labels, always does.

        Args:
            size: everybody's skill without its sign; shape (people,).
        """
        shape = self.people, self.people
        weight = self._common * self._beyond
        degree = np.bincount(self._row, np.abs(weight), self.people)
        norm = 1.0 / np.sqrt(np.where(degree > 0, degree, 1.0))
        step = sparse.csr_array((weight * norm[self._row] * norm[self._column], (self._row, self._column)), shape=shape)
        graph = sparse.csr_array((np.ones(len(self._row)), (self._row, self._column)), shape=shape)
        part = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.intp)
        # Slightly uneven, so that it is at right angles to no eigenvector: two who always differ would cancel out.
        vector = (np.sqrt(degree) + (degree == 0)) * (1.0 + 0.1 * np.modf(np.arange(1, self.people + 1) * 0.6180339887)[0])
        for _ in range(ROUNDS):
            vector = step @ vector + vector
            size_of_part = np.sqrt(np.bincount(part, vector**2))
            vector /= np.where(size_of_part > 0, size_of_part, 1.0)[part]
        sign = np.where(vector < 0, -1.0, 1.0)
        trust = np.bincount(part, sign * size * np.bincount(self._row, self._common, self.people))
        if self.number[-1]:
            trust[part[-1]] = sign[-1]
        return np.asarray(np.where(trust < 0, -1.0, 1.0)[part] * sign, np.float64)
