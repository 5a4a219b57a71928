"""Correlation between people: how far they err on the same items."""

from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.crowd import FittedCrowd
from agents.annotator.calibration.simulation import simulate
from agents.inference.answers import AnswerTable, Floats, Indices
from bus.chance import Chance

LEAST = 0.02
"""The least variance of being right that a person is reckoned with: of who is never wrong, one slip would count for everything."""


class Correlation(NamedTuple):
    """Mean correlation of two people's being right about an item, given its class: the phi coefficient, beyond their skills.

    Attributes:
        real: in the log.
        simulated: in a simulation by the fitted crowd; what is missing from it to the real one is not explained.
        independent: in a simulation by the same people without an item effect.
    """

    real: float
    simulated: float
    independent: float


def correlation(crowd: FittedCrowd, table: AnswerTable, seed: int = 0) -> Correlation:
    """Return how far people err together, in the log and in the fitted crowd.

    Args:
        crowd: the crowd, fitted to the table.
        table: the answers.
        seed: of the simulations, and of the classes of items that are not known.
    """
    stream = Chance(seed).stream("correlation")
    truth = crowd.truths.drawn(stream)
    confusion = crowd.mean.confusion
    alone = crowd.mean._replace(base=confusion, spread=np.zeros_like(crowd.spread))
    return Correlation(
        phi(table, table.label, truth, confusion, crowd.truths.used),
        phi(table, simulate(crowd, table, truth, stream, crowd.mean), truth, confusion, crowd.truths.used),
        phi(table, simulate(crowd, table, truth, stream, alone), truth, confusion, crowd.truths.used),
    )


def phi(table: AnswerTable, label: Indices, truth: Indices, confusion: Floats, used: np.ndarray | None = None) -> float:
    """Return the mean over pairs of answers to an item, of different people, of the product of their standardised being right.

    Args:
        table: who answered what.
        label: what each answer says; shape (answers,).
        truth: the class of each item; shape (items,).
        confusion: everybody's matrix; shape (people, classes, classes).
        used: which items count; None for all; shape (items,).

    Returns:
        NaN where no two people answered the same item.
    """
    item, person = table.item, table.person
    skill = confusion[person, truth[item], truth[item]]
    off = ((label == truth[item]) - skill) / np.sqrt(np.maximum(skill * (1.0 - skill), LEAST))
    # Somebody's several answers to an item count as their mean.
    pair = item * np.intp(len(table.people)) + person
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    off = np.add.reduceat(off, first) / np.diff(np.append(first, len(pair))) if len(pair) else off
    rows = item[first]
    total, squares = np.bincount(rows, off, len(table.items)), np.bincount(rows, off**2, len(table.items))
    number = np.bincount(rows, minlength=len(table.items)).astype(np.float64)
    kept = number > 1 if used is None else (number > 1) & used
    pairs = (number * (number - 1.0))[kept].sum()
    return float((total**2 - squares)[kept].sum() / pairs) if pairs else float("nan")
