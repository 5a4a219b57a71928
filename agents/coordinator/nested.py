"""A choice that holds itself: any policy as a dial of a policy, any doubt as a dial of a doubt."""

from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.component import Choice, Component
from agents.nested import members_of, schema_of_names


class Nested(Choice):
    """The same choice as another, which is looked for when somebody chooses.

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
        return members_of(self._module, self._choice)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return schema_of_names(self)
