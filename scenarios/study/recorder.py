"""Writing the record of a study: for one process at a time, and a line a run, as soon as it is finished."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bus.journal import FileWriter, Unwritable
from scenarios.errors import BadInput
from scenarios.grid import Row
from scenarios.study.record import RECORD, VERSION, Known, read_record, sealed

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

Runs = dict[tuple[str, int], Row]
"""Rows, by the key of their point and their seed."""


class Recorder:
    """Appends to the record of a study.

    Args:
        writer: where its lines go.
        path: of the record, for messages.
        chain: checksum of the last line; 0 for none.
    """

    def __init__(self, writer: FileWriter, path: Path, chain: int) -> None:
        self._writer = writer
        self._path = path
        self._chain = chain

    def begin(self, header: dict[str, Any]) -> None:
        """Say what the study is."""
        self._write({"study": VERSION, **header})

    def add(self, key: str, seed: int, row: Row) -> None:
        """Write down a finished run; of two with the same key and seed, the later counts."""
        self._write({"key": key, "seed": seed, **row})

    def finish(self, runs: Sequence[int]) -> None:
        """Say that the study is finished, and how many runs each point has come to have."""
        self._write({"runs": [*runs]})

    def _write(self, entry: dict[str, Any]) -> None:
        chain, line = sealed(entry, self._chain)
        try:
            self._writer.write([line])
        except Unwritable as error:
            raise BadInput(
                f"{self._path}: the record cannot be written on: {error.strerror}; "
                "what was written stays, and --resume goes on from there once that is mended"
            ) from None
        self._chain = chain


@contextmanager
def recording(folder: Path, header: dict[str, Any], resume: bool) -> Iterator[tuple[Recorder, Runs]]:
    """Write the record of a study, for this process alone, on from what it holds where it is to be resumed.

    Args:
        folder: of the study.
        header: what it is.
        resume: whether to go on from a record that is there.

    Yields:
        What appends to the record, and the runs that it holds.

    Raises:
        BadInput: another process is at it, an unfinished study is in the way, the record is another study's or damaged, or it
            cannot be written.
    """
    path = folder / RECORD
    with _claimed(folder):
        known = read_record(path)
        if known is not None:
            _refuse(known, header, resume, path)
        with _opened(path, known if resume else None) as writer:
            recorder = Recorder(writer, path, known.chain if known and resume else 0)
            runs = known.runs if known and resume else {}
            if not runs or known is None or known.header != {"study": VERSION, **header} or known.ended is not None:
                recorder.begin(header)
            yield recorder, runs


def _refuse(known: Known, header: dict[str, Any], resume: bool, path: Path) -> None:
    if resume and known.header["name"] != header["name"]:
        raise BadInput(
            f"{path}: --resume: this is the record of the study {known.header['name']!r}, and not of {header['name']!r}; "
            "name another folder by --out"
        )
    if not resume and known.ended is None and known.runs:
        raise BadInput(
            f"{path}: an unfinished study is there, with {len(known.runs):,} finished runs; "
            "go on with it by --resume, or discard it by deleting the file"
        )


@contextmanager
def _opened(path: Path, known: Known | None) -> Iterator[FileWriter]:
    """Open a record at the end of its whole lines, or empty."""
    try:
        # Without a buffer: should a write fail, nothing is left behind that closing the file would try to write again.
        file = path.open("ab", buffering=0)
        file.truncate(known.size if known else 0)
    except OSError as error:
        raise BadInput(f"{path}: the record cannot be written: {error.strerror}") from None
    with file:
        yield FileWriter(file)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Have a folder for this process alone, making it where it is not there."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"--out {folder}: this is a file; name the folder of the results")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = None if sys.platform == "win32" else os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise BadInput(f"--out {folder}: the folder cannot be made: {error.strerror}") from None
    try:
        if place is not None:
            _lock(place, folder)
        yield
    finally:
        if place is not None:
            os.close(place)


def _lock(place: int, folder: Path) -> None:
    try:
        flock(place, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        raise BadInput(f"{folder}: another process is running a study there; let it end, or name another folder by --out") from None
    except OSError:
        # Some file systems of other machines have no locks.
        pass
