"""Sequential stopping: one more person, until that suffices."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.policies.stopping import AnyStopping, Confidence
from agents.coordinator.policy import Policy, Resolution
from agents.messages import Item, Label


class Sequential(Policy):
    """One person after the other, until their answers suffice; where `most` do not, or nobody is left, what there is decides."""

    kind: ClassVar[str] = "sequential"

    until: AnyStopping = Confidence()
    """When answers suffice."""
    most: Annotated[int, Field(ge=1)] = 7
    """People asked about an item at most."""
    at_once: Annotated[int, Field(ge=1)] = 1
    """People at work on an item at the same time: more take less time, and up to so many but one are cancelled at the end."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask until the rule is met."""

        def enough(answers: Sequence[Answer]) -> bool:
            return self.until.is_met(item, answers, crowd)

        try:
            answers = await crowd.ask(item, self.most, enough, min(self.at_once, self.most), self.of or ())
        except NobodyLeft as lack:
            if not lack.answers:
                raise
            answers = [*lack.answers]
        return Resolution(self.conclude(item, answers, crowd), answers, settled=enough(answers))

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what answers amount to by the rule: the most frequent, or the most probable label."""
        return self.until.conclude(item, answers, crowd)

    def most_people(self) -> int:
        """Return the most."""
        return self.most

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what the rule learns."""
        return self.until.belief(classes)
