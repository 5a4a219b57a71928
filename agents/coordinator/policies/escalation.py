"""Escalation: what is in doubt goes up, from cheap answers to dear ones."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from agents.coordinator.crowd import Answer, Crowd, GivenUp, NobodyLeft, is_among
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.doubts.votes import Disagreement
from agents.coordinator.policy import Groups, Policy, Resolution
from agents.coordinator.vote import plurality
from agents.messages import Item, Label, Voice
from bus.table import Table


class Tier(Table):
    """People who are asked when those below leave an item in doubt."""

    of: Groups
    """Groups of annotators, or single ones, who are asked, as far as they have not been."""
    votes: Annotated[int, Field(ge=1)] = 1
    """People asked about an item; of fewer, where nobody else is left, the answers have to do."""
    doubt: AnyDoubt | None = None
    """When what they answer leaves doubt, and it is for the next tier; left out, where they disagree."""
    queue: Annotated[int, Field(ge=1)] | None = None
    """Items that may be with this tier at once, waiting for its people or being answered; left out, any number."""
    full: Literal["wait", "accept", "drop"] = "wait"
    """What becomes of an item that finds no room: it waits for it; or the label that it has so far is accepted; or it gets none."""
    shown: bool = False
    """Whether people are shown the label so far before they answer: some may take it over (`anchoring`, of `social`)."""

    def leaves_doubt(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> bool:
        """Return whether what its people answer leaves doubt."""
        return (self.doubt or Disagreement()).is_met(item, answers, crowd)


class Escalation(Policy):
    """Tiers of people: an item goes up as long as there is doubt, and the label is that of the highest tier that has answered.

    Each tier decides by its own answers: by the one that there is, or the most frequent. The word of the highest is an authority's,
    and closes the item for good. Of a tier from which nobody answers, the next is asked; if there is none, the one before decides.
    """

    kind: ClassVar[str] = "escalation"

    tiers: tuple[Tier, ...]
    """The tiers, two at least, the lowest first."""

    @model_validator(mode="after")
    def _every_tier_is_for_something(self) -> Self:
        if self.of is not None:
            raise ValueError("of is set, but of an escalation each tier has its own `of`")
        if len(self.tiers) < 2:
            raise ValueError(f"tiers are two at least, not {len(self.tiers)}: nothing goes up where nobody is above")
        lowest, highest = self.tiers[0], self.tiers[-1]
        if lowest.shown or lowest.queue is not None or lowest.full != "wait":
            raise ValueError("tier 1 is where items begin: it has no queue, and no label to be shown; set selector.in_flight")
        if highest.doubt is not None:
            raise ValueError(f"tier {len(self.tiers)} has a doubt, but it is the last, and nobody is above it")
        for number, tier in enumerate(self.tiers, 1):
            if tier.full != "wait" and tier.queue is None:
                raise ValueError(f"tier {number} says what is done when it is full, but its queue has no end; set `queue`")
            doubt = tier.doubt or Disagreement()
            if number < len(self.tiers) and not doubt.is_possible(tier.votes):
                why = "as nobody disagrees with themselves" if tier.votes == 1 else "however its people answer"
                raise ValueError(f"tier {number} never leaves doubt {doubt.kind!r}, {why}: nothing would reach tier {number + 1}")
        return self

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask the lowest tier, and go up as long as there is doubt."""
        return await self._climb(item, crowd, 0, None)

    async def relabel(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        """Ask one more of those who have decided, and go up if that leaves doubt."""
        at, theirs = self._highest(answers)
        theirs = [*theirs, *await crowd.ask(item, 1, of=self.tiers[at].of)]
        so_far = self._word_of(at, item, theirs, crowd)
        if so_far.closed or not self.tiers[at].leaves_doubt(item, theirs, crowd):
            return so_far._replace(answers=crowd.answers(item))
        return await self._climb(item, crowd, at + 1, so_far)

    async def _climb(self, item: Item, crowd: Crowd, start: int, so_far: Resolution | None) -> Resolution:
        for at, tier in enumerate(self.tiers[start:], start):
            if at and not await self._goes_up(item, at, so_far, crowd):
                break
            answers = await self._ask(item, tier, so_far, crowd)
            if answers:
                so_far = self._word_of(at, item, answers, crowd)
                if not tier.leaves_doubt(item, answers, crowd):
                    break
        if so_far is None:
            raise NobodyLeft([])
        return so_far._replace(answers=crowd.answers(item))

    async def _goes_up(self, item: Item, at: int, so_far: Resolution | None, crowd: Crowd) -> bool:
        tier = self.tiers[at]
        # Without a label so far there is none to accept.
        waits = tier.full == "wait" or (tier.full == "accept" and so_far is None)
        goes_up = await crowd.escalate(item, at + 1, tier.queue, waits)
        if not goes_up and tier.full == "drop":
            raise GivenUp(f"tier {at + 1} is full")
        return goes_up

    async def _ask(self, item: Item, tier: Tier, so_far: Resolution | None, crowd: Crowd) -> Sequence[Answer]:
        shown: Voice | None = (None, so_far.label, None, None, 1.0) if tier.shown and so_far is not None else None
        try:
            return await crowd.ask(item, tier.votes, of=tier.of, shown=shown)
        except NobodyLeft as lack:
            return lack.answers

    def _word_of(self, at: int, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        by = f"tier {at + 1}, {', '.join(self.tiers[at].of)}"
        return Resolution(plurality(answers, item, crowd), answers, closed=at == len(self.tiers) - 1, by=by)

    def _highest(self, answers: Sequence[Answer]) -> tuple[int, list[Answer]]:
        """Return the highest tier of which somebody has answered, and its answers.

        Where two tiers ask the same people, the first answers are the lower one's.
        """
        at, theirs, left = 0, list[Answer](), [*answers]
        for number, tier in enumerate(self.tiers):
            among = [answer for answer in left if is_among(answer.annotator, tier.of)]
            if among:
                at, theirs = number, among
                left = [answer for answer in left if answer not in among[: tier.votes]]
        return at, theirs or left

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what answers amount to: the word of the highest tier of which there are some."""
        return plurality(self._highest(answers)[1], item, crowd)

    def review(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Resolution:
        """Return what answers amount to, which is final if the highest tier has answered."""
        at, theirs = self._highest(answers)
        return self._word_of(at, item, theirs, crowd)._replace(answers=answers)

    def most_people(self) -> int:
        """Return how many people may be asked, from the lowest tier to the highest."""
        return sum(tier.votes for tier in self.tiers)

    def wanted(self) -> list[tuple[Sequence[str], int]]:
        """Return whom each tier asks."""
        return [(tier.of, tier.votes) for tier in self.tiers]
