"""The annotator: takes a task, works on it for a while, answers."""

from agents.agent import Agent
from agents.annotator.answering import Answering
from agents.annotator.attendance import Attendance
from agents.annotator.bidder import Bidder
from agents.annotator.case import Case
from agents.annotator.desk import Desk, is_cancelled_by
from agents.annotator.nature import Nature
from agents.annotator.presence import Presence
from agents.annotator.working import TASKS, Outcome, Task, Work, Working
from agents.items import Truth
from agents.messages import CampaignEnded, GoldAnswered, TaskAssigned, TaskCancelled, TaskReminded, TaskReturned
from agents.negotiation import CallForProposals, ProposalRefused, Proposed
from bus.bus import MessageBus
from bus.clock import microseconds
from bus.message import Envelope


class Annotator(Agent):
    """One person (or one language model), who works on one item at a time.

    Args:
        name: the annotator's name.
        bus: the bus.
        answering: what they answer, and how long they take.
        truth: the true class of each item.
        nature: what else is so about items.
        careful: whether to remember every task: needed only where messages may get lost or come twice.
        presence: when they are there; None for always.
        bidder: what they bid; None if they never do.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        answering: Answering,
        truth: Truth,
        nature: Nature,
        careful: bool = False,
        presence: Presence | None = None,
        bidder: Bidder | None = None,
    ) -> None:
        wanted = [*((GoldAnswered,) if answering.is_told else ()), *(() if presence is None else (CampaignEnded,))]
        super().__init__(name, bus, *wanted)
        self._is_told, self._truth, self._nature = answering.is_told, truth, nature
        self._answering, self._presence, self._bidder = answering, presence, bidder
        self._working = Working(name, answering, truth.classes)
        self._desk = Desk(name, bus, self.inbox, self._hear, self._bid, careful)

    async def run(self) -> None:
        """Work off the inbox, one task after the other."""
        # One coroutine for all: each one more, between here and the inbox, is resumed twice a task.
        inbox, bus, loop, desk, working = self.inbox, self.bus, self.loop, self._desk, self._working
        waiting, past, seconds = desk.waiting, desk.past, self._answering.seconds
        if self._presence is not None:
            attendance = Attendance(self, self._presence, desk, working, self._case, self._hear, self._bid)
            await attendance.take_up()
            await desk.take_up()
            await attendance.run()
        await desk.take_up()
        while True:
            if waiting:
                assignment = waiting.popleft()
            else:
                assignment = await inbox.get()
                if past is not None and not await desk.is_new(assignment, None):
                    continue
            task = assignment.body
            if not isinstance(task, TASKS) or (task.lease_until is not None and await desk.is_over(task, assignment)):
                await self._heed(assignment)
                continue
            began = loop.now
            case, moment = self._case(task), working.moment(began) if working.is_changing else None
            work = seconds(case, moment) if task.view is None else working.seconds(task, case, moment)
            due = began + microseconds(work)
            while (interruption := await inbox.get_before(due)) is not None:
                if is_cancelled_by(interruption, assignment):
                    break
                if past is None or await desk.is_new(interruption, assignment):
                    await desk.put_by(interruption)
            else:
                outcome = working.outcome(task, case, moment, began, loop.now)
                sent = await bus.publish(outcome, self.name, assignment.sender, assignment)
                if past is not None:
                    past[task.item, task.attempt] = sent

    def _case(self, task: Task) -> Case:
        return Case(task.item, task.attempt, self._truth.of(task.item), len(self._truth.classes), self._nature)

    async def _heed(self, envelope: Envelope) -> None:
        """Take what is no task, having none."""
        if isinstance(envelope.body, CallForProposals):
            await self._bid(envelope, 0)
        else:
            self._hear(envelope)

    async def _bid(self, envelope: Envelope, tasks: int) -> None:
        """Reply to a call for proposals, having so many tasks; who is not there makes no bid."""
        call = envelope.body
        assert isinstance(call, CallForProposals)
        if self._bidder is None or (self._presence is not None and not self._presence.there):
            reply: Proposed | ProposalRefused = ProposalRefused(tender=call.tender, item=call.item)
        else:
            case = Case(call.item, 0, self._truth.of(call.item), len(self._truth.classes), self._nature)
            working = self._working
            moment = working.moment(self.loop.now) if working.is_changing else None
            reply = self._bidder.reply(call, tasks, self._answering.confidence(case, moment))
        await self.send(reply, envelope.sender, envelope)

    def _hear(self, envelope: Envelope) -> None:
        """Hear what is no task: how an answer was; and of the end."""
        if isinstance(envelope.body, CampaignEnded) and self._presence is not None:
            self._presence.end()
        self._working.hear(envelope)

    def rebuild(self, history: list[Envelope]) -> None:
        """Begin anew what was to be done, and say again what was said last: it may not have arrived."""
        desk, working = self._desk, self._working
        desk.begin_anew()
        for envelope in history:
            body = envelope.body
            if envelope.recipient == self.name and isinstance(body, TaskAssigned | TaskReminded | TaskCancelled):
                desk.read_task(envelope)
            elif envelope.sender == self.name and isinstance(body, Outcome | TaskReturned):
                task = desk.read_outcome(envelope)
                if task is not None and isinstance(body, Work):
                    working.remember(task, self._case(task), body, envelope.time)
            elif self._is_told:
                self._hear(envelope)
        if self._presence is not None:
            self._presence.rebuild(self.name, history)
