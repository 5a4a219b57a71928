"""Components: every strategy, noise, latency, allocation and policy is one frozen model, whose fields are its dials.

From the one class come the validation, the JSON schema, the page of `parley list` and the behaviour. In a scenario file a component
is a table whose `kind` names its class: one of Parley's by its short name, anybody else's by the dotted path of the class.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import isabstract
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from bus.table import Table, nearest


class Component(Table):
    """Base class of all components: a table whose `kind` names it."""

    kind: ClassVar[str] = ""


def within(table: Table) -> Iterator[Table]:
    """Yield a table and all tables in it, at whatever depth."""
    yield table
    for each in dials_of(table):
        yield from within(each)


def dials_of(table: Table) -> Iterator[Table]:
    """Yield the tables that are dials of a table, one by one where a dial holds several."""
    for name in type(table).model_fields:
        value = getattr(table, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Table):
                yield each


class Unusable(Exception):
    """A component cannot do its work with what it was given. The message names it, and says why."""


@dataclass(frozen=True)
class Trust:
    """Whether code that a scenario names by dotted path may be imported: the context in which scenarios are validated."""

    everything: bool = True

    def allows(self, path: str) -> bool:
        """Return whether the module of `path` may be imported."""
        return self.everything or path.split(".", 1)[0] in ("agents", "sklearn")


def import_class(path: str, trust: Trust) -> Any:
    """Import what a dotted path names.

    Raises:
        PydanticCustomError: it is not trusted, or cannot be imported.
    """
    if not trust.allows(path):
        raise PydanticCustomError(
            "untrusted", "{path} is code of somebody else, and running it needs --trust", {"path": repr(path)}
        )
    module, _, name = path.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise PydanticCustomError("import", "{path} cannot be imported: {why}", {"path": repr(path), "why": str(error)}) from None


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


class Choice:
    """What a field of a component may hold: one of several classes, or a user's own by its dotted path.

    Used as `Annotated[Noise, Choice("noise", OneCoin, Confusion)]`.

    Args:
        what: the word for it in messages.
        members: Parley's own classes.
        tag: the key that names the class in a file.
        foreign: the class that wraps what a dotted path names and is no component; None if there may be none.
    """

    accepts: ClassVar[tuple[type[Component], ...]] = ()
    """Classes whose objects may stand in the field beside those of its base class."""

    def __init__(self, what: str, *members: type[Component], tag: str = "kind", foreign: type[Component] | None = None) -> None:
        self.what = what
        self._members = {member.kind: member for member in members}
        self.tag = tag
        self.foreign = foreign

    @property
    def members(self) -> dict[str, type[Component]]:
        """Parley's own classes, by the names that a file calls them."""
        return self._members

    def dump(self, component: Component) -> dict[str, Any]:
        """Return a component as the table that would make it."""
        fields, dumped = type(component).model_fields, component.model_dump(mode="json")
        # What is left out says nothing; but where something else is the default, nothing has to be said.
        dials = {key: dial for key, dial in dumped.items() if dial is not None or fields[key].default is not None}
        return {self.tag: self._name_of(component, dials), **dials}

    def _name_of(self, component: Component, dials: dict[str, Any]) -> str:
        owner = type(component)
        if owner is self.foreign:
            return str(dials.pop("path"))
        # A class derived from one of Parley's inherits its short name, which names another class.
        return owner.kind if self.members.get(owner.kind) is owner else f"{owner.__module__}.{owner.__qualname__}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        base = source

        def validate(value: object, info: ValidationInfo) -> Component:
            if isinstance(value, Component) and isinstance(value, (base, *self.accepts)):
                return value
            trust = info.context if isinstance(info.context, Trust) else Trust()
            return self.make(value, base, trust)

        return core_schema.with_info_plain_validator_function(
            validate, serialization=core_schema.plain_serializer_function_ser_schema(self.dump)
        )

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        options: list[dict[str, Any]] = []
        for kind, member in self.members.items():
            table = handler.resolve_ref_schema(handler(member.__pydantic_core_schema__)).copy()
            table["properties"] = {self.tag: {"const": kind}, **table.get("properties", {})}
            table["required"] = [self.tag, *table.get("required", [])]
            options.append(table)
        if self.tag == "kind":
            path = {"type": "string", "pattern": r"\.", "description": "dotted path of a class of your own"}
            options.append({"type": "object", "properties": {self.tag: path}, "required": [self.tag]})
            options.append({"enum": [*self.members], "description": "the name alone, for the defaults"})
        return {"anyOf": options}

    def make(self, value: object, base: type[Component], trust: Trust) -> Component:
        """Return the component of a table (or of a name alone).

        Raises:
            PydanticCustomError, ValidationError: the table makes none.
        """
        table = {self.tag: value} if isinstance(value, str) else value
        kind = table.get(self.tag) if isinstance(table, dict) else None
        if not isinstance(table, dict) or not isinstance(kind, str):
            raise PydanticCustomError(
                "no_kind",
                "{what} is a table with a {tag}; {names}",
                {"what": _with_article(self.what), "tag": self.tag, "names": nearest("", [*self.members])},
            )
        dials = {key: dial for key, dial in table.items() if key != self.tag}
        if kind in self.members:
            return self.members[kind].model_validate(dials, context=trust)
        if "." not in kind:
            raise PydanticCustomError(
                "unknown_kind",
                "there is no {what} {kind}; {hint}",
                {"what": self.what, "kind": repr(kind), "hint": nearest(kind, [*self.members])},
            )
        found = import_class(kind, trust)
        if isinstance(found, type) and issubclass(found, base):
            if isabstract(found):
                lacking = ", ".join(sorted(found.__abstractmethods__))
                raise PydanticCustomError("abstract", "{kind} lacks {lacking}", {"kind": repr(kind), "lacking": lacking})
            return found.model_validate(dials, context=trust)
        if self.foreign is not None:
            return self.foreign.model_validate({"path": kind, **dials}, context=trust)
        raise PydanticCustomError(
            "wrong_kind",
            "{kind} is no {what}: its class does not derive from {base}",
            {"kind": repr(kind), "what": self.what, "base": f"{base.__module__}.{base.__qualname__}"},
        )
