"""ActiveLab: which items to ask about next, those with answers and those without on one scale."""

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
    if table.probabilities is None:
        raise Unusable("activelab needs a model's class probabilities for the items, and there are none")
    found = weigh(table, calibrated(table, table.probabilities))
    assert found.weight is not None
    average = float(found.weight.mean()) if len(found.weight) else 1.0
    weight = found.model_weight + np.bincount(table.item, found.weight[table.person], len(table.items))
    score = (weight * found.posterior.max(axis=1) + average / len(table.classes)) / (weight + average)
    score[table.known] = 1.0
    return np.asarray(score)


def calibrated(table: AnswerTable, probabilities: Floats) -> Floats:
    """Return a model's probabilities at the temperature at which they are nearest to what people say; shape (items, classes).

    Temperature scaling (Guo et al., 2017) to the least cross-entropy with the shares of each label among an item's answers. It is
    a convex function of one over the temperature. Without answers, and known classes, probabilities stay as they are.
    """
    telling = (table.answers_of_item > 0) | (table.gold != UNKNOWN)
    logs = np.log(np.maximum(probabilities, IMPROBABLE))
    if not telling.any():
        return np.asarray(softmax(logs, axis=1))
    shares, told = vote_shares(table)[telling], logs[telling]
    best = minimize_scalar(
        lambda steep: -(shares * log_softmax(steep * told, axis=1)).sum(), bounds=(1.0 / STEEPEST, STEEPEST), method="bounded"
    )
    return np.asarray(softmax(float(best.x) * logs, axis=1))
