"""What every coordination policy is: how answers are gathered, and what they amount to."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from operator import not_
from typing import Annotated, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from agents.component import Component, Unusable, within
from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd, NobodyLeft, is_among
from agents.coordinator.doubt import Doubt
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.sequel import Sequel
from agents.coordinator.vote import plurality
from agents.messages import Item, Label
from agents.nested import Nested
from agents.several import Several

Groups = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1)], ...],
    Field(min_length=1),
    Several(),
]
"""Names of groups of annotators, or of single ones; one name may stand alone."""


class Resolution(NamedTuple):
    """What a policy settles on.

    Attributes:
        label: the label.
        answers: the answers it rests on.
        closed: whether an authority has decided: the item is not opened again, whatever becomes of the answers.
        settled: whether that is the policy's last word. Where it is not, the label is what it comes to if nobody else decides.
        by: which of several policies, or which tier, it is the word of; None where there is only one.
    """

    label: Label
    answers: Sequence[Answer]
    closed: bool = False
    settled: bool = True
    by: str | None = None


class Policy(Component):
    """Decides one item's label, as a coroutine that reads like its protocol."""

    of: Groups | None = None
    """Groups of annotators, or single ones, who are asked; left out, everybody."""
    doubt: AnyDoubt | None = None
    """When what it comes to is in doubt, and for `otherwise` to decide; left out, when the policy itself cannot settle it."""
    otherwise: Annotated["Policy", Nested("coordination policy", "agents.coordinator.policies.choice", "POLICIES")] | None = None
    """The policy that decides where there is doubt, or nobody is left to ask. It starts from the answers that there are: those of
    the people whom it asks count, and only who is lacking is asked."""
    closes: Annotated[bool, Field(exclude_if=not_)] = False
    """Whether what it settles is an authority's word: the item is never opened again, whatever becomes of the answers."""

    @model_validator(mode="after")
    def _chain_is_consistent(self) -> Self:
        if self.doubt is not None and self.otherwise is None:
            raise ValueError("doubt is set, but there is no `otherwise`, which would decide then")
        if self.doubt is not None and not self.doubt.is_possible(self.most_people()):
            raise ValueError(
                f"doubt {self.doubt.kind or type(self.doubt).__name__!r} is never met: {self.most_people()} "
                "cannot differ; ask more people, or doubt for another reason"
            )
        return self

    async def decide(self, item: Item, crowd: Crowd) -> Resolution:
        """Resolve an item; where that leaves doubt, or nobody to ask, let the next policy do so.

        Raises:
            NobodyLeft: nobody is left to ask, and without them there is no label.
        """
        if self.otherwise is None:
            return self._as_its_word(await self.resolve(item, crowd))
        try:
            resolution = await self.resolve(item, crowd)
        except NobodyLeft:
            return await self._hand_over(item, None, crowd)
        return await self._settle_or_hand_over(item, resolution, crowd)

    async def extend(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        """Relabel an item; where that leaves doubt, let the next policy do so.

        Raises:
            NobodyLeft: nobody is left to ask: its label stays.
        """
        if self.otherwise is None:
            return self._as_its_word(await self.relabel(item, answers, crowd))
        theirs = [answer for answer in answers if not self.of or is_among(answer.annotator, self.of)]
        return await self._settle_or_hand_over(item, await self.relabel(item, theirs, crowd), crowd)

    def review(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        """Return what answers amount to, be there more than are asked for: by the last policy that has asked some of them."""
        for policy in reversed(self.chain if self.otherwise is not None else ()):
            theirs = [answer for answer in answers if not policy.of or is_among(answer.annotator, policy.of)]
            if theirs:
                return policy._as_its_word(Resolution(policy.conclude(item, theirs, crowd), answers, by=policy.title))
        return Resolution(self.conclude(item, answers, crowd), answers, self.closes)

    def _as_its_word(self, resolution: Resolution) -> Resolution:
        return resolution._replace(closed=True) if self.closes else resolution

    async def _settle_or_hand_over(self, item: Item, resolution: Resolution, crowd: Crowd) -> Resolution:
        if resolution.by is None:
            resolution = resolution._replace(by=self.title)
        if resolution.closed:
            return resolution
        in_doubt = not resolution.settled if self.doubt is None else self.doubt.is_met(item, resolution.answers, crowd)
        if in_doubt:
            return await self._hand_over(item, resolution, crowd)
        return self._as_its_word(resolution)._replace(answers=crowd.answers(item))

    async def _hand_over(self, item: Item, resolution: Resolution | None, crowd: Crowd) -> Resolution:
        """Let the next policy decide; where it finds nobody to ask either, all stays as it is, or what answers there are decide."""
        assert self.otherwise is not None
        try:
            final = await self.otherwise.decide(item, Sequel(crowd, item))
        except NobodyLeft:
            answers = crowd.answers(item)
            if not answers:
                raise
            return self.review(item, answers, crowd) if resolution is None else resolution._replace(answers=answers)
        # What was learnt by a policy that had its doubts does not overrule the one that had none.
        overruled = crowd.belief is not None and not self._learns_later
        by = final.by or self.otherwise.title
        return final._replace(answers=crowd.answers(item), closed=final.closed or overruled, by=by)

    @property
    def title(self) -> str:
        """What the policy is called among others of a chain."""
        kind = self.kind or type(self).__name__
        return f"{kind} of {', '.join(self.of)}" if self.of else kind

    @property
    def chain(self) -> "list[Policy]":
        """The policy, and those that may decide after it."""
        return [self, *(self.otherwise.chain if self.otherwise is not None else ())]

    @cached_property
    def _learns_later(self) -> bool:
        return self.otherwise is not None and bool(self.otherwise.learners)

    @property
    def doubts(self) -> list[Doubt]:
        """All doubts by which it goes, and those after it."""
        return [each for each in within(self) if isinstance(each, Doubt)]

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

    def wanted(self) -> "list[tuple[Sequence[str], int]]":
        """Return whom it may ask about one item: groups or people, none for everybody, and how many different ones of these."""
        return [(self.of or (), self.most_people())]

    def belief(self, classes: Sequence[Label]) -> Belief | None:
        """Return what the policy will learn from all answers of a campaign, knowing nothing yet; None if it learns nothing."""
        return None

    def belief_of_chain(self, classes: Sequence[Label]) -> Belief | None:
        """Return what whoever learns of its chain, be it a policy or a doubt, will learn; None if nobody does.

        Raises:
            Unusable: more than one learn.
        """
        learners = self.learners
        if len(learners) > 1:
            names = " and ".join(repr(type(each).kind or type(each).__name__) for each in learners)
            raise Unusable(f"coordination.policy: {names} each learn from all answers, but only one of a campaign's policies can")
        return learners[0].belief(classes) if learners else None

    @property
    def learners(self) -> "list[Policy | Doubt]":
        """Those of its chain, policies and doubts, that learn from all answers of a campaign."""
        return [each for each in within(self) if isinstance(each, Policy | Doubt) and _learns(each)]


def _learns(each: "Policy | Doubt") -> bool:
    if type(each).belief in (Policy.belief, Doubt.belief):
        return False
    try:
        return each.belief((0, 1)) is not None
    except Unusable:
        return True
