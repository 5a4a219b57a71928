"""Writing TOML: values on one line, and a document of tables."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_SPECIAL = {"\x7f": "\\u007f"}


def toml(value: Any) -> str:
    """Return a value of text, numbers, lists and tables as TOML writes it on one line; keys without a value (None) are left out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return "".join(_SPECIAL.get(each, each) for each in text)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {toml(each)}" for key, each in value.items() if each is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml, value))}]"
    return repr(value)


def document(tables: Mapping[str, Any], about: str = "") -> str:
    """Return a TOML file of tables, what is within a table on one line each.

    Args:
        tables: the content; keys without a value (None) are left out.
        about: what to say of it in its first lines.
    """
    plain, parts = "", ""
    for key, value in tables.items():
        if isinstance(value, Mapping):
            parts += f"\n[{_key(key)}]\n{_lines(value)}"
        elif isinstance(value, list | tuple) and value and all(isinstance(each, Mapping) for each in value):
            parts += "".join(f"\n[[{_key(key)}]]\n{_lines(each)}" for each in value)
        elif value is not None:
            plain += f"{_key(key)} = {toml(value)}\n"
    return "".join(f"# {line}\n" for line in about.splitlines()) + plain + parts


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {toml(value)}\n" for key, value in table.items() if value is not None)


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else toml(name)
