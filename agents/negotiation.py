"""The vocabulary of those who negotiate: over the label of an item, and over who gives it one."""

from typing import Literal

from pydantic import Field

from agents.messages import Item, Label, is_none
from bus.message import Message

Outcome = Literal["consensus", "stable", "rounds", "silence", "broken-off"]
"""How a session ends: enough agree, nobody moves any more, the rounds are over, nobody says anything, or somebody else decides."""


class CallForProposals(Message):
    """Who does this item, when, and for how much? The Coordinator to each candidate; tenders are numbered from 1.

    Proposals that come after the `deadline`, in microseconds, are not heard.
    """

    tender: int
    item: Item
    deadline: int
    reserve: float | None = Field(default=None, exclude_if=is_none)
    """The most that is paid; left out of the log where there is no such price."""


class Proposed(Message):
    """A bid, to the Coordinator: to be done so many microseconds from now, at that price. The award is a TaskAssigned."""

    tender: int
    item: Item
    eta: int
    price: float
    confidence: float | None = Field(default=None, exclude_if=is_none)
    """How probable they say it is that they will be right; left out of the log where they do not say."""


class ProposalRefused(Message):
    """Somebody makes no bid; to the Coordinator."""

    tender: int
    item: Item


class ProposalRejected(Message):
    """Others have got the task; from the Coordinator to somebody who made a bid."""

    tender: int
    item: Item


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
