"""Debate: round after round, everybody answers anew."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.heard import heard
from agents.coordinator.session import Session
from agents.coordinator.topologies.choice import AnyTopology
from agents.coordinator.topologies.complete import Complete
from agents.messages import Voice


class Debate(Protocol):
    """All answer anew in each round, having heard the others: debate among language models (Du et al., 2023).

    Whether an answer changes is chance, so that a round without a change ends nothing. A sparse topology is cheaper; a judge, who
    hears all at the end and decides, is the pool `judge`. Among people of the conduct `debate` it adds nothing to the vote (Choi,
    Zhu and Li, 2025).
    """

    kind: ClassVar[str] = "debate"

    topology: AnyTopology = Complete()
    """Who hears whom."""
    named: bool = True
    """Whether it is told who says what."""
    reasons: bool = True
    """Whether members say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return what those hold whom each hears."""
        return heard(session, self.topology, self.named)

    def patience(self, session: Session) -> int:
        """Return 0: they go on."""
        return 0
