"""Negotiation: a committee talks an item over."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.crowd import Answer, Crowd, GivenUp, NobodyLeft, is_among
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.pools.choice import AnyPool
from agents.coordinator.pools.plurality import Plurality
from agents.coordinator.protocols.choice import AnyProtocol
from agents.coordinator.protocols.delphi import Delphi
from agents.coordinator.session import Session, shuffled
from agents.messages import Item, Label, Voice
from agents.negotiation import Outcome
from bus.duration import Duration


class Negotiation(Policy):
    """`size` people answer, and where they do not agree they talk it over, in rounds, until enough do or nobody moves any more.

    How they talk is the protocol; what they make of what they hear is theirs (the key `social` of annotators). A round is for all
    at once: each has a task of it, which takes time and costs money, and waits for those who are at other work.
    """

    kind: ClassVar[str] = "negotiation"

    size: Annotated[int, Field(ge=1)] = 3
    """People in a committee: those who have answered the item already are in it, and others are asked, up to so many."""
    rounds: Annotated[int, Field(ge=0)] = 3
    """Rounds at most; with 0 nobody talks, and what they answered is settled as `settles` says."""
    quorum: Annotated[float, Field(ge=0, le=1)] = 0.75
    """Share of the members who have to agree for it to be over; with 0 none is enough, and they talk until nobody moves."""
    trigger: AnyDoubt | None = None
    """When they talk at all; left out, where fewer agree than the quorum."""
    protocol: AnyProtocol = Delphi()
    """How they talk: who is called to each round, and is shown what."""
    within: Annotated[Duration, Field(gt=0)] | None = None
    """Time that a round may take: who has not replied by then is silent. Left out, everybody is waited for."""
    silent: Literal["keeps", "abstains"] = "keeps"
    """What becomes of members who are silent in a round: they keep their position; or they leave, and it counts no more."""
    fee: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """What a reply in a round costs; left out, as much as an answer of the person."""
    stable: Annotated[int, Field(ge=0)] | None = None
    """Rounds in a row in which nobody moves that end it; left out, as the protocol has it; with 0 they end nothing."""
    settles: AnyPool = Plurality()
    """What positions amount to at the end."""
    fallback: Literal["hand-over", "vote", "give-up"] = "hand-over"
    """What is done without a quorum at the end: `otherwise` decides, if there is one; or what they hold is settled all the same; or
    the item gets no label."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        """Ask, let them talk, settle."""
        positions = await self._gather(item, crowd)
        if not self._is_to_be_talked_over(item, positions, crowd):
            return Resolution(self.settles.undisputed(item, positions, crowd), positions)
        judge = self.settles.judge(item, positions, crowd) if len(positions) > 1 else None
        session, outcome = await self._talk(Session(item, crowd, self._seated(item, positions, judge, crowd)))
        positions = [*session.members] if judge is None else await self._hear(judge, session)
        if session.turn > 1 or judge is not None:
            await crowd.adjourn(item, outcome)
        # Without a quorum there is none to be missed.
        settled = outcome == "consensus" or (outcome == "stable" and not self.quorum)
        if self.fallback == "give-up" and not settled:
            raise GivenUp(f"no quorum: {outcome}")
        label = self.settles.label(item, positions, crowd)
        return Resolution(label, positions, settled=settled or self.fallback == "vote")

    def conclude(self, item: Item, answers: Sequence[Answer], crowd: Crowd) -> Label:
        """Return what positions amount to: nobody talks over one more answer."""
        return self.settles.label(item, answers, crowd)

    def most_people(self) -> int:
        """Return the size."""
        return self.size

    async def _gather(self, item: Item, crowd: Crowd) -> list[Answer]:
        """Return the first answers of a committee: of a smaller one, where too few are left to ask."""
        of, wanted = self.of or (), self.size
        there = [answer for answer in crowd.answers(item) if not of or is_among(answer.annotator, of)]
        while len(there) < wanted:
            try:
                there += await crowd.ask(item, wanted - len(there), of=of)
            except NobodyLeft as lack:
                there += lack.answers
                wanted -= 1
                if not there and not wanted:
                    raise
        return there

    def _seated(self, item: Item, positions: Sequence[Answer], judge: str | None, crowd: Crowd) -> list[Answer]:
        """Return what those hold who are to talk, in an order that is drawn by luck, and not that of who was first to answer."""
        held = {answer.annotator: answer for answer in positions if answer.annotator != judge}
        return [held[name] for name in shuffled([*held], crowd.luck(item, "seats"))]

    def _is_to_be_talked_over(self, item: Item, positions: Sequence[Answer], crowd: Crowd) -> bool:
        if self.trigger is not None:
            return self.trigger.is_met(item, positions, crowd)
        return not self._agree(Session(item, crowd, positions))

    def _agree(self, session: Session) -> bool:
        return self.quorum > 0 and self.protocol.agreement(session) >= self.quorum

    async def _talk(self, session: Session) -> tuple[Session, Outcome]:
        """Hold rounds, and return where the session stands at the end, and why that is the end."""
        for _ in range(self.rounds):
            views = self.protocol.views(session)
            if not views:
                return session, "stable"
            session, replies = await self._hold(session, views)
            if not replies and len(views) >= len(session.members):
                return session, "silence"
            if self._agree(session):
                return session, "consensus"
            patience = self.protocol.patience(session) if self.stable is None else self.stable
            if 0 < patience <= session.quiet:
                return session, "stable"
        return session, "consensus" if self._agree(session) else "rounds"

    async def _hold(self, session: Session, views: Mapping[str, Sequence[Voice]]) -> tuple[Session, int]:
        """Hold a round, and return where the session stands after it, and how many have replied."""
        item, crowd, protocol = session.item, session.crowd, self.protocol
        terms = protocol.has_reasons, self.within, self.fee, protocol.name
        replies = await crowd.reconsider(item, views, *terms, session.names)
        said = {reply.annotator: reply for reply in replies}
        before: Sequence[Answer] = session.members
        if self.silent == "abstains":
            # Where all fall silent, somebody has to have held something.
            before = [each for each in before if each.annotator in said or each.annotator not in views] or before
        members = [said.get(each.annotator, each) for each in before]
        quiet = 0 if protocol.has_moved(before, members) else session.quiet + 1
        return Session(item, crowd, members, session.turn + 1, before, views, quiet), len(said)

    async def _hear(self, judge: str, session: Session) -> list[Answer]:
        """Let the judge hear what all hold, and return what everybody holds then."""
        item, crowd = session.item, session.crowd
        voices = [member.voice() for member in session.members]
        terms = self.protocol.has_reasons, self.within, self.fee, self.protocol.name
        await crowd.reconsider(item, {judge: voices}, *terms, [*session.names, judge])
        own = [answer for answer in crowd.answers(item) if answer.annotator == judge]
        return [*session.members, *own]
