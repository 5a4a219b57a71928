"""Doubt made of doubts."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.doubt import Doubt
from agents.messages import Item
from agents.nested import Nested

_Nested = Annotated[Doubt, Nested("doubt", "agents.coordinator.doubts.choice", "DOUBTS")]


def _are_some(doubts: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    # A bound of the field would be said to be missed by doubts that are wrong, too.
    if not doubts:
        raise ValueError("there are no doubts in it")
    return doubts


_Several = Annotated[tuple[_Nested, ...], AfterValidator(_are_some)]


class AnyOf(Doubt):
    """Where any of several doubts is met."""

    kind: ClassVar[str] = "any-of"

    of: _Several
    """The doubts."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether one is."""
        return any(each.is_met(item, answers, crowd) for each in self.of)

    def is_possible(self, votes: int) -> bool:
        """Return whether one can be met."""
        return any(each.is_possible(votes) for each in self.of)


class AllOf(Doubt):
    """Where all of several doubts are met."""

    kind: ClassVar[str] = "all-of"

    of: _Several
    """The doubts."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether each is."""
        return all(each.is_met(item, answers, crowd) for each in self.of)

    def is_possible(self, votes: int) -> bool:
        """Return whether each can be met."""
        return all(each.is_possible(votes) for each in self.of)
