"""The star: one hears all, and is all that the others hear."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.crowd import is_among
from agents.coordinator.topology import Hears, Topology
from bus.chance import Luck


class Star(Topology):
    """One hears all others, and is the only one whom they hear."""

    kind: ClassVar[str] = "star"

    hub: str | None = None
    """Who that is, or of which group; left out, or where nobody of these is a member, one of the members by luck."""

    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return the hub for each, and for the hub all others."""
        # Seats are drawn by luck already.
        wanted = () if self.hub is None else (self.hub,)
        hub = next((name for name in names if is_among(name, wanted)), next(iter(names), None))
        return {name: {other: 1.0 for other in names if other != name and hub in (name, other)} for name in names}

    def people(self) -> Sequence[str]:
        """Return the hub, if there is a certain one."""
        return () if self.hub is None else (self.hub,)
