"""The new protocol, and the new policy, that CONTRIBUTING walks through."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from agents.coordinator.crowd import Crowd
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.protocol import Protocol
from agents.coordinator.session import Session
from agents.coordinator.vote import plurality
from agents.messages import Item, Voice


class HoldOuts(Protocol):
    """Only who is outvoted is asked again, and hears those who are not."""

    kind: ClassVar[str] = "hold-outs"

    reasons: bool = True
    """Whether they say why."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return for each of the minority what the majority holds."""
        leader = plurality(session.members, session.item, session.crowd)
        voices = [member.voice() for member in session.members if member.label == leader]
        return {member.annotator: voices for member in session.members if member.label != leader}


class SecondThoughts(Policy):
    """`size` people answer; all are shown the count, and answer once more."""

    kind: ClassVar[str] = "second-thoughts"

    size: Annotated[int, Field(ge=1)] = 3
    """People asked about an item."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, show, count."""
        answers = await crowd.ask(item, self.size, of=self.of or ())
        labels = [answer.voice(named=False) for answer in answers]
        views = {answer.annotator: labels[:seat] + labels[seat + 1 :] for seat, answer in enumerate(answers)}
        await crowd.reconsider(item, views, protocol=self.kind)
        await crowd.adjourn(item, "rounds")
        positions = crowd.answers(item)
        return Resolution(plurality(positions, item, crowd), positions)

    def most_people(self) -> int:
        """Return the size."""
        return self.size
