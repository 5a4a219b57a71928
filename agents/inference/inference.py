"""What every method of truth inference is, and what it finds."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import betaincinv

from agents.component import Component
from agents.inference.answers import BLOCK, AnswerTable, Floats, Indices, slices
from agents.messages import Label
from bus.chance import Keyed, number_of

TIED = 1e-9
"""Posteriors as close as this are as good as equal."""


@dataclass(frozen=True, eq=False)
class Inferred:
    """What the answers amount to.

    Attributes:
        table: the answers.
        posterior: probability of each class; shape (items, classes), rows summing to 1. Known items have a 1 at their class.
        iterations: how often the method went over the answers.
        converged: whether it came to rest before its last iteration; True for methods that need only one.
        log_likelihood: of the answers (nats), or of answers and priors where there are priors, before each iteration and after
            the last; empty where the method has none.
        confusion: probability of what each person says, by true class; shape (people, classes, classes). None where the method
            knows none.
        prior: probability of each class; shape (classes,). None where the method knows none.
    """

    table: AnswerTable
    posterior: Floats
    iterations: int = 1
    converged: bool = True
    log_likelihood: tuple[float, ...] = ()
    confusion: Floats | None = None
    prior: Floats | None = None

    def best(self, luck: Keyed) -> Indices:
        """Return the most probable class of each item; of several, each with the same chance; shape (items,)."""
        best = np.empty(len(self.posterior), np.intp)
        for rows in slices(len(best), BLOCK):
            best[rows] = self._best_among(rows, luck)
        return best

    def labels(self, luck: Keyed) -> list[Label]:
        """Return the most probable label of each item, as `best` chooses."""
        classes, some = self.table.classes, slices(len(self.posterior), BLOCK)
        return [classes[index] for rows in some for index in self._best_among(rows, luck).tolist()]

    def _best_among(self, rows: slice, luck: Keyed) -> Indices:
        """Return the most probable class of these items; of several, each with the same chance."""
        across = self.posterior[rows].T.copy()
        top = across >= across.max(axis=0) - TIED
        best = np.asarray(top.argmax(axis=0), np.intp)
        tied = np.flatnonzero(np.count_nonzero(top, axis=0) > 1)
        if len(tied):
            items = (self.table.items[row] for row in (tied + rows.start).tolist())
            keys = np.fromiter(map(number_of, items), np.uint64, len(tied))
            place = np.floor(luck.uniforms(keys) * top[:, tied].sum(axis=0))
            best[tied] = (top[:, tied].cumsum(axis=0) > place).argmax(axis=0)
        return best

    @cached_property
    def right(self) -> Floats:
        """How many of each person's answers are right, as far as can be told: sums of posteriors; shape (people,)."""
        table = self.table
        return np.asarray(np.bincount(table.person, self.posterior[table.item, table.label], len(table.people)), np.float64)

    def skill(self) -> Floats:
        """Return the probability that each person's answer is right: the posterior mean under Jeffreys' prior; shape (people,)."""
        return (self.right + 0.5) / (self.table.answers_of_person + 1.0)

    def skill_interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return between what each person's skill lies with that probability; shape (people,) each.

        Jeffreys' interval of a binomial proportion (Brown, Cai and DasGupta, 2001), over answers that count as right by their
        posteriors: it knows of few answers, not of labels that may be wrong all together.
        """
        right, wrong = self.right + 0.5, self.table.answers_of_person - self.right + 0.5
        tail = (1.0 - level) / 2
        return np.asarray(betaincinv(right, wrong, tail)), np.asarray(betaincinv(right, wrong, 1.0 - tail))


class Inference(Component):
    """Infers the true class of each item, and the skill of each person, from answers, and gold labels where there are any."""

    @abstractmethod
    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return what the answers amount to.

        Args:
            table: the answers. Items without any, people with a single one and classes that nobody gave may be among them.
            start: class probabilities to begin from, for methods that improve on a start; shape (items, classes).
                None for each method's own.
        """


def clamp(posterior: Floats, table: AnswerTable) -> Floats:
    """Put certainty at the true class of known items, in place, and return the posteriors."""
    posterior[table.known] = 0.0
    posterior[table.known, table.gold[table.known]] = 1.0
    return posterior


def vote_shares(table: AnswerTable) -> Floats:
    """Return the share of each class in each item's answers; known items are certain, items without answers evenly spread."""
    shares = table.tally()
    for rows in slices(len(shares), BLOCK):
        counts = np.diff(table.starts[rows.start : rows.stop + 1])
        shares[rows][counts == 0] = 1.0 / max(len(table.classes), 1)
        shares[rows] /= np.maximum(counts, 1)[:, None]
    return clamp(shares, table)
