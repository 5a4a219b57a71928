"""Mixture: now one noise, now another."""

import math
from itertools import accumulate
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr, model_validator

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.nested import AnyNoise
from bus.chance import Keyed, Luck


class Mixture(Noise):
    """One of several noises: chosen for each person once, for each item once, or anew for each answer.

    By answer, it is the semi-random spammer of Vuurens, de Vries and Eickhoff (2011), if one of the noises guesses. By person, it
    is a crowd of several kinds of people, such as the communities of Venanzi et al. (2014). By item, all who mix by item in the
    same proportions change their ways on the same items.
    """

    kind: ClassVar[str] = "mixture"

    of: tuple[AnyNoise, ...]
    """The noises."""
    weights: Annotated[tuple[Annotated[float, Field(ge=0, le=1e9)], ...], Field(min_length=1)] | None = None
    """How often each of them is chosen, relative to the others; left out, all alike."""
    by: Literal["person", "item", "answer"] = "person"
    """What is chosen for: a person for good, an item for all people, or one answer."""

    _luck: str = PrivateAttr("mixture")

    @model_validator(mode="after")
    def _has_a_weight_a_noise(self) -> "Mixture":
        if not self.of:
            raise ValueError("there are no noises in `of`")
        if self.weights is not None and len(self.weights) != len(self.of):
            raise ValueError(f"weights has {len(self.weights)} numbers, but there are {len(self.of)} noises in `of`")
        if self.weights is not None and not any(self.weights):
            raise ValueError("weights are all 0: none of the noises could be chosen")
        return self

    def model_post_init(self, context: Any, /) -> None:
        """Have a mixture within a mixture choose by luck of its own."""
        within = self.alike_within()
        self._luck = f"mixture around {within}" if within else "mixture"

    def person(self, luck: Keyed, path: str = "") -> Noise:
        """Return the noise that is chosen for the person, or the mixture where it is not the person that decides."""
        if self.by != "person":
            return super().person(luck, path)
        chosen = self._choose(luck.luck(f"{path}of"))
        return self.of[chosen].person(luck, f"{path}of.{chosen}.")

    def chances(self, case: Case) -> Chances:
        """Return those of the noise that the item chooses, or the mean over all of them."""
        if self.by == "item":
            return self.of[self._choose(case.nature.luck(self._luck, case.item))].chances(case)
        each = [noise.chances(case) for noise in self.of]
        return [
            math.fsum(share * chance for share, chance in zip(self._shares(), column, strict=True))
            for column in zip(*each, strict=True)
        ]

    def _shares(self) -> tuple[float, ...]:
        weights = self.weights or (1.0,) * len(self.of)
        total = math.fsum(weights)
        return tuple(weight / total for weight in weights)

    def _choose(self, luck: Luck) -> int:
        place = luck.uniform()
        bounds = accumulate(self._shares())
        likely = [number for number, share in enumerate(self._shares()) if share > 0]
        return next((number for number, bound in enumerate(bounds) if place < bound and number in likely), likely[-1])
