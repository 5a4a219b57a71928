"""Second guesses: how near the classes that are not the answer came to being it."""

from agents.annotator.noise import Chances
from bus.chance import Luck

DRAWS = "second guesses"
"""Sayings that draw second guesses draw the same ones."""


def weights(label: int, chances: Chances, luck: Luck) -> list[float]:
    """Return for each class but the label a weight, by which the likelier comes first; 0 for the label.

    Ordered by them, the classes are a draw from the model of Luce (1959) and Plackett (1975), given that the label is first: each
    next one is drawn by the chances of those that are left. Weights are chances divided by exponential draws.
    """
    drawn = [luck.exponential() for _ in chances]
    return [0.0 if each == label else chance / draw for each, (chance, draw) in enumerate(zip(chances, drawn, strict=True))]
