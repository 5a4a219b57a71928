"""Allocation: which of the waiting people gets which of the waiting questions."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, ClassVar

from agents.component import Choice, Component
from agents.coordinator.request import Request


class Allocation(Component):
    """Brings together questions that wait for people and people who wait for questions."""

    @abstractmethod
    def match(self, requests: Iterable[Request], idle: Iterable[str]) -> tuple[Request, str] | None:
        """Return the next pair, or None if there is none to be made.

        Args:
            requests: those that lack people, oldest first.
            idle: names of the people without a task whom the budget affords, longest idle first.
        """


class SharedQueue(Allocation):
    """One queue for all: whoever is free takes the oldest question that they have not been asked."""

    kind: ClassVar[str] = "shared-queue"

    def match(self, requests: Iterable[Request], idle: Iterable[str]) -> tuple[Request, str] | None:
        """Return the oldest request that an idle person may take, with the one who has been idle longest."""
        names = idle if isinstance(idle, dict) else dict.fromkeys(idle)
        if not names:
            return None
        # Plain loops: a generator expression costs twice as much, once an assignment.
        for request in requests:
            for name in request.candidates(names):
                if request.may_ask(name):
                    return request, name
        return None


AnyAllocation = Annotated[Allocation, Choice("allocation", SharedQueue)]
