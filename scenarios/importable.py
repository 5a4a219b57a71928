"""What dotted paths may name beside installed packages: a folder's own modules."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Let dotted paths name what stands in a scenario's folder, or in the working folder."""
    before = [*sys.path]
    # Last, so that nothing beside a scenario can take the place of an installed package.
    sys.path += [str(folder.resolve()), str(Path.cwd())]
    try:
        yield
    finally:
        sys.path[:] = before
