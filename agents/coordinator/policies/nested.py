"""Any policy, as a dial of a policy."""

from importlib import import_module
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.component import Choice, Component


class PolicyChoice(Choice):
    """The choice of policies, which is looked for when somebody chooses: its members cannot wait for it to be made."""

    def __init__(self) -> None:
        super().__init__("coordination policy")

    @property
    def members(self) -> dict[str, type[Component]]:
        """The policies there are."""
        whole = import_module("agents.coordinator.policies.choice").POLICIES
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
