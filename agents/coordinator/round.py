"""A round of a negotiation: people who have answered an item are shown what others hold, and say what they hold now."""

import asyncio
from collections.abc import Iterable, Mapping

from agents.coordinator.crowd import Answer
from agents.coordinator.request import MOST, Asked, Request
from agents.messages import Item, View


class Round(Request):
    """What is wanted of the members of a session, who was asked, and what came back. Who is silent is not waited for.

    Args:
        item: the item.
        turn: which round it is, from 1.
        views: what each member is shown.
        done: gets the replies when all have come that will.
        cause, present, asked: as for a request.
        due: when replies are due, in microseconds; None for no such time.
        fee: what a reply costs, in millionths; None for what an answer of the person costs.
    """

    __slots__ = ("_called", "_views", "due", "fee", "turn")

    def __init__(
        self,
        item: Item,
        turn: int,
        views: Mapping[str, View],
        done: "asyncio.Future[list[Answer]]",
        cause: int,
        present: Mapping[str, None],
        asked: Asked,
        due: int | None = None,
        fee: int | None = None,
    ) -> None:
        super().__init__(item, len(views), None, done, cause, present, asked)
        self.turn, self.due, self.fee = turn, due, fee
        self.says_more = True
        self._views = views
        self._called: dict[str, None] = dict.fromkeys(views)

    @property
    def called(self) -> list[str]:
        """Members who are still to be asked, as far as they ever can be."""
        return [name for name in self._called if name in self._present]

    @property
    def wanted(self) -> list[str]:
        """Members who are still to be asked, and those of whom nothing is heard, who may be back."""
        return [*self._called]

    @property
    def lacking(self) -> int:
        """How many members are to be asked now."""
        return len(self.called)

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody more will reply."""
        return not self.under_way and not self.called

    @property
    def needs(self) -> int:
        """How many people have to be present for it to be hopeful at any rate: it goes by who they are."""
        return MOST

    def might_ask(self, name: str) -> bool:
        """Return whether somebody is to be asked, be they there or not."""
        return name in self._called

    def view(self, name: str) -> View:
        """Return what a member is shown."""
        return self._views[name]

    def assign(self, name: str) -> int:
        """Note that a member is asked, and return their attempt, from 0."""
        self._called.pop(name, None)
        return super().assign(name)

    def take_up(self, name: str) -> None:
        """Note that a member is at it who was asked before a restart."""
        self._called.pop(name, None)
        super().take_up(name)

    def excuse(self, names: Iterable[str]) -> None:
        """Call some no more who have not been asked since a restart."""
        for name in names:
            self._called.pop(name, None)

    def give_back(self, name: str, seq: int) -> None:
        """Note that a member gave the task back undone: they are asked once more."""
        self.expire(name, seq)
        self._called[name] = None

    def decline(self, name: str, seq: int) -> None:
        """Note that a member has nothing to say."""
        self.expire(name, seq)

    def accept(self, answer: Answer) -> bool:
        """Take a reply, and return whether that completes the round."""
        self.under_way.discard(answer.annotator)
        self._called.pop(answer.annotator, None)
        self.answers.append(answer)
        return self.is_hopeless

    def fail(self) -> None:
        """Tell the policy that nobody more will reply."""
        self.finish()
