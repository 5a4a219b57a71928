"""Sessions: work in stretches, with pauses in between."""

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from agents.annotator.availability import Availability, Past, Span
from bus.chance import Keyed
from bus.clock import microseconds
from bus.duration import Duration


class Sessions(Availability):
    """There for so many answers, or so long, and then away for a while (Faridani et al., 2011; Difallah et al., 2015).

    A session is cut short by whatever else makes them leave; only one that has come to its own end is followed by a pause.
    """

    kind: ClassVar[str] = "sessions"

    answers: Annotated[float, Field(ge=1, le=1e6)] | None = None
    """Median number of answers in a session; left out, no limit. Real logs show 10 to 19."""
    answers_sigma: Annotated[float, Field(ge=0, le=5)] = 0.0
    """Standard deviation of its natural logarithm; 0 is always as many."""
    time: Annotated[Duration, Field(gt=0)] | None = None
    """Median length of a session; left out, no limit. Real logs show 8 to 14 minutes."""
    time_sigma: Annotated[float, Field(ge=0, le=5)] = 0.0
    """Standard deviation of its natural logarithm."""
    pause: Annotated[Duration, Field(gt=0)] = 24 * 3600.0
    """Median length of the pause after a session; in real logs, about a day."""
    pause_sigma: Annotated[float, Field(ge=0, le=5)] = 0.0
    """Standard deviation of its natural logarithm."""
    overtime: bool = True
    """Whether they finish, when their time is over, what they are at; else they give it back."""

    @model_validator(mode="after")
    def _ends(self) -> "Sessions":
        if self.answers is None and self.time is None:
            raise ValueError("a session ends after so many `answers`, or so much `time`; say one of them at least")
        return self

    def at(self, now: int, past: Past, luck: Keyed) -> Span:
        """Return whether they are within a session, or through with the pause after it."""
        if past.visits == 0:
            return Span(True, None)
        end = self._end(past, luck)
        through = past.position >= self._limit(past, luck)
        if past.there:
            return Span(not through and (end is None or now < end), end)
        if not through and (end is None or past.left < end):
            return Span(True, None)
        back = past.left + _lasting(self.pause, self.pause_sigma, luck, past.visits, 2)
        return Span(now >= back, None if now >= back else back)

    def is_strict(self) -> bool:
        """Return whether they leave on time."""
        return not self.overtime

    def longest(self) -> float | None:
        """Return the time of a session that is exceeded once in a thousand times, for those who leave on time."""
        return None if self.overtime or self.time is None else self.time * math.exp(3.1 * self.time_sigma)

    def _limit(self, past: Past, luck: Keyed) -> float:
        """Return the number of answers after which the last session ends."""
        if self.answers is None:
            return math.inf
        return max(1.0, _lognormal(self.answers, self.answers_sigma, luck, past.visits, 0))

    def _end(self, past: Past, luck: Keyed) -> int | None:
        """Return the instant at which the time of the last session is over."""
        if self.time is None:
            return None
        return past.came + _lasting(self.time, self.time_sigma, luck, past.visits, 1)


def _lasting(median: float, sigma: float, luck: Keyed, visit: int, what: int) -> int:
    """Draw a length in microseconds; it takes some time, or a person would come and go for ever at one instant."""
    return max(1, microseconds(_lognormal(median, sigma, luck, visit, what)))


def _lognormal(median: float, sigma: float, luck: Keyed, visit: int, what: int) -> float:
    """Draw the length of a visit, or of what follows it, by inversion."""
    return median * math.exp(sigma * luck.luck(visit, what).normal()) if sigma else median
