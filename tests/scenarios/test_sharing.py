"""The JSON schema of scenario files says once what stands in several places, and nothing else than it said."""

import json
from typing import Any

from scenarios.catalogue import schema
from scenarios.scenario import Scenario
from scenarios.sharing import shared

TABLE = {"title": "Table", "type": "object", "properties": {"dial": {"type": "number", "description": "what it does " * 20}}}
OTHER = {**TABLE, "properties": {"dial": {"type": "integer", "description": "what else it does " * 20}}}
CHOICE = [TABLE, OTHER, {"type": "string"}]


def written_out(node: Any, definitions: dict[str, Any], names: set[str]) -> Any:
    """Return a schema in which what these definitions say stands wherever they are named."""
    if isinstance(node, list):
        return [written_out(each, definitions, names) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: written_out(each, definitions, names) for key, each in node.items()}
    name = str(found.get("$ref", "")).removeprefix("#/$defs/")
    if name not in names:
        return found
    del found["$ref"]
    return {**written_out(definitions[name], definitions, names), **found}


def as_it_was(described: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return a schema without the definitions that sharing made."""
    definitions = described["$defs"]
    whole: dict[str, Any] = written_out(described, definitions, names)
    whole["$defs"] = {name: each for name, each in whole["$defs"].items() if name not in names}
    return whole


def test_what_stands_in_several_places_is_written_once_and_means_the_same() -> None:
    described = {
        "$defs": {"Table": {"properties": {"choice": {"anyOf": CHOICE, "default": "a"}}}},
        "properties": {"one": TABLE, "choice": {"anyOf": CHOICE, "default": "b"}, "other": {"anyOf": CHOICE}, "alone": OTHER},
    }
    found = shared(described)
    # Under a name of its own, as there is a definition of that name; the choice is called what it is called first.
    assert [*found["$defs"]] == ["Table", "choice", "Table-2", "Table-3"]
    assert found["properties"]["choice"] == {"$ref": "#/$defs/choice", "default": "b"}
    assert found["properties"]["one"] == {"$ref": "#/$defs/Table-2"}
    assert as_it_was(found, {"choice", "Table-2", "Table-3"}) == described


def test_what_stands_in_one_place_or_is_short_stays_where_it_is() -> None:
    short = {"anyOf": [{"type": "number"}, {"type": "null"}]}
    described = {"properties": {"one": TABLE, "two": short, "three": short}}
    assert shared(described) == {**described, "$defs": {}}


def test_the_schema_of_scenario_files_is_short_and_says_what_it_said() -> None:
    found, described = schema(), Scenario.model_json_schema()
    text = json.dumps(found)
    assert [text.count(f'"title": "{title}"') for title in ("Crash", "Entropy", "LognormalTime")] == [1, 1, 1]
    assert 5 * len(text) < len(json.dumps(described))
    names = {*found["$defs"]} - {*described["$defs"]}
    assert as_it_was(found, names) == {**described, "$schema": found["$schema"], "title": found["title"]}
