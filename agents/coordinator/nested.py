"""A choice that holds itself: any policy as a dial of a policy, any doubt as a dial of a doubt."""

from importlib import import_module
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.component import Choice, Component


class Nested(Choice):
    """A choice that is looked for when somebody chooses: its members cannot wait for it to be made.

    Args:
        what: the word for it in messages.
        module: the module that has it.
        name: what it is called there.
    """

    def __init__(self, what: str, module: str, name: str) -> None:
        super().__init__(what)
        self._module, self._choice = module, name

    @property
    def members(self) -> dict[str, type[Component]]:
        """What there is to choose from."""
        whole = getattr(import_module(self._module), self._choice)
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
