"""What policies are compared by: each figure of a run, in what unit, and how a difference is put into words."""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bus.duration import format_duration
from scenarios.grid import Row

FIGURES = (
    "stopped_by", "labels", "given_up", "accuracy", "label_accuracy", "answers", "positions", "cost",
    "simulated_seconds", "right_to_wrong", "wrong_to_right", "wrong_to_wrong",
)  # fmt: skip
"""Fields of a run's summary that a comparison goes by."""


_LARGE = 10_000
"""Figures from which on nobody wants cents."""


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

        Two digits of the largest uncertainty are enough, but none of them may vanish.

        Args:
            values: the figures.
            widths: by how much each is uncertain; NaN or 0 if that is not known.
        """
        values = [value * self.scale for value in values if math.isfinite(value)]
        least, most = self.digits if max(map(abs, values), default=0) < _LARGE else (0, self.digits[1])
        needed = [1 - math.floor(math.log10(width * self.scale)) for width in widths if width > 0]
        if needed:
            return min(max(least, min(needed), max(needed) - 1), most)
        return least if all(math.isclose(value, round(value, least)) for value in values) else least + 1

    def written(self, value: float, digits: int, sign: str = "") -> str:
        """Return a figure with so many digits after the point, with its sign, if it is above zero, where `sign` is "+"."""
        text = self.write(abs(value) * self.scale, digits)
        zero = not any(digit in text for digit in "123456789")
        return text if zero else ("-" if value < 0 else sign) + text


SHARE = Unit("%", 100.0, digits=(1, 3))
NUMBER = Unit("", digits=(0, 2))
MONEY = Unit("", digits=(2, 4))
RATE = Unit("an item", digits=(1, 4))
TIME = Unit("", write=lambda value, digits: format_duration(value))


class Measure(NamedTuple):
    """Something that policies are compared by.

    Attributes:
        key: its name for programs.
        title: its name for people.
        unit: what it is measured in.
        figure: returns it for a run, None if there is nothing to measure.
        grain: returns for a run the least by which it could have been another; None if that has to be seen from the figures.
        more, less: what a policy with more of it does, or with less, with a place for how much.
        multiple: what one with many times as much does, with a place for how many times; empty where only differences make sense.
    """

    key: str
    title: str
    unit: Unit
    figure: Callable[[Row], float | None]
    grain: Callable[[Row], float] | None
    more: str
    less: str
    multiple: str = ""


def _field(key: str) -> Callable[[Row], float | None]:
    return lambda row: row[key]


def _per_label(key: str) -> Callable[[Row], float | None]:
    return lambda row: row[key] / row["labels"] if row["labels"] else None


def _one_label(row: Row) -> float:
    return 1 / row["labels"] if row["labels"] else 0.0


def _one(row: Row) -> float:
    return 1.0


def _one_answer(row: Row) -> float:
    return float(row["cost"] / row["answers"]) if row["answers"] else 0.0


def _nothing(row: Row) -> float:
    return 0.0


MEASURES = (
    Measure("accuracy", "accuracy of the model", SHARE, _field("accuracy"), None,
            "is {} points more accurate", "is {} points less accurate"),
    Measure("label_accuracy", "labels right", SHARE, _field("label_accuracy"), _one_label,
            "has {} points more of its labels right", "has {} points fewer of its labels right"),
    Measure("labels", "labels", NUMBER, _field("labels"), _one, "ends with {} more labels", "ends with {} fewer labels"),
    Measure("answers", "answers", NUMBER, _field("answers"), _one,
            "asks for {} more answers", "asks for {} fewer answers", "asks for {} times as many answers"),
    Measure("positions", "positions in negotiations", NUMBER, _field("positions"), _one,
            "hears {} more positions", "hears {} fewer positions", "hears {} times as many positions"),
    Measure("cost", "money", MONEY, _field("cost"), _one_answer, "costs {} more", "costs {} less", "costs {} times as much"),
    Measure("simulated_seconds", "simulated time", TIME, _field("simulated_seconds"), _nothing,
            "takes {} longer", "takes {} less time", "takes {} times as long"),
    Measure("right_to_wrong", "minds changed from right to wrong", RATE, _per_label("right_to_wrong"), _one_label,
            "changes {} more minds an item from right to wrong", "changes {} fewer minds an item from right to wrong"),
    Measure("wrong_to_right", "minds changed from wrong to right", RATE, _per_label("wrong_to_right"), _one_label,
            "changes {} more minds an item from wrong to right", "changes {} fewer minds an item from wrong to right"),
)  # fmt: skip
"""What is compared, in the order in which people want to know."""
