"""People differ: components whose dials are distributions, from which each person's own dials are drawn."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import Discriminator, Field, GetJsonSchemaHandler, Tag, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError

from agents.annotator.dials import placed, without
from agents.annotator.distributions import DISTRIBUTIONS, AnyDistribution, Distribution, drawn
from agents.component import Choice, Component, Trust
from bus.chance import Keyed

C = TypeVar("C", bound=Component)

_TRIES = 200
_WHATEVER_IS_DRAWN = ("missing", "no_kind", "unknown_key", "unknown_kind", "wrong_kind")
"""Errors that no other draw would mend."""


class Varied(Component):
    """A component some of whose dials differ from person to person."""

    table: dict[str, Any]
    """The component's table, without those dials."""
    spread: dict[str, AnyDistribution]
    """The distributions of those dials, by their paths: `accuracy`, or `of.accuracy` in a component within the component."""

    def person(self, choice: Choice, base: type[C], luck: Keyed, trust: Trust, shared: Keyed | None = None) -> C:
        """Make one person's component; a draw outside a dial's range is drawn again.

        Args:
            choice: the components there are to choose from.
            base: their base class.
            luck: chance, keyed by dial and attempt.
            trust: what may be imported.
            shared: the person's draws to which dials are tied; None if none is.

        Raises:
            PydanticCustomError: hardly any draw is inside.
            ValidationError: the component would be wrong whatever is drawn.
        """
        for attempt in range(_TRIES):
            dials = {dial: drawn(spread, luck.luck(dial, attempt), shared, attempt) for dial, spread in self.spread.items()}
            try:
                person = choice.make(placed(self.table, dials), base, trust)
                assert isinstance(person, base)
                return person
            except ValidationError as error:
                if any(each["type"] in _WHATEVER_IS_DRAWN for each in error.errors()):
                    raise
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
        spread = {path: DISTRIBUTIONS.make(dials, Distribution, trust) for path, dials in self.spreads(value)}
        if not spread:
            return super().make(value, base, trust)
        assert isinstance(value, dict)
        varied = Varied(table=without(value, spread), spread=spread)
        # Somebody must be possible, or the scenario is refused now and not when its people are made.
        varied.person(self, base, Keyed(0, "somebody"), trust)
        return varied

    def dump(self, component: Component) -> dict[str, Any]:
        """Return a component as the table that would make it."""
        if not isinstance(component, Varied):
            return super().dump(component)
        return placed(component.table, {path: DISTRIBUTIONS.dump(each) for path, each in component.spread.items()})

    def spreads(self, value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the path and the table of each distribution in a component's table, and in those of the components within it."""
        if not isinstance(value, dict):
            return
        kind = value.get(self.tag)
        member = self.members.get(kind) if isinstance(kind, str) else None
        choices = {} if member is None else _choices_of(member)
        for dial, dials in value.items():
            within = choices.get(dial)
            if within is not None:
                for place, each in _several(dials):
                    yield from within.spreads(each, f"{path}{dial}.{place}")
            elif isinstance(dials, dict) and dials.get("kind") in [*DISTRIBUTIONS.members]:
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


@cache
def _choices_of(member: type[Component]) -> dict[str, PeopleChoice]:
    """Return the choices that the fields of a component offer, by name."""
    found = {name: _choice_in(field) for name, field in member.model_fields.items()}
    return {name: choice for name, choice in found.items() if choice is not None}


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


def _is_numeric(dial: dict[str, Any]) -> bool:
    return dial.get("type") in ("number", "integer") or any(map(_is_numeric, dial.get("anyOf", ())))


def person_of(component: C, choice: Choice, base: type[C], luck: Keyed, shared: Keyed | None = None) -> C:
    """Return one person's component: the component itself, or what is drawn for them from a Varied one.

    Args:
        component: the component.
        choice: the components there are to choose from.
        base: their base class.
        luck: the person's draws for this component.
        shared: their draws to which dials of several components may be tied.
    """
    return component.person(choice, base, luck, Trust(), shared) if isinstance(component, Varied) else component


def _is_spread(value: object) -> str:
    return "spread" if isinstance(value, dict | Distribution) else "number"


Price = Annotated[
    Annotated[float, Field(ge=0, le=1e9), Tag("number")] | Annotated[AnyDistribution, Tag("spread")], Discriminator(_is_spread)
]
"""A price: the same for all, or drawn for each person."""


def price_of(price: float | Distribution, luck: Keyed, shared: Keyed | None = None) -> float:
    """Return one person's price; a negative draw is drawn again.

    Args:
        price: the price, or how it is distributed.
        luck: the person's draws for it.
        shared: their draws to which it may be tied.

    Raises:
        ValueError: hardly any draw is a price.
    """
    if not isinstance(price, Distribution):
        return price
    draws = (drawn(price, luck.luck("price", attempt), shared, attempt) for attempt in range(_TRIES))
    found = next((draw for draw in draws if draw >= 0), None)
    if found is None:
        raise ValueError(f"{_TRIES} prices were drawn, and none is 0 or more")
    return found
