"""Advice to stop, as a campaign's state keeps it, and what rules are called there."""

from collections.abc import Sequence
from typing import NamedTuple


class Advice(NamedTuple):
    """A rule's word that it is time to stop.

    Attributes:
        rule: the rule.
        version: the model by which it fired.
        labels: what that was trained on.
        measure: what it came to.
        time: when it was said, in microseconds.
        cost: the money that was spent by then, in millionths.
    """

    rule: str
    version: int
    labels: int
    measure: float
    time: int
    cost: int


def numbered(kinds: Sequence[str]) -> list[str]:
    """Return the names of rules of these kinds, of which no two are alike."""
    found: list[str] = []
    for kind in kinds:
        name, number = kind, 1
        while name in found:
            number += 1
            name = f"{kind}-{number}"
        found.append(name)
    return found
