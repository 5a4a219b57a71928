"""Wrapping: texts side by side in little room, broken between words, and at hyphens."""

from collections.abc import Callable, Sequence
from textwrap import wrap


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of so many letters at most, broken at spaces and hyphens, and in a word only where it is longer."""
    return "\n".join(each for line in text.split("\n") for each in wrap(line, width) or [""])


def widths_of(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide each column is to be: what its texts take, or less where there is no room.

    The widest gives way first, as long as no word need be broken in it; where that is not enough, the widest of all.

    Args:
        columns: the texts of each.
        room: how many letters there are for a line of all.
    """
    widths = [_longest(column, lambda line: [line]) for column in columns]
    least = [_longest(column, lambda line: wrap(line, 1, break_long_words=False)) for column in columns]
    while sum(widths) > max(room, len(widths)):
        loose = [at for at, width in enumerate(widths) if width > least[at]] or range(len(widths))
        widths[max(loose, key=widths.__getitem__)] -= 1
    return widths


def _longest(texts: Sequence[str], pieces: Callable[[str], list[str]]) -> int:
    return max((len(piece) for text in texts for line in text.split("\n") for piece in pieces(line)), default=0) or 1
