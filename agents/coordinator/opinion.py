"""Opinions: how probable somebody holds each class to be, as far as they say."""

import math
from collections.abc import Sequence

from agents.coordinator.crowd import Answer
from agents.inference.inference import TIED
from agents.messages import Label
from bus.chance import Luck

Chances = Sequence[float]
"""A probability for each class, in the order of the classes."""


def opinion(answer: Answer, classes: Sequence[Label], accuracy: float = 1.0) -> tuple[float, ...]:
    """Return how probable somebody holds each class to be.

    Where they do not say, their label has their confidence, or if they do not say that either, `accuracy`; others share the rest.
    """
    if answer.chances is not None:
        return answer.chances
    sure = accuracy if answer.confidence is None else answer.confidence
    rest = (1 - sure) / max(len(classes) - 1, 1)
    return tuple(sure if label == answer.label else rest for label in classes)


def distance(one: Chances, other: Chances) -> float:
    """Return how far two opinions are apart: the largest difference for any class."""
    return max(abs(here - there) for here, there in zip(one, other, strict=True))


def mean(opinions: Sequence[Chances]) -> tuple[float, ...]:
    """Return the mean of opinions, of which there is one at least."""
    return tuple(math.fsum(each) / len(opinions) for each in zip(*opinions, strict=True))


def agreeing(opinions: Sequence[Chances], tolerance: float) -> float:
    """Return the largest share of opinions that are no further than `tolerance` from one of them; 0 if there are none."""
    near = (sum(distance(one, other) <= tolerance for other in opinions) for one in opinions)
    return max(near, default=0) / max(len(opinions), 1)


def likeliest(chances: Chances, classes: Sequence[Label], luck: Luck) -> Label:
    """Return the class that is most probable; of several, each with the same chance."""
    most = max(chances)
    leading = [label for label, chance in zip(classes, chances, strict=True) if chance >= most - TIED]
    return leading[luck.below(len(leading))] if len(leading) > 1 else leading[0]
