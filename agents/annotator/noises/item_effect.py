"""The item effect: items that are easy or hard for everybody at once."""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.latencies.gamma import quantile
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin

_inverse_normal = NormalDist().inv_cdf

_SYMMETRIC = 0.01
"""Skewness below which a gamma distribution is as good as normal."""

Spread = Annotated[float, Field(ge=-8, le=8)]


class ItemEffect(Noise):
    """Another noise, whose log odds of the truth rise and fall with the item's hidden hardness, for everybody at once.

    The truth's log odds rise by spread * z, where z, the item's ease, has mean 0 and variance 1 over all items: a logistic model
    with an item effect (Rasch, 1960); with spreads that differ between people it is Birnbaum's two-parameter model (1968), around a
    confusion matrix. Where there are more than two classes, one wrong class of the item, its distractor, gains a share of what
    the truth loses: people then err alike. People agree more than their accuracy makes them, and a majority gains less by votes.
    """

    kind: ClassVar[str] = "item-effect"

    of: AnyNoise = OneCoin()
    """What is answered to an item of mean ease."""
    spread: Spread = 1.0
    """Standard deviation of the log odds of the truth over items; 0 for a person who does not look, below 0 for one who errs where
    others do not."""
    spreads: tuple[Spread, ...] | None = None
    """The same, for each true class its own; left out, `spread` for all."""
    skew: Annotated[float, Field(ge=0, le=4)] = 2.0
    """Skewness of the hardness of items: 0 for a normal distribution, 2 for an exponential one, with an easy mass and a tail of
    items that are hard for all; gamma distributions between and beyond (Pearson, 1895)."""
    distractor: Annotated[float, Field(ge=0, le=4)] = 0.5
    """What the item's distractor gains, as a share of what the truth loses; no matter with two classes."""

    def check(self, classes: int) -> None:
        """Refuse another number of classes than there are spreads, and what the noise within refuses."""
        if self.spreads is not None and len(self.spreads) != classes:
            raise ValueError(f"spreads has {len(self.spreads)} numbers, but the data have {classes} classes")
        super().check(classes)

    def chances(self, case: Case) -> Chances:
        """Return what the item makes of the chances of the noise within."""
        chances = self.of.chances(case)
        if case.classes < 2:
            return chances
        truth, spread = case.truth, self.spread if self.spreads is None else self.spreads[case.truth]
        shift = spread * ease(case.nature.hardness(case.item), self.skew)
        moved = [*chances]
        moved[truth] *= _factor(shift)
        if self.distractor and case.classes > 2:
            # One of the other classes, each as likely, and the same for everybody.
            other = case.nature.luck("distractor", case.item).below(case.classes - 1)
            moved[other + (other >= truth)] *= _factor(-self.distractor * shift)
        total = math.fsum(moved)
        return [chance / total for chance in moved] if total > 0 else chances


@lru_cache(4096)
def ease(rank: float, skew: float) -> float:
    """Return z of a rank of hardness. What is asked about an item is asked by several people, one soon after the other."""
    if skew == 2:
        return 1.0 + math.log1p(-rank)
    if skew < _SYMMETRIC:
        return -_inverse_normal(rank)
    shape = 4.0 / skew**2
    return (shape - quantile(shape, rank)) / math.sqrt(shape)


def _factor(shift: float) -> float:
    """Return what log odds multiply odds by, as far as numbers go: on the hardest item of many, a large spread goes beyond."""
    return math.exp(min(shift, 700.0))
