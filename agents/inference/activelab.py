"""ActiveLab: which items to ask about next, those with answers and those without on one scale."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from agents.component import Unusable
from agents.inference.answers import AnswerTable, Floats
from agents.inference.crowdlab import weigh
from agents.inference.inference import vote_shares
from agents.items import UNKNOWN

IMPROBABLE = 1e-12
"""The least probability that a model's is taken for, so that it has a logarithm."""

STEEPEST = 20.0
"""How much more, or less, sure of itself than it says a model may be found: the bound of one over the temperature."""


class Sureness(NamedTuple):
    """How sure labels are, by ActiveLab.

    Attributes:
        scores: of the items of a table; shape (items,).
        steepness: one over the temperature of the model's probabilities.
        model_weight: what these weigh.
        average: what the average person weighs, and so the opinion that says nothing.
    """

    scores: Floats
    steepness: float
    model_weight: float
    average: float

    def without_answers(self, lags: Floats) -> Floats:
        """Return the scores of items that nobody has answered; shape (items,).

        It is what they would have among the items of the table, where they would make no difference to others.

        Args:
            lags: logarithm of each of the model's probabilities over the greatest one's: 0 at most; shape (items, classes).
        """
        model = 1.0 / np.exp(self.steepness * lags).sum(axis=1)
        weight = self.model_weight + self.average
        return np.asarray((self.model_weight * model + self.average / lags.shape[1]) / weight)


def activelab(table: AnswerTable) -> Floats:
    """Return how sure each item's label is; the lower, the sooner the item should get another answer; shape (items,).

    The score of ActiveLab (Goh and Mueller, 2023): CROWDLAB's probability of its consensus label, together with one more opinion
    that says nothing (it gives each class the same probability) and weighs as much as the average person. So an item with few
    answers has a lower score than one with many that agree as well; one without answers has the model's opinion, and this one.
    The model's probabilities are calibrated first. Items whose class is known have the score 1, for they need no answer.

    Args:
        table: the answers, with a model's probabilities of all items, also of those without answers.

    Raises:
        Unusable: the table has no model's probabilities.
    """
    return sureness(table).scores


def sureness(table: AnswerTable) -> Sureness:
    """Return ActiveLab's scores, and what those of further items without answers follow from; see activelab."""
    if table.probabilities is None:
        raise Unusable("activelab needs a model's class probabilities for the items, and there are none")
    logs = logarithms(table.probabilities)
    steepness = _steepness(table, logs)
    found = weigh(table, np.asarray(softmax(steepness * logs, axis=1)))
    assert found.weight is not None
    average = float(found.weight.mean()) if len(found.weight) else 1.0
    weight = found.model_weight + np.bincount(table.item, found.weight[table.person], len(table.items))
    score = (weight * found.posterior.max(axis=1) + average / len(table.classes)) / (weight + average)
    score[table.known] = 1.0
    return Sureness(np.asarray(score), steepness, found.model_weight, average)


def logarithms(probabilities: Floats) -> Floats:
    """Return the logarithms of probabilities, which are finite; shape as they are."""
    return np.asarray(np.log(np.maximum(probabilities, IMPROBABLE)))


def calibrated(table: AnswerTable, probabilities: Floats) -> Floats:
    """Return a model's probabilities at the temperature at which they are nearest to what people say; shape (items, classes).

    Temperature scaling (Guo et al., 2017) to the least cross-entropy with the shares of each label among an item's answers. It is
    a convex function of one over the temperature. Without answers, and known classes, probabilities stay as they are.
    """
    logs = logarithms(probabilities)
    return np.asarray(softmax(_steepness(table, logs) * logs, axis=1))


def _steepness(table: AnswerTable, logs: Floats) -> float:
    """Return one over that temperature, by the logarithms of a model's probabilities; shape (items, classes)."""
    telling = (table.answers_of_item > 0) | (table.gold != UNKNOWN)
    if not telling.any():
        return 1.0
    shares, told = vote_shares(table)[telling], logs[telling]
    best = minimize_scalar(
        lambda steep: -(shares * log_softmax(steep * told, axis=1)).sum(), bounds=(1.0 / STEEPEST, STEEPEST), method="bounded"
    )
    return float(best.x)
