"""Expectation-maximisation on an answer table: what the methods of Dawid and Skene's family have in common.

They differ in what they let a person's answers depend on, which an `Emission` says. The rest is the same: the E-step finds the
class probabilities of each item, the M-step how often each label is given where each class is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agents.inference.answers import BLOCK, AnswerTable, Floats, slices
from agents.inference.inference import clamp, vote_shares
from bus.chance import Chance

IMPOSSIBLE = -1e9
"""Stands for the logarithm of zero: below what any number of possible answers adds up to, and finite, so that of classes which
are all impossible the one that the fewest answers contradict is the most probable."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What an M-step finds.

    Attributes:
        spoken: probability of the label of each pair of person and label, by true class; shape (pairs, classes).
        penalty: what pseudo-counts add to the log-likelihood; 0 without any.
        sums: what else `Emission.confusion` needs: the sum of each person's counts by true class, shape (people, classes), or
            of the right answers alone, shape (people, 1), where classes make no difference.
    """

    spoken: Floats
    penalty: float
    sums: Floats


class Emission(Protocol):
    """How answers come about where the class is known."""

    def fit(self, counts: Floats) -> Fit:
        """Return the M-step: from how often each pair occurs by true class, as expected; shape (pairs, classes)."""

    def confusion(self, fit: Fit) -> Floats:
        """Return the probability of each label by person and true class; shape (people, classes, classes)."""


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where expectation-maximisation ended.

    Attributes:
        posterior: probability of each class; shape (items, classes).
        prior: probability of each class; shape (classes,).
        fit: the last M-step, from which posterior follows.
        log_likelihood: of each iteration's parameters (nats), penalties included; it never falls.
        converged: whether the last iteration gained less than the tolerance.
    """

    posterior: Floats
    prior: Floats
    fit: Fit
    log_likelihood: tuple[float, ...]
    converged: bool


def logarithm(probabilities: Floats) -> Floats:
    """Return logarithms, IMPOSSIBLE for zeros."""
    return np.log(probabilities, out=np.full_like(probabilities, IMPOSSIBLE), where=probabilities > 0)


def expect(table: AnswerTable, spoken: Floats, prior: Floats) -> tuple[Floats, float]:
    """Return the E-step: posteriors, known items certain, shape (items, classes); and the log-likelihood of the answers (nats)."""
    logs, shift = logarithm(spoken), logarithm(prior)[:, None]
    posterior = np.empty((len(table.items), len(prior)))
    value = 0.0
    for rows, block in table.blocks:
        # A row a class: what is done to all items at once is quick, and stays in the processor's cache.
        joint = (block @ logs).T.copy()
        joint += shift
        known = table.known[slice(*np.searchsorted(table.known, (rows.start, rows.stop)))]
        truly = joint[table.gold[known], known - rows.start]
        top = joint.max(axis=0)
        joint -= top
        np.exp(joint, out=joint)
        total = joint.sum(axis=0)
        joint /= total
        top += np.log(total, out=total)
        top[known - rows.start] = truly
        value += float(top.sum())
        posterior[rows] = joint.T
    return clamp(posterior, table), value


def class_prior(table: AnswerTable, posterior: Floats, smoothing: float) -> tuple[Floats, float]:
    """Return the share of each class among items with answers or a known class, and what its pseudo-counts add; shape (classes,).

    Items of which nothing is known take the prior and have no part in it.
    """
    counts = np.full(posterior.shape[1], smoothing)
    for rows in slices(len(posterior), BLOCK):
        counts += table.telling[rows].astype(np.float64) @ posterior[rows]
    total = counts.sum()
    prior = counts / total if total > 0 else np.full(len(counts), 1.0 / max(len(counts), 1))
    return prior, smoothing * float(logarithm(prior).sum())


def climb(table: AnswerTable, posterior: Floats, emission: Emission, smoothing: float, tolerance: float, most: int) -> Ascent:
    """Go from class probabilities to a maximum of the likelihood; an iteration is an M-step and an E-step.

    Args:
        table: the answers.
        posterior: class probabilities to begin from; shape (items, classes).
        emission: how answers come about.
        smoothing: pseudo-items of each class.
        tolerance: gain in log-likelihood per answer (nats) below which it rests.
        most: iterations at most, 1 or more.
    """
    history = list[float]()
    enough = tolerance * max(len(table), 1)
    converged = False
    while not converged and len(history) < most:
        prior, penalty = class_prior(table, posterior, smoothing)
        fit = emission.fit(table.to_pairs(posterior))
        # Of millions of items, one posterior at a time.
        del posterior
        posterior, value = expect(table, fit.spoken, prior)
        history.append(value + penalty + fit.penalty)
        converged = len(history) > 1 and history[-1] - history[-2] < enough
    return Ascent(posterior, prior, fit, tuple(history), converged)


def starting_points(table: AnswerTable, starts: int, seed: int) -> Iterator[Floats]:
    """Yield vote shares, and then shares in which people weigh differently: by draws from the exponential distribution.

    Weights by person, and not by class or answer, so that other names for the classes give the same starts.
    """
    yield vote_shares(table)
    stream = Chance(seed).stream("starts")
    for _ in range(starts - 1):
        shares = table.tally(stream.standard_exponential(len(table.people)) + np.finfo(np.float64).tiny)
        silent = table.answers_of_item == 0
        shares[silent] = 1.0
        yield clamp(shares / shares.sum(axis=1, keepdims=True), table)


def best_climb(
    table: AnswerTable,
    start: Floats | None,
    emission: Emission,
    smoothing: float,
    tolerance: float,
    most: int,
    starts: int,
    seed: int,
) -> Ascent:
    """Return the ascent that ends highest, the first of those that end as high; a given start is the only one."""
    points = starting_points(table, starts, seed) if start is None else iter([clamp(start.astype(np.float64), table)])
    best = climb(table, next(points), emission, smoothing, tolerance, most)
    for point in points:
        other = climb(table, point, emission, smoothing, tolerance, most)
        if other.log_likelihood[-1] > best.log_likelihood[-1]:
            best = other
    return best
