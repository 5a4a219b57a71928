"""Advice to stop, as a campaign's state keeps it."""

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
