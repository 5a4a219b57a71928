"""Beta-binomial: each item has a family's chances of its own, around those of its members."""

import math
from typing import ClassVar

from agents.annotator import beta
from agents.annotator.case import Case
from agents.annotator.family import Family
from agents.annotator.noise import Chances, Probability
from bus.chance import Luck


class BetaBinomial(Family):
    """On each item, members have an accuracy that the family draws from a beta distribution around their own.

    Members are exchangeable: of n equal ones of accuracy p, the number who are right is beta-binomial with mean n p and
    `correlation` between any two (Skellam, 1948), and n count for n / (1 + (n - 1) correlation) independent ones. Which wrong
    answer they give has chances from a Dirichlet distribution (Mosimann, 1962). Each is right as often as alone, whoever the
    others are: all beta draws are quantiles at the draws of the item.
    """

    kind: ClassVar[str] = "beta-binomial"

    correlation: Probability = 0.4
    """Correlation between two equal members' being right."""
    alike: Probability | None = None
    """How much alike are the wrong answers of two who are wrong: with 0 they agree by chance, with 1 always. It matters with three
    classes and more. Left out, as much as the Dirichlet distribution has it of which the beta distribution is a part."""

    def answer(self, chances: Chances, case: Case, luck: Luck) -> int:
        """Draw with one's own luck, from chances that are the item's."""
        common, truth = case.nature.luck(f"family {self.name}", case.item), case.truth
        right = chances[truth]
        if luck.uniform() < _quantile(right, self.correlation, common.uniform()):
            return truth
        return self._err(chances, truth, 1 - right, common, luck)

    def _err(self, chances: Chances, truth: int, wrong: float, common: Luck, luck: Luck) -> int:
        """Draw a wrong answer: class by class, each taking a beta-distributed share of what is left (Connor and Mosimann, 1969)."""
        alike = _correlation(wrong * _strength(self.correlation)) if self.alike is None else self.alike
        left, answer = math.fsum(chances) - chances[truth], truth
        for label, chance in enumerate(chances):
            place = common.uniform()
            if label == truth or chance <= 0:
                continue
            answer = label
            rest = _correlation(_strength(alike) * left / wrong)
            if luck.uniform() < _quantile(min(1.0, chance / left), rest, place):
                break
            left -= chance
        return answer


def _strength(correlation: float) -> float:
    """Return the sum of the shapes of a beta or Dirichlet distribution, of which draws correlate so."""
    return (1 - correlation) / correlation if correlation > 0 else math.inf


def _correlation(strength: float) -> float:
    return 1 / (1 + strength)


def _quantile(mean: float, correlation: float, place: float) -> float:
    """Return the quantile of a beta distribution.

    Args:
        mean: its mean.
        correlation: between two events that both have the probability which is drawn.
        place: from 0 to 1.
    """
    if correlation < _LEAST or mean <= 0 or mean >= 1:
        return mean
    first, second = mean * _strength(correlation), (1 - mean) * _strength(correlation)
    # Where the shapes are too small for numbers, the distribution has all of its weight at 0 and 1.
    return beta.quantile(first, second, place) if min(first, second) > _SMALLEST else float(place >= 1 - mean)


_LEAST = 1e-6
"""Correlation below which there is as good as none: chances that differ between items by a thousandth."""

_SMALLEST = 1e-100
"""Shape below which a beta distribution is at its ends, for what numbers can tell."""
