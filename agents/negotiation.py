"""The vocabulary of those who negotiate: over the label of an item, and over who gives it one."""

from typing import Literal

from pydantic import Field

from agents.messages import Item, Label, is_none
from bus.message import Message

Outcome = Literal["consensus", "stable", "rounds", "silence", "broken-off"]
"""How a session ends: enough agree, nobody moves any more, the rounds are over, nobody says anything, or somebody else decides."""


class SessionOpened(Message):
    """People who have answered an item are to talk it over; the Coordinator to everyone."""

    item: Item
    protocol: str
    members: tuple[str, ...]


class PositionStated(Message):
    """What a member holds now, having been shown what others hold, in that round; to the Coordinator.

    `began` is when they turned to it, in microseconds; None if nobody knows.
    """

    item: Item
    attempt: int
    turn: int
    label: Label
    began: int | None
    confidence: float | None = Field(default=None, exclude_if=is_none)
    """How probable they say it is that they are right; left out of the log where they do not say, as is the next."""
    chances: tuple[float, ...] | None = Field(default=None, exclude_if=is_none)
    """How probable they say each class is, in the order of the classes."""


class MindChanged(Message):
    """A member gives another label than before; the Coordinator to everyone, having accepted it."""

    item: Item
    annotator: str
    turn: int
    before: Label
    after: Label


class SessionClosed(Message):
    """A session is over, after so many rounds; the Coordinator to everyone."""

    item: Item
    rounds: int
    outcome: Outcome


class MindsJudged(Message):
    """How often members changed their minds for the worse, for the better, and from one wrong label to another; from the Evaluator.

    To everyone, at the end, if anybody did.
    """

    right_to_wrong: int
    wrong_to_right: int
    wrong_to_wrong: int
