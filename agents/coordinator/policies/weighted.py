"""The weighted vote: who is right more often counts more."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.accuracy import AnyAccuracy, Learnt, reliability_in
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label


class Weighted(Policy):
    """The label with the highest sum of log-odds of those of `size` people who give it (Nitzan and Paroush, 1982)."""

    kind: ClassVar[str] = "weighted"

    size: Annotated[int, Field(ge=1)] = 3
    """People asked about an item."""
    accuracy: AnyAccuracy = Learnt()
    """How often people are right: "learnt" online, known person by person, or a number for all."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, wait for all, weigh."""
        answers = await crowd.ask(item, self.size, of=self.of or ())
        # Only where somebody else may decide does it matter whether luck has.
        settled = self.otherwise is None or not reliability_in(crowd).is_tied(item, answers)
        return Resolution(self.conclude(item, answers, crowd), answers, settled=settled)

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the label that weighs most; of several, each with the same chance."""
        return reliability_in(crowd).best(item, answers, crowd.luck)

    def most_people(self) -> int:
        """Return the size."""
        return self.size

    def belief(self, classes: Sequence[Label]) -> Belief:
        """Return what weighs the votes."""
        return self.accuracy.belief(classes)
