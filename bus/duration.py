"""Durations, as people write them: "90s", "2h30m", "3d"."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from bus.clock import SECOND

LONGEST = 3.2e9
"""Seconds of a century: no duration is longer."""

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|m|h|d|w)")


def parse_duration(value: object) -> object:
    """Turn text such as "90s", "2h30m" or "3d" into seconds; leave anything else as it is.

    Raises:
        ValueError: it is text, but not a duration.
    """
    if not isinstance(value, str):
        return value
    parts = _PART.findall(value)
    if not parts or _PART.sub("", value).strip():
        raise ValueError(f'{value!r} is not a duration; write seconds, or text such as "90s", "2h30m" or "3d"')
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(ge=0, le=LONGEST, allow_inf_nan=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^(\s*\d+(\.\d+)?\s*(us|ms|s|m|h|d|w))+\s*$"},
            ]
        }
    ),
]
"""Seconds, given as a number or as text such as "90s", "2h30m", "3d"; up to a century."""


def format_duration(seconds: float) -> str:
    """Write a duration as a person would, rounded to its two largest units: "1d 2h", "3m 20s", "0.25s"."""
    text = f"{seconds:.3g}"
    if seconds < 60 and text != "60":
        return f"{text}s"
    whole = round(seconds)
    smallest = ([size for _, size in _parts(whole)] + [1])[:2][-1]
    # Rounded up, 1h 59m 40s is 2h.
    return " ".join(part for part, _ in _parts((whole + smallest // 2) // smallest * smallest)[:2])


def _parts(seconds: int) -> list[tuple[str, int]]:
    """Return the parts of a duration that are not nothing, largest first, each with the seconds of its unit."""
    units = (("d", 86400, 10**6), ("h", 3600, 24), ("m", 60, 60), ("s", 1, 60))
    found = [(seconds // size % limit, unit, size) for unit, size, limit in units]
    return [(f"{number}{unit}", size) for number, unit, size in found if number]


def format_time(microseconds: int) -> str:
    """Write an instant of simulated time as a person would."""
    return format_duration(microseconds / SECOND)
