"""Logs that tests write by hand, or change: whatever they say, their checksums are right."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

GOLDEN = Path(__file__).parents[1] / "golden"

Step = tuple[int, str, str, str, dict[str, Any]]
"""An event: when, its kind, from whom, to whom, and its body."""

HEADER = {"log": 2, "parley": "0.2.0", "origin": "simulated", "scenario": {"name": "made"}, "seed": 1, "data": "00", "script": None}


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> Path:
    """Write objects as the lines of a log, sealed; a "sum" of theirs is made anew."""
    chain, sealed = 0, []
    for line in lines:
        content = json.dumps({key: value for key, value in line.items() if key != "sum"}, separators=(",", ":")).encode()[:-1]
        chain = crc32(content, chain)
        sealed.append(b'%b,"sum":"%08x"}\n' % (content, chain))
    path.write_bytes(b"".join(sealed))
    return path


def write_steps(path: Path, *steps: Step, header: dict[str, Any] | None = None) -> Path:
    """Write an unfinished log of these events; none has a cause."""
    events = (
        {"seq": seq, "t": t, "kind": kind, "from": sender, "to": recipient, "cause": None, "body": body}
        for seq, (t, kind, sender, recipient, body) in enumerate(steps, 1)
    )
    return write_lines(path, [header or HEADER, *events])


def lines_of(log: Path) -> list[dict[str, Any]]:
    """Return the lines of a log as objects, without the footer."""
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    return [line for line in lines if "digest" not in line]
