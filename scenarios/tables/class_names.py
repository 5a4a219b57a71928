"""What classes are called that data number, as the Hugging Face hub says it: in a README.md, or in dataset_infos.json."""

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from scenarios.answers.entry import parse, read_bytes
from scenarios.errors import BadInput
from scenarios.rows import unreadable
from scenarios.tables.contents import HINT

_LARGEST = 2**24

_FEATURE = re.compile(r"( *)- name: *['\"]?(.*?)['\"]? *$")
_NAMES = re.compile(r" *names: *$")
_NAME = re.compile(r" *(?:'(\d+)'|\"(\d+)\"|(\d+)): *(.*?) *$")


def names_in(features: Any, column: str) -> tuple[str, ...] | None:
    """Return the names of a column's classes out of a description of features, or None if it does not say them.

    Args:
        features: by column, {"_type": "ClassLabel", "names": [...]}, or the same of the columns within one.
        column: its name; of a column within another, `outer.inner`.
    """
    for part in [column] if isinstance(features, dict) and column in features else column.split("."):
        features = features.get(part) if isinstance(features, dict) else None
    names = features.get("names") if isinstance(features, dict) and features.get("_type") == "ClassLabel" else None
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names) or len({*names}) < len(names):
        return None
    return tuple(names) or None


def read_class_names(path: Path, column: str) -> tuple[str, ...]:
    """Read what a column's classes are called, in the order of their numbers.

    Args:
        path: a README.md that begins with a description of the data, or a JSON file such as dataset_infos.json.
        column: the column.

    Raises:
        BadInput: the file cannot be read, says nothing of the column, or says different things in several configurations.
    """
    try:
        text = read_bytes(path, _LARGEST)
    except (OSError, ValueError) as error:
        raise unreadable(path, error, HINT) from None
    if path.suffix.lower() == ".json":
        found = [names for each in _described(parse(str(path), text)) if (names := names_in(each, column))]
    else:
        found = [*_in_front_matter(path, text, column)]
    if not found:
        raise BadInput(f"{path}: it does not say what the classes of {column!r} are called; list them in classes = [...]")
    if any(names != found[0] for names in found):
        raise BadInput(f"{path}: several configurations call the classes of {column!r} differently; list them in classes = [...]")
    return found[0]


def _described(value: Any) -> Iterator[Any]:
    """Yield all descriptions of features: in the object, or in those of its configurations."""
    if isinstance(value, dict):
        if "features" in value:
            yield value["features"]
        else:
            yield from (each["features"] for each in value.values() if isinstance(each, dict) and "features" in each)


def _in_front_matter(path: Path, text: bytes, column: str) -> Iterator[tuple[str, ...]]:
    """Yield the names that stand below `names:` of a feature in the YAML at the beginning of a README.md."""
    try:
        lines = iter(text.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError:
        raise BadInput(f"{path}: this is not UTF-8 text") from None
    if next(lines, "") != "---":
        return
    ours = within = False
    names: dict[int, str] = {}
    for line in [*takewhile(lambda line: line != "---", lines), ""]:
        entry = _NAME.match(line) if within else None
        if entry:
            names[int(entry[1] or entry[2] or entry[3])] = _unquoted(entry[4])
            continue
        if names and [*names] == [*range(len(names))]:
            yield tuple(names.values())
        names.clear()
        feature = _FEATURE.match(line)
        ours = feature[2] == column if feature else ours
        within = ours and _NAMES.match(line) is not None


def _unquoted(text: str) -> str:
    for mark in "'\"":
        if len(text) > 1 and text[0] == text[-1] == mark:
            return text[1:-1].replace(mark * 2, mark)
    return text
