"""A reading: what a run says of each number of labels at which it might have ended."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.grid import Row

FIGURES = ("labels", "accuracy", "label_accuracy", "cost", "simulated_seconds", "curve")
"""Fields of a run's summary that are read."""

Values = NDArray[np.float64]


class Reading(NamedTuple):
    """Figures of a run at each number of labels; NaN where it did not come so far. Shape (numbers of labels,) each."""

    accuracy: Values
    cost: Values
    seconds: Values


def read(row: Row, labels: Sequence[int], learner: bool, fee: float) -> Reading:
    """Read a run.

    Between two versions of the model, figures are in proportion to the labels. What a run that ended there would have spent is a
    little more, for whatever it had under way; what it is worth is for a run of its own to say.

    Args:
        row: the run, with FIGURES.
        labels: the numbers of labels, in order.
        learner: whether the model is what counts; without one, the labels are, and there is one number of them.
        fee: what the annotators cost beside their answers.
    """
    if not learner:
        return ended(row, labels[-1], False, fee)
    curve = row["curve"] or ()
    if not curve:
        return Reading(*(np.full(len(labels), np.nan) for _ in range(3)))
    # What was known from the start is in the last model, and not among the run's labels.
    known = max(0, curve[-1][0] - row["labels"])
    points = {point[0] - known: (point[1], point[4] + fee, point[5]) for point in curve}
    at = np.array(sorted(points), float)
    figures = np.array([points[each] for each in sorted(points)], float)
    return Reading(*(np.interp(labels, at, column, left=np.nan, right=np.nan) for column in figures.T))


def ended(row: Row, labels: int, learner: bool, fee: float) -> Reading:
    """Return a run's figures at its end, as a reading of one number of labels.

    An item that has no label has no right one either.
    """
    right = row["accuracy"] if learner else (row["label_accuracy"] or 0.0) * min(1.0, row["labels"] / labels)
    figures = (np.nan if right is None else right, row["cost"] + fee, row["simulated_seconds"])
    return Reading(*(np.array([each], float) for each in figures))
