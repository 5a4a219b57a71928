"""Quantities that change at instants, over a campaign of any length, in so many bins: means and peaks are exact."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agents.inference.answers import Floats

MOST = 600
"""Bins at most: more than a figure shows."""

_FIRST = 1000
"""Microseconds of a bin at first."""


class Course(NamedTuple):
    """How a quantity went.

    Attributes:
        starts: when each bin begins, in microseconds, and when the last one ends; shape (bins + 1,).
        mean: over each bin, weighted by time; shape (bins,).
        peak: the highest in each bin; shape (bins,).
        last: at the end of each bin; shape (bins,).
    """

    starts: Floats
    mean: Floats
    peak: Floats
    last: Floats


class Bins:
    """Takes quantities as they change. Where the time outgrows the bins, two by two become one.

    Args:
        names: of the quantities.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._width = _FIRST
        self._now = 0
        self._values = (0.0,) * len(names)
        self._sums: list[list[float]] = [[] for _ in names]
        self._peaks: list[list[float]] = [[] for _ in names]
        self._lasts: list[list[float]] = [[] for _ in names]

    def note(self, time: int, values: tuple[float, ...]) -> None:
        """Let quantities have these values from an instant on, in microseconds, which is no earlier than the last one."""
        self._advance(time)
        self._values = values
        place = time // self._width
        self._fill(place)
        for number, value in enumerate(values):
            if value > self._peaks[number][place]:
                self._peaks[number][place] = value
            self._lasts[number][place] = value

    def course(self, name: str, end: int) -> Course:
        """Return how a quantity went, up to an instant that is no earlier than the last one."""
        self._advance(end)
        self._fill(end // self._width)
        number = self.names.index(name)
        count = len(self._sums[number])
        starts = np.minimum(np.arange(count + 1, dtype=np.float64) * self._width, max(end, 1))
        length = np.diff(starts)
        there = length > 0
        sums, peaks, lasts = (np.asarray(each[number]) for each in (self._sums, self._peaks, self._lasts))
        mean = np.where(there, sums / np.maximum(length, 1e-9), lasts)
        keep = max(1, int(there.sum()))
        return Course(starts[: keep + 1], mean[:keep], peaks[:keep], lasts[:keep])

    def _advance(self, time: int) -> None:
        """Let the quantities stay as they are until an instant."""
        while time >= MOST * self._width:
            self._merge()
        while self._now < time:
            place = self._now // self._width
            until = min(time, (place + 1) * self._width)
            self._fill(place)
            for sums, value in zip(self._sums, self._values, strict=True):
                sums[place] += value * (until - self._now)
            self._now = until

    def _fill(self, place: int) -> None:
        for sums, peaks, lasts, value in zip(self._sums, self._peaks, self._lasts, self._values, strict=True):
            while len(sums) <= place:
                sums.append(0.0)
                peaks.append(value)
                lasts.append(value)

    def _merge(self) -> None:
        self._width *= 2
        for each in self._sums:
            each[:] = [sum(each[at : at + 2]) for at in range(0, len(each), 2)]
        for each in self._peaks:
            each[:] = [max(each[at : at + 2]) for at in range(0, len(each), 2)]
        for each in self._lasts:
            each[:] = [each[at : at + 2][-1] for at in range(0, len(each), 2)]
