"""A fitted crowd's answers, all at once."""

import numpy as np

from agents.annotator.calibration.crowd import FittedCrowd, Persons
from agents.annotator.calibration.hardness import bent, ease
from agents.annotator.calibration.repeats import earlier
from agents.inference.answers import AnswerTable, Floats, Indices, slices

AT_ONCE = 2**16
"""Answers at a time."""


def simulate(
    crowd: FittedCrowd, table: AnswerTable, truth: Indices, stream: np.random.Generator, people: Persons | None = None
) -> Indices:
    """Return what the people of a crowd say where those of a table answered; shape (answers,), in the table's order.

    Args:
        crowd: the crowd, whose people are those of the table, in its order.
        table: who answers what; what they say in it makes no difference.
        truth: index of the true class of each item; shape (items,).
        stream: the randomness.
        people: the people; None for a new draw of what they may be like.
    """
    people = crowd.drawn(stream) if people is None else people
    items, classes = len(table.items), len(table.classes)
    effect = crowd.effect
    z = ease(stream.random(items), effect.skew)
    distractor = np.floor(stream.random(items) * max(classes - 1, 1)).astype(np.intp)
    distractor = np.minimum(distractor + (distractor >= truth), classes - 1)
    found = np.empty(len(table), np.intp)
    luck = stream.random((2, len(table)))
    for rows in slices(len(table), AT_ONCE):
        item, person = table.item[rows], table.person[rows]
        true = truth[item]
        shift = people.spread[person, true] * z[item]
        chances = bent(people.base[person, true], true, shift, distractor[item], effect.distractor)
        found[rows] = drawn(chances, true, luck[:, rows])
    if crowd.repeat:
        first = earlier(table)
        return np.where(stream.random(len(table)) < crowd.repeat, found[first], found)
    return found


def drawn(chances: Floats, truth: Indices, luck: Floats) -> Indices:
    """Draw an answer each: first whether it is right, then which wrong one it is; as `agents.annotator.noise.draw` does.

    Args:
        chances: probability of each label; shape (rows, classes).
        truth: the true class; shape (rows,).
        luck: two uniform draws each; shape (2, rows).
    """
    rows = np.arange(len(chances))
    right = chances[rows, truth]
    wrong = chances.copy()
    wrong[rows, truth] = 0.0
    reached = wrong.cumsum(axis=1)
    other = (reached <= (luck[1] * (chances.sum(axis=1) - right))[:, None]).sum(axis=1)
    last = chances.shape[1] - 1 - np.argmax(wrong[:, ::-1] > 0, axis=1)
    return np.where(luck[0] < right, truth, np.minimum(other, last))
