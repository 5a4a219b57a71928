"""Lessons: what labels, and the answers that they rest on, are to a learner."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from agents.component import Component
from agents.inference.answers import AnswerTable, Floats, Indices


@dataclass(frozen=True, eq=False)
class Examples:
    """What a classifier is trained on; an item may stand in it several times.

    Attributes:
        rows: the items, as rows of the pool; shape (examples,).
        labels: class indices; shape (examples,).
        weights: what each weighs, above 0; shape (examples,). None if all weigh the same.
    """

    rows: Indices
    labels: Indices
    weights: Floats | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def begin(self, others: "Examples") -> bool:
        """Return whether others begin with all of these."""
        return all(_begins(mine, theirs) for mine, theirs in zip(self._columns(), others._columns(), strict=True))

    def at(self, places: Indices | NDArray[np.bool_] | slice) -> "Examples":
        """Return those at some places, as often as these are named."""
        return Examples(self.rows[places], self.labels[places], None if self.weights is None else self.weights[places])

    def _columns(self) -> tuple[Indices, Indices, Floats | None]:
        return self.rows, self.labels, self.weights


def _begins(mine: NDArray[np.number] | None, theirs: NDArray[np.number] | None) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    return np.array_equal(mine, theirs[: len(mine)])


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of the items that have a label.

    Attributes:
        rows: their rows in the pool, in the order in which labels came; shape (items,).
        labels: the class index of each item's label; shape (items,).
        table: their answers, with the items in the same order; the label of items without answers, such as seed items, is known in
            it. None where nobody wants the answers.
    """

    rows: Indices
    labels: Indices
    table: AnswerTable | None = None

    @property
    def answers(self) -> AnswerTable:
        """The answers."""
        assert self.table is not None
        return self.table


Guess = Callable[[Examples, Indices], Floats]
"""Trains a classifier on examples, and returns the class probabilities of rows of the pool; shape (rows, classes)."""


class Lesson(Component):
    """Makes the examples that a classifier is trained on."""

    needs_answers: ClassVar[bool] = True
    """Whether it goes by the answers, and not by the labels alone."""
    repeats: ClassVar[bool] = True
    """Whether an item may stand in several examples."""

    @property
    def weighs(self) -> bool:
        """Whether examples weigh more or less, so that the estimator has to take weights."""
        return True

    @property
    def lasts(self) -> bool:
        """Whether examples stay what they are when there are more labels."""
        return True

    @abstractmethod
    def examples(self, known: Known, guess: Guess) -> Examples:
        """Return the examples, in the order of the items.

        Args:
            known: the labels and answers there are.
            guess: what a classifier would say that was trained on some examples.
        """


def spread(known: Known, shares: Floats) -> Examples:
    """Return an example for each class that an item may be of, which weighs as much as that is probable.

    Args:
        known: the items.
        shares: probability of each class; shape (items, classes).
    """
    counted = np.where(shares >= LEAST, shares, 0.0)
    counted /= counted.sum(axis=1, keepdims=True)
    item, label = np.nonzero(counted)
    return Examples(known.rows[item], label, counted[item, label])


LEAST = 1e-3
"""Probability below which a class of an item is no example: it would cost as much as the others, and change nothing."""
