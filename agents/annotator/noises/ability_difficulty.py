"""Ability and difficulty: able people are right more often, and everybody more often about easy items."""

import math
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise

_inverse_normal = NormalDist().inv_cdf


class AbilityDifficulty(Noise):
    """Right with log odds ability / difficulty; the wrong classes are equally likely: GLAD (Whitehill et al., 2009).

    The difficulty of items is lognormal with median 1, by the one hidden hardness that an item has. An able person gets an easy
    item (difficulty near 0) right for sure; a hard one (large difficulty) is a toss-up between right and wrong for everybody,
    and below an ability of 0 people are more often wrong than right.
    """

    kind: ClassVar[str] = "ability-difficulty"

    ability: Annotated[float, Field(ge=-50, le=50)] = 1.4
    """Log odds of a right answer to an item of median difficulty; 1.4 is an accuracy of 0.8 there."""
    spread: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Standard deviation of the natural logarithm of the items' difficulty; at 0 all items are alike."""

    def chances(self, case: Case) -> Chances:
        """Return the probability of the truth, and equal shares of the rest."""
        if case.classes < 2:
            return [1.0]
        log_difficulty = self.spread * _inverse_normal(case.nature.hardness(case.item)) if self.spread else 0.0
        odds = self.ability * math.exp(-log_difficulty)
        right = 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0
        chances = [(1 - right) / (case.classes - 1)] * case.classes
        chances[case.truth] = right
        return chances
