"""Old logs, read as if they were written today: for each version of the log, what turns its lines into those of the next."""

from collections.abc import Callable
from typing import Any

LOG_VERSION = 2
"""The version that is written. A kind of event more is no new version; anything that an old reader would misread is."""

Json = dict[str, Any]


def _header_1_to_2(header: Json) -> Json:
    """Say where the events came from: before version 2, all logs were of simulated runs."""
    return {**header, "log": 2, "origin": "simulated"}


HEADERS: dict[int, Callable[[Json], Json]] = {1: _header_1_to_2}
"""By version, what makes its header one of the next version."""

EVENTS: dict[int, Callable[[Json], Json]] = {}
"""By version, what makes its events ones of the next version; where there is nothing to do, nothing stands here."""


def upcast_header(header: Json) -> Json:
    """Return a header as the present version has it; its version must be known."""
    while header["log"] < LOG_VERSION:
        header = HEADERS[header["log"]](header)
    return header


def event_upcaster(version: int) -> Callable[[Json], Json] | None:
    """Return what makes an event of a log of that version one of the present version; None if events did not change since."""
    steps = [EVENTS[each] for each in range(version, LOG_VERSION) if each in EVENTS]
    if not steps:
        return None

    def upcast(event: Json) -> Json:
        for step in steps:
            event = step(event)
        return event

    return upcast
