"""Choices that hold themselves, such as a policy as a dial of a policy, or a mixture of noises among the noises."""

from importlib import import_module
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.component import Choice, Component


def members_of(module: str, name: str) -> dict[str, type[Component]]:
    """Return the members of a choice that is looked for when somebody chooses: they cannot wait for it to be made.

    Args:
        module: where it is.
        name: its name there.
    """
    whole = getattr(import_module(module), name)
    assert isinstance(whole, Choice)
    return whole.members


def schema_of_names(choice: Choice) -> dict[str, Any]:
    """Return a schema that knows the names and not the dials of each, which would hold the choice again, and so on for ever."""
    kind = {"anyOf": [{"enum": [*choice.members]}, {"type": "string", "pattern": r"\."}]}
    names = "|".join(choice.members)
    return {
        "anyOf": [
            {"type": "object", "properties": {choice.tag: kind}, "required": [choice.tag]},
            {"type": "string", "pattern": f"^({names})$", "description": "the name alone, for the defaults"},
        ]
    }


class Nested(Choice):
    """The same choice as another, which is looked for when somebody chooses.

    Args:
        what: the word for it in messages.
        module: the module that has it.
        name: what it is called there.
        foreign: the class that wraps what a dotted path names and is no component; None if there may be none.
    """

    def __init__(self, what: str, module: str, name: str, foreign: type[Component] | None = None) -> None:
        super().__init__(what, foreign=foreign)
        self._module, self._choice = module, name

    @property
    def members(self) -> dict[str, type[Component]]:
        """What there is to choose from."""
        return members_of(self._module, self._choice)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return schema_of_names(self)
