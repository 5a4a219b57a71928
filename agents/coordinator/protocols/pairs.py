"""Pairs: two who disagree meet, and are matched anew."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Answer
from agents.coordinator.protocol import Protocol
from agents.coordinator.session import Session, shuffled
from agents.messages import Voice


class Pairs(Protocol):
    """Two who disagree meet, either may change, and all are matched anew (Cicero: Chen et al., 2019)."""

    kind: ClassVar[str] = "pairs"

    turns: Annotated[int, Field(ge=1)] = 1
    """Rounds that two talk to each other who go on disagreeing, before they are matched anew."""
    reasons: bool = True
    """Whether they say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return for each who has somebody to meet what that one holds."""
        held = {member.annotator: member for member in session.members}
        pairs = self._continued(session, held) if (session.turn - 1) % self.turns else []
        pairs = pairs or self._matched(session, held)
        return {one: (held[other].voice(),) for pair in pairs for one, other in (pair, pair[::-1])}

    def patience(self, session: Session) -> int:
        """Return the rounds in which everybody may have met everybody else."""
        return self.turns * max(len(session.members) - 1, 1)

    def _continued(self, session: Session, held: Mapping[str, Answer]) -> list[tuple[str, str]]:
        """Return those who met in the last round, and still disagree."""
        met = {name: str(voices[0][0]) for name, voices in session.views.items()}
        return [
            (one, other)
            for one, other in met.items()
            if one < other and one in held and other in held and held[one].label != held[other].label
        ]

    def _matched(self, session: Session, held: Mapping[str, Answer]) -> list[tuple[str, str]]:
        """Return pairs by luck who disagree, as many as come about: each takes the first who is free."""
        free, pairs = shuffled(session.names, session.luck("pairs")), []
        while free:
            one = free.pop(0)
            other = next((each for each in free if held[each].label != held[one].label), None)
            if other is not None:
                free.remove(other)
                pairs.append((one, other))
        return pairs
