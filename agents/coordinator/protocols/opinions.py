"""Opinions: everybody hears their neighbours, all at once."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Answer
from agents.coordinator.opinion import agreeing, distance, opinion
from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.heard import heard
from agents.coordinator.session import Session
from agents.coordinator.topologies.choice import AnyTopology
from agents.coordinator.topologies.complete import Complete
from agents.messages import Voice


class Opinions(Protocol):
    """All hear their neighbours at once: DeGroot, Friedkin-Johnsen or Hegselmann-Krause, as people's `social` has it.

    With the conduct `conformity` these are the opinions of DeGroot (1974), with its stubbornness those of Friedkin and Johnsen
    (1990), with bounded confidence those of Hegselmann and Krause (2002). Who says how probable each class is (`says`) shows that;
    the others show a label.
    """

    kind: ClassVar[str] = "opinions"

    topology: AnyTopology = Complete()
    """Who hears whom."""
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.001
    """Difference of the probabilities up to which opinions agree, or have not moved."""
    named: bool = False
    """Whether it is told who holds what."""
    reasons: bool = False
    """Whether members say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return what the neighbours of each hold."""
        return heard(session, self.topology, self.named)

    def agreement(self, session: Session) -> float:
        """Return the largest share of the members who are within the tolerance of one of them."""
        return agreeing([opinion(member, session.crowd.classes) for member in session.members], self.tolerance)

    def has_moved(self, before: Sequence[Answer], after: Sequence[Answer]) -> bool:
        """Return whether somebody has moved by more than the tolerance."""
        return moved(before, after, self.tolerance)


def moved(before: Sequence[Answer], after: Sequence[Answer], tolerance: float) -> bool:
    """Return whether somebody's opinion, or label where they state no chances, is another than before."""
    for one, other in zip(before, after, strict=True):
        if one.chances is None or other.chances is None:
            if one.label != other.label:
                return True
        elif distance(one.chances, other.chances) > tolerance:
            return True
    return False
