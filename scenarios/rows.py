"""Rows of comma- or tab-separated text, each with its line, and what its cells are."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from scenarios.errors import BadInput

LONGEST_ROW = 2**24
"""Characters of a row beyond which a file is refused rather than read into memory."""

# Eighteen digits fit into 64 bits; 007 is a name, not a number.
_WHOLE = re.compile(r"-?[1-9][0-9]{0,17}|0")


def read_rows(path: Path, hint: str = "", separator: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file in UTF-8 that are not blank, each with the number of its first line.

    Args:
        path: the file.
        separator: what stands between cells; None for a tab if the file ends in .tsv, and a comma otherwise.
        hint: what to add where it cannot be opened.

    Raises:
        BadInput: it cannot be read. The message names the line.
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = _Lines(file)
            between = separator or ("\t" if path.suffix.lower() == ".tsv" else ",")
            reader = csv.reader(lines, delimiter=between, strict=True)
            for cells in reader:
                lines.size = 0
                if cells:
                    yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError:
        raise BadInput(f"{path}, line {_first_undecodable(path)}: this is not UTF-8 text{_instead(path)}") from None
    except csv.Error as error:
        raise BadInput(f"{path}, line {line}: {error}") from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error, hint) from None


class _Lines:
    """The lines of a file: never more of one row than memory holds."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        if "\0" in line:
            raise csv.Error("there is a NUL character in it, so this is no text, or damaged")
        self.size += len(line)
        if self.size >= LONGEST_ROW:
            raise csv.Error(f"the row is longer than {LONGEST_ROW >> 20} million characters")
        return line


def unreadable(path: Path, error: OSError | ValueError, hint: str = "") -> BadInput:
    """Return what to say of a file that cannot be opened."""
    why = error.strerror if isinstance(error, OSError) else error
    return BadInput(f"{path.absolute()}: {why}{hint and f' ({hint})'}")


def are_whole(cells: Sequence[str]) -> bool:
    """Return whether all cells are whole numbers, written as numbers are."""
    return all(map(_WHOLE.fullmatch, cells))


def whole_or_text(cells: list[str]) -> list[Any]:
    """Return cells as numbers if they are whole numbers throughout, and as they are otherwise."""
    return [int(cell) for cell in cells] if are_whole(cells) else cells


_BEGINNINGS = {
    b"\x1f\x8b": "gzip; unpack it first",
    b"PK": "a zip archive, as spreadsheets are; save it as text first",
    b"PAR1": "Parquet",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def _instead(path: Path) -> str:
    """Say what a file is that is not text, as far as its first bytes tell."""
    with path.open("rb") as file:
        beginning = file.read(4)
    return next((f", but {what}" for start, what in _BEGINNINGS.items() if beginning.startswith(start)), "")


def _first_undecodable(path: Path) -> int:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_ROW):
            number += 1
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0
