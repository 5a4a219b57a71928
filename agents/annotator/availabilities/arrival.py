"""Arrival: who hears of the campaign comes at some time after its beginning."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, PrivateAttr

from agents.annotator.availabilities.day import Day, day_of
from agents.annotator.availabilities.week import HOUR
from agents.annotator.availability import ALWAYS, Availability, Past, Span
from bus.chance import Keyed
from bus.clock import SECOND
from bus.duration import Duration


class Arrival(Availability):
    """Comes for the first time at the first event of a Poisson process, whose rate goes up and down with the hour of the day.

    Of many people, these arrivals make a Poisson process together, which thins out as they have come (Faridani et al., 2011).
    """

    kind: ClassVar[str] = "arrival"

    mean: Annotated[Duration, Field(gt=0)]
    """Mean time until they come."""
    swing: Annotated[float, Field(ge=1, le=1000)] = 1.0
    """How many times as high the rate is at its peak as twelve hours from it; real logs show 10 to 30."""
    peak: Annotated[float, Field(ge=0, lt=24)] = 15.0
    """Hour of the day at which it is highest, by their own clock."""
    utc_offset: Annotated[float, Field(ge=-12, le=14)] = 0.0
    """Hours by which their clock is ahead of UTC."""

    _day: Day = PrivateAttr(day_of(0, 1))

    def model_post_init(self, context: Any, /) -> None:
        """Work out the day."""
        self._day = day_of(self.peak, self.swing)

    def at(self, now: int, past: Past, luck: Keyed) -> Span:
        """Return whether they have come by an instant."""
        if past.visits:
            return ALWAYS
        clock = past.epoch + round(self.utc_offset * HOUR)
        comes = round(self._day.after(clock, luck.luck(0).exponential() * self.mean * SECOND))
        return ALWAYS if now >= comes else Span(False, comes)
