"""Shortlists: the best of many items by score, without putting all of them in order."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""A number an item: the higher, the sooner it is asked for."""

AHEAD = 1024
"""So many items are put in order at once, from the second time on."""

BLOCK = 256
"""Items of which the highest score is looked at first."""

_FINITE = float(np.finfo(np.float64).max)


class Shortlist:
    """The best items of the pool by one set of scores, of which now and then some are taken.

    Naming costs O(pool) the first time; from the second time on it is done for so many items at once that it costs next to nothing.

    Args:
        scores: a score an item; shape (items,).
        available: which items are there, kept up to date by its owner; shape (items,).
        ahead: how many items are put in order at once, from the second time on.

    Attributes:
        scores: the scores, none of them NaN or infinite; shape (items,).
    """

    def __init__(self, scores: Scores, available: NDArray[np.bool_], ahead: int = AHEAD) -> None:
        self.scores = bounded(scores)
        self._available = available
        self._ahead = ahead
        # Reversed, so that the best stands at the end, where dropping it moves no other.
        self._ordered: list[tuple[int, float]] = []
        self._used = False

    def top(self, count: int) -> list[tuple[int, float]]:
        """Return rows and scores of the best `count` items, or of all that are there, best first."""
        found = self._there(count)
        if len(found) < count:
            rows = best(self.scores, self._available, max(count, self._ahead) if self._used else count)
            self._ordered = list(zip(rows.tolist(), self.scores[rows].tolist(), strict=True))[::-1]
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
    count = min(count, int(np.count_nonzero(available)))
    if count <= 0:
        return np.empty(0, np.intp)
    masked = np.where(available, scores, -np.inf)
    if count == 1:
        return np.asarray(np.argmax(masked, keepdims=True), dtype=np.intp)
    rows = np.flatnonzero((masked >= _low_bar(masked, count)) & available)
    # The count-th highest score splits these; of those that just reach it, the first rows are taken.
    contending = masked[rows]
    bar = np.partition(contending, len(rows) - count)[len(rows) - count]
    above = np.flatnonzero(contending > bar)
    level = np.flatnonzero(contending == bar)[: count - len(above)]
    chosen = np.sort(np.concatenate([above, level]))
    return np.asarray(rows[chosen[np.argsort(-contending[chosen], kind="stable")]], np.intp)


def _low_bar(scores: Scores, count: int) -> float:
    """Return a score that `count` items reach, and few others: each of so many blocks has one that does."""
    blocks = len(scores) // BLOCK
    if blocks < count:
        return -np.inf
    highest = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    return float(np.partition(highest, blocks - count)[blocks - count])


def bounded(scores: Scores) -> Scores:
    """Return scores of which none is NaN or infinite: the same array, if that is so.

    What a strategy of one's own scores as NaN or minus infinity is asked for last, not taken for what is not there.
    """
    if np.isfinite(scores.min(initial=0.0)) and np.isfinite(scores.max(initial=0.0)):
        return scores
    return np.nan_to_num(scores, nan=-_FINITE, posinf=_FINITE, neginf=-_FINITE)
