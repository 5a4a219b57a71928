"""Annotators: the tables that describe a group of people, and the people drawn from them."""

from typing import Annotated, Any, Self

from pydantic import (
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    StringConstraints,
    field_validator,
    model_serializer,
    model_validator,
)

from agents.annotator.availabilities.choice import AVAILABILITIES, AnyAvailability
from agents.annotator.availabilities.churn import Churn
from agents.annotator.availability import Availability
from agents.annotator.bidding import Bidding
from agents.annotator.bids.choice import BIDS, AnyBidding
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
from agents.annotator.social import Social
from agents.annotator.socials.choice import SOCIALS, AnySocial
from agents.coordinator.ledger import MILLIONTHS
from agents.several import Several
from bus.chance import Chance, Keyed
from bus.table import Table
from scenarios.crowds.crowd import Crowd

GroupName = Annotated[str, StringConstraints(pattern=r"^\w[\w-]*$", max_length=64)]
"""A name without dots: it stands in paths, between dots."""


class AnnotatorsTable(Table):
    """`[[annotators]]`: people of one kind."""

    name: GroupName = "crowd"
    """Name of the group; its people are called name-1, name-2, ..."""
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """How many people. With `people`: as many drawn from the file, each afresh; left out, everybody in it, once and in order."""
    people: Annotated[str, Field(min_length=1)] | None = None
    """A file of people, as `parley calibrate` writes it; relative to the folder of the scenario. Keys beside it hold for all."""
    load: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """With `people`: how many times as many answers as in their log each gives before leaving for good; left out, nobody leaves."""
    noise: AnyNoise = OneCoin()
    """How their answers depart from the truth."""
    latency: AnyLatency = FixedTime()
    """How long they take."""
    price: Price = 0.0
    """What an answer costs, in units of the user's currency."""
    availability: Annotated[tuple[AnyAvailability, ...], Several()] = ()
    """When they are there, and do what they took: a list of tables, or one, all of which have to let them; left out, always."""
    changes: Annotated[tuple[AnyChange, ...], Several()] = ()
    """What work does to them: a list of tables, or one; left out, nothing."""
    says: Annotated[tuple[AnySaying, ...], Several()] = ()
    """What they say beside the label: a list of tables, or one, each after those before it; left out, nothing."""
    social: AnySocial | None = None
    """How they react to what others say of an item; left out, not at all."""
    family: AnyFamily | None = None
    """With whom they err together; left out, with nobody."""
    bids: Annotated[tuple[AnyBidding, ...], Several()] = ()
    """How they bid for tasks: a list of tables, or one, each after those before it; left out, honestly."""

    _crowd: Crowd | None = PrivateAttr(None)

    @field_validator("price")
    @classmethod
    def _somebody_has_a_price(cls, price: Price) -> Price:
        if 0 < price_of(price, Keyed(0, "somebody")) < 1 / MILLIONTHS:
            raise ValueError("a price is 0, or a millionth at least: money is counted in millionths")
        return price

    @model_validator(mode="after")
    def _load_is_of_people(self) -> Self:
        if self.load is not None and self.people is None:
            raise ValueError("`load` goes by how much the people of a file did, but there is no `people`")
        return self

    @model_serializer(mode="wrap")
    def _says_what_was_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        tables: dict[str, Any] = dump(self)
        # A default that was written out would hold for everybody in the file.
        return tables if self.people is None else {key: tables[key] for key in tables if key in self.model_fields_set | {"name"}}

    @property
    def crowd(self) -> Crowd | None:
        """The people of the file; None if there is no file, or nobody has read it yet."""
        return self._crowd

    @property
    def unread(self) -> bool:
        """Whether nobody has read the file of people yet."""
        return self.people is not None and self._crowd is None

    @property
    def size(self) -> int | None:
        """How many people there are; None as long as only their file could tell."""
        if self.people is None or "count" in self.model_fields_set:
            return self.count
        return None if self._crowd is None else len(self._crowd)

    def differs(self, key: str) -> bool:
        """Return whether a key may be one thing for one person and another for the next, as their file says."""
        return self.people is not None and key not in self.model_fields_set

    def known(self, crowd: Crowd) -> Self:
        """Return the group with the people of its file.

        Raises:
            ValueError: it does not say of somebody what the group goes by.
        """
        if self.load is not None and None in crowd.answers:
            where = crowd.where([*crowd.answers].index(None))
            raise ValueError(f"annotators.{self.name}: load goes by how many answers people gave, but {where}, has no `answers`")
        group = self.model_copy()
        group._crowd = crowd
        return group

    def drawn(self, chance: Chance) -> "list[Person]":
        """Make the people of the group, drawing each one's own dials where they differ from person to person.

        Raises:
            ValueError, PydanticCustomError: hardly any draw is possible.
        """
        assert self.size is not None, "nobody has read the file of people yet"
        names = [f"{self.name}-{number}" for number in range(1, self.size + 1)]
        if self._crowd is None:
            return [self._person(name, chance) for name in names]
        return [self._of_file(self._crowd, place, name, chance) for place, name in enumerate(names)]

    def _of_file(self, crowd: Crowd, place: int, name: str, chance: Chance) -> "Person":
        """Make a person of the file, who keeps all that is theirs but for what the group's own keys say."""
        afresh = "count" in self.model_fields_set
        row = chance.keyed("person", name, "people").luck(0).below(len(crowd)) if afresh else place
        theirs = {key: value for key, value in crowd.person(row).items() if key not in self.model_fields_set}
        answers = crowd.answers[row]
        if self.load is not None and answers is not None:
            leaving = Churn(leaves_after=max(1.0, round(self.load * answers)))
            theirs["availability"] = (*theirs.get("availability", self.availability), leaving)
        return self.model_copy(update=theirs)._person(name, chance)

    def _person(self, name: str, chance: Chance) -> "Person":
        def luck(*words: str) -> Keyed:
            return chance.keyed("person", name, *words)

        shared = luck("shared")
        return Person(
            name=name,
            noise=person_of(self.noise, NOISES, Noise, luck("noise"), shared).person(luck("noise", "lot")),  # type: ignore[type-abstract]
            latency=person_of(self.latency, LATENCIES, Latency, luck("latency"), shared),  # type: ignore[type-abstract]
            price=price_of(self.price, luck("price"), shared),
            availability=tuple(
                person_of(each, AVAILABILITIES, Availability, luck("availability", str(at)), shared)
                for at, each in enumerate(self.availability)
            ),
            changes=tuple(
                person_of(each, CHANGES, Change, luck("changes", str(at)), shared) for at, each in enumerate(self.changes)
            ),
            says=tuple(
                person_of(each, SAYINGS, Saying, luck("says", str(at)), shared)  # type: ignore[type-abstract]
                for at, each in enumerate(self.says)
            ),
            social=self.social and person_of(self.social, SOCIALS, Social, luck("social"), shared),  # type: ignore[type-abstract]
            family=self.family and person_of(self.family, FAMILIES, Family, luck("family"), shared),  # type: ignore[type-abstract]
            bids=tuple(
                person_of(each, BIDS, Bidding, luck("bids", str(at)), shared)  # type: ignore[type-abstract]
                for at, each in enumerate(self.bids)
            ),
        )


PERSONAL = tuple(key for key in AnnotatorsTable.model_fields if key not in ("name", "count", "people", "load"))
"""The keys that may differ between the people of a file."""


class Person(Table):
    """One annotator, drawn from a group."""

    name: str
    noise: AnyNoise
    latency: AnyLatency
    price: float
    availability: tuple[AnyAvailability, ...] = ()
    changes: tuple[AnyChange, ...] = ()
    says: tuple[AnySaying, ...] = ()
    social: AnySocial | None = None
    family: AnyFamily | None = None
    bids: tuple[AnyBidding, ...] = ()
