"""The topology that the scenario gives."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from agents.coordinator.crowd import is_among
from agents.coordinator.topology import Hears, Topology
from bus.chance import Luck

Name = Annotated[str, Field(min_length=1)]
Trust = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Given(Topology):
    """Who hears whom as the scenario says, and how much they weigh: edges, or a matrix of trust by name."""

    kind: ClassVar[str] = "given"

    edges: tuple[tuple[Name, Name], ...] = ()
    """Pairs of people, or of groups, who hear each other."""
    trust: dict[Name, dict[Name, Trust]] = {}  # noqa: RUF012 (it is copied)
    """How much those whom each hears weigh among all whom they hear, by the names of people or groups: `trust.ann.ben = 2`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.edges and not self.trust:
            raise ValueError("it needs `edges` or `trust`, or else nobody hears anybody")
        return self

    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return whom each hears: of a person and their group, what is said of the person counts."""
        return {name: self._of(name, names) for name in names}

    def people(self) -> Sequence[str]:
        """Return all who are named."""
        trusted = (each for name, others in self.trust.items() for each in (name, *others))
        return [*dict.fromkeys((*(name for edge in self.edges for name in edge), *trusted))]

    def _of(self, name: str, names: Sequence[str]) -> dict[str, float]:
        own = self.trust.get(name) or self.trust.get(name.rpartition("-")[0], {})
        weights = {}
        for other in names:
            weight = own.get(other, own.get(other.rpartition("-")[0], 0.0)) or float(self._is_edge(name, other))
            if other != name and weight:
                weights[other] = weight
        return weights

    def _is_edge(self, one: str, other: str) -> bool:
        return any(
            (is_among(one, (first,)) and is_among(other, (second,))) or (is_among(one, (second,)) and is_among(other, (first,)))
            for first, second in self.edges
        )
