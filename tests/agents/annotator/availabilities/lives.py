"""People's lives: their comings and goings, with work in between, without a bus."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agents.annotator.availability import Availability
from agents.annotator.presence import Presence
from bus.chance import Chance
from bus.clock import SECOND


class Stay(NamedTuple):
    """A stay, in seconds: when they came, when they left (None if they stayed to the end), and answers given."""

    came: float
    left: float | None
    answers: int


def stays(
    parts: Sequence[Availability], until: float, work: float | None = None, name: str = "w-1", seed: int = 7, epoch: int = 0
) -> list[Stay]:
    """Return the stays of one person who does one answer after the other.

    Args:
        parts: what keeps them from being there.
        until: the end, in seconds.
        work: seconds of an answer; None for nothing to do.
        name, seed: whose luck it is.
        epoch: as for Presence.
    """
    presence, now, end, found = Presence(name, parts, Chance(seed), epoch), 0, round(until * SECOND), list[Stay]()
    came, answers, was = 0, 0, False
    while True:
        presence.word(now)
        if presence.there and not was:
            came, answers = now, 0
        if was and not presence.there:
            found.append(Stay(came / SECOND, now / SECOND, answers))
        was, due = presence.there, presence.due
        if was and work is not None:
            now = min(end, now + round(work * SECOND))
            presence.answered()
            answers += 1
        else:
            now = end if due is None else min(end, due)
        if now >= end:
            return [*found, Stay(came / SECOND, None, answers)] if was else found


def firsts(parts: Sequence[Availability], people: Iterable[int], seed: int = 7, epoch: int = 0) -> list[float]:
    """Return the second at which each of many people comes first."""
    found = []
    for number in people:
        presence = Presence(f"w-{number}", parts, Chance(seed), epoch)
        presence.word(0)
        assert presence.there or presence.due is not None
        found.append(0.0 if presence.there else (presence.due or 0) / SECOND)
    return found
