"""Argument: the whole committee talks, and everybody says why."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.heard import heard
from agents.coordinator.session import Session
from agents.coordinator.topologies.choice import AnyTopology
from agents.coordinator.topologies.complete import Complete
from agents.messages import Voice


class Argument(Protocol):
    """The whole committee talks: each hears the others by name, and their reasons (MicroTalk: Drapeau et al., 2016)."""

    kind: ClassVar[str] = "argument"

    topology: AnyTopology = Complete()
    """Who hears whom."""
    named: bool = True
    """Whether it is told who says what."""
    reasons: bool = True
    """Whether members say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return what those hold whom each hears."""
        return heard(session, self.topology, self.named)
