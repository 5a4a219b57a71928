"""Screening: tells who has passed or failed, and takes back what those have said who failed, if that is the rule."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from agents.coordinator.crowd import Answer
from agents.coordinator.dispatcher import Dispatcher
from agents.coordinator.docket import Case, Docket
from agents.coordinator.learning import Learning
from agents.coordinator.screening.examiner import Examiner
from agents.coordinator.secretary import Secretary
from agents.messages import AnnotatorBlocked, AnnotatorQualified, Item
from agents.open_item import Vote
from bus.bus import MessageBus
from bus.message import EVERYONE

Begin = Callable[[Item, Case], None]
"""Has a policy begin with an open item."""

Reopen = Callable[[Item, Case, Sequence[Answer], int], Awaitable[None]]
"""Says that an item has no label any more, certain answers being void; and of what that comes, by its seq."""


class Screening:
    """The coordinator's dealings with who is under test.

    Args:
        name: the coordinator's.
        bus: the bus.
        examiner: keeps everybody's test.
        people: who hands out tasks.
        docket: the items, open and closed.
        learning: those who learn from answers.
        begin, reopen: what the coordinator does with items.
        secretary: keeps the minutes of sessions.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        examiner: Examiner,
        people: Dispatcher,
        docket: Docket,
        learning: Sequence[Learning],
        begin: Begin,
        reopen: Reopen,
        secretary: Secretary,
    ) -> None:
        self.voided = 0
        """Answers that became void."""
        self.reopened = 0
        """Items that lost their labels thereby."""
        self.examiner = examiner
        self._name, self._bus = name, bus
        self._people, self._docket, self._learning = people, docket, learning
        self._begin, self._reopen, self._secretary = begin, reopen, secretary

    async def tell(self) -> None:
        """Say who has passed the test, and who has failed and is blocked."""
        examiner = self.examiner
        while examiner.untold:
            name = next(iter(examiner.untold))
            person = examiner.of(name)
            right, asked = person.tally.right, person.tally.asked
            if person.verdict == "passed":
                del examiner.untold[name]
                qualified = AnnotatorQualified(annotator=name, right=right, asked=asked)
                await self._bus.publish(qualified, self._name, EVERYONE, person.seq)
            else:
                await self._block(
                    name, AnnotatorBlocked(annotator=name, right=right, asked=asked, retroactive=examiner.retroactive)
                )

    async def _block(self, name: str, blocked: AnnotatorBlocked) -> None:
        # Before it is said, lest a label that is settled meanwhile rest on an answer that is void by the log.
        stopped = await self._stop(name) if blocked.retroactive else []
        del self.examiner.untold[name]
        event = await self._bus.publish(blocked, self._name, EVERYONE, self.examiner.of(name).seq)
        if blocked.retroactive:
            for each in self._learning:
                each.forget(name)
            await self._take_back(name, stopped, event.seq)
        await self._people.despair()

    async def _stop(self, name: str) -> list[tuple[Item, Case]]:
        """Stop the policies that have an answer of somebody, and return their items; those that have decided settle first."""
        stopped = []
        for item, case in [*self._docket.open.items()]:
            if not case.rests_on(name) or item not in self._docket.open:
                continue
            if case.resolving is not None:
                if not case.settling:
                    case.resolving.cancel()
                await asyncio.wait([case.resolving])
            if item in self._docket.open:
                case.resolving = None
                self._people.let_go(item)
                await self._people.cancel_unclaimed(item, rounds_only=True)
                await self._secretary.break_off(item, case)
                stopped.append((item, case))
        # Of those that have a label, it is said one by one that they have none any more.
        self.voided += sum(len(case.void({name})) for _, case in stopped if case.label is None)
        return stopped

    async def _take_back(self, name: str, stopped: Sequence[tuple[Item, Case]], cause: int) -> None:
        """Open again what rests on answers of somebody, and begin anew with what was stopped."""
        for item, case in stopped:
            if case.label is None:
                case.seq = cause
                self._begin(item, case)
            else:
                await self._void(item, case, name, cause)
        for item, case in [*self._docket.closed.items()]:
            # An authority's word stands. What is wanted once more meanwhile has its label, and its answers, still.
            if case.rests_on(name) and not case.final and self._docket.closed.get(item) is case:
                await self._void(item, case, name, cause)

    async def _void(self, item: Item, case: Case, name: str, cause: int) -> None:
        voided = case.void({name})
        self.voided += len(voided)
        self.reopened += 1
        await self._reopen(item, case, voided, cause)

    async def complete(self, unscored: Sequence[tuple[Item, Vote]]) -> None:
        """Do what was to be done before a restart: score answers, tell verdicts, take back what is void."""
        examiner = self.examiner
        for item, vote in unscored:
            if await examiner.score(vote.annotator, item, vote.label, vote.seq) == "failed":
                self._people.roll.block(vote.annotator)
        told = [name for name in examiner.blocked if name not in examiner.untold]
        await self.tell()
        for name in told if examiner.retroactive else ():
            labelled = [pair for pair in self._docket.open.items() if pair[1].label is not None and pair[1].rests_on(name)]
            await self._take_back(name, labelled, examiner.of(name).seq)
