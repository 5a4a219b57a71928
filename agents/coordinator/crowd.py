"""The crowd, as a policy sees it: someone to ask."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from agents.coordinator.belief import Belief
from agents.messages import Item, Label, Voice
from agents.negotiation import Outcome
from agents.open_item import Vote
from bus.chance import Luck


class Answer(NamedTuple):
    """An accepted answer: who gave it, what it says, the seq of the event, and when that was, in microseconds.

    `confidence` is how probable they say it is that they are right, and `chances` how probable they say each class is; None where
    they do not say.
    """

    annotator: str
    label: Label
    seq: int
    time: int = 0
    confidence: float | None = None
    chances: tuple[float, ...] | None = None

    def voice(self, named: bool = True, weight: float = 1.0) -> Voice:
        """Return it as others may be shown it."""
        return (self.annotator if named else None, self.label, self.confidence, self.chances, weight)


def answer_of(vote: Vote) -> Answer:
    """Return an answer as a policy knows it, of one that a log tells of."""
    return Answer(vote.annotator, vote.label, vote.seq, vote.time, vote.confidence, vote.chances)


Enough = Callable[[Sequence[Answer]], bool]
"""Whether the answers so far suffice."""


NOBODY_LEFT = "nobody is left to ask"
"""The reason of which items are given up that too few people can answer."""


class NobodyLeft(Exception):
    """Nobody is left who might answer. A policy may settle on the `answers` there are; if it does not, the item gets no label."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__(NOBODY_LEFT)
        self.answers = answers


class GivenUp(Exception):
    """A policy gives an item up, for the reason that is its text: it gets no label."""


def is_among(name: str, of: Collection[str]) -> bool:
    """Return whether somebody is one of these people, or in one of these groups."""
    return name in of or name.rpartition("-")[0] in of


class Crowd(Protocol):
    """What a policy may do with people. The Coordinator implements it; a test's fake crowd needs ten lines."""

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt from all answers so far: its own `Policy.belief`; None if it learns nothing."""
        ...

    @property
    def classes(self) -> Sequence[Label]:
        """The classes there are, in order."""
        ...

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        """Return the answers of so many different people, in the order in which they came.

        Args:
            item: the item.
            votes: people to ask, who have not answered this item yet.
            enough: asked after each answer; when it says so, the answers so far are returned and the rest is cancelled.
            at_once: people asked at the same time; None for all.
            of: groups of people, or single ones, of whom they are to be; empty for everybody.
            shown: what they are shown before they answer; None for nothing.

        Raises:
            NobodyLeft: too few people are left who might answer.
        """
        ...

    def people(self, of: Sequence[str] = ()) -> list[str]:
        """Return who of these groups or people may be asked now, empty being everybody; if nobody is there, who may be later."""
        ...

    def answers(self, item: Item) -> list[Answer]:
        """Return what those hold now who have answered an item: their last word, in the order in which they answered first."""
        ...

    async def reconsider(
        self,
        item: Item,
        views: Mapping[str, Sequence[Voice]],
        reasons: bool = False,
        within: float | None = None,
        fee: float | None = None,
        protocol: str = "",
        members: Sequence[str] = (),
    ) -> list[Answer]:
        """Hold a round: show people what others hold, and return what each who says anything holds now.

        Args:
            item: the item.
            views: what each is shown, by name: of people who have answered the item.
            reasons: whether those who are shown give their reasons.
            within: seconds in which to reply, from now; who is silent then holds what they held. None for no limit.
            fee: what a reply costs, in units of the user's currency; None for as much as an answer of theirs.
            protocol: what the session is called in the log.
            members: who sits in it, as the log has it, called to this round or not; empty for those who are.
        """
        ...

    async def adjourn(self, item: Item, outcome: Outcome) -> None:
        """Say how the session about an item ends."""
        ...

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        """Take an item to a higher tier, where it has a place until it goes on or is settled; return whether it has one.

        Args:
            item: the item.
            tier: which one; the lowest, where items begin, is 1.
            room: items that may be there at once; None for any number.
            waits: whether to wait until there is room.
        """
        ...

    def predicted(self, item: Item) -> Mapping[Label, float] | None:
        """Return how probable the newest model holds each class; None before there is one, or where no doubt goes by it."""
        ...

    def luck(self, item: Item, purpose: str = "", turn: int = 0) -> Luck:
        """Return chance for deciding about an item, such as a tie: the same in every run with this seed, purpose and turn."""
        ...
