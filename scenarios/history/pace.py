"""Real time, in which a log is played back: so many simulated seconds a second."""

import time
from collections.abc import Callable

from bus.clock import SECOND

_LONGEST_NAP = 60.0
"""Seconds to sleep at once: the system knows no sleep as long as the slowest playback might want."""


class Pace:
    """Holds back what happens until its time has come.

    The first instant that is waited for comes at once, and the others as much later as they are, by the speed.

    Args:
        speed: simulated seconds a real second.
        clock: tells real seconds.
        sleep: waits real seconds.
    """

    def __init__(
        self, speed: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._start: tuple[int, float] | None = None

    def wait_until(self, instant: int) -> None:
        """Return when a simulated instant, in microseconds, has come."""
        if self._start is None:
            self._start = (instant, self._clock())
        first, begun = self._start
        # By the clock, not by adding up what was slept: what is late once is not late for ever.
        due = begun + (instant - first) / SECOND / self._speed
        while (left := due - self._clock()) > 0:
            self._sleep(min(left, _LONGEST_NAP))
