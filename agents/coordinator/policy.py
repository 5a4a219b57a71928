"""What every coordination policy is: how answers are gathered, and what they amount to."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from agents.component import Component
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd, NobodyLeft
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.policies.nested import PolicyChoice
from agents.coordinator.vote import plurality
from agents.messages import Item, Label


Groups = Annotated[
    Annotated[tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(min_length=1)] | None,
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
]
"""Names of groups of annotators, or of single ones; one name may stand alone."""


class Resolution(NamedTuple):
    """What a policy settles on.

    Attributes:
        label: the label.
        answers: the answers it rests on.
        closed: whether an authority has decided: the item is not opened again, whatever becomes of the answers.
        settled: whether that is the policy's last word. Where it is not, the label is what it comes to if nobody else decides.
    """

    label: Label
    answers: Sequence[Answer]
    closed: bool = False
    settled: bool = True


class Policy(Component):
    """Decides one item's label, as a coroutine that reads like its protocol."""

    of: Groups = None
    """Groups of annotators, or single ones, who are asked; left out, everybody."""
    doubt: AnyDoubt | None = None
    """When what it comes to is in doubt, and for `otherwise` to decide; left out, when the policy itself cannot settle it."""
    otherwise: Annotated["Policy", PolicyChoice()] | None = None
    """The policy that decides where there is doubt; it starts from the answers that there are."""

    @model_validator(mode="after")
    def _doubt_leads_somewhere(self) -> Self:
        if self.doubt is not None and self.otherwise is None:
            raise ValueError("doubt is set, but there is no `otherwise`, which would decide then")
        return self

    async def decide(self, item: Item, crowd: Crowd) -> Resolution:
        """Resolve an item; where that leaves doubt, let the next policy do so. Where that one finds nobody to ask, it stays as it is."""
        resolution = await self.resolve(item, crowd)
        if self.otherwise is None or resolution.closed:
            return resolution
        in_doubt = not resolution.settled if self.doubt is None else self.doubt.is_met(item, resolution.answers, crowd)
        if not in_doubt:
            return resolution
        try:
            return await self.otherwise.decide(item, crowd)
        except NobodyLeft:
            return resolution._replace(answers=crowd.answers(item))

    @property
    def chain(self) -> "list[Policy]":
        """The policy, and those that may decide after it."""
        return [self, *(self.otherwise.chain if self.otherwise is not None else ())]

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
        more = [*answers, *await crowd.ask(item, 1, of=self.of or ())]
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
