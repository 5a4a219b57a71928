"""Argument: who is shown reasons may be persuaded, of what is true more easily than of what is not."""

from collections.abc import Sequence
from typing import ClassVar

from agents.annotator.case import Case
from agents.annotator.noise import Probability
from agents.annotator.social import Position, Social
from bus.chance import Luck


class Argument(Social):
    """Who hears reasons may be persuaded: of the truth with one probability, of something wrong with another.

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
        """Return what they hold when they have heard the reasons for other labels; among wrong ones, each voice counts alike."""
        draw, others = luck.uniform(), [each for each in heeded if each.label != own.label]
        if own.label == case.truth:
            persuaded = bool(others) and draw < self.right_to_wrong
            return _taken_over(others[luck.below(len(others))]) if persuaded else own
        right = next((each for each in others if each.label == case.truth), None)
        return _taken_over(right) if right is not None and draw < self.wrong_to_right else own


def _taken_over(position: Position) -> Position:
    return Position(position.label, position.chances, position.confidence)
