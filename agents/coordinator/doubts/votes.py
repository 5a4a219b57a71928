"""Doubt that goes by how votes are spread."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.doubt import Doubt
from agents.coordinator.vote import agreement, lead
from agents.messages import Item


class Always(Doubt):
    """Always."""

    kind: ClassVar[str] = "always"

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return True."""
        return True


class Disagreement(Doubt):
    """Where not all give the same label."""

    kind: ClassVar[str] = "disagreement"

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether somebody differs, or nobody has answered."""
        return agreement(answers) < 1

    def is_possible(self, votes: int) -> bool:
        """Return whether there are two who may differ."""
        return votes > 1


class Tie(Doubt):
    """Where no label has more votes than every other."""

    kind: ClassVar[str] = "tie"

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether the leader has no lead."""
        return lead(answers) == 0

    def is_possible(self, votes: int) -> bool:
        """Return whether there are two who may differ."""
        return votes > 1


class Margin(Doubt):
    """Where the most frequent label is not far enough ahead of the next."""

    kind: ClassVar[str] = "margin"

    below: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Difference of their shares of the votes under which there is doubt."""

    def is_met(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether it is less."""
        return lead(answers) < self.below * len(answers) or not answers

    def is_possible(self, votes: int) -> bool:
        """Return whether there are two who may differ."""
        return votes > 1
