"""The week, as working hours part it; it begins on Monday at 0:00."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator

from bus.clock import SECOND

HOUR = 3600 * SECOND
DAY = 24 * HOUR
WEEK = 7 * DAY

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[int, int]
"""A beginning and an end, in microseconds of a week."""


def parse_week_time(text: str) -> int:
    """Return the microseconds from Monday 0:00 to a weekday and time of day, such as "fri 17:30".

    Raises:
        ValueError: it is none.
    """
    found = _WEEK_TIME.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f'{text!r} is no weekday and time of day; write such as "mon 09:00"')
    day, hour, minute = found.groups()
    return [day == each for each in WEEKDAYS].index(True) * DAY + int(hour) * HOUR + int(minute) * HOUR // 60


def _checked(text: str) -> str:
    parse_week_time(text)
    return text


_WEEK_TIME = re.compile(rf"({'|'.join(WEEKDAYS)})\w*\s+([01]?\d|2[0-3]):([0-5]\d)")
WeekTime = Annotated[str, AfterValidator(_checked)]
"""A weekday and a time of day, as text."""


class Week(NamedTuple):
    """Working hours that repeat every week.

    Attributes:
        bounds: the instants at which they begin and end by turns, in microseconds of a week, in order.
        begins_inside: whether the week begins within working hours.
    """

    bounds: tuple[int, ...]
    begins_inside: bool

    def at(self, moment: int) -> tuple[bool, int | None]:
        """Return whether a moment is within working hours, and how long that stays so; None for ever.

        Args:
            moment: in microseconds since any Monday at 0:00.
        """
        bounds, inside = self.bounds, self.begins_inside
        if not bounds:
            return inside, None
        place = moment % WEEK
        passed = bisect_right(bounds, place)
        end = bounds[passed] if passed < len(bounds) else WEEK + bounds[0]
        return inside ^ bool(passed % 2), end - place

    def share(self) -> float:
        """Return the share of the week that is within working hours."""
        return self._length(self.bounds) / WEEK

    def longest(self) -> int | None:
        """Return the longest stretch of working hours, in microseconds; None for one without end."""
        if not self.bounds:
            return None
        spans = zip(self.bounds, (*self.bounds[1:], WEEK + self.bounds[0]), strict=True)
        return max(end - begin for number, (begin, end) in enumerate(spans) if bool(number % 2) == self.begins_inside)

    def _length(self, bounds: tuple[int, ...]) -> int:
        marks = (0, *bounds, WEEK) if self.begins_inside else (*bounds,)
        return sum(end - begin for begin, end in zip(marks[::2], marks[1::2], strict=True))


def week_of(hours: Iterable[Hours], breaks: Iterable[Hours]) -> Week:
    """Return the week of some working hours without the breaks; both may go on beyond the week's end, where they begin it."""
    level, steps = 0, dict[int, int]()
    for weight, spans in ((1, hours), (-_MANY, breaks)):
        for begin, end in spans:
            # What goes on beyond the week's end is under way when it begins.
            level += weight if end >= WEEK else 0
            steps[begin % WEEK] = steps.get(begin % WEEK, 0) + weight
            steps[end % WEEK] = steps.get(end % WEEK, 0) - weight
    inside = begins_inside = level > 0
    bounds = []
    for place in sorted(steps):
        level += steps[place]
        if (level > 0) != inside:
            inside = not inside
            bounds.append(place)
    return Week(tuple(bounds), begins_inside)


_MANY = 1000
"""A break weighs more than all working hours that there can be at once."""
