"""A crowd: the people of a file, a row a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.messages import Label


@dataclass(frozen=True)
class Crowd:
    """The people of a file. Crowds of files with equal bytes are equal.

    Attributes:
        path: the file.
        digest: 16 hexadecimal digits over its bytes.
        classes: the classes that noise in it is about, in the order of its matrices; None if it does not say.
        workers: what each person was called in the log that they were fitted to; empty where that is not known.
        answers: how many answers each gave there; None where that is not known.
        keys: what the file says of people, by key of an annotator table; None of those of whom it says nothing. The same object
            stands for all of whom it says the same.
    """

    path: Path = field(compare=False)
    digest: str
    classes: tuple[Label, ...] | None = field(compare=False)
    workers: Sequence[str] = field(compare=False, repr=False)
    answers: Sequence[int | None] = field(compare=False, repr=False)
    keys: Mapping[str, Sequence[Any]] = field(compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.workers)

    def person(self, row: int) -> dict[str, Any]:
        """Return what the file says of a person, by key; rows are counted from 0."""
        return {key: values[row] for key, values in self.keys.items() if values[row] is not None}

    def where(self, row: int) -> str:
        """Return a person's place, as messages name it."""
        return place_of(self.path, row, self.workers[row])


def place_of(path: Path, row: int, worker: str = "") -> str:
    """Return the place of a person in a file, as messages name it; rows are counted from 0, and named from 1."""
    called = f" ({worker[:60]!r})" if worker else ""
    return f"{path}, person {row + 1}{called}"
