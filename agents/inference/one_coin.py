"""The one-coin model: everybody is right with a probability of their own, and wrong in every way alike."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ascent import Fit, best_climb, logarithm
from agents.inference.inference import Inference, Inferred


class OneCoinDawidSkene(Inference):
    """A single error rate a person (Demartini, Difallah and Cudre-Mauroux, 2012), by Dawid and Skene's method."""

    kind: ClassVar[str] = "one-coin"
    smoothing: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers of each label by everybody, and as many pseudo-items of each class: 0 for maximum likelihood."""
    trust: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Pseudo-answers more that are right."""
    floor: float = Field(1e-10, ge=0, le=0.01)
    """Probability that every answer has at least: nobody is right, or wrong, for certain; 0 for zeros."""
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

        It is the log posterior, but for a constant, with pseudo-counts. A confusion matrix has the probability of being right
        on its diagonal, and is even beside it. A given start is the only one.
        """
        emission = Coins(table, self.smoothing, self.trust, self.floor)
        end = best_climb(table, start, emission, self.smoothing, self.tolerance, self.most, self.starts, self.seed)
        steps = len(end.log_likelihood)
        return Inferred(table, end.posterior, steps, end.converged, end.log_likelihood, emission.confusion(end.fit), end.prior)


class Coins:
    """A probability of being right a person."""

    def __init__(self, table: AnswerTable, smoothing: float, trust: float, floor: float) -> None:
        self.persons, self.labels = table.pairs
        self.classes, self.floor = len(table.classes), floor
        self.wrong_ways = max(self.classes - 1, 1)
        self.right, self.wrong = smoothing + trust, smoothing * (self.classes - 1)
        self.totals = (table.answers_of_person + self.right + self.wrong)[:, None]

    def fit(self, counts: Floats) -> Fit:
        """Return the share of right answers, or of each way to be wrong; the sums are right answers, shape (people, 1)."""
        diagonal = np.arange(len(counts)), self.labels
        right = np.asarray(np.bincount(self.persons, counts[diagonal], len(self.totals)) + self.right, np.float64)
        skill = self._share(right)
        penalty = self.right * logarithm(skill).sum() + self.wrong * logarithm((1.0 - skill) / self.wrong_ways).sum()
        spoken = np.repeat(((1.0 - skill) / self.wrong_ways)[self.persons, None], self.classes, axis=1)
        spoken[diagonal] = skill[self.persons]
        return Fit(np.maximum(spoken, self.floor), float(penalty), right[:, None])

    def _share(self, right: Floats) -> Floats:
        """Return shares of right answers, between 0 and 1 whatever rounding did; of nobody's answers, chance."""
        totals = self.totals[:, 0]
        chance = np.full(len(totals), 1.0 / max(self.classes, 1))
        share: Floats = np.divide(right, totals, out=chance, where=totals > 0)
        return np.minimum(share, 1.0, out=share)

    def confusion(self, fit: Fit) -> Floats:
        """Return a confusion matrix a person; shape (people, classes, classes)."""
        skill = self._share(fit.sums[:, 0])
        matrix = np.empty((len(skill), self.classes, self.classes))
        matrix[:] = ((1.0 - skill) / self.wrong_ways)[:, None, None]
        matrix[:, np.arange(self.classes), np.arange(self.classes)] = skill[:, None]
        return matrix
