"""The annotator: takes a task, works on it for a while, answers."""

from collections import deque
from typing import NoReturn

from agents.agent import Agent
from agents.annotator.answering import Answering
from agents.annotator.availability import Lapse
from agents.annotator.case import Case
from agents.annotator.experience import Experience, Moment
from agents.annotator.mind import Mind
from agents.annotator.nature import Nature
from agents.annotator.presence import Presence
from agents.items import Truth
from agents.messages import (
    AbstentionSubmitted,
    AnswerSubmitted,
    CampaignEnded,
    GoldAnswered,
    Item,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskReminded,
    TaskReturned,
    TaskUnderWay,
    View,
)
from agents.negotiation import PositionStated
from bus.bus import MessageBus
from bus.clock import microseconds
from bus.duration import LONGEST
from bus.message import Envelope

Work = AnswerSubmitted | PositionStated | AbstentionSubmitted
Outcome = Work | TaskDeclined
Task = TaskAssigned | TaskReminded
Key = tuple[Item, int]
"""Item and attempt: what one task is to this annotator."""

_TASKS = (TaskAssigned, TaskReminded)


class Annotator(Agent):
    """One person (or one language model), who works on one item at a time.

    A task that comes twice is done once; who is reminded of a task that is done says again what came of it.

    Args:
        name: the annotator's name.
        bus: the bus.
        answering: what they answer, and how long they take.
        truth: the true class of each item.
        nature: what else is so about items.
        careful: whether to remember every task: needed only where messages may get lost or come twice.
        presence: when they are there; None for always.
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
    ) -> None:
        wanted = [*((GoldAnswered,) if answering.is_told else ()), *(() if presence is None else (CampaignEnded,))]
        super().__init__(name, bus, *wanted, capacity=16)
        self._answering, self._truth, self._nature = answering, truth, nature
        self._mind = Mind(answering, truth.classes)
        self._presence = presence
        self._experience = Experience() if answering.changing else None
        self._told: set[int] = set()
        self._waiting: deque[Envelope] = deque()
        # What came of each task: None for one that is to be done, or was cancelled.
        self._past: dict[Key, Envelope | None] | None = {} if careful else None
        self._unheard: Envelope | None = None

    async def run(self) -> None:
        """Work off the inbox, one task after the other."""
        # One coroutine for all: each one more, between here and the inbox, is resumed twice a task.
        inbox, bus, loop, waiting, past = self.inbox, self.bus, self.loop, self._waiting, self._past
        await self._take_up()
        if self._presence is not None:
            await self._come_and_work(self._presence)
        while True:
            if waiting:
                assignment = waiting.popleft()
            else:
                assignment = await inbox.get()
                if past is not None and not await self._is_new(assignment, None):
                    continue
            task = assignment.body
            if not isinstance(task, _TASKS) or (past is not None and await self._is_over(task, assignment)):
                self._hear(assignment)
                continue
            began = loop.now
            case = self._case(task)
            moment = None if self._experience is None else self._experience.at(began)
            due = began + microseconds(self._seconds(task, case, moment))
            while (interruption := await inbox.get_before(due)) is not None:
                if _is_cancelled_by(interruption, assignment):
                    break
                if past is None or await self._is_new(interruption, assignment):
                    self._put_by(interruption)
            else:
                sent = await bus.publish(self._outcome(task, case, moment, began), self.name, assignment.sender, assignment)
                if past is not None:
                    past[task.item, task.attempt] = sent

    def _case(self, task: Task) -> Case:
        return Case(task.item, task.attempt, self._truth.of(task.item), len(self._truth.classes), self._nature)

    def _put_by(self, envelope: Envelope) -> None:
        """Keep a task that comes while another is under way, and strike out one that is cancelled before it is begun."""
        self._hear(envelope)
        if isinstance(envelope.body, _TASKS):
            self._waiting.append(envelope)
        for each in [each for each in self._waiting if _is_cancelled_by(envelope, each)]:
            self._waiting.remove(each)

    def _hear(self, envelope: Envelope) -> None:
        """Hear how an answer to a gold question was, if it was theirs: once, even if it is said twice; and of the end."""
        scored = envelope.body
        if isinstance(scored, CampaignEnded) and self._presence is not None:
            self._presence.end()
        if isinstance(scored, GoldAnswered) and scored.annotator == self.name and envelope.seq not in self._told:
            assert self._experience is not None
            self._told.add(envelope.seq)
            self._experience.correct()

    def _seconds(self, task: Task, case: Case, moment: Moment | None) -> float:
        seconds = self._answering.seconds(case, moment)
        return seconds if task.view is None or not task.view[0] else min(seconds * self._mind.effort, LONGEST)

    def _reconsidered(self, case: Case, view: View, began: int) -> PositionStated:
        if self._experience is not None:
            self._experience.add(began, self.loop.now)
        position, own = self._mind.reconsider(case, view), view[2]
        says_chances = own is not None and own[3] is not None
        return PositionStated(
            item=case.item,
            attempt=case.attempt,
            turn=view[0],
            label=self._truth.classes[position.label],
            began=began,
            confidence=position.confidence,
            chances=position.chances if says_chances else None,
        )

    def _outcome(self, task: Task, case: Case, moment: Moment | None, began: int) -> Outcome:
        if task.view is not None and task.view[0]:
            return self._reconsidered(case, task.view, began)
        said = self._mind.answer(self._answering.answer(case, moment), case, moment, task.view)
        item, attempt, classes = case.item, case.attempt, self._truth.classes
        if said.label is None and not said.abstains:
            return TaskDeclined(item=item, attempt=attempt)
        if self._experience is not None:
            self._experience.add(began, self.loop.now)
        if said.label is None:
            return AbstentionSubmitted(item=item, attempt=attempt, began=began)
        label, ranking = classes[said.label], said.ranking
        if (said.confidence, said.chances, ranking) == (None, None, None):
            return AnswerSubmitted(item=item, attempt=attempt, label=label, began=began)
        return AnswerSubmitted(
            item=item,
            attempt=attempt,
            label=label,
            began=began,
            confidence=said.confidence,
            chances=said.chances,
            ranking=None if ranking is None else tuple(classes[each] for each in ranking),
        )

    # Those who come and go

    async def _come_and_work(self, presence: Presence) -> NoReturn:
        """Come and go, and work off the inbox meanwhile."""
        while True:
            await self._come_and_go(presence)
            if self._waiting:
                heard: Envelope | None = self._waiting.popleft()
            else:
                heard = await self.inbox.get_before(presence.due)
                if heard is not None and self._past is not None and not await self._is_new(heard, None):
                    continue
            if heard is None:
                continue
            task = heard.body
            if isinstance(task, _TASKS) and not (self._past is not None and await self._is_over(task, heard)):
                presence.heed()
                await (self._attend if presence.there else self._refuse)(presence, heard, task)
            else:
                self._hear(heard)

    async def _come_and_go(self, presence: Presence) -> None:
        word = presence.word(self.loop.now)
        if word is not None:
            await self.send(word)

    async def _attend(self, presence: Presence, assignment: Envelope, task: Task) -> None:
        """Do a task, unless they lose interest, or have to leave before it is done."""
        loop, lapse, end = self.loop, presence.lapse(task.item, task.attempt), presence.strict_end(self.loop.now)
        if lapse is None or lapse.after > 0:
            ready = presence.ready(task.item, task.attempt, loop.now)
            if not await self._wait(ready if end is None else min(ready, end), assignment):
                return
            if end is None or loop.now < end:
                presence.begin(task.item, task.attempt, loop.now)
        began, case = loop.now, self._case(task)
        moment = None if self._experience is None else self._experience.at(began)
        work = self._seconds(task, case, moment)
        due = presence.hands_in(began + microseconds(work)) if lapse is None else began + microseconds(work * lapse.after)
        if not await self._wait(due if end is None else min(due, end), assignment):
            return
        if end is not None and loop.now >= end:
            await self._come_and_go(presence)
            await self._give_back(assignment, task)
        elif lapse is not None:
            await self._lapse(lapse, assignment, task)
        else:
            outcome = self._outcome(task, case, moment, began)
            if not isinstance(outcome, TaskDeclined):
                presence.answered()
            # Before the answer, lest they be asked once more when it comes.
            await self._come_and_go(presence)
            sent = await self.send(outcome, assignment.sender, assignment)
            if self._past is not None:
                self._past[task.item, task.attempt] = sent

    async def _refuse(self, presence: Presence, assignment: Envelope, task: Task) -> None:
        """Give back a task that comes while they are not there."""
        word = presence.again()
        if self._past is not None and word is not None:
            # Whoever asks may not have heard it.
            await self.send(word)
        await self._give_back(assignment, task)

    async def _lapse(self, lapse: Lapse, assignment: Envelope, task: Task) -> None:
        """Leave a task undone: give it back, or be of no use for a while."""
        if lapse.says or task.lease_until is None:
            await self._give_back(assignment, task)
            return
        over = max(self.loop.now, task.lease_until + 1)
        if await self._wait(over + microseconds(lapse.pause), assignment, at_it=False):
            # That the lease has ended is known: this is only to say that they are free.
            await self._give_back(assignment, task)

    async def _give_back(self, assignment: Envelope, task: Task) -> None:
        returned = TaskReturned(item=task.item, attempt=task.attempt)
        sent = await self.send(returned, assignment.sender, assignment)
        if self._past is not None:
            self._past[task.item, task.attempt] = sent

    async def _wait(self, due: int, assignment: Envelope, at_it: bool = True) -> bool:
        """Wait for an instant, and return True; or False as soon as the task is cancelled.

        Args:
            due: the instant, in microseconds.
            assignment: the task.
            at_it: whether they say that it is under way when they are reminded of it.
        """
        while (interruption := await self.inbox.get_before(due)) is not None:
            if _is_cancelled_by(interruption, assignment):
                return False
            if self._past is None or await self._is_new(interruption, assignment if at_it else None):
                self._put_by(interruption)
        return True

    # Where messages may get lost or come twice

    async def _take_up(self) -> None:
        """Say again, after a restart, what may not have arrived."""
        presence = self._presence
        if presence is not None:
            word = presence.word(self.loop.now) or presence.again()
            if word is not None:
                await self.send(word)
        if self._unheard is not None:
            await self._say_again(self._unheard)

    async def _is_new(self, envelope: Envelope, current: Envelope | None) -> bool:
        """Return whether a message is news; to a reminder of something known, reply.

        Args:
            envelope: the message.
            current: the task under way.
        """
        body, past = envelope.body, self._past
        assert past is not None
        if isinstance(body, GoldAnswered | CampaignEnded):
            return True
        if isinstance(body, TaskCancelled):
            # It may have overtaken its task, which is then not to be begun.
            past.setdefault((body.item, body.attempt), None)
            return True
        if not isinstance(body, _TASKS):
            return False
        key = (body.item, body.attempt)
        if key not in past:
            past[key] = None
            return True
        if isinstance(body, TaskReminded):
            said = past[key]
            if said is not None:
                await self._say_again(said)
            elif any(_key_of(each) == key for each in (current, *self._waiting)):
                await self.send(TaskUnderWay(item=body.item, attempt=body.attempt), envelope.sender, envelope)
        return False

    async def _is_over(self, task: TaskAssigned | TaskReminded, envelope: Envelope) -> bool:
        """Decline a task whose lease ended before it came."""
        if task.lease_until is None or task.lease_until >= self.loop.now:
            return False
        assert self._past is not None
        declined = TaskDeclined(item=task.item, attempt=task.attempt)
        self._past[task.item, task.attempt] = await self.send(declined, envelope.sender, envelope)
        return True

    def _remember(self, task: Task, said: Work, time: int) -> None:
        """Have done a task of before a restart."""
        assert said.began is not None
        case = self._case(task)
        if self._answering.company.social is not None and isinstance(said, AnswerSubmitted):
            moment = None if self._experience is None else self._experience.at(said.began)
            self._mind.answer(self._answering.answer(case, moment), case, moment, task.view)
        elif self._answering.company.social is not None and isinstance(said, PositionStated):
            assert task.view is not None
            self._mind.reconsider(case, task.view)
        if self._experience is not None:
            self._experience.add(said.began, time)

    async def _say_again(self, said: Envelope) -> None:
        body = said.body
        if isinstance(body, Work) and body.began is not None:
            # The work took as long as it took; the time since then is no work.
            body = body.model_copy(update={"began": self.loop.now - (said.time - body.began)})
        await self.send(body, said.recipient, said.cause)

    def rebuild(self, history: list[Envelope]) -> None:
        """Begin anew what was to be done, and say again what was said last: it may not have arrived."""
        past: dict[Key, Envelope | None] = {}
        open_tasks: dict[Key, Envelope] = {}
        task_of: dict[Key, Task] = {}
        for envelope in history:
            body = envelope.body
            if envelope.recipient == self.name and isinstance(body, TaskAssigned | TaskReminded | TaskCancelled):
                key = (body.item, body.attempt)
                if isinstance(body, TaskCancelled):
                    open_tasks.pop(key, None)
                elif key not in past:
                    open_tasks[key] = envelope
                    task_of[key] = body
                past.setdefault(key, None)
            elif envelope.sender == self.name and isinstance(body, Outcome | TaskReturned):
                key = (body.item, body.attempt)
                open_tasks.pop(key, None)
                if past.get(key) is None and isinstance(body, Work):
                    self._remember(task_of[key], body, envelope.time)
                past[key] = self._unheard = envelope
            elif self._answering.is_told:
                self._hear(envelope)
        if self._presence is not None:
            self._presence.rebuild(self.name, history)
        self._past = past
        self._waiting.extend(open_tasks.values())


def _key_of(envelope: Envelope | None) -> Key | None:
    body = None if envelope is None else envelope.body
    return (body.item, body.attempt) if isinstance(body, _TASKS) else None


def _is_cancelled_by(interruption: Envelope, assignment: Envelope) -> bool:
    body = interruption.body
    return isinstance(body, TaskCancelled) and (body.item, body.attempt) == _key_of(assignment)
