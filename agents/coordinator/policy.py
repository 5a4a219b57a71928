"""What every coordination policy is: how answers are gathered, and what they amount to."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from agents.component import Component
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Label


class Resolution(NamedTuple):
    """What a policy settles on.

    Attributes:
        label: the label.
        answers: the answers it rests on.
        closed: whether an authority has decided: the item is not opened again, whatever becomes of the answers.
    """

    label: Label
    answers: Sequence[Answer]
    closed: bool = False


class Policy(Component):
    """Decides one item's label, as a coroutine that reads like its protocol."""

    @abstractmethod
    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask the crowd about an item until there is a label."""

    async def relabel(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        """Ask once more about an item that has a label, and settle on what all its answers amount to.

        Args:
            item: the item.
            answers: those that it has.
            crowd: the people who have not answered it yet.
        """
        more = [*answers, *await crowd.ask(item, 1)]
        return Resolution(self.conclude(item, more, crowd), more)

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what answers amount to: the most frequent label, unless the policy knows better."""
        return plurality(answers, item, crowd)

    def most_people(self) -> int:
        """Return how many different people the policy may need for one item."""
        return 1

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what the policy will learn from all answers of a campaign, knowing nothing yet; None if it learns nothing."""
        return None


def plurality(answers: Sequence[Answer], item: Item, crowd: Crowd) -> Label:
    """Return the most frequent label; of several, each with the same chance, whatever order the answers came in."""
    counts: dict[Label, int] = {}
    for answer in answers:
        counts[answer.label] = counts.get(answer.label, 0) + 1
    most = max(counts.values())
    leading = [label for label, count in counts.items() if count == most]
    return sorted(leading, key=str)[crowd.luck(item).below(len(leading))] if len(leading) > 1 else leading[0]
