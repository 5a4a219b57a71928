"""Nested: a choice that a component offers which stands in that choice itself, such as a mixture of noises among the noises."""

from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from agents.annotator.people import PeopleChoice
from agents.component import Component
from agents.nested import members_of, schema_of_names


class NestedChoice(PeopleChoice):
    """The same choice as another, which is looked for when somebody chooses: its dials may differ from person to person.

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
        return members_of(self._module, self._name)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return schema_of_names(self)
