"""Dials within tables: what stands at a path, such as `accuracy`, or `of.accuracy` in a component within the component."""

from collections.abc import Iterable, Mapping
from typing import Any


def without(table: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return a table without what stands at some paths."""
    bare: dict[str, Any] = _copied(table)
    for path in paths:
        place, dial = _place(bare, path)
        del place[dial]
    return bare


def placed(table: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with some values at their paths."""
    whole: dict[str, Any] = _copied(table)
    for path, value in values.items():
        place, dial = _place(whole, path)
        place[dial] = value
    return whole


def _place(table: Any, path: str) -> tuple[Any, str]:
    *steps, dial = path.split(".")
    for step in steps:
        table = table[int(step)] if isinstance(table, list) else table[step]
    return table, dial


def _copied(value: Any) -> Any:
    """Return plain tables and lists anew; what they hold beside tables and lists is shared."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list | tuple) else value
