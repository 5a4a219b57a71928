"""Logs as they should not be: damaged so that a checksum tells, or nonsense under checksums that are right."""

import inspect
import json
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin
from zlib import crc32

import typer
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from scenarios.cli import app

COMMANDS = {
    "verify": ["verify"],
    "resume": ["resume", "--quiet"],
    "replay": ["replay"],
    "replay to programs": ["replay", "--json", "--from", "50s"],
    "state": ["state", "--all"],
    "state for programs": ["state", "--json", "--at", "100s"],
    "what if, open": ["whatif", "--open", "--set", "coordination.policy={kind='majority',size=1}"],
    "what if, closed": ["whatif", "--set", "stop.labels=3"],
    **{f"export to {name}": ["export", "--out", "-", "--format", name] for name in ("csv", "parquet", "label-studio", "perfetto")},
}
"""Every command that reads a log, and what it needs besides."""


def commands_that_read(what: str) -> set[str]:
    """Return the names of the commands that take such an argument, LOG or ANSWERS, as the command line has them."""
    found = set()
    for command in app.registered_commands:
        assert command.callback is not None
        for parameter in inspect.signature(command.callback).parameters.values():
            if get_origin(parameter.annotation) is Annotated:
                argument = get_args(parameter.annotation)[1]
                if isinstance(argument, typer.models.ArgumentInfo) and argument.metavar == what:
                    found.add(command.name or command.callback.__name__)
    return found


def parley(command: str, log: Path) -> Result:
    """Run a command on a log, and make sure that it ended as a command may end."""
    result = CliRunner().invoke(app, [*COMMANDS[command], str(log)])
    assert result.exception is None or isinstance(result.exception, SystemExit), (command, result.exc_info)
    assert "Traceback" not in result.output
    return result


# Damage that a checksum tells


def first_difference(damaged: bytes, whole: bytes) -> int:
    """Return the number of the first line that is not as it was."""
    pairs = zip(damaged.split(b"\n"), whole.split(b"\n"), strict=False)
    return next(number for number, (one, other) in enumerate(pairs, 1) if one != other)


@st.composite
def damage(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a log that is damaged somewhere above its last line."""
    lines = whole.splitlines(keepends=True)
    what = draw(st.sampled_from(["flip", "cut", "drop", "repeat", "swap", "number", "insert", "empty", "carry"]))
    index = draw(st.integers(0, len(lines) - 3))
    line = lines[index]
    position = draw(st.integers(0, len(line) - 2))
    other = draw(st.integers(index + 1, len(lines) - 2))
    match what:
        case "flip":
            bit = 1 << draw(st.integers(0, 7))
            lines[index] = line[:position] + bytes([line[position] ^ bit]) + line[position + 1 :]
        case "cut":
            lines[index] = line[:position] + draw(st.sampled_from([b"", b"\n"]))
        case "drop":
            del lines[index : draw(st.integers(index + 1, len(lines) - 2))]
        case "repeat":
            lines[index : index + 1] = [line] * draw(st.integers(2, 3))
        case "swap":
            lines[index], lines[other] = lines[other], lines[index]
        case "number":
            number = draw(st.sampled_from([b"NaN", b"-Infinity", b"1e999", b"99999999999999999999", b"-1", b"null"]))
            head, mark, tail = line.partition(draw(st.sampled_from([b'"t":', b'"seq":', b'"seed":', b'"item":'])))
            lines[index] = head + mark + number + tail.lstrip(b"0123456789") if mark else b"\0" + line
        case "insert":
            lines[index] = line[:position] + draw(st.binary(min_size=1, max_size=20)) + line[position:]
        case "empty":
            lines.insert(index, b"\n")
        case "carry":
            lines = [each.replace(b"\n", b"\r\n") for each in lines]
    damaged = b"".join(lines)
    return damaged if damaged != whole else whole.replace(b'"', b"'", 1)


# Nonsense under checksums that are right


def seal(lines: Iterable[dict[str, Any]]) -> bytes:
    """Return objects as the lines of a log, with every checksum, and the digest and the count of a footer, as they should be."""
    chain, sealed, digest = 0, [], blake2b(digest_size=16)
    for line in lines:
        content = {key: value for key, value in line.items() if key != "sum"}
        if "digest" in content:
            content |= {"digest": digest.hexdigest(), "events": len(sealed) - 1}
        # Python writes what is infinite as no JSON has it; 1e999 is how it gets past a parser.
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).replace("Infinity", "1e999")
        body = text.encode(errors="replace")[:-1]
        chain = crc32(body, chain)
        sealed.append(b'%b,"sum":"%08x"}\n' % (body, chain))
        digest.update(sealed[-1])
    return b"".join(sealed)


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


NONSENSE = [
    None, True, -1, 0, 7, 10**30, -0.5, 1e308, float("inf"), float("nan"), "", "0", "crowd-1", "coordinator", "\x1b[31m",
    "x" * 5000, [], [1], ["a", "b"], [[1, 2]], [None], {}, {"kind": "majority"}, {"a": [1]}, nested(60), nested(400),
]  # fmt: skip
"""What stands where something else should."""


def places(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of all that stands in an object, the checksum apart."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [place for key, each in pairs if key != "sum" for place in places(each, (*above, key))]
    return [*([above] if above else []), *inner]


def at(line: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        line = line[key]
    return line


@st.composite
def nonsense(draw: st.DrawFn, lines: list[dict[str, Any]], first: int, last: int) -> tuple[bytes, int]:
    """Draw a log in which a line from `first` to `last` (from 0) says something else, and return it with the line's number."""
    index = draw(st.integers(first, last))
    line = json.loads(json.dumps(lines[index]))
    place = draw(st.sampled_from(places(line)))
    holder, key = at(line, place[:-1]), place[-1]
    match draw(st.sampled_from(["replace", "replace", "remove", "add", "borrow"])):
        case "replace":
            holder[key] = draw(st.sampled_from(NONSENSE))
        case "remove":
            del holder[key]
        case "add":
            line[draw(st.sampled_from(["x", "body", "kind", "digest", "\x1b[31m"]))] = draw(st.sampled_from(NONSENSE))
        case "borrow":
            donor = draw(st.sampled_from(lines))
            holder[key] = at(donor, draw(st.sampled_from(places(donor))))
    return seal([*lines[:index], line, *lines[index + 1 :]]), index + 1
