"""What is wrong with what a person gave us, said so that they can mend it."""

from pydantic import ValidationError

_INNER = {"number", "spread"}
"""Names of a union's branches, which stand in pydantic's locations and mean nothing to a reader."""


class BadInput(Exception):
    """A file, a value or an option that cannot be used. The message says where, what was found, and what is allowed."""


def explain(where: str, error: ValidationError) -> BadInput:
    """Turn a validation error into a line for each thing that is wrong.

    Args:
        where: the file, or whatever was validated.
        error: what pydantic found.
    """
    lines = []
    for each in error.errors(include_url=False):
        path = ".".join(str(part) for part in each["loc"] if part not in _INNER)
        found = each["input"]
        shown = f" (found {_brief(found)})" if each["type"] not in _SAYS_IT and not isinstance(found, dict) else ""
        message = each["msg"].removeprefix("Value error, ").removeprefix("Input ")
        lines.append(f"{where}: {path + ': ' if path else ''}{message}{shown}")
    return BadInput("\n".join(lines))


_SAYS_IT = {"unknown_key", "unknown_kind", "no_kind", "wrong_kind", "untrusted", "import", "params", "classifier", "spread"}
"""Our own errors, which name what was found."""


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
