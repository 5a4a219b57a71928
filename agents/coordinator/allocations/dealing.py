"""Dealing: each question is meant for certain people as soon as it is asked, and waits for them."""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocation import Allocation, Router, Workforce
from agents.coordinator.allocations.queues import Queues
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.messages import Item
from bus.clock import microseconds
from bus.duration import Duration


class Dealer(Allocation):
    """Base class of those that deal: whom a question is meant for is settled when it is asked, not when somebody is free."""

    patience: Annotated[Duration, Field(gt=0)] | None = None
    """Time that a question waits for whom it is meant for; then it goes to whoever is free. Left out, for as long as they are
    expected: not if they have left, are blocked, or let a lease pass."""

    steals: ClassVar[bool] = False
    """Whether those who have nothing before them take what waits for others."""

    @abstractmethod
    def owners(self, table: "Table", request: Request) -> Iterable[str]:
        """Yield for whom a question is meant, as many as are asked for; who cannot have it, or has it already, is passed over.

        Args:
            table: the questions that were dealt before, and the people.
            request: the question.
        """

    def router(self, workforce: Workforce) -> Router:
        """Return one that keeps a queue for each person."""
        return Table(workforce, self)


class Table(Router):
    """Keeps the questions that are dealt, and gives people the oldest of their own.

    Nobody's absence strands a question: it is anybody's when who it was meant for is not expected any more, has no time for it
    within the patience, or costs more than there is.

    Args:
        workforce: the people.
        dealer: who deals.
    """

    def __init__(self, workforce: Workforce, dealer: Dealer) -> None:
        self.people = [*workforce.people]
        self.queues = Queues()
        self.turn = 0
        """A number that the dealer keeps."""
        self.roll = Roll(self.people)
        self.luck = workforce.chance.keyed("allocation")
        self._dealer, self._loop = dealer, workforce.loop
        self._patience = None if dealer.patience is None else microseconds(dealer.patience)
        self._nudge: Callable[[], None] = _stay
        self._places: dict[Item, int] = {}
        self._free: dict[Request, None] = {}
        self._due: dict[Request, int] = {}
        self._last: tuple[Request, str, int, str | None] | None = None

    def meet(self, roll: Roll, nudge: Callable[[], None]) -> None:
        """Learn who is there."""
        self.roll, self._nudge = roll, nudge

    def place(self, item: Item) -> int:
        """Return the how-manieth item it is that is asked about, from 0."""
        return self._places.setdefault(item, len(self._places))

    def may_have(self, request: Request, name: str) -> bool:
        """Return whether a question may be meant for somebody."""
        return self.roll.is_expected(name) and name not in self.queues.owners(request) and request.may_ask(name)

    def load(self, name: str) -> int:
        """Return how many questions somebody has before them, with the one that they are at."""
        return self.queues.length(name) + (name not in self.roll.idle)

    # What is wanted

    def want(self, request: Request) -> None:
        """Deal a question to as many people as it lacks."""
        self._take_note()
        lacking = request.lacking - len(self.queues.owners(request))
        for name in self._dealer.owners(self, request) if lacking > 0 else ():
            if self.may_have(request, name):
                self.queues.add(request, name)
                lacking -= 1
            if not lacking:
                break
        if lacking > 0:
            self._free[request] = None
        if self._patience is not None:
            self._due[request] = self._loop.now + self._patience
            self._loop.call_at_instant(self._due[request], self._lose_patience, request)

    def _lose_patience(self, request: Request) -> None:
        # It may have been put up anew since then.
        if self._loop.now >= self._due.get(request, math.inf):
            self._release(request)
            self._nudge()

    def _release(self, request: Request) -> None:
        """Let anybody have a question."""
        self.queues.drop(request)
        self._free[request] = None

    def done(self, request: Request) -> None:
        """Take a question off the table."""
        self._last = None if self._last is not None and self._last[0] is request else self._last
        self.queues.drop(request)
        self._free.pop(request, None)
        self._due.pop(request, None)

    def _take_note(self) -> None:
        """See whether the pair that was found last was made: a gold question may have come between."""
        if self._last is not None:
            request, name, times, owner = self._last
            self._last = None
            if request.times(name) == times:
                return
            if owner is not None:
                self.queues.remove(request, owner)
            if request.lacking <= len(self.queues.owners(request)):
                self._free.pop(request, None)

    # Who takes what

    def match(self, requests: Iterable[Request], idle: Mapping[str, None]) -> tuple[Request, str] | None:
        """Return what is anybody's first, then what is somebody's own, then what may be taken from others."""
        self._take_note()
        self._let_go_of_the_lost(idle)
        found = self._anybodys(idle) or self._own(idle)
        if found is None and self._free:
            found = self._anybodys(idle)
        if found is None and self._dealer.steals:
            found = self._stolen(idle)
        if found is None:
            return None
        request, name, owner = found
        self._last = (request, name, request.times(name), owner)
        return request, name

    def _let_go_of_the_lost(self, idle: Mapping[str, None]) -> None:
        """Let anybody have what was meant for those who are not expected any more, or whom the budget does not afford."""
        roll = self.roll
        if len(roll.present) == len(self.people) and not roll.behind and len(idle) == len(roll.idle):
            return
        for name in [*self.queues.people]:
            if not roll.is_expected(name) or (name in roll.idle and name not in idle):
                for request in [*self.queues.of(name)]:
                    self.queues.remove(request, name)
                    self._free[request] = None

    def _anybodys(self, idle: Mapping[str, None]) -> tuple[Request, str, str | None] | None:
        for request in self._free:
            for name in request.candidates(idle):
                if request.may_ask(name):
                    return request, name, name if name in self.queues.owners(request) else None
        return None

    def _own(self, idle: Mapping[str, None]) -> tuple[Request, str, str | None] | None:
        queues = self.queues
        names = idle if len(idle) < len(queues.people) else [name for name in queues.people if name in idle]
        for name in names:
            for request in [*queues.of(name)]:
                if request.may_ask(name):
                    return request, name, name
                # They were asked meanwhile, as anybody, and others have not been.
                queues.remove(request, name)
                self._free[request] = None
        return None

    def _stolen(self, idle: Mapping[str, None]) -> tuple[Request, str, str | None] | None:
        """Return the oldest question of the longest queue that somebody may take who has none of their own."""
        for owner in self.queues.longest_first():
            for request in self.queues.of(owner):
                for name in request.candidates(idle):
                    if name not in self.queues.owners(request) and request.may_ask(name):
                        return request, name, owner
        return None


def _stay() -> None:
    """Nobody is to be told."""
