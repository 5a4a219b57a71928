"""What one person of the real world was recorded to answer, and how long they took."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from agents.messages import Item

FileFormat = Literal["csv", "tsv", "parquet", "label-studio", "prodigy"]
"""Formats of files of answers."""


class Recording(NamedTuple):
    """A file of answers, as the dials of a component name it.

    Attributes:
        file: the file; relative to the folder of the scenario.
        format: its format; None for the one that its name ends in.
        workers: whose answers the people of a group give, in order; None for the file's workers in order of first appearance.
        columns: names of its columns task, worker, label and duration; None for what they are called by default.
    """

    file: str
    format: FileFormat | None
    workers: tuple[str, ...] | None
    columns: tuple[str | None, str | None, str | None, str | None]


class Record(NamedTuple):
    """What one person was recorded to answer.

    Attributes:
        answers: class index by item; their first answer to it.
        seconds: how long that answer took, by item, where it is known.
        median: how long they took in the median, or if that is not known, how long everybody did; None if nobody knows.
    """

    answers: Mapping[Item, int]
    seconds: Mapping[Item, float]
    median: float | None
