"""Dawid and Skene's method with priors that the crowd itself teaches: whoever said little is judged as the others are."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse
from scipy.special import digamma, gammaln

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ascent import logarithm
from agents.inference.inference import Inference, Inferred, clamp, vote_shares

RIGHT, ANY = 2.0, 0.5
"""Answers that each row of the crowd's matrix is given beforehand: right ones, and ones of each label."""

CERTAINTY = 0.1
"""The least share of an item that starts in the first and in the last kind, so that none is fixed from the start."""

STRENGTH = 0.5, 1000.0
"""Between what the answers lie that a row of the prior is worth."""

LEAST = 1e-3
"""The least that a label is worth in the prior."""


@dataclass(frozen=True, eq=False)
class Hierarchy(Inferred):
    """What the hierarchical method finds.

    Attributes:
        crowd: pseudo-answers of each label in everybody's rows, by kind of item: the parameters of the Dirichlet priors; shape
            (classes, kinds, classes): true class, kind, label.
        evidence: a lower bound of the log probability (nats) of all answers, everybody's confusion matrix and the prior of the
            classes integrated out: by it models of one table compare, whatever their numbers of parameters.
    """

    crowd: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))
    evidence: float = 0.0


class HierarchicalDawidSkene(Inference):
    """Confusion matrices whose rows are drawn around those of the crowd (Raykar et al., 2010; Kim and Ghahramani, 2012)."""

    kind: ClassVar[str] = "hierarchical-dawid-skene"
    kinds: int = Field(1, ge=1, le=8)
    """Kinds of items within each class, easy to hard, each with its own row in everybody's matrix: answers to one item then
    depend on each other even where its class is known (Li, Rubinstein and Cohn, 2019)."""
    steps: int = Field(5, ge=1)
    """Steps towards better priors in each iteration in which they are learnt."""
    heard: int = Field(20_000, ge=1)
    """Pairs of a person and a label of which priors are learnt, about, at most: of more, every so many-th person's count."""
    learning: int = Field(100, ge=0)
    """Iterations at most in which the priors are learnt as well; 0 for a prior of four right answers, and of one of each other
    label, in each row."""
    most: int = Field(15, ge=1)
    """Iterations at most after that, with priors that stand."""
    tolerance: float = Field(1e-5, ge=0, allow_inf_nan=False)
    """Gain in log posterior per answer (nats), and mean change of a posterior while priors are learnt, below which it rests."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Hierarchy:
        """Return posteriors, confusion matrices (means over the kinds), prior, the crowd's matrix and the evidence.

        First an iteration finds the crowd's Dirichlet parameters (by steps of Minka's fixed point, 2000), confusion matrices and
        classes; then, priors fixed, it is an M-step and an E-step. The log-likelihood is that of the second part: of answers
        and priors, but for a constant; it never falls. Only observed pairs of person and label take part.
        """
        model = _Model(table, self.kinds, self.heard)
        states = model.spread(vote_shares(table) if start is None else clamp(start.astype(np.float64), table))
        crowd = model.first_guess(states) if self.learning else model.standing()
        learnt, rests = 0, False
        while not rests and learnt < self.learning:
            counts, totals = model.counts(states)
            for _ in range(self.steps):
                crowd = model.learn(crowd, counts, totals)
            before, (states, _) = states, model.expect(crowd, counts, totals, states)
            learnt += 1
            rests = float(np.abs(states - before).sum()) <= self.tolerance * max(len(states), 1)
        history = list[float]()
        converged = False
        while not converged and len(history) < self.most:
            counts, totals = model.counts(states)
            states, value = model.expect(crowd, counts, totals, states)
            history.append(value)
            converged = len(history) > 1 and history[-1] - history[-2] < self.tolerance * max(len(table), 1)
        return Hierarchy(
            table,
            clamp(model.classes_of(states), table),
            learnt + len(history),
            converged,
            tuple(history),
            model.confusion(crowd, counts, totals),
            model.classes_of(model.prior(states)[None])[0],
            crowd.reshape(len(table.classes), self.kinds, len(table.classes)),
            model.evidence(crowd, states),
        )


class _Model:
    """The arithmetic. A state is a class and a kind: state s has class s // kinds."""

    def __init__(self, table: AnswerTable, kinds: int, heard: int) -> None:
        self.table, self.kinds = table, kinds
        self.classes = len(table.classes)
        self.persons, self.labels = table.pairs
        self.every = -(-len(self.persons) // heard) or 1
        self.sample = np.flatnonzero(self.persons % self.every == 0)
        pairs, ones = np.arange(len(self.persons)), np.ones(len(self.persons))
        self.of_person = sparse.csr_array((ones, (self.persons, pairs)), shape=(len(table.people), len(pairs)))
        self.of_label = sparse.csr_array((ones, (self.labels, pairs)), shape=(self.classes, len(pairs)))
        self.answers = table.by_pair.T.tocsr()
        self.state_class = np.repeat(np.arange(self.classes), kinds)
        self.telling = ((table.answers_of_item > 0) | (table.gold >= 0)).astype(np.float64)
        self.ruled_out = table.gold[table.known][:, None] != self.state_class

    def spread(self, posterior: Floats) -> Floats:
        """Return states to start from: items on which people disagree count as hard; shape (items, states)."""
        if self.kinds == 1:
            return posterior.copy()
        table = self.table
        share = table.votes.max(axis=1, initial=0.0) / np.maximum(table.answers_of_item, 1)
        even = 1.0 / max(self.classes, 1)
        hard = np.clip((1.0 - np.maximum(share, even)) / max(1.0 - even, even), CERTAINTY, 1.0 - CERTAINTY)[:, None]
        number = np.arange(self.kinds)
        ways = np.exp(gammaln(self.kinds) - gammaln(number + 1) - gammaln(self.kinds - number))
        shares = ways * hard**number * (1.0 - hard) ** (self.kinds - 1 - number)
        spread: Floats = (posterior[:, :, None] * shares[:, None, :]).reshape(len(posterior), self.classes * self.kinds)
        return spread

    def classes_of(self, states: Floats) -> Floats:
        """Return the probability of each class; shape (rows, classes)."""
        return np.asarray(states.reshape(len(states), self.classes, self.kinds).sum(axis=2))

    def counts(self, states: Floats) -> tuple[Floats, Floats]:
        """Return how often each pair occurs by state, as expected, (pairs, states); and each person's sums, (people, states)."""
        counts = np.asarray(self.answers @ states)
        return counts, np.asarray(self.of_person @ counts)

    def first_guess(self, states: Floats) -> Floats:
        """Return a prior worth two answers a label, with the crowd's shares; shape (states, labels)."""
        told = np.asarray(self.of_label @ self.counts(states)[0]).T + 1.0 / max(self.classes, 1)
        return np.asarray(2.0 * self.classes * told / told.sum(axis=1, keepdims=True))

    def standing(self) -> Floats:
        """Return the prior of Li, Rubinstein and Cohn (2019), which is not learnt; shape (states, labels)."""
        return np.where(self.state_class[:, None] == np.arange(self.classes), 4.0, 1.0)

    def learn(self, crowd: Floats, counts: Floats, totals: Floats) -> Floats:
        """Return the prior after a step of Minka's fixed point, shares and strength apart, with some answers beforehand."""
        below = crowd.T[self.labels[self.sample]]
        grown = below * (digamma(below + counts[self.sample]) - digamma(below))
        heard = np.asarray(self.of_label[:, self.sample] @ grown).T
        strength = crowd.sum(axis=1)
        asked = (digamma(totals[:: self.every] + strength) - digamma(strength)).sum(axis=0)
        shares = heard + ANY + 1.0 / max(self.classes, 1)
        shares[np.arange(len(shares)), self.state_class] += RIGHT
        worth = np.clip((heard.sum(axis=1) + self.classes) / (asked + 1.0), *STRENGTH)
        return np.asarray(np.maximum(shares * (worth / shares.sum(axis=1))[:, None], LEAST))

    def prior(self, states: Floats) -> Floats:
        """Return the probability of each state, one item added to each; shape (states,)."""
        share = self.telling @ states + 1.0
        return np.asarray(share / share.sum())

    def expect(self, crowd: Floats, counts: Floats, totals: Floats, states: Floats) -> tuple[Floats, float]:
        """Return the states that confusion matrices and prior suggest, both from the states before; and their log posterior."""
        prior = self.prior(states)
        spoken = crowd.T[self.labels] + counts
        whole = totals + crowd.sum(axis=1)
        logs = np.log(spoken) - np.log(whole)[self.persons]
        value = self._log_prior(crowd, logs, whole) + float(np.log(prior).sum())
        joint = np.asarray(self.table.by_pair @ logs) + np.log(prior)
        joint[self.table.known] += np.where(self.ruled_out, -np.inf, 0.0)
        top = joint.max(axis=1, keepdims=True, initial=-np.inf)
        joint = np.exp(joint - top)
        total = joint.sum(axis=1, keepdims=True)
        # An item of which nothing is known is no part of the posterior: what it would add is log 1.
        return joint / total, value + float((top + np.log(total))[self.telling > 0].sum())

    def _log_prior(self, crowd: Floats, logs: Floats, whole: Floats) -> float:
        """Return the log of the Dirichlet densities, without constants: labels never given, and what those given change."""
        below = crowd.T[self.labels]
        silent = (crowd * np.log(crowd)).sum() * len(whole) - (crowd.sum(axis=1) * np.log(whole)).sum()
        heard = below * (logs + np.log(whole)[self.persons] - np.log(below))
        return float(silent + heard.sum())

    def confusion(self, crowd: Floats, counts: Floats, totals: Floats) -> Floats:
        """Return the confusion matrices, the kinds of a class together by how often they occur; shape (people, K, K)."""
        matrix = np.broadcast_to(self.classes_of(crowd.T).T, (len(totals), self.classes, self.classes)).copy()
        matrix[self.persons, :, self.labels] += self.classes_of(counts)
        return np.asarray(matrix / matrix.sum(axis=2, keepdims=True))

    def evidence(self, crowd: Floats, states: Floats) -> float:
        """Return the variational bound of the log marginal likelihood at these states (nats)."""
        counts, totals = self.counts(states)
        below, strength = crowd.T[self.labels], crowd.sum(axis=1)
        value = (gammaln(below + counts) - gammaln(below)).sum() + (gammaln(strength) - gammaln(strength + totals)).sum()
        items = self.telling @ states
        size = max(len(items), 1)
        value += gammaln(items + 1.0).sum() + gammaln(size) - gammaln(size + items.sum())
        return float(value - self.telling @ (states * logarithm(np.maximum(states, 1e-300))).sum(axis=1))
