"""MACE: people who either know the answer, or give one in a way of their own that says nothing about the item."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import Field
from scipy.special import digamma, gammaln, logsumexp

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.inference import Inference, Inferred, clamp, vote_shares
from agents.items import UNKNOWN
from bus.chance import Chance


@dataclass(frozen=True, eq=False)
class Spamming(Inferred):
    """What MACE finds.

    Attributes:
        spamming: probability that a person answers without knowing, its posterior mean; shape (people,).
        habits: probability of each label where they do, its posterior mean; shape (people, classes).
    """

    spamming: Floats | None = None
    habits: Floats | None = None


class Mace(Inference):
    """Everybody knows the answer or spams, with a habit of their own: multi-annotator competence (Hovy et al., 2013)."""

    kind: ClassVar[str] = "mace"
    variational: bool = True
    """Whether spamming and habits are averaged over (variational Bayes), or the most probable ones are taken (plain EM)."""
    knows: float = Field(0.5, gt=0, allow_inf_nan=False)
    """Pseudo-answers that everybody knew; with variational Bayes."""
    spams: float = Field(0.5, gt=0, allow_inf_nan=False)
    """Pseudo-answers that everybody spammed; with variational Bayes."""
    habit: float = Field(10.0, gt=0, allow_inf_nan=False)
    """Pseudo-answers of each label among those that everybody spammed; with variational Bayes."""
    smoothing: float = Field(0.01, gt=0, allow_inf_nan=False)
    """Pseudo-answers of any kind, divided by the number of classes; with plain EM."""
    even: bool = False
    """Whether all classes are as common, as the paper has it, or how common they are is learnt as well."""
    tolerance: float = Field(1e-5, ge=0, allow_inf_nan=False)
    """Gain in the objective per answer (nats) below which it has converged."""
    most: int = Field(200, ge=1)
    """Iterations at most, from each start."""
    starts: int = Field(10, ge=1)
    """Starts: from vote shares, and then from spamming probabilities by chance; the highest objective wins."""
    seed: int = Field(0, ge=0, lt=2**64)
    """Seed of that chance."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Spamming:
        """Return posteriors, and who spams. An iteration is an M-step and an E-step.

        The objective, which never falls, stands in log_likelihood: with variational Bayes the evidence lower bound, with plain
        EM the log posterior, but for a constant. A given start is the only one.
        """
        crowd = _Crowd(table, self)
        starts = crowd.starts(self.starts, self.seed) if start is None else iter([(clamp(start.astype(np.float64), table), 0.5)])
        best = crowd.climb(*next(starts))
        for point in starts:
            other = crowd.climb(*point)
            if other.log_likelihood[-1] > best.log_likelihood[-1]:
                best = other
        return best


@dataclass(frozen=True, eq=False)
class _Shares:
    """Probabilities of kinds that add up to 1 in each group, and what is thought of them beforehand: Dirichlet distributions.

    Attributes:
        group: the group of each kind that occurs; shape (kinds,).
        pseudo: pseudo-counts of each of them; shape (kinds,).
        total: pseudo-counts of each group, kinds that do not occur included; shape (groups,).
        variational: whether logarithms are averaged over the posterior, or taken where it is highest.
    """

    group: Indices
    pseudo: Floats
    total: Floats
    variational: bool

    def fit(self, counts: Floats) -> tuple[Floats, float]:
        """Return the logarithm of each kind's probability, shape (kinds,), and what the prior takes from the objective (nats).

        That is the Kullback-Leibler divergence of posterior and prior (with plain EM minus the log prior, but for a constant).
        """
        seen = counts + self.pseudo
        sums = self.total + np.bincount(self.group, counts, len(self.total))
        if self.variational:
            logs = digamma(seen) - digamma(sums)[self.group]
            cost = (gammaln(sums) - gammaln(self.total)).sum() - (gammaln(seen) - gammaln(self.pseudo)).sum() + counts @ logs
        else:
            logs = np.log(seen) - np.log(sums)[self.group]
            unseen = self.total - np.bincount(self.group, self.pseudo, len(self.total))
            cost = unseen @ np.log(sums) - self.pseudo @ logs
        return logs, float(cost)

    def means(self, counts: Floats) -> tuple[Floats, Floats]:
        """Return the mean of each kind's probability, shape (kinds,), and pseudo-counts a count is divided by, (groups,)."""
        sums = self.total + np.bincount(self.group, counts, len(self.total))
        return (counts + self.pseudo) / sums[self.group], sums


