"""A question under way: one item, so many answers wanted."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Protocol

from agents.coordinator.crowd import Answer, Enough, NobodyLeft
from agents.messages import Item, View, Voice

MOST = 2**63
"""More people than there are."""


class Asked:
    """Who has been asked about an item so far, and how that ended.

    Attributes:
        times: how often each annotator was asked.
        answered: who has answered.
        declined: who had no answer to give, or could not tell.
    """

    __slots__ = ("answered", "declined", "times")

    def __init__(self) -> None:
        self.times: dict[str, int] = {}
        self.answered: set[str] = set()
        self.declined: set[str] = set()


class Purse(Protocol):
    """Money, of which there may not be enough for everybody."""

    @property
    def affords_all(self) -> bool:
        """Whether there is enough for whoever is asked."""

    def affords(self, name: str, request: "Request") -> bool:
        """Return whether there is enough for an answer of somebody."""


class Request:
    """What is wanted of the crowd for one item, who was asked, and what came back.

    Args:
        item: the item.
        votes: answers wanted.
        enough: whether fewer suffice; None if they never do.
        done: gets the answers when they are complete.
        cause: seq of the event that the next assignment follows from.
        present: the annotators who may be asked; it changes as they are lost and found.
        asked: who has been asked about this item before.
        able: those who can say anything about this item, and are wanted; None for all.
        at_once: people asked at the same time; None for all.
        away: those of the present who are not there for now; it changes too.
        shown: what people are shown before they answer; None for nothing.
    """

    __slots__ = (
        "_able", "_asked", "_at_once", "_away", "_enough", "_present", "_shown", "answers", "cause", "decided", "done", "item",
        "passed_over", "purse", "says_more", "score", "under_way", "votes",
    )  # fmt: skip
    turn = 0
    """The round that it is about; 0 for first answers."""
    fee: int | None = None
    """What an answer costs, in millionths; None for what the person takes."""
    due: int | None = None
    """When answers are due, in microseconds, whatever the lease; None for no such time."""

    def __init__(
        self,
        item: Item,
        votes: int,
        enough: Enough | None,
        done: "asyncio.Future[list[Answer]]",
        cause: int,
        present: Mapping[str, None],
        asked: Asked,
        able: Collection[str] | None = None,
        at_once: int | None = None,
        away: Collection[str] = (),
        shown: Voice | None = None,
    ) -> None:
        self.item = item
        self.votes = votes
        self.done = done
        self.cause = cause
        self.answers: list[Answer] = []
        self.under_way: set[str] = set()
        self._enough = enough
        self._present = present
        self._away = away
        self._asked = asked
        self._able = able
        self._at_once = votes if at_once is None else at_once
        self._shown = shown
        self.says_more = shown is not None
        """Whether people get more with it than the item: something to look at, or a time."""
        self.score = 0.0
        """How much its item is wanted, as whoever asks for items has it."""
        self.purse: Purse | None = None
        """What there is to pay people with; None for as much as may be needed."""
        self.passed_over: Collection[str] = ()
        """Those who would not do it when they were called: they are not waited for before somebody is asked once more."""
        self.decided = False
        """Whether its policy has been told what came of it."""

    @property
    def lacking(self) -> int:
        """How many people are to be asked now."""
        return min(self.votes - len(self.answers), self._at_once) - len(self.under_way)

    @property
    def staggers(self) -> bool:
        """Whether only some are asked at the same time: then an answer may let it lack one more."""
        return self._at_once < self.votes

    @property
    def assigned(self) -> int:
        """How often people have been asked about this item so far."""
        times = self._asked.times
        return sum(times.values()) if times else 0

    @property
    def is_hopeless(self) -> bool:
        """Whether more answers are lacking than there are people left who might give one.

        Where few are asked at once, fewer than all may do: then it is when nobody is at it, and nobody is left at all.
        """
        asked = self._asked
        done = len(asked.answered) + len(asked.declined) + len(self.under_way)
        lacking = self.lacking
        if self._at_once < self.votes:
            if self.under_way:
                return False
            lacking = min(lacking, 1)
        if self._able is None and lacking <= len(self._present) - done:
            return False
        people = self._present if self._able is None else (name for name in self._able if name in self._present)
        # No more are looked for than are lacking: this is asked of every request whenever somebody has gone.
        left = islice((name for name in people if self._might_answer(name)), max(lacking, 0))
        return lacking > sum(1 for _ in left)

    @property
    def needs(self) -> int:
        """How many people have to be present for it to be hopeful at any rate; answers and departures leave that as it is."""
        asked = self._asked
        return MOST if self._able is not None else len(asked.answered) + len(asked.declined) + len(self.under_way) + self.lacking

    def candidates(self, idle: Mapping[str, None]) -> Iterable[str]:
        """Return those of the idle whom it is any use to consider: where few can answer, only these are looked at."""
        able = self._able
        if able is None:
            return idle
        if isinstance(able, dict):
            # A group: of its people too, whoever has been idle longest comes first.
            return () if idle.keys().isdisjoint(able.keys()) else (name for name in idle if name in able)
        return () if idle.keys().isdisjoint(able) else [name for name in able if name in idle]

    def may_ask(self, name: str) -> bool:
        """Return whether this person may be asked: no one who has answered or is at it, and nobody twice before everybody once."""
        if name not in self._asked.times:
            return self._able is None or name in self._able
        return self._might_answer(name) and self._everybody_was_asked()

    def might_ask(self, name: str) -> bool:
        """Return whether somebody may be asked sooner or later, be they there or not."""
        return (self._able is None or name in self._able) and self._might_answer(name)

    def _might_answer(self, name: str) -> bool:
        return name not in self.under_way and name not in self._asked.answered and name not in self._asked.declined

    def _everybody_was_asked(self) -> bool:
        times, present, away, over = self._asked.times, self._present, self._away, self.passed_over
        purse = None if self.purse is None or self.purse.affords_all else self.purse
        if self._able is None and purse is None and len(times) + len(over) < len(present) - len(away):
            return False
        people = (name for name in (present if self._able is None else self._able) if name in present)
        # Those who are away, will not do it, or cannot be paid, are not waited for.
        waited_for = (name for name in people if not (name in times or name in away or name in over))
        return all(purse is not None and not purse.affords(name, self) for name in waited_for)

    @property
    def people_asked(self) -> int:
        """How many people have been asked."""
        return len(self._asked.times)

    def times(self, name: str) -> int:
        """Return how often somebody has been asked."""
        return self._asked.times.get(name, 0)

    def in_vain(self) -> Iterator[tuple[str, int]]:
        """Yield those who were asked and have given no answer, with the number of times; but not who is at it still."""
        for name, times in self._asked.times.items():
            if name not in self._asked.answered and name not in self.under_way:
                yield name, times

    def assign(self, name: str) -> int:
        """Note that a person is asked, and return their attempt, from 0."""
        times = self._asked.times
        attempt = times.get(name, 0)
        times[name] = attempt + 1
        self.under_way.add(name)
        return attempt

    def view(self, name: str) -> View | None:
        """Return what somebody is shown with their task."""
        return None if self._shown is None else (0, False, None, (self._shown,))

    def take_up(self, name: str) -> None:
        """Note that somebody is at it who was asked before a restart."""
        self.under_way.add(name)

    def expire(self, name: str, seq: int) -> None:
        """Note that a person's answer is overdue, by the event `seq`."""
        self.under_way.discard(name)
        self.cause = seq

    def give_back(self, name: str, seq: int) -> None:
        """Note that a person gave the task back undone, by the event `seq`."""
        self.expire(name, seq)

    def decline(self, name: str, seq: int) -> None:
        """Note that a person has no answer to give, by the event `seq`."""
        self.under_way.discard(name)
        self._asked.declined.add(name)
        self.cause = seq

    def accept(self, answer: Answer) -> bool:
        """Take an answer, and return whether that completes the request."""
        self.under_way.discard(answer.annotator)
        self._asked.answered.add(answer.annotator)
        self.answers.append(answer)
        return len(self.answers) >= self.votes or (self._enough is not None and self._enough(self.answers))

    def finish(self) -> None:
        """Tell the policy that it has its answers."""
        self.decided = True
        self.done.set_result(self.answers)

    def fail(self) -> None:
        """Tell the policy that it will never have them."""
        self.decided = True
        self.done.set_exception(NobodyLeft(self.answers))
