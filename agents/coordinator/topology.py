"""What every topology is: who hears whom."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from agents.component import Component
from bus.chance import Luck

Hears = Mapping[str, Mapping[str, float]]
"""Whom each member hears, by name, and how much each of these weighs among those they hear. Nobody hears themselves."""


class Topology(Component):
    """Says who hears whom in a committee. Members sit in an order that is drawn by the luck of the item."""

    @abstractmethod
    def hears(self, names: Sequence[str], luck: Luck) -> Hears:
        """Return whom each member hears.

        Args:
            names: the members, in the order in which they sit.
            luck: draws of this item, the same in every round.
        """

    def people(self) -> Sequence[str]:
        """Return the people and groups that the scenario names in it."""
        return ()
