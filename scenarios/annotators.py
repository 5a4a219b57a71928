"""Annotators: the tables that describe a group of people, and the people drawn from them."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from agents.annotator.change import Change
from agents.annotator.changes.choice import CHANGES, AnyChange
from agents.annotator.families.choice import FAMILIES, AnyFamily
from agents.annotator.family import Family
from agents.annotator.latencies.choice import LATENCIES, AnyLatency
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.people import Price, person_of, price_of
from agents.annotator.saying import Saying
from agents.annotator.sayings.choice import SAYINGS, AnySaying
from agents.annotator.sayings.label import JustLabel
from agents.coordinator.ledger import MILLIONTHS
from bus.chance import Chance, Keyed
from bus.table import Table

GroupName = Annotated[str, StringConstraints(pattern=r"^\w[\w-]*$", max_length=64)]
"""A name without dots: it stands in paths, between dots."""


def _several(value: Any) -> Any:
    """Let one table stand for a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


class AnnotatorsTable(Table):
    """`[[annotators]]`: people of one kind."""

    name: GroupName = "crowd"
    """Name of the group; its people are called name-1, name-2, ..."""
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """How many people."""
    noise: AnyNoise = OneCoin()
    """How their answers depart from the truth."""
    latency: AnyLatency = FixedTime()
    """How long they take."""
    price: Price = 0.0
    """What an answer costs, in units of the user's currency."""
    changes: Annotated[tuple[AnyChange, ...], BeforeValidator(_several)] = ()
    """What work does to them: a list of tables, or one; left out, nothing."""
    says: AnySaying = JustLabel()
    """What they say; left out, a label and nothing else."""
    family: AnyFamily | None = None
    """With whom they err together; left out, with nobody."""

    @field_validator("price")
    @classmethod
    def _somebody_has_a_price(cls, price: Price) -> Price:
        if 0 < price_of(price, Keyed(0, "somebody")) < 1 / MILLIONTHS:
            raise ValueError("a price is 0, or a millionth at least: money is counted in millionths")
        return price

    def people(self, chance: Chance) -> "list[Person]":
        """Make the people of the group, drawing each one's own dials where they differ from person to person.

        Raises:
            ValueError, PydanticCustomError: hardly any draw is possible.
        """
        return [self._person(f"{self.name}-{number}", chance) for number in range(1, self.count + 1)]

    def _person(self, name: str, chance: Chance) -> "Person":
        def luck(*words: str) -> Keyed:
            return chance.keyed("person", name, *words)

        return Person(
            name=name,
            noise=person_of(self.noise, NOISES, Noise, luck("noise")),  # type: ignore[type-abstract]
            latency=person_of(self.latency, LATENCIES, Latency, luck("latency")),  # type: ignore[type-abstract]
            price=price_of(self.price, luck("price")),
            changes=tuple(person_of(each, CHANGES, Change, luck("changes", str(at))) for at, each in enumerate(self.changes)),
            says=person_of(self.says, SAYINGS, Saying, luck("says")),  # type: ignore[type-abstract]
            family=self.family and person_of(self.family, FAMILIES, Family, luck("family")),  # type: ignore[type-abstract]
        )


class Person(Table):
    """One annotator, drawn from a group."""

    name: str
    noise: AnyNoise
    latency: AnyLatency
    price: float
    changes: tuple[AnyChange, ...] = ()
    says: AnySaying = JustLabel()
    family: AnyFamily | None = None
