"""Dawid and Skene's method: everybody has an error rate for each class and each label."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ascent import Fit, best_climb, logarithm
from agents.inference.inference import Inference, Inferred


class DawidSkene(Inference):
    """Error rates of people and classes of items together, by expectation-maximisation (Dawid and Skene, 1979)."""

    kind: ClassVar[str] = "dawid-skene"
    smoothing: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers of each label in each row of everybody's confusion matrix, and as many pseudo-items of each class: 0 for
    maximum likelihood."""
    trust: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers more that are right, in each row."""
    floor: float = Field(1e-10, ge=0, le=0.01)
    """Answers that each label somebody gives counts for at least, by class: what never went together does not become impossible
    for good. It moves nothing else; 0 for zeros."""
    tolerance: float = Field(1e-5, ge=0, allow_inf_nan=False)
    """Gain in log-likelihood per answer (nats) below which it has converged."""
    most: int = Field(100, ge=1)
    """Iterations at most."""
    starts: int = Field(1, ge=1)
    """Starts: from vote shares, and then from shares in which people weigh differently by chance; the highest likelihood wins."""
    seed: int = Field(0, ge=0, lt=2**64)
    """Seed of that chance."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Inferred:
        """Return posteriors, confusion matrices, prior, and the log-likelihood of each iteration: an M-step and an E-step.

        The log-likelihood is that of the answers and the known classes: the prior counts once an item. It never falls. With
        pseudo-counts it is the log posterior, but for a constant. A row of a confusion matrix of which there is nothing to
        learn is evenly spread. A given start is the only one.
        """
        emission = Confusions(table, self.smoothing, self.trust, self.floor)
        end = best_climb(table, start, emission, self.smoothing, self.tolerance, self.most, self.starts, self.seed)
        steps = len(end.log_likelihood)
        return Inferred(table, end.posterior, steps, end.converged, end.log_likelihood, emission.confusion(end.fit), end.prior)


class Confusions:
    """A confusion matrix a person."""

    def __init__(self, table: AnswerTable, smoothing: float, trust: float, floor: float) -> None:
        self.persons, self.labels = table.pairs
        self.shape = len(table.people), len(table.classes)
        self.starts = np.flatnonzero(np.diff(self.persons, prepend=-1))
        self.smoothing, self.trust, self.floor = smoothing, trust, floor
        self.added = smoothing * self.shape[1] + trust

    def fit(self, counts: Floats) -> Fit:
        """Return rows of counts and pseudo-counts, divided by their sums; the sums have shape (people, classes)."""
        np.maximum(counts, self.floor, out=counts)
        totals = np.full(self.shape, self.added)
        if len(self.starts):
            totals[self.persons[self.starts]] += np.add.reduceat(counts, self.starts, axis=0)
        counts += self.smoothing
        counts[np.arange(len(counts)), self.labels] += self.trust
        penalty = self._penalty(counts, totals) if self.added else 0.0
        below = totals[self.persons]
        spoken = np.divide(counts, below, out=np.full_like(counts, 1.0 / max(self.shape[1], 1)), where=below > 0)
        return Fit(spoken, penalty, totals)

    def _penalty(self, counts: Floats, totals: Floats) -> float:
        """Return the pseudo-counts' part of the objective: as if no label had been given, and then what those given change."""
        diagonal = self.smoothing + self.trust
        weight = np.full_like(counts, self.smoothing)
        weight[np.arange(len(counts)), self.labels] = diagonal
        unheard = logarithm(np.array([self.smoothing, diagonal]))
        constant = (self.shape[1] - 1) * self.smoothing * unheard[0] + diagonal * unheard[1]
        return float((constant - self.added * np.log(totals)).sum() + (weight * (logarithm(counts) - logarithm(weight))).sum())

    def confusion(self, fit: Fit) -> Floats:
        """Return the matrices, labels that a person never gave included; shape (people, classes, classes)."""
        people, classes = self.shape
        matrix = np.full((people, classes, classes), self.smoothing)
        matrix[:, np.arange(classes), np.arange(classes)] += self.trust
        below = fit.sums[:, :, None]
        empty = np.broadcast_to(below <= 0, matrix.shape)
        np.divide(matrix, below, out=matrix, where=~empty)
        matrix[self.persons, :, self.labels] = fit.spoken
        matrix[empty] = 1.0 / max(classes, 1)
        return matrix
