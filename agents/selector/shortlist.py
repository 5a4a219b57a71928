"""Shortlists: the best of many items by score, without putting all of them in order."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""A number an item: the higher, the sooner it is asked for."""

AHEAD = 1024
"""So many items are put in order at once, from the second time on."""

_FINITE = float(np.finfo(np.float64).max)


class Shortlist:
    """The best items of the pool by one set of scores, of which now and then some are taken.

    Naming costs O(pool) the first time; from the second time on it is done for so many items at once that it costs next to nothing.

    Args:
        scores: a score an item; shape (items,).
        available: which items are there, kept up to date by its owner; shape (items,).
        ahead: how many items are put in order at once, from the second time on.
    """

    def __init__(self, scores: Scores, available: NDArray[np.bool_], ahead: int = AHEAD) -> None:
        self._scores = bounded(scores)
        self._available = available
        self._ahead = ahead
        # Reversed, so that the best stands at the end, where dropping it moves no other.
        self._ordered: list[tuple[int, float]] = []
        self._used = False

    def top(self, count: int) -> list[tuple[int, float]]:
        """Return rows and scores of the best `count` items, or of all that are there, best first."""
        found = self._there(count)
        if len(found) < count:
            rows = best(self._scores, self._available, max(count, self._ahead) if self._used else count)
            self._ordered = list(zip(rows.tolist(), self._scores[rows].tolist(), strict=True))[::-1]
            self._used = True
            found = self._ordered[: -count - 1 : -1]
        return found

    def _there(self, count: int) -> list[tuple[int, float]]:
        """Return the first few that were put in order, and are still there."""
        ordered, available = self._ordered, self._available
        while ordered and not available[ordered[-1][0]]:
            ordered.pop()
        found: list[tuple[int, float]] = []
        for entry in reversed(ordered):
            if len(found) == count:
                break
            if available[entry[0]]:
                found.append(entry)
        return found


def best(scores: Scores, available: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """Return the rows of the `count` highest scores among the available items, best first; of equal scores, the earlier row first.

    O(items), plus O(count log count) to put the chosen in order.
    """
    masked = np.where(available, scores, -np.inf)
    count = min(count, int(np.count_nonzero(available)))
    if count <= 1:
        return np.asarray(np.argmax(masked, keepdims=True)[:count], dtype=np.intp)
    # The count-th highest score splits the pool; of those that just reach it, the first rows are taken.
    bar = np.partition(masked, len(masked) - count)[len(masked) - count]
    above = np.flatnonzero(masked > bar)
    level = np.flatnonzero((masked == bar) & available)[: count - len(above)]
    rows = np.sort(np.concatenate([above, level]))
    return rows[np.argsort(-masked[rows], kind="stable")]


def bounded(scores: Scores) -> Scores:
    """Return scores of which none is NaN or infinite.

    What a strategy of one's own scores as NaN or minus infinity is asked for last, not taken for what is not there.
    """
    return np.nan_to_num(scores, nan=-_FINITE, posinf=_FINITE, neginf=-_FINITE)
