"""Scales: in which unit figures stand on an axis, and how they are written in a column."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scenarios.measures.measure import Measure
from scenarios.measures.unit import SHARE, TIME
from scenarios.statistics.estimate import Estimate, Interval

_SPANS = ((172_800.0, 86_400.0, "days"), (7_200.0, 3_600.0, "hours"), (120.0, 60.0, "minutes"), (0.0, 1.0, "seconds"))
"""From how many seconds on time is told in which unit, and how many of them that is."""

PLUS_MINUS = "\N{PLUS-MINUS SIGN}"


CLIPPED = " Where they would go on beyond all that is possible, they end there."
"""What is said of intervals that are drawn no further than figures may go."""


class Scale(NamedTuple):
    """What figures on an axis are multiplied with, and what the axis is called; differences have a name of their own.

    `most` is the greatest figure that there may be, so multiplied; the least is 0.
    """

    factor: float
    title: str
    difference: str
    most: float = math.inf

    def bounded(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of an interval, on the axis, as far as there may be such figures: 100 % is all. NaN for unknown ends."""
        return (low if math.isnan(low) else max(low, 0.0)), (high if math.isnan(high) else min(high, self.most))


def scale_of(measure: Measure, values: Iterable[float]) -> Scale:
    """Return the scale of a measure's figures."""
    name = measure.title
    if measure.unit is TIME:
        longest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
        _, seconds, unit = next(span for span in _SPANS if longest >= span[0])
        return Scale(1 / seconds, f"{name}, {unit}", f"{name}, {unit}")
    unit = measure.unit.name
    if measure.unit is SHARE:
        return Scale(SHARE.scale, f"{name}, {unit}", f"{name}, points", SHARE.scale)
    return Scale(measure.unit.scale, f"{name}, {unit}" if unit else name, name)


def headed(measure: Measure) -> str:
    """Return the head of a column of a measure's figures."""
    return f"{measure.title}, {measure.unit.name}" if measure.unit.name else measure.title


def with_intervals(measure: Measure, estimates: Sequence[Estimate]) -> list[str]:
    """Return means with half their intervals, all as fine as the least certain of them deserves."""
    digits = measure.unit.fineness([each.mean for each in estimates], [each.half_width for each in estimates])
    return [_with_interval(measure, each, digits) for each in estimates]


def _with_interval(measure: Measure, each: Estimate, digits: int) -> str:
    if math.isnan(each.mean):
        return "-"
    text = measure.unit.written(each.mean, digits)
    return f"{text} {PLUS_MINUS} {measure.unit.written(each.half_width, digits)}" if each.half_width > 0 else text


def between(measure: Measure, mean: float, interval: Interval) -> tuple[str, str]:
    """Return a difference, and between what it lies; an empty text where nobody knows."""
    if math.isnan(mean):
        return "-", ""
    known = interval.half_width > 1e-9 * abs(mean)
    digits = measure.unit.fineness([mean], [interval.half_width] if known else [])
    text = measure.unit.written(mean, digits, "+")
    if not known:
        return text, ""
    return text, f"{measure.unit.written(interval.low, digits, '+')} to {measure.unit.written(interval.high, digits, '+')}"


def probability(p: float) -> str:
    """Return a p-value as people read it."""
    if math.isnan(p):
        return "-"
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
