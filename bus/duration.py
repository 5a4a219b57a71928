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
    """Write a duration as a person would: "1d 2h", "3m 20s", "0.25s"."""
    if seconds < 60:
        return f"{seconds:.3g}s"
    whole = round(seconds)
    parts = [
        f"{whole // size % limit}{unit}"
        for unit, size, limit in (("d", 86400, 10**6), ("h", 3600, 24), ("m", 60, 60), ("s", 1, 60))
    ]
    shown = [part for part in parts if not part.startswith("0")][:2]
    return " ".join(shown)


def format_time(microseconds: int) -> str:
    """Write an instant of simulated time as a person would."""
    return format_duration(microseconds / SECOND)
