"""Logs of people who are known: what is fitted to them can be compared."""

from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.hardness import Effect, base_of, bent, ease
from agents.annotator.calibration.simulation import drawn
from agents.inference.answers import AnswerTable, Floats, Indices


class Made(NamedTuple):
    """A log, and what it was made from.

    Attributes:
        table: the answers.
        truth: the true class of each item; shape (items,).
        confusion: everybody's marginal matrix; shape (people, classes, classes).
        spread: everybody's spread; shape (people, classes).
    """

    table: AnswerTable
    truth: Indices
    confusion: Floats
    spread: Floats


def matrices(stream: np.random.Generator, people: int, classes: int, right: float = 0.75, worth: float = 12.0) -> Floats:
    """Return confusion matrices of people who are right so often on average."""
    mean = np.full((classes, classes), (1 - right) / (classes - 1))
    np.fill_diagonal(mean, right)
    found = stream.standard_gamma(np.broadcast_to(worth * mean, (people, classes, classes)))
    return found / found.sum(axis=2, keepdims=True)


def made(
    stream: np.random.Generator,
    confusion: Floats,
    items: int,
    votes: int,
    spread: float = 1.0,
    power: float = 0.0,
    distractor: float = 0.5,
    skew: float = 2.0,
) -> Made:
    """Return a log in which so many people, drawn at random, answer each item."""
    people, classes, _ = confusion.shape
    effect = Effect(np.full(classes, spread), power, distractor if classes > 2 else 0.0, skew)
    spreads = effect.of(confusion)
    base = base_of(confusion, spreads, effect)
    truth = stream.integers(0, classes, items)
    item = np.repeat(np.arange(items), votes)
    person = stream.random((items, people)).argsort(axis=1)[:, :votes].ravel()
    z, other = ease(stream.random(items), skew), stream.integers(0, max(classes - 1, 1), items)
    other = np.minimum(other + (other >= truth), classes - 1)
    true = truth[item]
    chances = bent(base[person, true], true, spreads[person, true] * z[item], other[item], effect.distractor)
    label = drawn(chances, true, stream.random((2, len(item))))
    names = [f"w{number}" for number in range(people)]
    return Made(AnswerTable(range(items), names, list(range(classes)), item, person, label), truth, confusion, spreads)
