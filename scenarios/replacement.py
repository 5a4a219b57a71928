"""A file that takes the place of another when it is whole, and not before."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scenarios.errors import BadInput


@contextmanager
def replacement(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file to be written anew; if writing fails, what stood there stays. None writes to stdout, as it comes.

    Raises:
        BadInput: it cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.is_dir():
        raise BadInput(f"{path}: this is a folder; name a file")
    # A link goes on leading to where it leads; and what is no file, such as /dev/null, cannot be replaced by one.
    target = path.resolve()
    in_place = target.exists() and not target.is_file()
    partial = target if in_place else target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        if not in_place:
            partial.replace(target)
    except OSError as error:
        if error.filename not in (None, str(partial)):
            raise
        raise BadInput(f"{path}: it cannot be written: {error.strerror or error}") from None
    finally:
        if not in_place:
            partial.unlink(missing_ok=True)
