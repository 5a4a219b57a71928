"""The vocabulary as a check: whether an event of a log, right as its checksum may be, holds what an event of its kind holds."""

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

import agents.committee
import agents.escalation
import agents.messages
import agents.negotiation
import bus.message
from bus.message import Message

_PLAIN: dict[Any, CoreSchema] = {
    int: core_schema.int_schema(strict=True),
    # A parser takes 1e999 for what is infinite, though JSON has nothing that is.
    float: core_schema.float_schema(strict=True, allow_inf_nan=False),
    str: core_schema.str_schema(strict=True),
    bool: core_schema.bool_schema(strict=True),
    NoneType: core_schema.none_schema(),
}
_NAME = _PLAIN[str]
_CAUSE = core_schema.nullable_schema(core_schema.int_schema(strict=True, ge=1))
_ANY_BODY = core_schema.dict_schema(_NAME, core_schema.any_schema())


class Vocabulary(dict[str, Callable[[Any], bool]]):
    """By kind of event, what tells whether an event holds what its kind holds: each of its type, numbers finite; more is allowed.

    Of kinds that it does not know, as a newer Parley may have them, events need only look like events.
    """

    def __init__(self) -> None:
        known = [
            each
            for module in (bus.message, agents.messages, agents.negotiation, agents.escalation, agents.committee)
            for each in vars(module).values()
            if _is_message(each)
        ]
        self._validators = {each.kind: SchemaValidator(_event(_body(each))) for each in known}
        self._of_no_kind = SchemaValidator(_event(_ANY_BODY))
        super().__init__({kind: validator.isinstance_python for kind, validator in self._validators.items()})

    def __missing__(self, kind: str) -> Callable[[Any], bool]:
        """Return what tells of kinds that are not known."""
        return self._of_no_kind.isinstance_python

    def complaint(self, event: dict[str, Any]) -> str:
        """Return what is wrong with an event that does not hold what its kind holds."""
        kind = event.get("kind")
        validator = self._validators.get(kind, self._of_no_kind) if isinstance(kind, str) else self._of_no_kind
        try:
            validator.validate_python(event)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Input ')}"
        return "nothing"


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary. It takes 20 ms to make, in which Ctrl-C would not be heard; so it is made once, and at once."""
    return Vocabulary()


def _is_message(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Message) and value is not Message


def _event(body: CoreSchema) -> CoreSchema:
    fields = {"kind": _NAME, "from": _NAME, "to": _NAME, "cause": _CAUSE, "body": body}
    return core_schema.typed_dict_schema({name: core_schema.typed_dict_field(schema) for name, schema in fields.items()})


def _body(message: type[Message]) -> CoreSchema:
    hints = get_type_hints(message)
    return core_schema.typed_dict_schema(
        {
            name: core_schema.typed_dict_field(_schema(hints[name]), required=field.is_required())
            for name, field in message.model_fields.items()
        }
    )


def _schema(hint: Any) -> CoreSchema:
    """Return the schema of a type that a message's field may have: JSON has lists where messages have tuples."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return core_schema.literal_schema([*arguments])
    if get_origin(hint) in (Union, UnionType):
        return core_schema.union_schema([_schema(each) for each in arguments])
    assert get_origin(hint) is tuple, f"a log cannot hold {hint}"
    endless = arguments[-1] is Ellipsis
    items = [_schema(each) for each in arguments if each is not Ellipsis]
    return core_schema.tuple_schema(items, variadic_item_index=0 if endless else None)
