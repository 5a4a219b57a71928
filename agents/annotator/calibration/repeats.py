"""Repeated answers: how often somebody who is asked again says what they said before, without thinking anew."""

import numpy as np

from agents.annotator.calibration.concord import states
from agents.annotator.calibration.hardness import Effect
from agents.inference.answers import AnswerTable, Floats, Indices


def earlier(table: AnswerTable) -> Indices:
    """Return the row of the same person's first answer to the same item, in the table's order; its own for first answers.

    The shape is (answers,).
    """
    rows = np.arange(len(table))
    first = np.ones(len(table), np.bool_)
    first[1:] = (np.diff(table.item) != 0) | (np.diff(table.person) != 0)
    return np.asarray(np.maximum.accumulate(np.where(first, rows, 0)), np.intp)


def repeating(table: AnswerTable, posterior: Floats, base: Floats, spread: Floats, effect: Effect) -> float:
    """Return the probability that a repeated answer is the first one over again; 0 where nobody answered an item twice.

    Two answers of one person to one item are alike with probability r + (1 - r) * a, where a is how often they would be if both
    were thought out: of that the item's hidden ease, which they share, is part.

    Args:
        table: the answers.
        posterior: probability of each item's true class; shape (items, classes).
        base, spread: everybody's; shapes (people, classes, classes) and (people, classes).
        effect: the item effect.
    """
    first = earlier(table)
    again = np.flatnonzero(first != np.arange(len(table)))
    again = again[posterior[table.item[again]].sum(axis=1) > 0.5]
    if not len(again):
        return 0.0
    alike = float(np.mean(table.label[again] == table.label[first[again]]))
    people, place = np.unique(table.person[again], return_inverse=True)
    chance = 0.0
    for truth in range(len(table.classes)):
        expected = np.zeros(len(people))
        for state in states(base[people, truth], truth, spread[people, truth], effect):
            expected += state.share * (state.answer**2).sum(axis=1)
        chance += float(posterior[table.item[again], truth] @ expected[place])
    chance /= len(again)
    return float(np.clip((alike - chance) / max(1.0 - chance, 1e-9), 0.0, 1.0))
