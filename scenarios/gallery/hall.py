"""The hall: which behaviours are shown, in which order, and how each is pictured."""

import tomllib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from pydantic import TypeAdapter

from agents.annotator.nature import Nature
from agents.component import Component
from bus.chance import Chance
from scenarios.catalogue import KINDS
from scenarios.gallery import change, distribution, family, latency, noise
from scenarios.gallery.examples import EXAMPLES

SEED = 7


class Wall(NamedTuple):
    """One kind of behaviour.

    Attributes:
        kind: its word in `parley list`.
        title: its heading.
        caption: what its pictures show.
        portrait: what pictures one component of the kind.
    """

    kind: str
    title: str
    caption: str
    portrait: Callable[[Any], Figure]


class Exhibit(NamedTuple):
    """One behaviour: the line of TOML that asks for it, and the component that the line makes."""

    line: str
    component: Component


def walls() -> list[Wall]:
    """Return the kinds of behaviour, in the order in which people meet them in an annotator's table."""
    chance = Chance(SEED)
    nature = Nature(chance)
    return [
        Wall(
            "noise",
            "Noise: how they err",
            "Left: 6,000 answers of one person by true class. Right: how often they are right on easy items and on hard ones, with "
            "95 % intervals.",
            lambda each: noise.portrait(each, chance, nature),
        ),
        Wall(
            "family",
            "Family: erring together",
            "Members of accuracy .8. Left: how many of nine are right on an item; dashed, people who err by themselves. Right: the "
            "accuracy of a majority of them.",
            lambda each: family.portrait(each, chance, nature),
        ),
        Wall(
            "latency",
            "Latency: how long they take",
            "Left: 6,000 times of one person, and the share of answers done by then. Right: times on easy items and on hard ones.",
            lambda each: latency.portrait(each, chance, nature),
        ),
        Wall(
            "change",
            "Changes: what work does to them",
            "Two hundred people, hired at an accuracy of .8 and 30 seconds an answer, work through four sessions of 60 answers.",
            lambda each: change.portrait(each, chance),
        ),
        Wall(
            "distribution",
            "Distributions: how people differ",
            "Any numeric dial may be a distribution over people: each draws their own value when they are hired.",
            lambda each: distribution.portrait(each, chance),
        ),
    ]


def exhibits(kind: str) -> Iterator[Exhibit]:
    """Yield the examples of a kind of behaviour."""
    adapter = TypeAdapter[Any](KINDS[kind])
    for line in EXAMPLES[kind]:
        (value,) = tomllib.loads(line).values()
        yield Exhibit(line, adapter.validate_python(value))
