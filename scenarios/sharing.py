"""Sharing: JSON schemas in which what stands in several places is written once."""

import json
from collections import Counter
from typing import Any

SHORT = 200
"""Characters of a table or choice that is written out wherever it stands: to look it up would be more trouble."""


_WORDS = ("properties", "items", "prefixItems", "anyOf")
"""Keys of a schema that say nothing of what is under them."""


def shared(described: dict[str, Any]) -> dict[str, Any]:
    """Return the same schema, in which tables and choices that stand in several places stand in `$defs`.

    Pydantic itself has tables there, but no components: these have their `kind` beside their dials, and are written out wherever
    they may be chosen, which makes millions of characters.
    """
    definitions = described.get("$defs", {})
    rest = {key: each for key, each in described.items() if key != "$defs"}
    sharing = _Sharing([*definitions.values(), rest], [*definitions])
    for name, each in definitions.items():
        sharing.definitions[name] = sharing.inside(each, name)
    return {**sharing.inside(rest, ""), "$defs": sharing.definitions}


class _Sharing:
    """Writes the parts of a schema, each that is found several times once.

    Args:
        schemas: all that there is to write.
        names: of definitions that there are already.

    Attributes:
        definitions: what is written once, by name.
    """

    def __init__(self, schemas: list[Any], names: list[str]) -> None:
        self.definitions: dict[str, Any] = dict.fromkeys(names)
        self._names: dict[str, str] = {}
        self._times: Counter[str] = Counter()
        for each in schemas:
            self._look_inside(each)

    def _look(self, node: Any) -> None:
        text = _text_of(node)
        self._times[text] += 1
        # What stands within a part that is written once stands there once.
        if not text or self._times[text] == 1:
            self._look_inside(node)

    def _look_inside(self, node: Any) -> None:
        for _, each in _members(node):
            self._look(each)

    def written(self, node: Any, name: str) -> Any:
        """Return a part as it is written where it stands.

        Args:
            node: the part.
            name: what it may be called, if it has no title.
        """
        text = _text_of(node)
        if not text or self._times[text] == 1:
            return self.inside(node, name)
        if text not in self._names:
            self._names[text] = called = self._free(node.get("title", name))
            self.definitions[called] = self.inside(node, name)
        return {"$ref": f"#/$defs/{self._names[text]}"}

    def inside(self, node: Any, name: str) -> Any:
        """Return a part written out, all that stands in it being written as it should."""
        if isinstance(node, list):
            return [self.written(each, name) for _, each in _members(node)]
        if not isinstance(node, dict):
            return node
        found: dict[str, Any] = {}
        for key, each in _members(node):
            found |= self.written(each, name) if key is None else {key: self.written(each, key if key not in _WORDS else name)}
        return found

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.definitions:
            number += 1
            name = f"{wanted}-{number}"
        self.definitions[name] = None
        return name


def _members(node: Any) -> list[tuple[str | None, Any]]:
    """Return what stands in a part, and under which key; under none a choice, where more is said of it."""
    if isinstance(node, list):
        return [(None, each) for each in node]
    if not isinstance(node, dict):
        return []
    if "anyOf" in node and len(node) > 1:
        rest = [(key, each) for key, each in node.items() if key != "anyOf"]
        return [(None, {"anyOf": node["anyOf"]}), *rest]
    return [*node.items()]


def _text_of(node: Any) -> str:
    """Return the text of a table or a choice by which it is known; nothing for what is neither, or short."""
    if not isinstance(node, dict) or not ("properties" in node or [*node] == ["anyOf"]):
        return ""
    text = json.dumps(node)
    return text if len(text) > SHORT else ""
