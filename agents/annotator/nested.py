"""Nested: a choice that a component offers which stands in that choice itself, such as a mixture of noises among the noises."""

from importlib import import_module
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.annotator.people import PeopleChoice
from agents.component import Choice, Component


class NestedChoice(PeopleChoice):
    """The same choice as another, which is looked for when somebody chooses: its members cannot wait for it to be made.

    Args:
        what: the word for it in messages.
        module: where the other is.
        name: its name there.
    """

    def __init__(self, what: str, module: str, name: str) -> None:
        super().__init__(what)
        self._module, self._name = module, name

    @property
    def members(self) -> dict[str, type[Component]]:
        """The members of the other choice."""
        whole = getattr(import_module(self._module), self._name)
        assert isinstance(whole, Choice)
        return whole.members

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # Not the dials of each: they would hold the choice again, and so on for ever.
        kind = {"anyOf": [{"enum": [*self.members]}, {"type": "string", "pattern": r"\."}]}
        return {
            "anyOf": [
                {"type": "object", "properties": {self.tag: kind}, "required": [self.tag]},
                {"type": "string", "pattern": f"^({'|'.join(self.members)})$", "description": "the name alone, for the defaults"},
            ]
        }
