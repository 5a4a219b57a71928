"""Units: what figures are measured in, and how they are written."""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bus.duration import format_duration

_LARGE = 10_000
"""Figures from which on nobody wants cents."""

_ONE_DIGIT = 0.355
"""Parts of ten from which on one digit of an uncertainty is enough."""


class Unit(NamedTuple):
    """A unit: what it is called, and how a figure in it is written.

    Attributes:
        name: beside the measure's; empty if figures say it themselves.
        scale: what a figure is multiplied with.
        write: writes a figure that has been multiplied, with so many digits after the point.
        digits: after the point, at least and at most.
    """

    name: str
    scale: float = 1.0
    write: Callable[[float, int], str] = lambda value, digits: f"{value:,.{digits}f}"
    digits: tuple[int, int] = (0, 3)

    def fineness(self, values: Iterable[float], widths: Iterable[float]) -> int:
        """Return how many digits after the point figures need, of which so much is uncertain.

        Of the largest uncertainty two digits are enough, and one where they are more than 35 (as the Particle Data Group rounds,
        2022); but none may vanish.

        Args:
            values: the figures.
            widths: by how much each is uncertain; NaN or 0 if that is not known.
        """
        values = [value * self.scale for value in values if math.isfinite(value)]
        least, most = self.digits if max(map(abs, values), default=0) < _LARGE else (0, self.digits[1])
        known = [width * self.scale for width in widths if width > 0]
        if known:
            largest, smallest = max(known), min(known)
            enough = 1 - math.floor(math.log10(largest / _ONE_DIGIT)) if math.isfinite(largest) else 0
            return min(max(least, enough, -math.floor(math.log10(smallest))), most)
        return least if all(math.isclose(value, round(value, least)) for value in values) else least + 1

    def written(self, value: float, digits: int, sign: str = "") -> str:
        """Return a figure with so many digits after the point, with its sign, if it is above zero, where `sign` is "+"."""
        text = self.write(abs(value) * self.scale, digits)
        zero = not any(digit in text for digit in "123456789")
        return text if zero else ("-" if value < 0 else sign) + text


SHARE = Unit("%", 100.0, digits=(1, 3))
NUMBER = Unit("", digits=(0, 2))
LOSS = Unit("", digits=(2, 4))
MONEY = Unit("", digits=(2, 4))
RATE = Unit("an item", digits=(1, 4))
TIME = Unit("", write=lambda value, digits: format_duration(value))
