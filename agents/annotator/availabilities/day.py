"""The day, as people's activity has it: high at one hour, low twelve hours from it."""

import math
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from agents.annotator.availabilities.week import DAY

_STEPS = 96


class Day(NamedTuple):
    """How activity is spread over a day, in quarters of an hour; on average it is 1.

    Attributes:
        sums: the activity from midnight to the end of each step, in microseconds of average activity, from 0 on.
    """

    sums: tuple[float, ...]

    def after(self, moment: int, activity: float) -> float:
        """Return how many microseconds it takes from a moment (microseconds since midnight) until there was so much activity."""
        start = moment % DAY
        days, rest = divmod(self.until(start) + activity, DAY)
        step = min(bisect_right(self.sums, rest), _STEPS) - 1
        low, high = self.sums[step], self.sums[step + 1]
        return days * DAY + (step + (rest - low) / (high - low)) * (DAY / _STEPS) - start

    def until(self, moment: float) -> float:
        """Return the activity from midnight to a moment of the day, in microseconds of average activity."""
        place = moment / DAY * _STEPS
        step = min(int(place), _STEPS - 1)
        return self.sums[step] + (place - step) * (self.sums[step + 1] - self.sums[step])


def day_of(peak: float, swing: float) -> Day:
    """Return a day whose activity goes as the exponential of a cosine (von Mises, 1918).

    Args:
        peak: the hour at which it is highest.
        swing: how many times the lowest activity the highest is.
    """
    kappa = math.log(swing) / 2
    hours = [(step + 0.5) * 24 / _STEPS for step in range(_STEPS)]
    rates = [math.exp(kappa * math.cos((hour - peak) * math.pi / 12)) for hour in hours]
    sums = [0.0, *accumulate(rates)]
    return Day(tuple(each / sums[-1] * DAY for each in sums))
