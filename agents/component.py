"""Components: every strategy, noise, latency, allocation and policy is one frozen model, whose fields are its dials.

From the one class come the validation, the JSON schema, the page of `parley list` and the behaviour. In a scenario file a component
is a table whose `kind` names its class: one of Parley's by its short name, anybody else's by the dotted path of the class.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from inspect import isabstract
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from bus.clock import SECOND

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|m|h|d|w)")


def parse_duration(value: object) -> object:
    """Turn text such as "90s", "2h30m" or "3d" into seconds; leave anything else as it is.

    Raises:
        ValueError: it is text, but not a duration.
    """
    if not isinstance(value, str):
        return value
    parts = _PART.findall(value)
    if not parts or _PART.sub("", value).strip():
        raise ValueError(f'{value!r} is not a duration; write seconds, or text such as "90s", "2h30m" or "3d"')
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(ge=0, le=3.2e9, allow_inf_nan=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^(\s*\d+(\.\d+)?\s*(us|ms|s|m|h|d|w))+\s*$"},
            ]
        }
    ),
]
"""Seconds, given as a number or as text such as "90s", "2h30m", "3d"; up to a century."""


def format_duration(seconds: float) -> str:
    """Write a duration as a person would: "1d 2h", "3m 20s", "0.25s"."""
    if seconds < 60:
        return f"{seconds:.3g}s"
    whole = round(seconds)
    parts = [
        f"{whole // size % limit}{unit}"
        for unit, size, limit in (("d", 86400, 10**6), ("h", 3600, 24), ("m", 60, 60), ("s", 1, 60))
    ]
    shown = [part for part in parts if not part.startswith("0")][:2]
    return " ".join(shown)


def format_time(microseconds: int) -> str:
    """Write an instant of simulated time as a person would."""
    return format_duration(microseconds / SECOND)


class Table(BaseModel):
    """A table of a scenario file: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        for key in table:
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_key",
                    "unknown key {key}; {hint}",
                    {"key": repr(key), "hint": nearest(str(key), [*cls.model_fields])},
                )
        return table


class Component(Table):
    """Base class of all components: a table whose `kind` names it."""

    kind: ClassVar[str] = ""


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


def nearest(name: str, names: list[str]) -> str:
    """Return the half sentence that names the nearest right name, and which there are."""
    near = get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}there {'is' if len(names) == 1 else 'are'} {', '.join(sorted(names)) or 'none'}"


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
        self.members = {member.kind: member for member in members}
        self.tag = tag
        self.foreign = foreign

    def dump(self, component: Component) -> dict[str, Any]:
        """Return a component as the table that would make it."""
        dials = component.model_dump(mode="json")
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
                "a {what} is a table with a {tag}; {names}",
                {"what": self.what, "tag": self.tag, "names": nearest("", [*self.members])},
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
