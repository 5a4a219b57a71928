"""What every pool is: what the positions of a committee amount to."""

from abc import abstractmethod
from collections.abc import Sequence

from agents.component import Component
from agents.coordinator.crowd import Answer, Crowd
from agents.messages import Item, Label


class Pool(Component):
    """Says what label positions amount to. Ties are broken by the luck of the item, whatever order the positions come in."""

    @abstractmethod
    def label(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the label.

        Args:
            item: the item.
            positions: what people hold, of whom there is one at least.
            crowd: the crowd, for its luck and its classes.
        """

    def undisputed(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> Label:
        """Return the label where there was no need to talk, and so nobody has heard anybody."""
        return self.label(item, positions, crowd)

    def judge(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> str | None:
        """Return who hears all others at the end, and takes no part before; None for nobody."""
        return None

    def check(self, classes: Sequence[Label]) -> None:
        """Refuse data whose classes it is not for: said before a campaign, and not in the middle of it.

        Raises:
            Unusable: it is for other classes.
        """

    def people(self) -> Sequence[str]:
        """Return the people and groups that the scenario names in it."""
        return ()
