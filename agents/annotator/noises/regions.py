"""Regions: people know their way among some items, and less among others."""

from collections.abc import Set
from typing import Annotated, ClassVar, Self

from pydantic import Field, PrivateAttr, model_validator

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Fact, Noise, Probability, righted, tilt
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Keyed


class Regions(Noise):
    """Better on items of some regions than of others: expertise that depends on the features of the item (Yan et al., 2010).

    Regions are clusters of all items by k-means, the largest being number 0. In each, the log odds of the truth are those of
    another noise plus spread * z, with z a standard normal draw of the person's own: Welinder et al. (2010) call them schools of
    thought. Or the accuracy in each region is given, the same for all.
    """

    kind: ClassVar[str] = "regions"

    of: AnyNoise = OneCoin()
    """What is answered by somebody who knows all regions alike."""
    regions: Annotated[int, Field(ge=1, le=1000)] = 5
    """Number of regions."""
    spread: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Standard deviation of the log odds of the truth over regions, and over people in a region."""
    accuracies: tuple[Probability, ...] | None = None
    """Probability of a right answer in each region, instead of what is drawn for each person."""

    _lots: tuple[Keyed, str] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _has_an_accuracy_a_region(self) -> Self:
        if self.accuracies is not None and len(self.accuracies) != self.regions:
            raise ValueError(f"accuracies has {len(self.accuracies)} numbers, but there are {self.regions} regions")
        return self

    def needs(self) -> Set[Fact]:
        """Return that these answers go by features."""
        return super().needs() | {"features"}

    def person(self, luck: Keyed, path: str = "") -> "Regions":
        """Return the regions as one person knows them."""
        person = self.model_copy(update={"of": self.of.person(luck, f"{path}of.")})
        person._lots = luck, f"{path}region"
        return person

    def chances(self, case: Case) -> Chances:
        """Return the chances of the noise within, better or worse by the region."""
        region, chances = case.nature.terrain.region(case.item, self.regions), self.of.chances(case)
        if self.accuracies is not None:
            return righted(chances, case.truth, self.accuracies[region])
        if self._lots is None or self.spread == 0:
            return chances
        luck, what = self._lots
        return tilt(chances, case.truth, self.spread * luck.luck(what, region).normal())
