"""Chunks: a large pool in pieces, so that what is computed on the way stays small, and in the processor's cache."""

from collections.abc import Iterator

NUMBERS = 160_000
"""So many numbers a piece has: 16,000 rows of ten classes."""

LEAST = 1024
"""Fewer rows than these are no piece: calls would cost more than what they do."""


def chunks(rows: int, width: int, numbers: int = NUMBERS, least: int = LEAST) -> Iterator[slice]:
    """Yield slices that together are all rows, in order.

    Args:
        rows: how many rows there are.
        width: how many numbers a row holds.
        numbers: how many numbers a piece is to hold.
        least: rows that a piece has at least, but for the last one.
    """
    step = max(least, numbers // max(width, 1))
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))
