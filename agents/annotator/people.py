"""People differ: dials given as distributions, from which each person's own dials are drawn."""

import math
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BeforeValidator, Discriminator, Field, GetJsonSchemaHandler, Tag, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError

from agents.annotator.gamma import gamma
from agents.component import Choice, Component, Trust
from bus.chance import Keyed, Luck
from bus.duration import parse_duration

C = TypeVar("C", bound=Component)

_TRIES = 200


Value = Annotated[float, BeforeValidator(parse_duration)]
"""A number, or a duration as text: whatever the dial takes."""


class Distribution(Component):
    """A distribution over people."""

    @abstractmethod
    def draw(self, luck: Luck) -> float:
        """Draw one person's value."""


class Beta(Distribution):
    """Beta distribution on 0 to 1, of mean a / (a + b): for accuracies and other probabilities."""

    kind: ClassVar[str] = "beta"

    a: Annotated[float, Field(gt=0, le=1e4)]
    """First shape."""
    b: Annotated[float, Field(gt=0, le=1e4)]
    """Second shape."""

    def draw(self, luck: Luck) -> float:
        """Draw as a ratio of two gamma draws."""
        first, second = gamma(self.a, luck), gamma(self.b, luck)
        return first / (first + second)


class Uniform(Distribution):
    """Each value between two bounds as likely as the others."""

    kind: ClassVar[str] = "uniform"

    low: Value
    """Lower bound."""
    high: Value
    """Upper bound."""

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        if self.low > self.high:
            raise ValueError(f"low is {self.low}, above high, which is {self.high}")
        return self

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.low + (self.high - self.low) * luck.uniform()


class Normal(Distribution):
    """Normal distribution, cut off where the dial's range ends."""

    kind: ClassVar[str] = "normal"

    mean: Value
    """Mean before the cut."""
    sd: Annotated[Value, Field(ge=0)]
    """Standard deviation before the cut."""

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.mean + self.sd * luck.normal()


class Lognormal(Distribution):
    """Lognormal distribution: for speeds, whose logarithm differs between people by about 0.55."""

    kind: ClassVar[str] = "lognormal"

    median: Annotated[Value, Field(gt=0)]
    """Median."""
    sigma: Annotated[float, Field(ge=0, le=5)]
    """Standard deviation of the natural logarithm."""

    def draw(self, luck: Luck) -> float:
        """Draw by inversion."""
        return self.median * math.exp(self.sigma * luck.normal())


_DISTRIBUTIONS = Choice("distribution over people", Beta, Uniform, Normal, Lognormal)
AnyDistribution = Annotated[Distribution, _DISTRIBUTIONS]


class Varied(Component):
    """A component some of whose dials differ from person to person."""

    table: dict[str, Any]
    """The component's table, without those dials."""
    spread: dict[str, AnyDistribution]
    """The distributions of those dials, by their paths: `accuracy`, or `of.accuracy` in a component within the component."""

    def person(self, choice: Choice, base: type[C], luck: Keyed, trust: Trust) -> C:
        """Make one person's component; a draw outside a dial's range is drawn again.

        Args:
            choice: the components there are to choose from.
            base: their base class.
            luck: chance, keyed by dial and attempt.
            trust: what may be imported.

        Raises:
            PydanticCustomError: hardly any draw is inside.
        """
        for attempt in range(_TRIES):
            drawn = {dial: spread.draw(luck.luck(dial, attempt)) for dial, spread in self.spread.items()}
            try:
                person = choice.make(_with(self.table, drawn), base, trust)
                assert isinstance(person, base)
                return person
            except ValidationError as error:
                last = error
        raise PydanticCustomError(
            "spread",
            "{tries} people were drawn, and none is possible: {why}",
            {"tries": _TRIES, "why": "; ".join(": ".join(map(str, (*each["loc"][-1:], each["msg"]))) for each in last.errors())},
        )


