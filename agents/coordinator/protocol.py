"""What every protocol of a negotiation is: who is shown what in a round, and what counts as agreeing and as moving."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from agents.component import Component
from agents.coordinator.crowd import Answer
from agents.coordinator.session import Session
from agents.coordinator.vote import agreement
from agents.messages import Voice


class Protocol(Component):
    """Says before each round of a session who is called to it, and what they are shown of what others hold."""

    gives_reasons: ClassVar[bool] = False
    """Whether members say why, where no dial `reasons` says so."""

    @abstractmethod
    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return what each who is called to the next round is shown, by name; nobody, if nothing is left to talk over."""

    def agreement(self, session: Session) -> float:
        """Return the share of the members who agree: those with the most frequent label."""
        return agreement(session.members)

    def has_moved(self, before: Sequence[Answer], after: Sequence[Answer]) -> bool:
        """Return whether a round has moved anybody: to another label.

        Args:
            before: what each member held before it.
            after: what they hold now, in the same order.
        """
        return any(one.label != other.label for one, other in zip(before, after, strict=True))

    def patience(self, session: Session) -> int:
        """Return after how many rounds in a row without a move nothing is to be expected any more."""
        return 1

    @property
    def name(self) -> str:
        """What a session is called in the log."""
        return self.kind or type(self).__name__

    @property
    def has_reasons(self) -> bool:
        """Whether members say why they hold what they hold."""
        return bool(getattr(self, "reasons", self.gives_reasons))
