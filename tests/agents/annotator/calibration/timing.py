"""Logs of known times."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Known(NamedTuple):
    """A log, and what its times were made of.

    Attributes:
        person, item, seconds: a row an answer.
        medians, sigmas, idle: of each person.
        hardness: of each item, in standard deviations.
    """

    person: NDArray[np.intp]
    item: NDArray[np.intp]
    seconds: NDArray[np.float64]
    medians: NDArray[np.float64]
    sigmas: NDArray[np.float64]
    idle: NDArray[np.float64]
    hardness: NDArray[np.float64]


def known_times(people: int, answers: int, seed: int = 1, items: int = 400, slope: float = 0.0, absolute: bool = False) -> Known:
    """Return times of people of medians around 20 s, spread .6, who take 9 % of their answers 6 times as long.

    Args:
        people, answers, items: how many there are; answers, of each person.
        seed: the chance.
        slope: how much slower people are on an item that is harder by one standard deviation.
        absolute: whether who wanders off takes 2 min, however fast they are.
    """
    rng = np.random.default_rng(seed)
    medians = 20 * np.exp(0.6 * rng.standard_normal(people))
    sigmas = 0.35 * np.exp(0.3 * rng.standard_normal(people))
    idle = rng.beta(2, 20, people)
    hardness = rng.standard_normal(items)
    effect = slope * hardness + 0.15 * rng.standard_normal(items)
    person, item = np.repeat(np.arange(people), answers), rng.integers(0, items, people * answers)
    away = rng.random(len(person)) < idle[person]
    normal = rng.standard_normal(len(person))
    absence = np.log(120 / medians[person]) if absolute else np.log(6)
    residual = np.where(away, absence + 0.9 * normal, sigmas[person] * normal)
    return Known(person, item, medians[person] * np.exp(effect[item] + residual), medians, sigmas, idle, hardness)
