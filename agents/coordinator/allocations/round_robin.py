"""Round robin: each in turn."""

from collections.abc import Iterator
from typing import ClassVar

from agents.coordinator.allocations.dealing import Dealer, Table
from agents.coordinator.request import Request


class RoundRobin(Dealer):
    """Each question is meant for the next person in turn of those who are there, be they busy or not."""

    kind: ClassVar[str] = "round-robin"

    def owners(self, table: Table, request: Request) -> Iterator[str]:
        """Yield whose turn it is; then, if nobody is there, those who will be."""
        people = table.people
        for _ in people:
            name = people[table.turn % len(people)]
            table.turn += 1
            if table.roll.is_there(name):
                yield name
        yield from people
