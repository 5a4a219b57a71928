"""Levels: the different values of a dial."""

import json
from collections.abc import Iterable
from typing import Any


def key_of(value: Any) -> str:
    """Return a text that is the same for equal values of JSON; `1` and `true`, which Python holds for equal, have two."""
    return json.dumps(value, sort_keys=True)


def different(values: Iterable[Any]) -> list[Any]:
    """Return values in their order, each once."""
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(key_of(value), value)
    return [*found.values()]
