"""One question, as nature puts it to one person."""

from typing import NamedTuple

from agents.annotator.nature import Nature
from agents.messages import Item


class Case(NamedTuple):
    """An item that a person is asked about, and all that is true of it.

    Attributes:
        item: the item.
        attempt: how often this person was asked about it before.
        truth: index of its true class; UNKNOWN where nobody knows it.
        classes: number of classes.
        nature: what else is so about the item.
    """

    item: Item
    attempt: int
    truth: int
    classes: int
    nature: Nature
