"""The majority: everybody counts alike."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.vote import lead
from agents.messages import Item


class Majority(Policy):
    """The label that most of `size` people give (Condorcet, 1785)."""

    kind: ClassVar[str] = "majority"

    size: Annotated[int, Field(ge=1)] = 1
    """People asked about an item."""
    ties: Literal["fair", "one-more"] = "fair"
    """How a tie is broken that no `otherwise` decides: fair, each of the leading labels is as likely; one-more, by one more person,
    while anybody is left."""
    early: bool = False
    """Stop as soon as the leader cannot be overtaken, and cancel the answers under way."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, wait for all (or enough), count."""
        answers = await crowd.ask(item, self.size, self._is_decided if self.early else None, of=self.of or ())
        if self.ties == "one-more":
            answers = await self._break_tie(item, answers, crowd)
        return Resolution(self.conclude(item, answers, crowd), answers, settled=self.otherwise is None or lead(answers) > 0)

    def most_people(self) -> int:
        """Return the size: who is asked to break a tie need not be there."""
        return self.size

    async def _break_tie(self, item: Item, answers: list[Answer], crowd: Crowd) -> list[Answer]:
        while lead(answers) == 0:
            try:
                answers = [*answers, *await crowd.ask(item, 1, of=self.of or ())]
            except NobodyLeft:
                break
        return answers

    def _is_decided(self, answers: Sequence[Answer]) -> bool:
        return lead(answers) > self.size - len(answers)
