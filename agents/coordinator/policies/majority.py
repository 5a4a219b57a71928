"""The majority: everybody counts alike."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item


class Majority(Policy):
    """The label that most of `size` people give (Condorcet, 1785)."""

    kind: ClassVar[str] = "majority"

    size: Annotated[int, Field(ge=1)] = 1
    """People asked about an item."""
    ties: Literal["fair", "one-more"] = "fair"
    """How a tie is broken: fair, each of the leading labels is as likely; one-more, by one more person, while anybody is left."""
    early: bool = False
    """Stop as soon as the leader cannot be overtaken, and cancel the answers under way."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, wait for all (or enough), count."""
        answers = await crowd.ask(item, self.size, self._is_decided if self.early else None)
        if self.ties == "one-more":
            answers = await self._break_tie(item, answers, crowd)
        return Resolution(self.conclude(item, answers, crowd), answers)

    def most_people(self) -> int:
        """Return the size: who is asked to break a tie need not be there."""
        return self.size

    async def _break_tie(self, item: Item, answers: list[Answer], crowd: Crowd) -> list[Answer]:
        while _lead(answers) == 0:
            try:
                answers = [*answers, *await crowd.ask(item, 1)]
            except NobodyLeft:
                break
        return answers

    def _is_decided(self, answers: Sequence[Answer]) -> bool:
        return _lead(answers) > self.size - len(answers)


def _lead(answers: Sequence[Answer]) -> int:
    """Return by how many votes the most frequent label is ahead of the next."""
    counts = sorted(Counter(answer.label for answer in answers).values(), reverse=True)
    return counts[0] - (counts[1] if len(counts) > 1 else 0)
