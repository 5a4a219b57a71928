"""Gossip: one pair at a time."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Answer
from agents.coordinator.opinion import agreeing, opinion
from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.opinions import moved
from agents.coordinator.session import Session
from agents.coordinator.topologies.choice import AnyTopology
from agents.coordinator.topologies.complete import Complete
from agents.messages import Voice


class Gossip(Protocol):
    """One pair of neighbours at a time, by luck, and both may move: Deffuant, with people of bounded confidence (2000)."""

    kind: ClassVar[str] = "gossip"

    topology: AnyTopology = Complete()
    """Who may meet whom; where only one hears the other, only that one may move."""
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.001
    """Difference of the probabilities up to which opinions agree, or have not moved."""
    reasons: bool = False
    """Whether the two say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return what each of the pair holds, for the other."""
        hears = self.topology.hears(session.names, session.luck("topology", 0))
        pairs = self._pairs(session)
        if not pairs:
            return {}
        one, other = pairs[session.luck("gossip").below(len(pairs))]
        sides = ((one, other), (other, one))
        return {
            to.annotator: (of.voice(weight=hears[to.annotator][of.annotator]),)
            for to, of in sides
            if of.annotator in hears.get(to.annotator, {})
        }

    def agreement(self, session: Session) -> float:
        """Return the largest share of the members who are within the tolerance of one of them."""
        return agreeing([opinion(member, session.crowd.classes) for member in session.members], self.tolerance)

    def has_moved(self, before: Sequence[Answer], after: Sequence[Answer]) -> bool:
        """Return whether one of the two has moved by more than the tolerance."""
        return moved(before, after, self.tolerance)

    def patience(self, session: Session) -> int:
        """Return how many pairs there are: each may meet once in as many rounds."""
        return max(len(self._pairs(session)), 1)

    def _pairs(self, session: Session) -> list[tuple[Answer, Answer]]:
        members, hears = session.members, self.topology.hears(session.names, session.luck("topology", 0))
        return [
            (one, other)
            for seat, one in enumerate(members)
            for other in members[seat + 1 :]
            if other.annotator in hears.get(one.annotator, {}) or one.annotator in hears.get(other.annotator, {})
        ]
