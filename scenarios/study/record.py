"""The record of a study: every finished run, from which its table is made, and from which it goes on after it was stopped.

It is `runs.jsonl` in the study's folder. A line that says what the study is comes first, then a line a run, in the order in which
they finished, and last a line that says that it is finished. A study that goes on otherwise than it began, with more seeds or
points, says anew what it is; the runs above that line are its runs too, as far as they are wanted. Each line ends in a checksum
(CRC-32) of its bytes that is chained to the line before.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from scenarios.errors import BadInput
from scenarios.grid import Row
from scenarios.study.entry import checked
from scenarios.study.results import Results

RECORD = "runs.jsonl"
"""The file of the record, in the folder of a study."""

VERSION = 1
"""Of the format, in the first line."""

LONGEST_LINE = 256 * 2**20
"""Bytes of a line beyond which a record is refused rather than read into memory."""

_SEAL = len(',"sum":"00000000"}\n')


class Known(NamedTuple):
    """What a record holds.

    Attributes:
        header: what the study is, as its last such line says.
        runs: the rows, by the key of their point and their seed; of two for the same, the later.
        ended: how many runs each point has come to have, if the study is finished; None if it is not.
        size: bytes of the lines that are whole.
        chain: checksum of the last of them.
        torn: bytes of a last line that is not whole.
    """

    header: dict[str, Any]
    runs: dict[tuple[str, int], Row]
    ended: list[int] | None
    size: int
    chain: int
    torn: int


def read_results(folder: Path) -> Results:
    """Return what came of a study, or what has come of it so far.

    Args:
        folder: of the study, or the record in it.

    Raises:
        BadInput: there is no record, or it is damaged.
    """
    path = folder / RECORD if folder.is_dir() else folder
    known = read_record(path)
    if known is None:
        raise BadInput(f"{path}: there is no study here yet; `parley study ... --out {folder}` makes one")
    return results_in(known.header, known.runs, known.ended)


def results_in(header: dict[str, Any], runs: dict[tuple[str, int], Row], ended: list[int] | None) -> Results:
    """Return the results of a study.

    Args:
        header: what the study is.
        runs: rows, by the key of their point and their seed; further ones are left out.
        ended: how many runs each point has come to have; None to take all that it may have.
    """
    seeds: dict[str, list[int]] = {}
    for key, seed in sorted(runs):
        seeds.setdefault(key, []).append(seed)
    most = [header["most_seeds"] or header["seeds"]] * len(header["points"]) if ended is None else ended
    rows = [
        {"point": number, **settings, "seed": seed, **runs[key, seed]}
        for number, (settings, key) in enumerate(zip(header["points"], header["keys"], strict=True))
        for seed in seeds.get(key, ())
        if seed < most[number]
    ]
    return Results(
        name=header["name"],
        scenario=header["scenario"],
        dials=tuple(header["dials"]),
        points=tuple(header["points"]),
        measure=header["measure"],
        compared=header["compared"],
        against=header["against"],
        target=header["target"],
        precision=header["precision"],
        seeds=header["seeds"],
        rows=tuple(rows),
        called=header.get("names", {}),
    )


def read_record(path: Path) -> Known | None:
    """Read a record; None if there is none, or none whose first line is whole.

    Raises:
        BadInput: it cannot be read, or a line is not what was written.
    """
    header: dict[str, Any] | None = None
    runs: dict[tuple[str, int], Row] = {}
    ended: list[int] | None = None
    size, chain, torn = 0, 0, 0
    if path.exists() and not path.is_file():
        raise BadInput(f"{path}: it cannot be read: this is no regular file")
    try:
        for number, line in enumerate(_lines(path), 1):
            if not line.endswith(b"\n"):
                torn = len(line)
                break
            chain, told = unsealed(line, chain, path, number)
            size += len(line)
            told = checked(told, f"{path}, line {number}", None if header is None else len(header["points"]))
            if "study" in told:
                header, ended = told, None
            elif "runs" in told:
                ended = told["runs"]
            else:
                runs[told.pop("key"), told.pop("seed")] = told
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(f"{path}: it cannot be read: {error.strerror or error}") from None
    return None if header is None else Known(header, runs, ended, size, chain, torn)


def sealed(entry: dict[str, Any], chain: int) -> tuple[int, bytes]:
    """Return the line of an entry, and its checksum.

    Args:
        entry: what it says.
        chain: checksum of the line before; 0 for none.
    """
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    chain = crc32(line, chain)
    return chain, b'%b,"sum":"%08x"}\n' % (line, chain)


def unsealed(line: bytes, chain: int, path: Path, number: int) -> tuple[int, dict[str, Any]]:
    """Return the checksum of a line, and what it says; the opposite of `sealed`.

    Raises:
        BadInput: it is not what was written.
    """
    chain = crc32(line[:-_SEAL], chain)
    if not line.endswith(b',"sum":"%08x"}\n' % chain):
        if number == 1 and not line.startswith(b'{"study":'):
            raise BadInput(f"{path}: this is no record of a study; its first line says nothing of one")
        raise BadInput(
            f"{path}, line {number}: this is not what was written there; what stands above is whole, "
            "so delete this line and those below it, and `--resume` goes on from there"
        )
    try:
        told: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput(f"{path}, line {number}: this is no JSON, and so nothing that Parley writes there") from None
    del told["sum"]
    if told.get("study", VERSION) != VERSION:
        raise BadInput(f"{path}, line {number}: another version of Parley wrote this: its format is {told['study']}, not {VERSION}")
    return chain, told


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(partial(file.readline, LONGEST_LINE), b"")
