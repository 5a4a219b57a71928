"""The crowd, as a policy sees it: someone to ask."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from agents.coordinator.belief import Belief
from agents.messages import Item, Label
from bus.chance import Luck


class Answer(NamedTuple):
    """An accepted answer: who gave it, what it says, the seq of the event, and when that was, in microseconds."""

    annotator: str
    label: Label
    seq: int
    time: int = 0


Enough = Callable[[Sequence[Answer]], bool]
"""Whether the answers so far suffice."""


NOBODY_LEFT = "nobody is left to ask"
"""The reason of which items are given up that too few people can answer."""


class NobodyLeft(Exception):
    """Nobody is left who might answer. A policy may settle on the `answers` there are; if it does not, the item gets no label."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__(NOBODY_LEFT)
        self.answers = answers


class Crowd(Protocol):
    """What a policy may do with people. The Coordinator implements it; a test's fake crowd needs ten lines."""

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt from all answers so far: its own `Policy.belief`; None if it learns nothing."""
        ...

    async def ask(self, item: Item, votes: int, enough: Enough | None = None, at_once: int | None = None) -> list[Answer]:
        """Return the answers of so many different people, in the order in which they came.

        Args:
            item: the item.
            votes: people to ask, who have not answered this item yet.
            enough: asked after each answer; when it says so, the answers so far are returned and the rest is cancelled.
            at_once: people asked at the same time; None for all.

        Raises:
            NobodyLeft: too few people are left who might answer.
        """
        ...

    def luck(self, item: Item) -> Luck:
        """Return chance for deciding about an item, such as a tie: the same in every run with this seed."""
        ...
