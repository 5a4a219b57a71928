"""The majority: everybody counts alike."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item


class Majority(Policy):
    """The label that most of `size` people give; a tie is broken fairly (Condorcet, 1785)."""

    kind: ClassVar[str] = "majority"

    size: Annotated[int, Field(ge=1)] = 1
    """People asked about an item."""
    ties: Literal["fair"] = "fair"
    """How a tie is broken: fair, each of the leading labels is as likely."""
    early: bool = False
    """Stop as soon as the leader cannot be overtaken, and cancel the answers under way."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, wait for all (or enough), count."""
        answers = await crowd.ask(item, self.size, self._is_decided if self.early else None)
        return Resolution(self.conclude(item, answers, crowd), answers)

    def most_people(self) -> int:
        """Return the size."""
        return self.size

    def _is_decided(self, answers: Sequence[Answer]) -> bool:
        counts = sorted(Counter(answer.label for answer in answers).values(), reverse=True)
        runner_up = counts[1] if len(counts) > 1 else 0
        return counts[0] > runner_up + self.size - len(answers)
