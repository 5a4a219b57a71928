"""Attainable: whether people are ever there, and can do a task in the time that they have."""

from collections.abc import Iterable

from agents.annotator.availabilities.week import parse_week_time
from agents.annotator.availability import Availability
from agents.annotator.latency import Latency
from agents.annotator.presence import Presence
from bus.chance import Chance
from bus.clock import microseconds
from bus.duration import LONGEST, format_duration
from scenarios.annotators import Person
from scenarios.errors import BadInput
from scenarios.scenario import LEAST_CHANCE, Scenario, never_in_time

_TASKS = 200
"""Tasks that somebody is tried with, of which one at least is to be done, beside the first few."""

_FIRST = 5
"""Tasks by which a beginning that suits them does not count any more."""


def refuse_unattainable(people: Iterable[Person], scenario: Scenario, chance: Chance) -> None:
    """Refuse people who can never meet the lease, are never there, or never stay for long enough.

    Raises:
        BadInput: there is one.
    """
    for person in people:
        reason = _why_not(person, scenario, chance)
        if reason is not None:
            raise BadInput(f"annotators, {person.name}: {reason}")


def _why_not(person: Person, scenario: Scenario, chance: Chance) -> str | None:
    lease, latency = scenario.coordination.lease, person.latency
    if lease is not None and latency.within(lease) < LEAST_CHANCE:
        return never_in_time(latency, lease)
    for part in person.availability:
        where = f"availability {(part.kind or type(part).__name__)!r}"
        stay = part.longest()
        if stay is not None and latency.within(stay) < LEAST_CHANCE:
            return (
                f"{where}: they leave on time, after {format_duration(stay)} at most, and an answer takes no longer than that with "
                f"probability {latency.within(stay):.2g}; let them work overtime, or make the latency shorter"
            )
        if part.is_silent() and lease is None:
            return (
                f"{where} leaves tasks undone without a word, so that only the end of their lease tells; "
                "there is none: set coordination.lease"
            )
    if person.availability and not is_ever_there(person, scenario.begins, chance):
        return f"availability: {_all_of(person)}, they are never there"
    if person.availability and _is_never_done(person, scenario, chance):
        return f"availability: {_all_of(person)}, {_never_done(lease)}"
    return None


def is_ever_there(person: Person, begins: str | None, chance: Chance) -> bool:
    """Return whether somebody comes at all."""
    presence = _presence(person, begins, chance)
    presence.word(0)
    return presence.there or presence.due is not None


def _presence(person: Person, begins: str | None, chance: Chance) -> Presence:
    return Presence(person.name, person.availability, chance, 0 if begins is None else parse_week_time(begins))


def _all_of(person: Person) -> str:
    kinds = [repr(part.kind or type(part).__name__) for part in person.availability]
    return f"with {kinds[0]}" if len(kinds) == 1 else f"with {', '.join(kinds[:-1])} and {kinds[-1]} together"


# Each part alone may let somebody do a task in time, and all together not: batches may take longer than the lease.


def _never_done(lease: float | None) -> str:
    if lease is None:
        return "no task is ever done before they leave, which they do on time; let them work overtime, or make the latency shorter"
    return (
        f"no answer comes within the lease of {format_duration(lease)} when they always have something to do; "
        "make coordination.lease longer"
    )


def _is_never_done(person: Person, scenario: Scenario, chance: Chance) -> bool:
    """Return whether somebody who is given one task after the other never does one in time, as fast as they may be."""
    lease = None if scenario.coordination.lease is None else microseconds(scenario.coordination.lease)
    if not any(part.is_strict() or (lease is not None and _holds_up(part)) for part in person.availability):
        return False
    presence, work, now = _presence(person, scenario.begins, chance), microseconds(_fastest(person.latency)), 0
    for item in range(_TASKS):
        arrived = _arrival(presence, now)
        if arrived is None:
            # Who leaves for good is waited for by nobody.
            return False
        if item == 0 and any(part.buckets() for part in person.availability):
            _spend(presence, arrived)
        end = presence.strict_end(arrived)
        begins = presence.ready(item, 0, arrived)
        if end is None or begins < end:
            presence.begin(item, 0, begins)
        now = presence.hands_in(begins + work)
        if end is not None and now >= end:
            now = end
        elif item >= _FIRST and (lease is None or now <= arrived + lease):
            return False
        else:
            presence.answered()
    return True


def _holds_up(part: Availability) -> bool:
    """Return whether an answer may take longer by this part than by the work."""
    return bool(part.buckets()) or part.sets_out(1) != 1 or part.hands_in(1) != 1


def _arrival(presence: Presence, now: int) -> int | None:
    """Return the instant, from `now` on, at which somebody is there; None if they do not come any more."""
    for _ in range(_TASKS):
        presence.word(now)
        if presence.there:
            return now
        if presence.due is None:
            return None
        now = max(now, presence.due)
    return None


def _spend(presence: Presence, now: int) -> None:
    """Let somebody spend what they have saved up, and who knows how much more: after the first tasks that makes no difference."""
    at_once, ahead = presence.ready(0, 0, now), 1
    while presence.ready(0, 0, now) <= at_once:
        presence.begin(0, 0, now + ahead)
        ahead *= 2


def _fastest(latency: Latency) -> float:
    """Return seconds that hardly any answer takes less than, though some take no more than twice as many."""
    if latency.within(0) >= LEAST_CHANCE:
        return 0.0
    seconds = 1e-6
    while latency.within(2 * seconds) < LEAST_CHANCE and seconds < LONGEST:
        seconds *= 2
    return seconds
