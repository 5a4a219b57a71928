"""What is wrong with what a person gave us, said so that they can mend it."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

_INNER = {"number", "spread", "float", "drawn-range", "drawn-values"}
"""Names of a union's branches, which stand in pydantic's locations and mean nothing to a reader."""

_TYPES = ("constrained-", "dict[", "literal[")
"""What names of branches begin with that pydantic has made up."""

_WORDS = {
    "Input should": "should",
    "Tuple should": "should",
    "String should": "should",
    "a valid tuple": "a list",
    "a valid dictionary": "a table",
    " after validation": "",
}
"""How people call what Python calls otherwise."""


class BadInput(Exception):
    """A file, a value or an option that cannot be used. The message says where, what was found, and what is allowed."""


def explain(where: str, error: ValidationError, tables: dict[str, Any]) -> BadInput:
    """Turn a validation error into a line for each thing that is wrong.

    Args:
        where: the file, or whatever was validated.
        error: what pydantic found.
        tables: what was validated.
    """
    lines = []
    for each in error.errors(include_url=False):
        path = _path(each["loc"], tables)
        found = each["input"]
        shown = f" (found {brief(found)})" if each["type"] not in _SAYS_IT and not isinstance(found, dict) else ""
        message = each["msg"].removeprefix("Value error, ")
        for words, ours in _WORDS.items():
            message = message.replace(words, ours)
        lines.append(f"{where}: {path + ': ' if path else ''}{message}{shown}")
    return BadInput("\n".join(lines))


def _path(location: tuple[int | str, ...], tables: dict[str, Any]) -> str:
    """Write a place as people write it: an annotator table by its name, not by its number."""
    parts: list[str] = []
    found: Any = tables
    for part in location:
        is_key = isinstance(found, dict) and part in found
        # A dial may be called as a branch is: what people have written is a key.
        if is_key or (part not in _INNER and not str(part).startswith(_TYPES)):
            parts.append(str(part))
        if is_key or (isinstance(found, list) and isinstance(part, int) and part < len(found)):
            found = found[part]
    if len(location) > 1 and location[0] == "annotators" and isinstance(location[1], int):
        group = tables["annotators"][location[1]]
        parts[1] = str(group.get("name", "crowd")) if isinstance(group, dict) else parts[1]
    return ".".join(parts)


_SAYS_IT = {
    "value_error",
    "unknown_key",
    "unknown_kind",
    "no_kind",
    "wrong_kind",
    "untrusted",
    "import",
    "params",
    "classifier",
    "spread",
}
"""Errors of our own, which name what was found."""


def listed(names: Sequence[str], most: int = 200) -> list[str]:
    """Return names out of a file as a message may list them: not too many, short, and each on one line."""
    return [repr(name)[1:-1][:60] for name in names[:most]]


def brief(value: object) -> str:
    """Return a value as a message shows it, however long it is."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
