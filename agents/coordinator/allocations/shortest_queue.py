"""The shortest of some queues: a little choice goes a long way."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.allocations.dealing import Dealer, Table
from agents.coordinator.request import Request
from bus.chance import Luck


class ShortestOf(Dealer):
    """Each question is meant for the one of `d` people, drawn at random, who has least before them (Mitzenmacher, 2001)."""

    kind: ClassVar[str] = "shortest-of"

    d: Annotated[int, Field(ge=1)] = 2
    """People who are drawn; as many as there are, or more: the question joins the shortest queue of all."""

    def owners(self, table: Table, request: Request) -> Iterator[str]:
        """Yield who has least to do of some; then who has least of the rest and another who is drawn; and so on."""
        table.turn += 1
        shuffled = _shuffled(table.people, table.luck.luck(request.item, table.turn))
        drawn: list[str] = []
        absent: list[str] = []
        for name in shuffled:
            if not table.may_have(request, name):
                continue
            (drawn if table.roll.is_there(name) else absent).append(name)
            if len(drawn) == self.d:
                # Of equals, the one who was drawn first: chance breaks the tie.
                least = min(drawn, key=table.load)
                drawn.remove(least)
                yield least
        yield from sorted(drawn, key=table.load)
        yield from absent


def _shuffled(people: Sequence[str], luck: Luck) -> Iterator[str]:
    """Yield people in random order, shuffling no more of them than are looked at (Fisher and Yates, 1938)."""
    moved: dict[int, int] = {}
    for place in range(len(people)):
        other = place + luck.below(len(people) - place)
        chosen = moved.get(other, other)
        moved[other] = moved.get(place, place)
        yield people[chosen]