class PeopleChoice(Choice):
    """A choice between components, each of whose numeric dials may be a distribution over people instead."""

    accepts: ClassVar[tuple[type[Component], ...]] = (Varied,)

    def make(self, value: object, base: type[Component], trust: Trust) -> Component:
        """Return the component of a table, or a Varied if it holds distributions."""
        spread = {path: _DISTRIBUTIONS.make(dials, Distribution, trust) for path, dials in self.spreads(value)}
        if not spread:
            return super().make(value, base, trust)
        assert isinstance(value, dict)
        varied = Varied(table=_without(value, spread), spread=spread)
        # Somebody must be possible, or the scenario is refused now and not when its people are made.
        varied.person(self, base, Keyed(0, "somebody"), trust)
        return varied

    def dump(self, component: Component) -> dict[str, Any]:
        """Return a component as the table that would make it."""
        if not isinstance(component, Varied):
            return super().dump(component)
        return _with(component.table, {path: _DISTRIBUTIONS.dump(each) for path, each in component.spread.items()})

    def spreads(self, value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the path and the table of each distribution in a component's table, and in those of the components within it."""
        if not isinstance(value, dict):
            return
        member = self.members.get(value.get(self.tag, ""))
        for dial, dials in value.items():
            within = None if member is None or dial not in member.model_fields else _choice_in(member.model_fields[dial])
            if within is not None:
                for place, each in _several(dials):
                    yield from within.spreads(each, f"{path}{dial}.{place}")
            elif isinstance(dials, dict) and dials.get("kind") in _DISTRIBUTIONS.members:
                yield f"{path}{dial}", dials

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = super().__get_pydantic_json_schema__(schema, handler)
        spread = TypeAdapter(AnyDistribution).json_schema()
        for dials in (option["properties"] for option in described["anyOf"] if "properties" in option):
            for name, dial in dials.items():
                if _is_numeric(dial):
                    dials[name] = {"anyOf": [dial, spread]}
        return described


def _several(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a dial holds, one or several, and where in the dial it stands."""
    if isinstance(value, list | tuple):
        yield from ((f"{place}.", each) for place, each in enumerate(value))
    else:
        yield "", value


def _choice_in(annotation: Any) -> PeopleChoice | None:
    """Return the choice that a field's annotation offers; None if it offers none."""
    metadata: Any = getattr(annotation, "metadata", None) or getattr(annotation, "__metadata__", ())
    if isinstance(annotation, FieldInfo):
        inside: tuple[Any, ...] = (annotation.annotation,)
    else:
        inside = get_args(annotation)
    found = [each for each in metadata if isinstance(each, PeopleChoice)]
    found += [each for each in map(_choice_in, inside) if each is not None]
    return found[0] if found else None


def _without(table: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a table without what stands at some paths."""
    bare: dict[str, Any] = _copied(table)
    for path in paths:
        place, dial = _place(bare, path)
        del place[dial]
    return bare


def _with(table: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with some values at their paths."""
    whole: dict[str, Any] = _copied(table)
    for path, value in values.items():
        place, dial = _place(whole, path)
        place[dial] = value
    return whole


def _place(table: Any, path: str) -> tuple[Any, str]:
    *steps, dial = path.split(".")
    for step in steps:
        table = table[int(step)] if isinstance(table, list) else table[step]
    return table, dial


def _copied(value: Any) -> Any:
    """Return plain tables and lists anew; what they hold beside tables and lists is shared."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list | tuple) else value


def _is_numeric(dial: dict[str, Any]) -> bool:
    return dial.get("type") in ("number", "integer") or any(map(_is_numeric, dial.get("anyOf", ())))


def person_of(component: C, choice: Choice, base: type[C], luck: Keyed) -> C:
    """Return one person's component: the component itself, or what is drawn for them from a Varied one."""
    return component.person(choice, base, luck, Trust()) if isinstance(component, Varied) else component


def _is_spread(value: object) -> str:
    return "spread" if isinstance(value, dict | Distribution) else "number"


Price = Annotated[
    Annotated[float, Field(ge=0, le=1e9), Tag("number")] | Annotated[AnyDistribution, Tag("spread")], Discriminator(_is_spread)
]
"""A price: the same for all, or drawn for each person."""


def price_of(price: float | Distribution, luck: Keyed) -> float:
    """Return one person's price; a negative draw is drawn again.

    Raises:
        ValueError: hardly any draw is a price.
    """
    if not isinstance(price, Distribution):
        return price
    draws = (price.draw(luck.luck("price", attempt)) for attempt in range(_TRIES))
    drawn = next((draw for draw in draws if draw >= 0), None)
    if drawn is None:
        raise ValueError(f"{_TRIES} prices were drawn, and none is 0 or more")
    return drawn
