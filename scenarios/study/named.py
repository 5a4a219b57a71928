"""What a scenario names in its folder: data, people, answers, and modules of its own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenarios.errors import BadInput
from scenarios.tables.gathered import files

_WILD = "*?["
_LONGEST = 255
"""Letters of a file's path beyond which a text is none."""


class Named:
    """What scenarios name in a folder; each file is read once.

    Args:
        folder: the one that the scenarios' paths start from.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, list[str]] = {}

    def digests(self, tables: Any) -> dict[str, list[str]]:
        """Return the digests of the files that texts in these tables name, by the text."""
        for text in _texts(tables):
            if text not in self._found:
                self._found[text] = [_digest(path) for path in self._files(text)]
        return {text: self._found[text] for text in _texts(tables) if self._found[text]}

    def placed(self, tables: Any) -> Any:
        """Return tables in which files are named by where they are, so that they may be read from another folder."""
        if isinstance(tables, dict):
            return {key: self.placed(value) for key, value in tables.items()}
        if isinstance(tables, list | tuple):
            return [self.placed(value) for value in tables]
        if isinstance(tables, str) and not _is_module(tables) and any(True for _ in self._files(tables)):
            return str(self._folder.resolve() / tables)
        return tables

    def _files(self, text: str) -> Iterator[Path]:
        """Yield the files that a text may name: by their path, a pattern, or as a module that a dotted path starts with."""
        if not text or len(text) > _LONGEST or "\0" in text or "\n" in text:
            return
        if any(mark in text for mark in _WILD) and "." in text:
            try:
                yield from files(self._folder, text)
            except BadInput:
                return
        elif (path := self._folder / text).is_file():
            yield path
        elif _is_module(text):
            module = self._folder.joinpath(*text.split(".")[:-1])
            yield from (path for path in (module.with_suffix(".py"), module / "__init__.py") if path.is_file())


def _is_module(text: str) -> bool:
    """Return whether a text looks like a dotted path."""
    return "." in text and all(part.isidentifier() for part in text.split(".")) and text.rpartition(".")[2][0].isupper()


def _texts(tables: Any) -> Iterator[str]:
    if isinstance(tables, str):
        yield tables
    elif isinstance(tables, dict | list | tuple):
        for value in tables.values() if isinstance(tables, dict) else tables:
            yield from _texts(value)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()
