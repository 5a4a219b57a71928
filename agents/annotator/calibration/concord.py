"""How often two people answer an item alike: counted in a table, and expected of a crowd with an item effect."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from agents.annotator.calibration.hardness import Effect, nodes
from agents.inference.answers import AnswerTable, Floats, Indices

SAMPLE = 30_000
"""Answers, about, from which an item effect is learnt."""

POSSIBLE = 1e-6
"""The least probability at which a class counts as possible."""


class Concord(NamedTuple):
    """Shares of the pairs of answers that two people gave to an item, by its true class; shape (classes,) each.

    Attributes:
        right: both right.
        same: both wrong, and alike.
    """

    right: Floats
    same: Floats


class Expected(NamedTuple):
    """What is to be expected of a crowd.

    Attributes:
        concord: how often two people answer alike.
        log_likelihood: of the answers, given true classes and confusion matrices (nats).
    """

    concord: Concord
    log_likelihood: float


class OfClass(NamedTuple):
    """The items of a sample that may be of one class: of the others, nothing about it can be learnt.

    Attributes:
        given: answers by item and person.
        twice: their squares.
        said: the same for each label.
        posterior: probability of the class; shape (items,).
        weight: what each pair of answers counts for; shape (items,).
    """

    given: sparse.csr_array
    twice: sparse.csr_array
    said: list[sparse.csr_array]
    posterior: Floats
    weight: Floats

    def spoken(self, answer: Floats) -> Floats:
        """Return the log probability of each item's answers (nats), given that of each label by person; shape (items,)."""
        told = np.log(np.maximum(answer, 1e-12))
        return np.asarray(sum((said @ told[:, label] for label, said in enumerate(self.said)), np.zeros(len(self.weight))))


class Pairs:
    """The items of a table on which two people or more have answered, as a sample of bounded size.

    Each item counts the same, whatever its number of answers, as in Fleiss' kappa.

    Args:
        table: the answers.
        posterior: probability of each item's true class; shape (items, classes).
    """

    def __init__(self, table: AnswerTable, posterior: Floats) -> None:
        shape = len(table.items), len(table.people)
        given = _counts(np.ones(len(table)), table.item, table.person, shape)
        pairs = given.sum(axis=1) ** 2 - given.power(2).sum(axis=1)
        rows = np.flatnonzero((pairs > 0) & (posterior.sum(axis=1) > 0.5))
        every = max(1, -(-int(given.sum(axis=1)[rows].sum()) // SAMPLE))
        self.rows = rows = rows[::every]
        place = np.full(len(table.items), -1)
        place[rows] = np.arange(len(rows))
        self.people = np.flatnonzero(given[rows].sum(axis=0) > 0)
        who = np.full(len(table.people), -1)
        who[self.people] = np.arange(len(self.people))
        mine = np.flatnonzero(place[table.item] >= 0)
        item, person, label = place[table.item[mine]], who[table.person[mine]], table.label[mine]
        size, ones = (len(rows), len(self.people)), np.ones(len(mine))
        self.given = _counts(ones, item, person, size)
        self.said = [
            _counts(ones[label == each], item[label == each], person[label == each], size) for each in range(posterior.shape[1])
        ]
        self.posterior = posterior[rows]
        # Pairs of one person's own answers are no pairs of two people.
        self.weight = self.posterior / pairs[rows, None]
        self.total = np.maximum(self.posterior.sum(axis=0), 1e-9)
        self.of_class = [self._of_class(truth) for truth in range(posterior.shape[1])]

    def _of_class(self, truth: int) -> "OfClass":
        rows = np.flatnonzero(self.posterior[:, truth] > POSSIBLE)
        given, said = self.given[rows], [each[rows] for each in self.said]
        return OfClass(given, given.power(2), said, self.posterior[rows, truth], self.weight[rows, truth])

    def observed(self) -> Concord:
        """Return what the table shows."""
        alike = np.stack([said.sum(axis=1) ** 2 - said.power(2).sum(axis=1) for said in self.said], axis=1)
        total = self.weight.T @ alike
        right = np.diagonal(total)
        return Concord(right / self.total, (total.sum(axis=1) - right) / self.total)

    def expected(self, base: Floats, spread: Floats, effect: Effect, likelihood: bool = True) -> Expected:
        """Return what is to be expected of people of these bases and spreads.

        Args:
            base: shape (people of the sample, classes, classes).
            spread: shape (people of the sample, classes).
            effect: the item effect.
            likelihood: whether the log-likelihood is wanted; it is 0 otherwise.
        """
        classes = base.shape[1]
        right, same, log_likelihood = np.zeros(classes), np.zeros(classes), 0.0
        for truth in range(classes):
            if self.total[truth] < 1e-6:
                continue
            mine, logs = self.of_class[truth], []
            for answer, share, _, _ in states(base[:, truth], truth, spread[:, truth], effect):
                alike = mine.weight @ ((mine.given @ answer) ** 2 - mine.twice @ answer**2)
                right[truth] += share * alike[truth]
                same[truth] += share * (alike.sum() - alike[truth])
                if likelihood:
                    logs.append(mine.spoken(answer) + np.log(share))
            if likelihood:
                log_likelihood += float(mine.posterior @ logsumexp(logs, axis=0))
        return Expected(Concord(right / self.total, same / self.total), log_likelihood)


class State(NamedTuple):
    """What an item may be like.

    Attributes:
        answer: probability of each label by person; shape (people, classes).
        share: how often an item is so.
        ease: its ease z.
        contrast: what a unit of ease adds to the log odds of each label; shape (classes,).
    """

    answer: Floats
    share: float
    ease: float
    contrast: Floats


def states(base: Floats, truth: int, spread: Floats, effect: Effect) -> Iterator[State]:
    """Yield what an item of a class may be like: how easy, and with which distractor.

    Args:
        base: everybody's base for that class; shape (people, classes).
        truth: the class.
        spread: everybody's spread for that class; shape (people,).
        effect: the item effect.
    """
    classes = base.shape[1]
    # Without a share in what happens, all distractors are the same.
    wrong = [label for label in range(classes) if label != truth][: None if effect.distractor else 1] or [truth]
    across = np.ones(classes)
    for z, share in nodes(effect.skew):
        up = np.exp(spread * z)
        down = np.exp(-effect.distractor * spread * z)
        for distractor in wrong:
            contrast = np.zeros(classes)
            contrast[distractor] = -effect.distractor
            contrast[truth] = 1.0
            answer = base.copy()
            answer[:, truth] *= up
            answer[:, distractor] *= down
            answer /= (answer @ across)[:, None]
            yield State(answer, share / len(wrong), z, contrast)


def _counts(value: Floats, row: Indices, column: Indices, shape: tuple[int, int]) -> sparse.csr_array:
    found = sparse.csr_array((value, (row, column)), shape=shape)
    found.sum_duplicates()
    return found