class _Crowd:
    """The answers as MACE looks at them.

    An answer's probability depends on its pair of person and label, and on whether its label is the true one: sums over pairs
    are enough for the M-step, and sums over the labels that an item got for the E-step.
    """

    def __init__(self, table: AnswerTable, dials: Mace) -> None:
        items, people, classes = len(table.items), len(table.people), len(table.classes)
        self.table, self.dials = table, dials
        self.shape = items, classes
        self.person, self.label = table.pairs
        self.pair = table.by_pair.indices
        self.cell = table.item * classes + table.label
        self.answers = np.bincount(self.pair, minlength=len(self.person)).astype(np.float64)
        self.telling = (table.answers_of_item > 0) | (table.gold != UNKNOWN)
        small = dials.smoothing / classes
        knows, spams, habit, share = (dials.knows, dials.spams, dials.habit, 1.0) if dials.variational else (small,) * 4
        both = np.repeat([knows, spams], people)
        everybody = np.tile(np.arange(people), 2)
        self.minds = _Shares(everybody, both, np.full(people, knows + spams), dials.variational)
        pairs = np.full(len(self.person), habit)
        self.habits = _Shares(self.person, pairs, np.full(people, habit * classes), dials.variational)
        every = np.zeros(classes, np.intp), np.full(classes, share)
        self.classes = _Shares(*every, np.array([share * classes]), dials.variational)

    def starts(self, count: int, seed: int) -> Iterator[tuple[Floats, Floats | float]]:
        """Yield class probabilities and how probable it is that each person knows: vote shares, and then draws by person.

        By person, and not by class or answer, so that other names for the classes give the same starts.
        """
        yield vote_shares(self.table), 0.5
        stream = Chance(seed).stream("mace")
        even = np.full(self.shape[1], -np.log(self.shape[1]))
        for _ in range(count - 1):
            knows = stream.uniform(0.05, 0.95, len(self.table.people))[self.person]
            yield self.expect(np.log(knows), np.log1p(-knows) + even[self.label], even)[0], knows

    def climb(self, posterior: Floats, knows: Floats | float) -> Spamming:
        """Go from class probabilities, and how probable it is that the person of each pair knows, to a maximum."""
        knew = knows / (knows + (1.0 - knows) / self.shape[1]) * self._right(posterior)
        people, history = len(self.table.people), list[float]()
        enough = self.dials.tolerance * max(len(self.table), 1)
        converged = False
        while not converged and len(history) < self.dials.most:
            spammed = np.maximum(self.answers - knew, 0.0)
            counts = np.concatenate([np.bincount(self.person, part, people) for part in (knew, spammed)])
            mind, cost = self.minds.fit(counts)
            habit, more = self.habits.fit(spammed)
            classes, most = self._common(posterior)
            log_knows = mind[:people][self.person]
            log_spams = mind[people:][self.person] + habit
            posterior, value = self.expect(log_knows, log_spams, classes)
            history.append(value - cost - more - most)
            knew = np.exp(log_knows - np.logaddexp(log_knows, log_spams)) * self._right(posterior)
            converged = len(history) > 1 and history[-1] - history[-2] < enough
        return self._found(posterior, tuple(history), converged, counts, spammed, classes)

    def _right(self, posterior: Floats) -> Floats:
        """Return how many answers of each pair are right, as expected; shape (pairs,)."""
        return np.asarray(np.bincount(self.pair, posterior.ravel()[self.cell], len(self.person)), np.float64)

    def _common(self, posterior: Floats) -> tuple[Floats, float]:
        """Return the logarithm of how common each class is, and what its prior takes from the objective."""
        if self.dials.even:
            return np.full(self.shape[1], -np.log(self.shape[1])), 0.0
        return self.classes.fit(self.telling.astype(np.float64) @ posterior)

    def expect(self, log_knows: Floats, log_spams: Floats, classes: Floats) -> tuple[Floats, float]:
        """Return the E-step: posteriors, known items certain; and the log-likelihood of the answers (nats).

        Args:
            log_knows: of each pair, the logarithm of how probable it is that the person knows; shape (pairs,).
            log_spams: that the person spams, and gives that label; shape (pairs,).
            classes: logarithm of how common each class is; shape (classes,).
        """
        gain = np.logaddexp(log_knows, log_spams) - log_spams
        joint = np.bincount(self.cell, gain[self.pair], self.shape[0] * self.shape[1]).reshape(self.shape) + classes
        totals = logsumexp(joint, axis=1, keepdims=True)
        posterior = clamp(np.exp(joint - totals), self.table)
        known = self.table.known
        totals[known, 0] = joint[known, self.table.gold[known]]
        return posterior, float(totals[self.telling].sum() + self.answers @ log_spams)

    def _found(
        self, posterior: Floats, history: tuple[float, ...], converged: bool, counts: Floats, spammed: Floats, classes: Floats
    ) -> Spamming:
        table, people = self.table, len(self.table.people)
        spamming = self.minds.means(counts)[0][people:]
        given, sums = self.habits.means(spammed)
        habits = np.repeat((self.habits.total / self.shape[1] / sums)[:, None], self.shape[1], axis=1)
        habits[self.person, self.label] = given
        confusion = np.repeat((spamming[:, None] * habits)[:, None, :], self.shape[1], axis=1)
        diagonal = np.arange(self.shape[1])
        confusion[:, diagonal, diagonal] += (1.0 - spamming)[:, None]
        prior = np.exp(classes - logsumexp(classes))
        return Spamming(table, posterior, len(history), converged, history, confusion, prior, spamming, habits)
