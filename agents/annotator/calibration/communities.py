"""Communities: how confusion matrices are spread over people, learnt from what people answered."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, logsumexp

from agents.inference.answers import Floats, Indices

MOST = 4
"""Communities at most."""

FEWEST = 5
"""People at least for each of several communities."""

HEARD = 60_000
"""Entries of confusion matrices from which priors are learnt, about, at most: of more people, every so many-th counts."""

STEPS = 50
"""Iterations at most in which a mixture is learnt."""

STRENGTH = 0.5, 1000.0
"""Between what the answers lie that a row of a prior is worth."""

LEAST = 1e-3
"""The least that a label is worth in a prior."""

RIGHT, ANY = 1.0, 0.25
"""Answers that each row of a community's prior is given beforehand: right ones, and ones of each label."""


@dataclass(frozen=True, eq=False)
class Communities:
    """A mixture of Dirichlet distributions over confusion matrices (Kim and Ghahramani, 2012; Venanzi et al., 2014).

    Attributes:
        weight: share of the people in each community; shape (communities,).
        alpha: pseudo-answers by community, true class and label; shape (communities, classes, classes).
        member: probability of each community, by person; shape (people, communities).
    """

    weight: Floats
    alpha: Floats
    member: Floats

    def mean(self, counts: Floats) -> Floats:
        """Return the posterior mean of each person's confusion matrix.

        Args:
            counts: each person's answers by true class and label, as expected; shape (people, classes, classes).
        """
        found = np.zeros_like(counts)
        for alpha, share in zip(self.alpha, self.member.T, strict=True):
            rows = alpha + counts
            found += share[:, None, None] * (rows / rows.sum(axis=2, keepdims=True))
        return found

    def drawn(self, counts: Floats, stream: np.random.Generator) -> Floats:
        """Return a draw from the posterior of each person's confusion matrix; shape (people, classes, classes).

        Means vary less between people than people do; draws vary as much.
        """
        cumulative = self.member.cumsum(axis=1)
        community = np.minimum((stream.random((len(counts), 1)) > cumulative).sum(axis=1), len(self.weight) - 1)
        return dirichlet(self.alpha[community] + counts, stream)

    def afresh(self, community: Indices, stream: np.random.Generator) -> Floats:
        """Return matrices of new people of these communities; shape (people, classes, classes)."""
        return dirichlet(self.alpha[community], stream)


class _Level(NamedTuple):
    """What an iteration of the mixture knows."""

    weight: Floats
    alpha: Floats


def dirichlet(alpha: Floats, stream: np.random.Generator) -> Floats:
    """Return a draw from a Dirichlet distribution along the last axis, each."""
    drawn = np.maximum(stream.standard_gamma(alpha), 1e-12)
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def communities_of(counts: Floats) -> Communities:
    """Return the mixture that explains the counts best, by the Bayesian information criterion (Schwarz, 1978).

    Args:
        counts: each person's answers by true class and label, as expected; shape (people, classes, classes).
    """
    classes = counts.shape[1]
    every = max(1, -(-counts.size // HEARD))
    said = np.flatnonzero(counts.sum(axis=(1, 2)) > 0)
    heard = counts[said[::every]]
    best, lowest = _first(heard, classes), np.inf
    for number in range(1, MOST + 1):
        if len(heard) < (FEWEST * number if number > 1 else 1):
            break
        level, log_likelihood = _learn(heard, number)
        # A row of which nothing was ever said is no parameter.
        rows = np.count_nonzero(heard.sum(axis=(0, 2)) > 0)
        criterion = -2 * log_likelihood + (number * rows * classes + number - 1) * np.log(max(len(heard), 2))
        if criterion >= lowest:
            break
        best, lowest = level, criterion
    return Communities(best.weight, best.alpha, _members(counts, best)[0])


def _first(counts: Floats, classes: int) -> _Level:
    """Return one community with the shares of all answers, its rows worth two answers a label."""
    told = counts.sum(axis=0) + ANY + RIGHT * np.eye(classes)
    return _Level(np.ones(1), (2.0 * classes * told / told.sum(axis=1, keepdims=True))[None])


def _learn(counts: Floats, number: int) -> tuple[_Level, float]:
    """Return so many communities and the log-likelihood of the counts under them, by expectation-maximisation.

    It starts from people by their accuracy, which splits them into as many equal parts.
    """
    classes = counts.shape[1]
    right = (np.einsum("pkk->p", counts) + 1.0) / (counts.sum(axis=(1, 2)) + 2.0)
    place = np.empty(len(counts), np.intp)
    place[np.argsort(right, kind="stable")] = np.arange(len(counts)) * number // max(len(counts), 1)
    member = np.full((len(counts), number), 0.1 / number)
    member[np.arange(len(counts)), place] += 0.9
    whole = _first(counts, classes).alpha[0]
    alpha = np.stack([_first(counts * share[:, None, None], classes).alpha[0] for share in member.T]) if number > 1 else whole[None]
    level, before = _Level(member.mean(axis=0), alpha), -np.inf
    for _ in range(STEPS):
        alpha = np.stack([_step(each, counts, share) for each, share in zip(level.alpha, member.T, strict=True)])
        level = _Level((member.sum(axis=0) + 1.0) / (len(counts) + number), alpha)
        member, now = _members(counts, level)
        if now - before < 1e-5 * max(counts.sum(), 1.0):
            break
        before = now
    return level, now


def _step(alpha: Floats, counts: Floats, share: Floats) -> Floats:
    """Return the prior after steps of Minka's fixed point (2000), shares and strength apart, some answers given beforehand."""
    classes = len(alpha)
    for _ in range(2):
        grown = alpha * np.einsum("p,pkl->kl", share, digamma(alpha + counts) - digamma(alpha))
        strength = alpha.sum(axis=1)
        asked = np.einsum("p,pk->k", share, digamma(strength + counts.sum(axis=2)) - digamma(strength))
        told = grown + ANY + RIGHT * np.eye(classes)
        worth = np.clip((grown.sum(axis=1) + classes) / (asked + 1.0), *STRENGTH)
        alpha = np.maximum(told * (worth / told.sum(axis=1))[:, None], LEAST)
    return alpha


def _members(counts: Floats, level: _Level) -> tuple[Floats, float]:
    """Return the probability of each community by person, and the log-likelihood of all counts (nats)."""
    joint = np.empty((len(counts), len(level.weight)))
    sizes = counts.sum(axis=2)
    for place, alpha in enumerate(level.alpha):
        strength = alpha.sum(axis=1)
        joint[:, place] = (gammaln(strength) - gammaln(strength + sizes)).sum(axis=1)
        joint[:, place] += (gammaln(alpha + counts) - gammaln(alpha)).sum(axis=(1, 2))
    joint += np.log(level.weight)
    total = logsumexp(joint, axis=1)
    return np.exp(joint - total[:, None]), float(total.sum())
