"""Running arrays: what changes with each item that is labelled or pending, and is never computed from nothing without need."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.selector.pool import Pool

Array = NDArray[Any]


class Running:
    """An array that follows from the items that are labelled or pending, in the order in which they came to be.

    Each item is taken into account once, when it is picked, and not again when it is asked for. Where an item is lost (it gets no
    label), all is done anew; and so it is for whoever takes the Selector's place after a crash, with the same result.

    Args:
        start: the array while there is no such item.
        take: changes it by one more item, given its row.
    """

    def __init__(self, start: Array, take: Callable[[Array, int], None]) -> None:
        self._start = start
        self._take = take
        self._settled = start.copy()
        self._ahead = start.copy()
        self._count = 0
        self._last: int | None = None
        self._picks: list[int] = []
        self._losses = 0

    def now(self, pool: Pool) -> Array:
        """Return the array by what is labelled or pending now; it is not to be written to."""
        new = self._new(pool)
        if self._picks and new[: len(self._picks)] == self._picks:
            self._settled, self._ahead = self._ahead, self._settled
            new = new[len(self._picks) :]
        self._picks = []
        for row in new:
            self._take(self._settled, row)
        return self._settled

    def _new(self, pool: Pool) -> list[int]:
        """Return the rows that are not yet taken into account, all of them if one that was is lost."""
        covered = pool.covered
        beyond = len(covered) - self._count
        # The last that is known is looked at once more, to see that the others come after it.
        recent = [*islice(reversed(covered), max(beyond, 0) + 1)][::-1]
        follow = beyond >= 0 and (not self._count or recent[0] == self._last)
        if not follow or self._losses != pool.losses:
            np.copyto(self._settled, self._start)
            self._picks, self._losses, recent, beyond = [], pool.losses, [*covered], len(covered)
        self._count, self._last = len(covered), recent[-1] if recent else None
        return recent[len(recent) - beyond :]

    def ahead(self, pool: Pool) -> Array:
        """Return the array by what is labelled or pending, to change with what is picked now; it is not to be written to."""
        now = self.now(pool)
        np.copyto(self._ahead, now)
        return self._ahead

    def pick(self, row: int) -> None:
        """Take one more item into account, as if it were pending."""
        self._take(self._ahead, row)
        self._picks.append(row)
