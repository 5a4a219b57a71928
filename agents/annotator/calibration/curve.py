"""How often a majority is right, by the number of votes it rests on."""

import numpy as np

from agents.inference.answers import AnswerTable, Floats, Indices


def votes_curve(table: AnswerTable, label: Indices, truth: Indices, most: int, stream: np.random.Generator) -> Floats:
    """Return how far the majority of 1, 2, ... votes is right on each item, votes taken in one random order.

    Of equally frequent labels, each counts for its share. An item with fewer answers has all of them counted.

    Args:
        table: who answered what.
        label: what each answer says, in the table's order; shape (answers,).
        truth: index of the true class of each item, below 0 where it is not known; shape (items,).
        most: the largest number of votes.
        stream: for the order.

    Returns:
        Shape (items of known class that have answers, most).
    """
    number = table.answers_of_item
    rows = np.flatnonzero((truth >= 0) & (number > 0))
    kept = np.flatnonzero((truth >= 0)[table.item])
    item = table.item[kept]
    order = np.argsort(item + stream.random(len(item)))
    said = label[kept][order]
    starts = np.concatenate([[0], np.cumsum(number[rows])])[:-1]
    votes = np.zeros((len(rows), len(table.classes)), np.int32)
    credit = np.empty((len(rows), most))
    last = number[rows] - 1
    for place in range(most):
        there = np.flatnonzero(place <= last)
        votes[there, said[starts[there] + place]] += 1
        mine = votes[there]
        top = mine.max(axis=1)
        leaders = (mine == top[:, None]).sum(axis=1)
        if place:
            credit[:, place] = credit[:, place - 1]
        credit[there, place] = (mine[np.arange(len(there)), truth[rows[there]]] == top) / leaders
    return credit
