"""The shared queue: first come, first served."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from agents.coordinator.allocation import Allocation, Router, Workforce
from agents.coordinator.request import Request


class SharedQueue(Allocation):
    """One queue for all: whoever is free takes the oldest question that they have not been asked."""

    kind: ClassVar[str] = "shared-queue"

    def router(self, workforce: Workforce) -> Router:
        """Return one that remembers nothing."""
        return OldestFirst()


class OldestFirst(Router):
    """The oldest request that an idle person may take, with the one who has been idle longest."""

    def match(self, requests: Iterable[Request], idle: Mapping[str, None]) -> tuple[Request, str] | None:
        """Return the first pair that fits."""
        if not idle:
            return None
        # Plain loops: a generator expression costs twice as much, once an assignment.
        for request in requests:
            for name in request.candidates(idle):
                if request.may_ask(name):
                    return request, name
        return None
