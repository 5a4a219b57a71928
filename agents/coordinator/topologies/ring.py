"""The ring: each hears those who sit next to them."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.topology import Hears, Topology
from bus.chance import Luck


class Ring(Topology):
    """Each hears those who sit next to them, in a circle."""

    kind: ClassVar[str] = "ring"

    reach: Annotated[int, Field(ge=1)] = 1
    """How many they hear on either side."""

    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return the neighbours of each; in a small circle, all others."""
        count = len(names)
        steps = [step for reach in range(1, self.reach + 1) for step in (-reach, reach)]
        seats = ((name, (names[(seat + step) % count] for step in steps)) for seat, name in enumerate(names))
        return {name: {other: 1.0 for other in others if other != name} for name, others in seats}
