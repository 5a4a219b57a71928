"""What is asked to take part in a comparison, as people write it on a command line."""

import re
import tomllib
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from rich.cells import cell_len

from scenarios.aggregation.names import printable
from scenarios.brevity import in_few_letters
from scenarios.errors import BadInput, brief
from scenarios.loading import read_toml
from scenarios.paths import parse_override

AS_WRITTEN = "as-written"
"""The word for what the scenario says itself."""

POLICY, ALLOCATION = "coordination.policy", "coordination.allocation"

LONGEST_NAME = 24
"""Columns of a terminal that a name may take: it stands beside every figure."""

_NAMED = re.compile(r"\s*([^={}\"'\[\]]*[^={}\"'\[\]\s])\s*=\s*(\S.*)", re.DOTALL)
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class Asked(NamedTuple):
    """Somebody who is asked to take part.

    Attributes:
        said: the options that ask for it, for messages.
        name: what it is to be called; empty if nobody says.
        short: a name for it, if nobody else has that.
        long: another, which tells it from others of its kind.
        settings: what is set for it, by path; nothing for the scenario as it is written.
    """

    said: str
    name: str
    short: str
    long: str
    settings: dict[str, Any]


def parse_component(option: str, path: str, text: str) -> Asked:
    """Return what a name, an inline table of TOML or a file of TOML asks for, each with `NAME=` before it if one likes.

    Args:
        option: the option that it stands after.
        path: what it is to be, in a scenario.
        text: what stands there.

    Raises:
        BadInput: it is none of these, or its name cannot be used.
    """
    said = f"{option} {brief(text)}"
    named = _NAMED.fullmatch(text)
    name, what = (named[1].strip(), named[2].strip()) if named else ("", text.strip())
    _check_name(said, name)
    if not what:
        raise BadInput(f"{said}: write a name, an inline table of TOML such as {{kind='majority', size=3}}, or a file of TOML")
    if "=" in what and not what.startswith("{"):
        raise BadInput(f"{said}: write NAME= before it to give it a name, of letters, digits and spaces, or leave that out")
    if what == AS_WRITTEN:
        return Asked(said, name, AS_WRITTEN, AS_WRITTEN, {})
    value, short = _value(said, what)
    # It stands in sentences that have commas of their own.
    return Asked(said, name, short, in_few_letters(value).replace(",", ""), {path: value})


def parse_with(text: str) -> tuple[str, str, Any]:
    """Return the name, the path and the value of `NAME:PATH=VALUE`.

    Raises:
        BadInput: it is not written so.
    """
    said = f"--with {brief(text)}"
    name, colon, setting = text.partition(":")
    if not colon or not name.strip() or "=" in name:
        raise BadInput(f"{said}: write NAME:PATH=VALUE, such as batches:selector.barrier=true")
    _check_name(said, name.strip())
    try:
        path, value = parse_override(setting)
    except BadInput as error:
        raise BadInput(f"{said}: {str(error).removeprefix('--set ')}") from None
    return name.strip(), path, value


def take_part(policies: Sequence[str], allocations: Sequence[str], withs: Sequence[str]) -> list[Asked]:
    """Return who is asked to take part, each with a name: every policy with every allocation, and whatever is set besides.

    Args:
        policies: each as `parse_component` reads it.
        allocations: likewise.
        withs: each `NAME:PATH=VALUE`, for one that has that name, or for a new one.

    Raises:
        BadInput: one of them cannot be read.
    """
    asked = _combined(
        [parse_component("--policy", POLICY, each) for each in policies],
        [parse_component("--allocation", ALLOCATION, each) for each in allocations],
    )
    known = {each.name: each for each in _named(asked)}
    if len(known) < len(asked):
        raise BadInput(_twice(_named(asked)))
    for text in withs:
        name, path, value = parse_with(text)
        said = f"--with {brief(text)}"
        before = known.get(name, Asked("", name, name, name, {}))
        known[name] = before._replace(said=f"{before.said} {said}".strip(), settings={**before.settings, path: value})
    return [*known.values()]


def _combined(policies: list[Asked], allocations: list[Asked]) -> list[Asked]:
    """Return each policy with each allocation; what is the same for all stands in no name."""
    if not policies or not allocations:
        return policies or allocations
    several = len(policies) > 1, len(allocations) > 1
    both = []
    for pair in product(policies, allocations):
        told = [each for each, varies in zip(pair, several, strict=True) if varies] or pair
        name = told[0].name if len(told) == 1 else ""
        short, long = " + ".join(each.name or each.short for each in told), " + ".join(each.name or each.long for each in told)
        settings = {path: value for each in pair for path, value in each.settings.items()}
        both.append(Asked(" ".join(each.said for each in pair), name, short, long, settings))
    return both


def _named(asked: Sequence[Asked]) -> list[Asked]:
    """Return them with names: as short as tells them apart, and by number where no short one does."""
    shorts = [each.short for each in asked if not each.name]
    named: list[Asked] = []
    for each in asked:
        name = each.name or each.short
        if not each.name and (shorts.count(each.short) > 1 or cell_len(name) > LONGEST_NAME):
            place = sum(other.short == each.short for other in named) + 1
            name = each.long if cell_len(each.long) <= LONGEST_NAME else f"{each.short[:LONGEST_NAME]}-{place}"
        named.append(each._replace(name=name))
    return named


def _twice(asked: Sequence[Asked]) -> str:
    names = [each.name for each in asked]
    twice = next(name for name in names if names.count(name) > 1)
    one, other, *_ = (each.said for each in asked if each.name == twice)
    if one == other:
        return f"{one} stands there twice"
    return f"{one} and {other}: both are called {twice!r}; write NAME= before one of them, to tell them apart"


def _check_name(said: str, name: str) -> None:
    if not name.isprintable() or cell_len(name) > LONGEST_NAME:
        raise BadInput(f"{said}: a name is printable, and takes {LONGEST_NAME} columns at most")
    if name == AS_WRITTEN:
        raise BadInput(f"{said}: {AS_WRITTEN!r} is what the scenario itself is called; choose another name")


def _value(said: str, what: str) -> tuple[Any, str]:
    """Return the component that a text names, as a scenario file would have it, and a short name for it."""
    if what.startswith("{"):
        table = _inline(said, what)
        return table, _short(table)
    if what.endswith(".toml"):
        try:
            return read_toml(Path(what)), printable(Path(what).stem)
        except BadInput as error:
            raise BadInput(f"{said}: {error}") from None
    return what, _short({"kind": what})


def _short(table: dict[str, Any]) -> str:
    # Of a dotted path, the name of the class says enough.
    return printable(str(table.get("kind", "?")).rpartition(".")[2])


def _inline(said: str, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(f"_={text}")
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{said}: this is no inline table of TOML: {_where(error, text)}") from None
    except RecursionError:
        raise BadInput(f"{said}: tables and lists stand too deep within each other") from None
    if [*table] != ["_"]:
        raise BadInput(f"{said}: this is more than one inline table of TOML")
    found: dict[str, Any] = table["_"]
    return found


def _where(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Return what is wrong, and where: by what stands there, for nobody counts columns."""
    found = _PLACE.search(str(error))
    if found is None:
        return str(error)
    line, column = int(found[1]), int(found[2])
    rest = text.splitlines()[line - 1][column - (3 if line == 1 else 1) :] if text.splitlines()[line - 1 :] else ""
    return (
        f"{_PLACE.sub('', str(error))}, at {printable(rest[:30])!r}"
        if rest.strip()
        else f"{_PLACE.sub('', str(error))}, at its end"
    )
