"""Answers about two classes by people with one accuracy each, and what methods make of them."""

import numpy as np

from agents.inference.answers import AnswerTable
from bus.chance import Chance


def answers_of(
    item: np.ndarray, person: np.ndarray, accuracy: np.ndarray, truth: np.ndarray, draw: np.random.Generator
) -> AnswerTable:
    """Return answers of people about items, right as often as their accuracy says."""
    label = np.where(draw.random(len(item)) < accuracy[person], truth[item], 1 - truth[item])
    names = [f"p{number}" for number in range(len(accuracy))]
    return AnswerTable(range(len(truth)), names, (0, 1), item, person, label)


def error(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the share of items that are wrong by a score whose sign says the class; a score of nothing is half wrong."""
    sign = np.where(truth == 1, score, -score)
    return float(np.mean(np.where(np.abs(sign) < 1e-9, 0.5, sign < 0)))


def stream(seed: int, *words: str) -> np.random.Generator:
    return Chance(seed).stream(*words)
