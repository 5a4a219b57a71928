"""Who of a people file takes part: files read for the groups of a scenario, and their classes found among those of the data."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from agents.annotator.noises.reordered import Reordered
from agents.component import Trust
from agents.messages import Label
from scenarios.annotators import AnnotatorsTable, Person
from scenarios.crowds.crowd import Crowd
from scenarios.crowds.reading import read_crowd
from scenarios.errors import BadInput, listed
from scenarios.scenario import Scenario


def with_crowds(scenario: Scenario, folder: Path, trust: Trust | None = None) -> Scenario:
    """Return a scenario that knows the people of its files; each file is read once, and none that was read before.

    Args:
        scenario: the scenario.
        folder: what relative paths start from.
        trust: what dotted paths in the files may import; None for everything.

    Raises:
        BadInput: a file cannot be read, says something that is not allowed, or its people do not suffice for the scenario.
    """
    if not any(group.unread for group in scenario.annotators):
        return scenario
    crowds: dict[str, Crowd] = {}
    groups = []
    for group in scenario.annotators:
        if group.people is not None and group.unread:
            if group.people not in crowds:
                crowds[group.people] = read_crowd(folder / group.people, trust or Trust())
            try:
                group = group.known(crowds[group.people])
            except ValueError as error:
                raise BadInput(str(error)) from None
        groups.append(group)
    whole = scenario.model_copy(update={"annotators": tuple(groups)})
    try:
        whole.check()
    except ValueError as error:
        raise BadInput(str(error)) from None
    return whole


def crowds_digest(groups: Sequence[AnnotatorsTable]) -> str:
    """Return 16 hexadecimal digits over the files that people come from; an empty text if they come from none."""
    digests = [group.crowd.digest for group in groups if group.crowd is not None]
    return blake2b("".join(digests).encode(), digest_size=8).hexdigest() if digests else ""


def in_classes(groups: Sequence[AnnotatorsTable], people: Sequence[Person], classes: Sequence[Label]) -> list[Person]:
    """Return people whose noise is about the classes of the data, in their order.

    Args:
        groups: the groups of the scenario.
        people: all people, group by group.
        classes: the classes of the data.

    Raises:
        BadInput: a file is about other classes.
    """
    found: list[Person] = []
    for group in groups:
        mine = people[len(found) : len(found) + (group.size or 0)]
        if group.crowd is None or group.crowd.classes is None or "noise" in group.model_fields_set:
            found += mine
            continue
        place = _places(group.crowd, group.crowd.classes, classes)
        if place == tuple(range(len(classes))):
            found += mine
        else:
            found += [_reordered(each, place) for each in mine]
    return found


def _reordered(person: Person, place: tuple[int, ...]) -> Person:
    if person.noise.recording() is not None:
        return person
    return person.model_copy(update={"noise": Reordered(of=person.noise, place=place)})


def _places(crowd: Crowd, known: Sequence[Label], classes: Sequence[Label]) -> tuple[int, ...]:
    """Return where each class of the data stands among those of a file."""
    place = {str(label): number for number, label in enumerate(known)}
    if sorted(place) != sorted(map(str, classes)):
        theirs, ours = (", ".join(listed([*map(str, labels)], 20)) for labels in (known, classes))
        raise BadInput(
            f"{crowd.path}: these people were asked about other classes: theirs are {theirs}, and those of the data {ours}; "
            "`classes` in the file says what theirs are called"
        )
    return tuple(place[str(label)] for label in classes)
