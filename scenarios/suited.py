"""Suited: whether the people of a campaign can answer about its data."""

from collections.abc import Iterable

from agents.annotator.family import Family
from agents.annotator.noise import Fact
from bus.table import nearest
from scenarios.annotators import Person
from scenarios.errors import BadInput, listed
from scenarios.world import World


def needs_of(people: Iterable[Person]) -> dict[Fact, str]:
    """Return what people go by beside the truth of items, and of each the first one who does."""
    needs: dict[Fact, str] = {}
    for person in people:
        theirs = person.noise.needs() | (person.family.needs() if person.family else frozenset())
        for fact in sorted(theirs - needs.keys()):
            needs[fact] = person.name
    return needs


def refuse_unsuited(people: Iterable[Person], world: World) -> None:
    """Refuse people who cannot answer about the data.

    Raises:
        BadInput: their noise or family is for other classes or topics, or members of one family are of different ones.
    """
    classes, topics = len(world.truth.classes), frozenset[str]() if world.terrain is None else world.terrain.topics
    families: dict[str, tuple[str, Family]] = {}
    for person in people:
        try:
            person.noise.check(classes)
        except ValueError as error:
            raise BadInput(f"annotators, {person.name}: noise: {error}") from None
        for topic in sorted(person.noise.topics() - topics):
            hint = nearest(topic, listed(sorted(topics)))
            raise BadInput(f"annotators, {person.name}: noise: the data have no topic {topic!r}; {hint}")
        if person.family is not None:
            _refuse_stranger(person.name, person.family, classes, families)


def _refuse_stranger(who: str, family: Family, classes: int, families: dict[str, tuple[str, Family]]) -> None:
    """Refuse somebody whose family is not what it is to its first member."""
    first, known = families.setdefault(family.name, (who, family))
    try:
        family.check(classes)
        family.check_kin(known)
    except ValueError as error:
        beside = "" if first == who else f" (beside {first})"
        raise BadInput(f"annotators, {who}: family {family.name!r}{beside}: {error}") from None
