"""Coordination policies: how answers are gathered, and what they amount to."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from agents.component import Choice, Component
from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Label


class Resolution(NamedTuple):
    """What a policy settles on: the label, and the answers it rests on."""

    label: Label
    answers: Sequence[Answer]


class Policy(Component):
    """Decides one item's label, as a coroutine that reads like its protocol."""

    @abstractmethod
    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask the crowd about an item until there is a label."""

    def most_people(self) -> int:
        """Return how many different people the policy may need for one item."""
        return 1


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
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        """Return the size."""
        return self.size

    def _is_decided(self, answers: Sequence[Answer]) -> bool:
        counts = sorted(Counter(answer.label for answer in answers).values(), reverse=True)
        runner_up = counts[1] if len(counts) > 1 else 0
        return counts[0] > runner_up + self.size - len(answers)


def plurality(answers: Sequence[Answer], item: Item, crowd: Crowd) -> Label:
    """Return the most frequent label; of several, each with the same chance, whatever order the answers came in."""
    counts: dict[Label, int] = {}
    for answer in answers:
        counts[answer.label] = counts.get(answer.label, 0) + 1
    most = max(counts.values())
    leading = [label for label, count in counts.items() if count == most]
    return sorted(leading, key=str)[crowd.luck(item).below(len(leading))] if len(leading) > 1 else leading[0]


AnyPolicy = Annotated[Policy, Choice("coordination policy", Majority)]
