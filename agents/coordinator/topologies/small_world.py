"""The small world: a ring with some shortcuts."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.topology import Hears, Topology
from bus.chance import Luck


class SmallWorld(Topology):
    """A ring of which some connections lead elsewhere, by the luck of the item (Watts and Strogatz, 1998)."""

    kind: ClassVar[str] = "small-world"

    reach: Annotated[int, Field(ge=1)] = 1
    """How many each hears on either side, before any connection is led elsewhere."""
    rewired: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Probability that a connection leads elsewhere: to anybody to whom there is none yet."""

    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return those to whom each is connected."""
        count, reach = len(names), min(self.reach, (len(names) - 1) // 2)
        linked: list[dict[int, None]] = [{} for _ in names]
        for step in range(1, max(reach, min(self.reach, count // 2)) + 1):
            for seat in range(count):
                _link(linked, seat, (seat + step) % count)
        for step in range(1, reach + 1):
            for seat in range(count):
                self._rewire(linked, seat, (seat + step) % count, luck)
        return {name: {names[other]: 1.0 for other in sorted(linked[seat])} for seat, name in enumerate(names)}

    def _rewire(self, linked: list[dict[int, None]], seat: int, other: int, luck: Luck) -> None:
        draw, free = luck.uniform(), [each for each in range(len(linked)) if each != seat and each not in linked[seat]]
        if draw < self.rewired and free:
            del linked[seat][other], linked[other][seat]
            _link(linked, seat, free[luck.below(len(free))])


def _link(linked: list[dict[int, None]], one: int, other: int) -> None:
    linked[one][other] = linked[other][one] = None
