"""Standings: items by score, of which some change while the best are taken."""

from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from agents.selector.shortlist import Scores, bounded

Entry = tuple[float, float, int]
"""Minus an item's score, its luck, and its row: in the order of entries, the best is the least."""


FIRST_BLOCK = 256
"""So many of the best are sorted at first: often all are scored anew before more are taken."""


class Standings:
    """Items by score; those with equal scores by luck.

    O(items) once, and again for each block of the best, which are sorted when it is their turn and twice as many each time; apart
    from that O(log items) for an item that is entered, or taken.

    Args:
        scores: a score an item; shape (items,).
        among: which items stand here from the start; shape (items,).
        luck: numbers by chance, an item each; shape (items,).
        block: how many of the best are sorted at first.
    """

    def __init__(self, scores: Scores, among: NDArray[np.bool_], luck: Scores, block: int = FIRST_BLOCK) -> None:
        self._scores = bounded(scores)
        self._luck = luck
        self._rest = np.flatnonzero(among)
        # As they were at first, whatever is entered before it is their turn.
        self._rest_keys = -self._scores[self._rest]
        self._rows, self._keys = self._rest[:0], self._rest_keys[:0]
        self._next = 0
        self._block = block
        self._entered: list[Entry] = []

    def enter(self, row: int, score: float) -> None:
        """Give an item a score, whether it has one or not."""
        self._scores[row] = score
        heappush(self._entered, (-score, float(self._luck[row]), row))

    def take(self, allowed: NDArray[np.bool_]) -> tuple[int, float] | None:
        """Take the best of the items that are allowed, and return its row and score; None if none is. Others drop out.

        Args:
            allowed: which items may be taken; shape (items,).
        """
        while True:
            first = self._first()
            if self._entered and (first is None or self._entered[0] < first):
                first = heappop(self._entered)
            elif first is not None:
                self._next += 1
            else:
                return None
            key, _, row = first
            # One that has had another score since stands elsewhere too.
            if allowed[row] and self._scores[row] == -key:
                return row, -key

    def _first(self) -> Entry | None:
        """Return the best of the items that stand as they stood at first."""
        if self._next == len(self._rows):
            if not len(self._rest):
                return None
            self._sort_block()
        row = int(self._rows[self._next])
        return float(self._keys[self._next]), float(self._luck[row]), row

    def _sort_block(self) -> None:
        """Sort the best of those that are left, and all that score like the last of them."""
        rows, keys = self._rest, self._rest_keys
        if len(rows) > self._block:
            is_turn = keys <= np.partition(keys, self._block)[self._block]
            self._rest, self._rest_keys = rows[~is_turn], keys[~is_turn]
            rows, keys = rows[is_turn], keys[is_turn]
        else:
            self._rest, self._rest_keys = rows[:0], keys[:0]
        order = np.lexsort((self._luck[rows], keys))
        self._rows, self._keys, self._next = rows[order], keys[order], 0
        self._block *= 2
