"""A question under way: one item, so many answers wanted."""

import asyncio

from agents.coordinator.crowd import Answer, Enough
from agents.messages import Item


class Request:
    """What is wanted of the crowd for one item, who was asked, and what came back.

    Args:
        item: the item.
        votes: answers wanted.
        enough: whether fewer suffice; None if they never do.
        done: gets the answers when they are complete.
        cause: seq of the event that the next assignment follows from.
        people: how many annotators there are.
        asked: how often each annotator has been asked this item before.
        answered: who has answered it before.
    """

    __slots__ = ("_answered", "_asked", "_enough", "_people", "answers", "cause", "done", "item", "under_way", "votes")

    def __init__(
        self,
        item: Item,
        votes: int,
        enough: Enough | None,
        done: "asyncio.Future[list[Answer]]",
        cause: int,
        people: int,
        asked: dict[str, int],
        answered: set[str],
    ) -> None:
        self.item = item
        self.votes = votes
        self.done = done
        self.cause = cause
        self.answers: list[Answer] = []
        self.under_way: set[str] = set()
        self._enough = enough
        self._people = people
        self._asked = asked
        self._answered = answered

    @property
    def lacking(self) -> int:
        """How many people are still to be asked."""
        return self.votes - len(self.answers) - len(self.under_way)

    def may_ask(self, name: str) -> bool:
        """Return whether this person may be asked: no one who has answered or is at it, and nobody twice before everybody once."""
        if name not in self._asked:
            return True
        return len(self._asked) == self._people and name not in self.under_way and name not in self._answered

    def assign(self, name: str) -> int:
        """Note that a person is asked, and return their attempt, from 0."""
        attempt = self._asked.get(name, 0)
        self._asked[name] = attempt + 1
        self.under_way.add(name)
        return attempt

    def expire(self, name: str, seq: int) -> None:
        """Note that a person's answer is overdue, by the event `seq`."""
        self.under_way.discard(name)
        self.cause = seq

    def accept(self, answer: Answer) -> bool:
        """Take an answer, and return whether that completes the request."""
        self.under_way.discard(answer.annotator)
        self._answered.add(answer.annotator)
        self.answers.append(answer)
        return len(self.answers) >= self.votes or (self._enough is not None and self._enough(self.answers))
