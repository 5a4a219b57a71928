"""Turns: levels that beat the baseline at some settings of the other dials, and lose to it at others."""

from collections.abc import Sequence
from typing import NamedTuple

from scenarios.findings.contrasts import Contrast, by_values
from scenarios.findings.dials import MOST_LEVELS, compares
from scenarios.findings.names import Names
from scenarios.findings.quantities import Quantity
from scenarios.findings.wording import better
from scenarios.study.results import Results


class Side(NamedTuple):
    """How a level stands beside the baseline where a dial has one value, or at one place.

    Attributes:
        where: which that is, after the dial has been named: "with one-coin 0.8"; of a place, "where ...".
        contrast: over the places that have the value; or at the place.
    """

    where: str
    contrast: Contrast


class Turn(NamedTuple):
    """A level that beats the baseline somewhere and loses to it elsewhere, both beyond chance, corrected for the family.

    Attributes:
        level: its number.
        dial: path of the dial on which that depends; None if it is no dial by itself.
        gain: where it is ahead most; loss: where it is behind most.
        between: at the other values of the dial; empty if it is no dial by itself.
    """

    level: int
    dial: str | None
    gain: Side
    loss: Side
    between: tuple[Side, ...]


def turns(results: Results, own: Quantity, names: Names, at_places: Sequence[Contrast]) -> list[Turn]:
    """Return the levels that turn by the dial that tells most about it, those that gain most first.

    Where no dial by itself makes any level turn, they are those that turn between places.

    Args:
        results: of the study.
        own: the study's measure.
        names: of the study.
        at_places: each level beside the baseline at each place, by that measure.
    """
    if not compares(results):
        return []
    dials = [path for path in results.told() if path != results.compared and len(results.levels(path)) <= MOST_LEVELS]
    sides = [(path, Side(names.at[path][value], each)) for path, value, each in by_values(results, own, dials)]
    by_dial = {path: _turned(own, path, [side for of, side in sides if of == path]) for path in dials}
    foremost = max(by_dial.values(), key=lambda each: _spread(each[0]) if each else -1.0, default=[])
    return foremost or _turned(own, None, [Side(names.where[each.place or 0], each) for each in at_places])


def leads(own: Quantity, found: Sequence[Turn], over_all: Sequence[Contrast]) -> bool:
    """Return whether turning is what a study is first told by: no level that does not turn gains more over all places.

    Args:
        own: the study's measure.
        found: the levels that turn, those that gain most first.
        over_all: each level beside the baseline over all places.
    """
    turning = {each.level for each in found}
    steady = [abs(each.paired.mean) for each in over_all if each.level not in turning and each.real and better(own, each)]
    return abs(found[0].gain.contrast.paired.mean) > max(steady, default=0.0)


def _turned(own: Quantity, dial: str | None, sides: Sequence[Side]) -> list[Turn]:
    found: list[Turn] = []
    for level in sorted({each.contrast.level for each in sides}):
        mine = [each for each in sides if each.contrast.level == level]
        real = sorted((each for each in mine if each.contrast.real), key=lambda each: abs(each.contrast.paired.mean))
        ahead = [each for each in real if better(own, each.contrast)]
        behind = [each for each in real if not better(own, each.contrast)]
        if ahead and behind:
            between = () if dial is None else tuple(each for each in mine if each not in (ahead[-1], behind[-1]))
            found.append(Turn(level, dial, ahead[-1], behind[-1], between))
    return sorted(found, key=lambda each: -abs(each.gain.contrast.paired.mean))


def _spread(turn: Turn) -> float:
    return abs(turn.gain.contrast.paired.mean) + abs(turn.loss.contrast.paired.mean)
