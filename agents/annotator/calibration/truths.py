"""What is true of the items of a log: known, or inferred from the answers."""

from typing import NamedTuple

import numpy as np

from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.auto import Auto
from agents.items import UNKNOWN


class Truths(NamedTuple):
    """What is known, or thought, of the items' classes.

    Attributes:
        posterior: probability of each class; 1 at the known ones; shape (items, classes). A row of zeros if the item is not used.
        known: whether each is known; shape (items,).
        prior: share of each class; shape (classes,).
    """

    posterior: Floats
    known: np.ndarray
    prior: Floats

    def drawn(self, stream: np.random.Generator) -> Indices:
        """Return a class for each item, drawn from what is thought of it; shape (items,)."""
        reached = self.posterior.cumsum(axis=1)
        place = (reached <= stream.random((len(reached), 1)) * reached[:, -1:]).sum(axis=1)
        return np.asarray(np.minimum(place, self.posterior.shape[1] - 1), np.intp)


def truths_of(table: AnswerTable, truth: Indices | None) -> Truths:
    """Return what is known of the items' classes; the rest is inferred, if anything is known of few items only."""
    truth = np.full(len(table.items), UNKNOWN) if truth is None else truth
    known = truth != UNKNOWN
    gold = AnswerTable(table.items, table.people, table.classes, table.item, table.person, table.label, truth)
    posterior = Auto().infer(gold).posterior
    return Truths(posterior, known, posterior.mean(axis=0))
