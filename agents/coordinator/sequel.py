"""A sequel: the crowd, as the next policy of a chain finds it."""

from collections.abc import Mapping, Sequence

from agents.coordinator.belief import Belief
from agents.coordinator.crowd import Answer, Crowd, Enough, NobodyLeft, is_among
from agents.messages import Item, Label, Voice
from agents.negotiation import Outcome
from bus.chance import Luck


class Sequel:
    """A crowd in which those who have answered an item already answer it at once; only those who are lacking are asked.

    A policy that looks at the answers that there are has them: it is not given them once more when it asks.

    Args:
        crowd: the crowd of the policy before.
        item: the item.
    """

    def __init__(self, crowd: Crowd, item: Item) -> None:
        self._crowd = crowd
        self.classes = crowd.classes
        self._unseen = crowd.answers(item)

    @property
    def belief(self) -> Belief | None:
        """What the policy has learnt; see Crowd."""
        return self._crowd.belief

    async def ask(
        self,
        item: Item,
        votes: int,
        enough: Enough | None = None,
        at_once: int | None = None,
        of: Sequence[str] = (),
        shown: Voice | None = None,
    ) -> list[Answer]:
        """Return the answers of so many different people, of those first who have given one; see Crowd."""
        given = self._given(votes, enough, of)
        if len(given) == votes or (given and enough is not None and enough(given)):
            return given

        def suffice(more: Sequence[Answer]) -> bool:
            assert enough is not None
            return enough([*given, *more])

        try:
            more = await self._crowd.ask(item, votes - len(given), enough and suffice, at_once, of, shown)
        except NobodyLeft as lack:
            raise NobodyLeft([*given, *lack.answers]) from None
        return [*given, *more]

    def _given(self, votes: int, enough: Enough | None, of: Sequence[str]) -> list[Answer]:
        given: list[Answer] = []
        for answer in [*self._unseen]:
            if len(given) == votes or (given and enough is not None and enough(given)):
                break
            if not of or is_among(answer.annotator, of):
                self._unseen.remove(answer)
                given.append(answer)
        return given

    def people(self, of: Sequence[str] = ()) -> list[str]:
        """Return who may be asked; see Crowd."""
        return self._crowd.people(of)

    def answers(self, item: Item) -> list[Answer]:
        """Return what those hold now who have answered an item; see Crowd."""
        self._unseen.clear()
        return self._crowd.answers(item)

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
        """Hold a round; see Crowd."""
        return await self._crowd.reconsider(item, views, reasons, within, fee, protocol, members)

    async def adjourn(self, item: Item, outcome: Outcome) -> None:
        """Say how the session about an item ends; see Crowd."""
        await self._crowd.adjourn(item, outcome)

    async def escalate(self, item: Item, tier: int, room: int | None = None, waits: bool = True) -> bool:
        """Take an item to a tier; see Crowd."""
        return await self._crowd.escalate(item, tier, room, waits)

    def predicted(self, item: Item) -> Mapping[Label, float] | None:
        """Return what the newest model says of an item; see Crowd."""
        return self._crowd.predicted(item)

    def luck(self, item: Item, purpose: str = "", turn: int = 0) -> Luck:
        """Return chance for deciding about an item; see Crowd."""
        return self._crowd.luck(item, purpose, turn)
