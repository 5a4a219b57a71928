"""Static partition: everybody has their share from the start."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.allocations.dealing import Dealer, Table
from agents.coordinator.request import Request


class StaticPartition(Dealer):
    """Each item belongs to one person after the other, in the order in which items are asked for, whoever is there or not.

    An item of which several people are asked belongs to those who follow too.
    """

    kind: ClassVar[str] = "static-partition"

    def owners(self, table: Table, request: Request) -> Sequence[str]:
        """Return the people, from the item's own on."""
        return _from_own(table, request)


class Stealing(Dealer):
    """A static partition in which who has nothing left takes the oldest question of the longest queue."""

    kind: ClassVar[str] = "stealing"
    steals: ClassVar[bool] = True

    def owners(self, table: Table, request: Request) -> Sequence[str]:
        """Return the people, from the item's own on."""
        return _from_own(table, request)


def _from_own(table: Table, request: Request) -> Sequence[str]:
    first = table.place(request.item) % len(table.people)
    return (*table.people[first:], *table.people[:first])
