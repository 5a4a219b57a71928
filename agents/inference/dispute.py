"""Where two models of one crowd name different classes: whose side the skilled people take.

How well a model explains the answers does not tell which name a group of items bears: a mixture is as probable under any names.
Skill does. Whoever is good at the items about which the models agree answers the others rather with the right class.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from agents.inference.answers import AnswerTable, Floats

RIGHT = 0.45, 0.15
"""Slope, and its standard deviation, where the first model is right: its items are like others of their class, of which the log
odds of a right answer are half of the skill and a bias apart from that; a little less, as skill is measured with errors."""

WRONG = -0.5
"""Slope where the second is right, at least, and 0 at most: all that skill does for other items, or, if these are hard, little."""

STEEP = 0.5
"""Inverse variance of the slopes beforehand."""

STRENGTH = 0.5, 50.0
"""Between what the answers lie that the crowd's share of right answers is worth in a person's."""

SPREAD = 0.01
"""The least variance of log odds between people of the same skill and bias."""

FEWEST = 4
"""People who must have answered the items at issue: fewer than there are coefficients, and one more, tell nothing."""

ROUNDS = 30
"""Steps towards the variance between people: what they change after these is far below its error."""


@dataclass(frozen=True)
class Dispute:
    """The greatest disagreement of two models, about items of one class by the first and of another by the second.

    Attributes:
        first: index of the class that the first model names.
        second: index of the class that the second names.
        share: share of these items among those with answers.
        slope: change of the log odds of an answer with the first class rather than with the second, by skill (log odds of right
            answers, of both classes together, where the models agree), bias apart.
        error: standard error of the slope; infinite where there is nothing to learn it from.
        log_odds: logarithm of the Bayes factor for the second model.
    """

    first: int
    second: int
    share: float
    slope: float
    error: float
    log_odds: float


def dispute(table: AnswerTable, one: Floats, two: Floats) -> Dispute | None:
    """Return what is to be learnt of the greatest disagreement; None where the models agree about each item.

    Args:
        table: the answers.
        one: class probabilities by the first model; shape (items, classes).
        two: those by the second.
    """
    heard = table.answers_of_item > 0
    apart = heard & (np.minimum(one, two).sum(axis=1) < 0.5)
    mass = one[apart].T @ two[apart]
    np.fill_diagonal(mass, 0.0)
    if not mass.any():
        return None
    first, second = (int(index) for index in np.unravel_index(mass.argmax(), mass.shape))
    pair = [first, second]
    at_issue = np.where(apart, one[:, first] * two[:, second], 0.0)
    agreed = np.minimum(one[:, pair], two[:, pair]) * ~apart[:, None]
    slope, error = _slope(*_answers(table, at_issue, pair), _log_odds_right(table, agreed, pair))
    return Dispute(first, second, float(at_issue.sum() / heard.sum()), slope, error, log_bayes_factor(slope, error))


def _answers(table: AnswerTable, weight: Floats, pair: list[int]) -> tuple[Floats, Floats]:
    """Return how many answers with each of two labels everybody gave to weighted items; shape (people,) each."""
    counts = np.asarray(table.by_pair.T @ weight)
    persons, labels = table.pairs
    first, second = (np.asarray(np.bincount(persons, counts * (labels == label), len(table.people)), np.float64) for label in pair)
    return first, second


def _log_odds_right(table: AnswerTable, agreed: Floats, pair: list[int]) -> Floats:
    """Return everybody's log odds of a right answer to agreed items of each class, shrunk to the crowd's; shape (2, people)."""
    persons, labels = table.pairs
    counts = np.asarray(table.by_pair.T @ agreed)
    odds = []
    for column, label in enumerate(pair):
        asked = np.asarray(np.bincount(persons, counts[:, column], len(table.people)), np.float64)
        right = np.asarray(np.bincount(persons, counts[:, column] * (labels == label), len(table.people)), np.float64)
        share = (right.sum() + 1.0) / (asked.sum() + 2.0)
        worth = _worth(right, asked, share)
        odds.append(np.log(right + worth * share) - np.log(np.maximum(asked - right, 0.0) + worth * (1.0 - share)))
    return np.array(odds)


def _worth(right: Floats, asked: Floats, share: float) -> float:
    """Return how many answers the crowd's share is worth: by the variance of people's shares beyond that of chance."""
    least, most = STRENGTH
    told = asked > 1e-6
    each = float(asked[told].mean()) if told.any() else 0.0
    if each <= 1.0:
        return least
    spread = np.average((right[told] / asked[told] - share) ** 2, weights=asked[told]) / (share * (1.0 - share))
    beyond = (spread - 1.0 / each) / (1.0 - 1.0 / each)
    return float(np.clip(1.0 / max(beyond, 1e-3) - 1.0, least, most))


def _slope(first: Floats, second: Floats, odds: Floats) -> tuple[float, float]:
    """Return the slope of log odds on skill, and its standard error, in a regression with a variance between people.

    Each person's log odds count by the inverse of the sum of that variance and of their own, so that nobody who answered much
    outweighs the others.
    """
    told = first + second > 0
    if np.count_nonzero(told) < FEWEST:
        return 0.0, float("inf")
    first, second, odds = first[told], second[told], odds[:, told]
    share = np.clip(first.sum() / (first + second).sum(), 0.01, 0.99)
    above, below = first + share, second + 1.0 - share
    told_odds, noise = np.log(above) - np.log(below), 1.0 / above + 1.0 / below
    skill, bias = odds[0] + odds[1], odds[0] - odds[1]
    design = np.stack([np.ones(len(skill)), skill - skill.mean(), bias - bias.mean()], axis=1)
    between = STEEP
    for _ in range(ROUNDS):
        weight = 1.0 / (noise + between)
        precision = (design * weight[:, None]).T @ design + np.diag([0.0, STEEP, STEEP])
        slopes = np.linalg.solve(precision, (design * weight[:, None]).T @ told_odds)
        between = max(SPREAD, between * float(((weight * (told_odds - design @ slopes)) ** 2).sum() / weight.sum()))
    return float(slopes[1]), float(np.sqrt(np.linalg.inv(precision)[1, 1]))


def log_bayes_factor(slope: float, error: float) -> float:
    """Return how much likelier the slope is if the second model is right, a logarithm: uniform against normal, with errors."""
    if not np.isfinite(error):
        return 0.0
    mean, deviation = RIGHT
    spread = np.hypot(error, deviation)
    normal = -0.5 * ((slope - mean) / spread) ** 2 - np.log(spread * np.sqrt(2.0 * np.pi))
    uniform = (ndtr((slope - WRONG) / error) - ndtr(slope / error)) / -WRONG
    return float(np.log(max(uniform, 1e-300)) - normal)
