"""Paths into a scenario: table names, then keys; an annotator table by its name. As `--set` and `[vary]` write them."""

import copy
import tomllib
from typing import Any

from bus.table import nearest
from scenarios.errors import BadInput

Tables = dict[str, Any]


def parse_override(text: str) -> tuple[str, Any]:
    """Split `path=value`, the value being TOML; a bare word is text.

    Raises:
        BadInput: it has no `=`, or the value is no TOML.
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise BadInput(f"--set {text!r}: write path=value, such as annotators.crowd.noise.accuracy=0.7")
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError as error:
        if any(mark in value for mark in "{}[]=\"'") or not value.strip():
            raise BadInput(f"--set {text!r}: {value.strip()!r} is no TOML value ({error})") from None
        parsed = value.strip()
    except RecursionError:
        raise BadInput(f"--set {path.strip()}: tables and lists stand too deep within each other") from None
    return path.strip(), parsed


def override(tables: Tables, path: str, value: Any, defaults: Tables) -> Tables:
    """Return a copy of the tables with one value set.

    Setting a component replaces it whole; setting one of its dials replaces that dial.

    Args:
        tables: the scenario file as it stands.
        path: where, such as "annotators.crowd.noise.accuracy".
        value: what.
        defaults: the tables with their defaults, for components that the file leaves out.

    Raises:
        BadInput: the path leads nowhere.
    """
    changed = copy.deepcopy(tables)
    place: Any = changed
    known: Any = defaults
    *parents, last = path.split(".")
    for depth, part in enumerate(parents):
        place, known = _step(place, known, part, ".".join(parents[: depth + 1]), path)
    if isinstance(place, list):
        raise BadInput(f"path {path!r}: name one of the tables, then its key; {nearest(last, _names(place))}")
    if not isinstance(place, dict):
        raise BadInput(f"path {path!r}: {'.'.join(parents)!r} is a value, not a table")
    place[last] = copy.deepcopy(value)
    return changed


def _step(place: Any, known: Any, part: str, so_far: str, path: str) -> tuple[Any, Any]:
    """Go down one table, making it from its defaults if the file leaves it out."""
    if isinstance(place, list):
        if part in place:
            # A component by its name alone, which is to get a dial.
            place[place.index(part)] = {"kind": part}
        found = [table for table in place if isinstance(table, dict) and _called(table) == part]
        if not found:
            raise BadInput(
                f"path {path!r}: there is no table {part!r} in {so_far.rpartition('.')[0]}; {nearest(part, _names(place))}"
            )
        expected = [table for table in known if _called(table) == part] if isinstance(known, list) else []
        return found[0], expected[0] if expected else {}
    if not isinstance(place, dict):
        raise BadInput(f"path {path!r}: {so_far!r} is no table")
    default = known.get(part, {}) if isinstance(known, dict) else {}
    if isinstance(place.get(part), str) and isinstance(default, dict) and "kind" in default:
        place[part] = {"kind": place[part]}
    if part not in place:
        place[part] = copy.deepcopy(default) if isinstance(default, dict) and "kind" in default else {}
    return place[part], default


def _names(tables: list[Any]) -> list[str]:
    return [_called(table) for table in tables if isinstance(table, dict)]


def _called(table: dict[str, Any]) -> str:
    """Return what a table of a list goes by: an annotator table by its name, one of several components by its kind."""
    return str(table.get("name", table.get("kind", "crowd")))
