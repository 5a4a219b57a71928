"""Moments at which people began or ended something, as files write them."""

import math
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

LATEST = 1e11
"""Seconds beyond which a number is none of seconds: the year 5138, if they count from 1970."""


class Kind(Enum):
    """How a moment was written; moments of different kinds cannot be compared."""

    NUMBER = "a number of seconds"
    LOCAL = "a date and time without a time zone"
    UNIVERSAL = "a date and time with a time zone"


class Moment(NamedTuple):
    """A moment in seconds, from a beginning that depends on its kind."""

    seconds: float
    kind: Kind

    def before(self, seconds: float) -> "Moment":
        """Return the moment that many seconds before."""
        return Moment(self.seconds - seconds, self.kind)


def parse_moment(text: str) -> Moment:
    """Return the moment of a number of seconds, or of a date and time in ISO 8601.

    Raises:
        ValueError: it is neither. The message goes on from "the start".
    """
    try:
        number = float(text)
    except ValueError:
        return _date_and_time(text)
    return moment_of(number)


def moment_of(number: float) -> Moment:
    """Return the moment of a number of seconds.

    Raises:
        ValueError: it is out of bounds. The message goes on from "the start".
    """
    if not 0 <= number <= LATEST:
        milliseconds = " (are these milliseconds?)" if LATEST < number < math.inf else ""
        raise ValueError(f"is {number:g}; times are 0 to {LATEST:g} seconds{milliseconds}")
    return Moment(number, Kind.NUMBER)


def _date_and_time(text: str) -> Moment:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return Moment(moment.replace(tzinfo=UTC).timestamp(), Kind.LOCAL)
        return Moment(moment.timestamp(), Kind.UNIVERSAL)
    except (ValueError, OverflowError):
        found = repr(text if len(text) <= 40 else text[:37] + "...")
        raise ValueError(f"is {found}; write seconds, or a date and time such as 2024-05-01T09:30:00Z") from None
