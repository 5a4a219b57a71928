"""How long an annotator takes over an answer."""

from abc import abstractmethod
from collections.abc import Set

from agents.annotator.case import Case
from agents.annotator.record import Record, Recording
from agents.component import Component
from agents.messages import Item
from bus.chance import Luck


class Latency(Component):
    """The time from the assignment of a task to its answer."""

    @abstractmethod
    def seconds(self, case: Case, luck: Luck) -> float:
        """Return the time that an answer takes.

        Args:
            case: the item, and what is true of it.
            luck: the draws of this person, for this item and attempt.
        """

    @abstractmethod
    def within(self, seconds: float) -> float:
        """Return the probability that an answer takes no longer than `seconds`."""

    def recording(self, noise: Recording | None) -> Recording | None:
        """Return where the times are recorded; None if they are made up.

        Args:
            noise: where the same person's answers are recorded.

        Raises:
            ValueError: they are to be recorded, but where is not said.
        """
        return None

    def bound(self, record: Record, items: Set[Item] | None) -> "Latency":
        """Return the latency of the person whose record this is.

        Args:
            record: what they were recorded to answer.
            items: what they may have an answer to; None for any.

        Raises:
            ValueError: the record does not suffice.
        """
        return self
