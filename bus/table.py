"""A table of a file that people write: frozen, strict, and helpful about its keys."""

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Table(BaseModel):
    """A table of a scenario file: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, table: Any) -> Any:
        if isinstance(table, cls):
            return table
        if not isinstance(table, dict):
            raise PydanticCustomError(
                "no_table", "should be a table of {keys}", {"keys": ", ".join(sorted(cls.model_fields)) or "no keys"}
            )
        for key in table:
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_key",
                    "unknown key {key}; {hint}",
                    {"key": repr(key), "hint": nearest(str(key), [*cls.model_fields])},
                )
        return table


def nearest(name: str, names: list[str]) -> str:
    """Return the half sentence that names the nearest right name, and which there are."""
    near = get_close_matches(name, names, 1, 0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}there {'is' if len(names) == 1 else 'are'} {', '.join(sorted(names)) or 'none'}"
