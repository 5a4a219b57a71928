"""The complete graph: everybody hears everybody."""

from collections.abc import Sequence
from typing import ClassVar

from agents.coordinator.topology import Hears, Topology
from bus.chance import Luck


class Complete(Topology):
    """Everybody hears everybody else."""

    kind: ClassVar[str] = "complete"

    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return all others for each."""
        return {name: {other: 1.0 for other in names if other != name} for name in names}
