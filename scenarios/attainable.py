"""Attainable: whether people are ever there, and can do a task in the time that they have."""

from collections.abc import Iterable

from agents.annotator.availabilities.week import parse_week_time
from agents.annotator.presence import Presence
from bus.chance import Chance
from bus.duration import format_duration
from scenarios.annotators import Person
from scenarios.errors import BadInput
from scenarios.scenario import LEAST_CHANCE, Scenario, never_in_time


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
    return None


def is_ever_there(person: Person, begins: str | None, chance: Chance) -> bool:
    """Return whether somebody comes at all."""
    presence = Presence(person.name, person.availability, chance, 0 if begins is None else parse_week_time(begins))
    presence.word(0)
    return presence.there or presence.due is not None


def _all_of(person: Person) -> str:
    kinds = [repr(part.kind or type(part).__name__) for part in person.availability]
    return f"with {kinds[0]}" if len(kinds) == 1 else f"with {', '.join(kinds[:-1])} and {kinds[-1]} together"
