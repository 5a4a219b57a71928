"""Argument: who is given reasons may be persuaded, of what is true more easily than of what is not."""

import math
from collections.abc import Sequence
from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Probability
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Argument(Social):
    """Who hears reasons may be persuaded: of the truth with one probability, of something wrong with another.

    Only those are heeded who give reasons: a label, or a count of labels, persuades nobody by argument. One is persuaded once in a
    round at most, however many argue, and by one of them: by each in proportion to their weight.

    In a round in which each of n people hears all others, right by themselves with probability p each, they are right afterwards
    with probability p (1 - f (1 - p ** (n - 1))) + (1 - p) s (1 - (1 - p) ** (n - 1)), where f is `right_to_wrong` and s
    `wrong_to_right`: it helps if s / f > p (1 - p ** (n - 1)) / ((1 - p) (1 - (1 - p) ** (n - 1))). Crowds whose workers argued
    gained little by one counter-argument (MicroTalk: Drapeau et al., 2016), more by talking in pairs (Cicero: Chen et al., 2019).
    """

    kind: ClassVar[str] = "argument"

    wrong_to_right: Probability = 0.6
    """Probability that somebody who is wrong comes round when they hear the truth."""
    right_to_wrong: Probability = 0.1
    """Probability that somebody who is right is talked out of it when they hear something else."""

    def revised(self, own: Position, first: Position, heeded: Sequence[Position], case: Case, luck: Luck) -> Position:
        """Return what they hold when they have heard the reasons for other labels."""
        draw, others = luck.uniform(), [each for each in heeded if each.reasons and each.label != own.label]
        if own.label == case.truth:
            persuaded = bool(others) and draw < self.right_to_wrong
            return _persuaded(own, _one_of(others, luck)) if persuaded else own
        right = [each for each in others if each.label == case.truth]
        return _persuaded(own, _one_of(right, luck)) if right and draw < self.wrong_to_right else own


def _one_of(others: Sequence[Position], luck: Luck) -> Position:
    left = luck.uniform() * math.fsum(each.weight for each in others)
    for each in others:
        left -= each.weight
        if left < 0:
            return each
    return others[-1]


def _persuaded(own: Position, other: Position) -> Position:
    """Return what somebody holds who is persuaded: as surely as the other says, or else as surely as what they held before."""
    if other.chances is None and other.confidence is None:
        return own.relabelled(other.label)
    return Position(other.label, other.chances, other.confidence)
