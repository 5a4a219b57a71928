"""Shifts: working hours by the clock and the calendar."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr, model_validator

from agents.annotator.availabilities.week import DAY, HOUR, WEEK, WEEKDAYS, Week, Weekday, week_of
from agents.annotator.availability import Availability, Past, Span
from bus.chance import Keyed
from bus.clock import SECOND, microseconds
from bus.duration import Duration

ClockTime = Annotated[Duration, Field(le=DAY // SECOND)]


class Shifts(Availability):
    """There at certain hours of certain weekdays, by the clock of where they live."""

    kind: ClassVar[str] = "shifts"

    days: tuple[Weekday, ...] = WEEKDAYS[:5]
    """Weekdays on which a shift begins; left out, all but the weekend."""
    begins: ClockTime = 9 * 3600.0
    """When a shift begins, from midnight."""
    ends: ClockTime = 17 * 3600.0
    """When it ends; on the next day, if that is not after its beginning."""
    breaks: tuple[tuple[ClockTime, ClockTime], ...] = ()
    """Breaks, by when they begin and end, such as [["12h", "12h30m"]]."""
    utc_offset: Annotated[float, Field(ge=-12, le=14)] = 0.0
    """Hours by which their clock is ahead of UTC."""
    overtime: bool = True
    """Whether they finish, before they leave, what they are at; else they give it back."""

    _week: Week = PrivateAttr(Week((), True))

    @model_validator(mode="after")
    def _is_some_time(self) -> "Shifts":
        if any(begin >= end for begin, end in self.breaks):
            raise ValueError("a break begins before it ends")
        if self._week.share() == 0:
            raise ValueError("with these days, hours and breaks, they are never there")
        return self

    def model_post_init(self, context: Any, /) -> None:
        """Work out the week."""
        begin, end = microseconds(self.begins), microseconds(self.ends)
        end += DAY if end <= begin else 0
        mondays = [WEEKDAYS.index(day) * DAY for day in self.days]
        hours = [(day + begin, day + end) for day in mondays]
        breaks = [(day + microseconds(one), day + microseconds(other)) for day in range(0, WEEK, DAY) for one, other in self.breaks]
        self._week = week_of(hours, breaks)

    def at(self, now: int, past: Past, luck: Keyed) -> Span:
        """Return whether an instant is within working hours."""
        there, left = self._week.at(past.epoch + now + round(self.utc_offset * HOUR))
        return Span(there, None if left is None else now + left)

    def is_strict(self) -> bool:
        """Return whether they leave on time."""
        return not self.overtime

    def longest(self) -> float | None:
        """Return the longest stretch between breaks, for those who leave on time."""
        longest = None if self.overtime else self._week.longest()
        return None if longest is None else longest / SECOND

    def share(self) -> float:
        """Return the share of all time at which they are there."""
        return self._week.share()
