"""Crowds to count: what several people answer to many items."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from bus.chance import Chance
from tests.agents.annotator.cases import NATURE
from tests.agents.samples import band

Answers = NDArray[np.intp]


def said(
    people: Sequence[Noise],
    truth: Sequence[int] | Answers,
    classes: int,
    nature: Nature = NATURE,
    families: Sequence[Family] | None = None,
    chance: Chance | None = None,
) -> Answers:
    """Return what people answer to items 0, 1, ... of that truth; shape (items, people)."""
    chance = chance or Chance(7)
    lucks = [chance.keyed("annotator", f"crowd-{number}", "answer") for number in range(len(people))]
    cases = [Case(item, 0, int(true), classes, nature) for item, true in enumerate(truth)]
    answers = np.empty((len(cases), len(people)), dtype=np.intp)
    for column, (noise, luck) in enumerate(zip(people, lucks, strict=True)):
        for case in cases:
            draws = luck.luck(case.item)
            if families is None:
                answers[case.item, column] = noise.answer(case, draws)
            else:
                answers[case.item, column] = families[column].answer(noise.chances(case), case, draws)
    return answers


def as_people(noise: Noise, count: int, seed: int = 7) -> list[Noise]:
    """Return the noise as so many people have it."""
    chance = Chance(seed)
    return [noise.person(chance.keyed("person", f"crowd-{number}", "noise", "lot")) for number in range(count)]


def confusion(answers: Answers, truth: Sequence[int] | Answers, classes: int) -> NDArray[np.float64]:
    """Return the share of each answer by true class: rows are what is true."""
    shares = np.zeros((classes, classes))
    np.add.at(shares, (np.asarray(truth), answers), 1)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def phi(right: NDArray[np.bool_]) -> float:
    """Return the mean correlation of two people's being right, over all pairs; shape of `right` (items, people)."""
    return float(np.corrcoef(right.T)[np.triu_indices(right.shape[1], 1)].mean())


def phi_band(share: float, rho: float, items: int) -> float:
    """Return four standard errors of the correlation of two who are both right that often; of a mean of several, at most that."""
    spread = share * (1 - share)
    both, neither = share**2 + rho * spread, (1 - share) ** 2 + rho * spread
    # The standard deviation of the product of two standardised values, of which the correlation is the mean.
    products = np.array([(1 - share) / share, share / (1 - share), -1.0])
    chances = np.array([both, neither, 1 - both - neither])
    return band(math.sqrt(max(0.0, float(chances @ products**2) - rho**2)), items)
