"""Attendance: work of those who come and go."""

from collections.abc import Awaitable, Callable
from typing import NoReturn

from agents.agent import Agent
from agents.annotator.availability import Lapse
from agents.annotator.case import Case
from agents.annotator.desk import Desk
from agents.annotator.presence import Presence
from agents.annotator.working import TASKS, Task, Working
from agents.messages import TaskDeclined
from agents.negotiation import CallForProposals
from bus.clock import microseconds
from bus.message import Envelope


class Attendance:
    """Comes and goes, and works off the inbox meanwhile, in the annotator's name.

    Args:
        annotator: whose.
        presence: when they are there.
        desk: the tasks that lie before them.
        working: what comes of a task.
        case_of: what is asked by a task, and what is true of it.
        hear: is given what they hear that is no task.
        bid: replies to a call for proposals, with so many tasks to do.
    """

    def __init__(
        self,
        annotator: Agent,
        presence: Presence,
        desk: Desk,
        working: Working,
        case_of: Callable[[Task], Case],
        hear: Callable[[Envelope], None],
        bid: Callable[[Envelope, int], Awaitable[None]],
    ) -> None:
        self._inbox, self._loop, self._send = annotator.inbox, annotator.loop, annotator.send
        self._presence, self._desk, self._working = presence, desk, working
        self._case_of, self._hear, self._bid = case_of, hear, bid

    async def take_up(self) -> None:
        """Say, at the beginning and after a restart, whether they are there."""
        word = self._presence.word(self._loop.now) or self._presence.again()
        if word is not None:
            await self._send(word)

    async def run(self) -> NoReturn:
        """Come and go, and work off the inbox meanwhile."""
        presence, desk = self._presence, self._desk
        while True:
            await self._come_and_go()
            if desk.waiting:
                heard: Envelope | None = desk.waiting.popleft()
            else:
                heard = await self._inbox.get_before(presence.due)
                if heard is not None and desk.past is not None and not await desk.is_new(heard, None):
                    continue
            if heard is None:
                continue
            task = heard.body
            if isinstance(task, TASKS) and not await desk.is_over(task, heard):
                presence.heed()
                await (self._attend if presence.there else self._refuse)(heard, task)
            elif isinstance(task, CallForProposals):
                await self._bid(heard, 0)
            else:
                self._hear(heard)

    async def _come_and_go(self) -> None:
        word = self._presence.word(self._loop.now)
        if word is not None:
            await self._send(word)

    async def _attend(self, assignment: Envelope, task: Task) -> None:
        """Do a task, unless they lose interest, or have to leave before it is done."""
        loop, presence, desk, working = self._loop, self._presence, self._desk, self._working
        lapse, end = presence.lapse(task.item, task.attempt), presence.strict_end(loop.now)
        if lapse is None or lapse.after > 0:
            ready = presence.ready(task.item, task.attempt, loop.now)
            if not await desk.wait(ready if end is None else min(ready, end), assignment):
                return
            if end is None or loop.now < end:
                presence.begin(task.item, task.attempt, loop.now)
        began, case = loop.now, self._case_of(task)
        moment = working.moment(began)
        work = working.seconds(task, case, moment)
        due = presence.hands_in(began + microseconds(work)) if lapse is None else began + microseconds(work * lapse.after)
        if not await desk.wait(due if end is None else min(due, end), assignment):
            return
        if end is not None and loop.now >= end:
            await self._come_and_go()
            await desk.give_back(assignment, task)
        elif lapse is not None:
            await self._lapse(lapse, assignment, task)
        else:
            outcome = working.outcome(task, case, moment, began, loop.now)
            if not isinstance(outcome, TaskDeclined):
                presence.answered()
            # Before the answer, lest they be asked once more when it comes.
            await self._come_and_go()
            await desk.hand_in(outcome, assignment)

    async def _refuse(self, assignment: Envelope, task: Task) -> None:
        """Give back a task that comes while they are not there."""
        word = self._presence.again()
        if self._desk.past is not None and word is not None:
            # Whoever asks may not have heard it.
            await self._send(word)
        await self._desk.give_back(assignment, task)

    async def _lapse(self, lapse: Lapse, assignment: Envelope, task: Task) -> None:
        """Leave a task undone: give it back, or be of no use for a while."""
        if lapse.says or task.lease_until is None:
            await self._desk.give_back(assignment, task)
            return
        over = max(self._loop.now, task.lease_until + 1)
        if await self._desk.wait(over + microseconds(lapse.pause), assignment, at_it=False):
            # That the lease has ended is known: this is only to say that they are free.
            await self._desk.give_back(assignment, task)
