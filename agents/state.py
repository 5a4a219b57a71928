"""What a campaign has come to, by its events alone: a pure fold, the same over a running campaign and over its log."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from agents import messages as said
from agents import negotiation as talk
from agents.advice import Advice
from agents.coordinator.agreement import Agreement
from agents.coordinator.ledger import millionths
from agents.escalation import ItemEscalated
from agents.event import Event
from agents.judgement import Evaluation, Flips, Judgement, reprice
from agents.messages import Item, Label, StoppedBy
from agents.mishaps import MISHAPS, Mishaps
from agents.open_item import OpenItem, Vote, vote_of
from agents.people import PEOPLE, People
from agents.person import Task, shown
from bus import message as noted


class State:
    """The campaign after the events that were applied. Money is in millionths, time in microseconds.

    It grows with the items that are open, the annotators and the model versions, not with the events.

    An answer counts from the event that submits it, unless at the same instant the log says otherwise: that its lease had ended,
    that it was cancelled, came twice, or never arrived. So the answers of an instant are settled when the next one begins.

    Args:
        heed: is told of every answer that counts; None if nobody listens.
    """

    def __init__(self, heed: Callable[[Item, Vote], None] | None = None) -> None:
        self._heed = heed
        self.seq = self.time = 0
        self.items = 0
        self.classes: tuple[Label, ...] = ()
        self.seeds = 0
        self.gold: dict[Item, Label] = {}
        self.open: dict[Item, OpenItem] = {}
        self.people = People()
        self.reserved = self.committed = 0
        self.resolved = self.given_up = self.revised = 0
        self.repeated = 0
        self.tenders = 0
        self.voided = self.reopened = 0
        self.escalated = 0
        self.decided: dict[str, int] = {}
        self.cancelled = self.cancelled_cost = 0
        self.staleness = 0
        self.agreement = Agreement()
        self.exhausted = False
        self.training: int | None = None
        self.version = self.trained_on = 0
        self.curve: list[Evaluation] = []
        self.advice: list[Advice] = []
        self.judged: Judgement | None = None
        self.sessions = self.rounds = 0
        self.flips = Flips(0, 0, 0)
        self.stopped_by: StoppedBy | None = None
        self.ended: int | None = None
        self.mishaps = Mishaps()
        self._pending: dict[Item, list[Task]] = {}

    def apply(self, event: Event) -> None:
        """Take in the next event.

        Raises:
            KeyError, TypeError, ValueError, AttributeError, ArithmeticError: it does not hold what an event of its kind holds.
        """
        if event["t"] != self.time:
            self.settle()
            self.mishaps.doubled.clear()
            self.time = event["t"]
        self.seq = event["seq"]
        applier = _APPLIERS.get(event["kind"])
        if applier is not None:
            applier(self, event, event["body"])

    def settle(self) -> None:
        """Count the answers of this instant, everything of it having been applied."""
        pending, self._pending = self._pending, {}
        for tasks in pending.values():
            for task in tasks:
                self._settle(task)
        reprice(self.curve, self.time, self.committed)

    def _settle(self, task: Task) -> None:
        answer, task.answer = task.answer, None
        if answer is not None:
            self.people[task.annotator].end(task)
            if task.live:
                self._accept(task, answer)

    # What was said at the start

    def _campaign_started(self, event: Event, body: Any) -> None:
        self.items = body["items"]
        self.classes = tuple(body["classes"])

    def _labels_known(self, event: Event, body: Any) -> None:
        self.seeds += len(body["items"])

    def _gold_known(self, event: Event, body: Any) -> None:
        self.gold = dict(zip(body["items"], body["labels"], strict=True))

    # Items

    def _item_requested(self, event: Event, body: Any) -> None:
        if body["item"] not in self.open and self.ended is None:
            self.open[body["item"]] = OpenItem(event["seq"], event["t"], body["version"], body["score"], self.resolved)

    def _pool_exhausted(self, event: Event, body: Any) -> None:
        self.exhausted = True

    def _item_resolved(self, event: Event, body: Any) -> None:
        self.revised += body["revision"] > 0
        if body.get("by") is not None:
            self.decided[body["by"]] = self.decided.get(body["by"], 0) + 1
        if body["item"] not in self.open or not self.open[body["item"]].is_closed_by(body["revision"]):
            return
        # What came for other items at this instant may yet turn out to be late.
        for task in self._pending.pop(body["item"], ()):
            self._settle(task)
        item = self.open.pop(body["item"])
        self.staleness += self.resolved - item.resolved_before
        self.agreement.add([vote.label for vote in item.votes])
        self.resolved += not item.labelled

    def _item_given_up(self, event: Event, body: Any) -> None:
        if self.open.pop(body["item"], None) is not None:
            self.given_up += 1

    def _item_reopened(self, event: Event, body: Any) -> None:
        kept, voided = [Vote(*vote) for vote in body["kept"]], [Vote(*vote) for vote in body["voided"]]
        # What it says that there is of this instant is not to come a second time; what else came may yet turn out to be late.
        there = {vote.seq for vote in (*kept, *voided)}
        for task in self._pending.get(body["item"], ()):
            if task.answer is not None and task.answer["seq"] in there:
                self._settle(task)
        # Where one more answer is wanted, it has been requested.
        item = self.open.get(body["item"])
        if item is None or not item.labelled:
            self.agreement.remove([vote.label for vote in (*kept, *voided)])
        if item is None:
            item = self.open[body["item"]] = OpenItem(event["seq"], event["t"], 0, 0.0, 0)
        item.seq, item.votes, item.labelled, item.reopened = event["seq"], kept, not voided, True
        if voided:
            item.fall_silent()
            self.voided += len(voided)
            self.reopened += 1
            self.resolved -= 1
            item.resolved_before = self.resolved

    def _item_escalated(self, event: Event, body: Any) -> None:
        self.escalated += 1
        opened = self.open.get(body["item"])
        if opened is not None:
            opened.tier, opened.seq = body["tier"], event["seq"]

    # Tasks

    def _task_assigned(self, event: Event, body: Any) -> None:
        name, item, price = event["to"], body["item"], millionths(body["price"])
        person = self.people.of(name)
        # Where people bid, they are given tasks while they have others: that says nothing of what they answered at this instant.
        if person.task is not None and not self.tenders:
            self._settle(person.task)
        if person.task is not None and person.task.live:
            person.beside.append(person.task)
        view = body.get("view")
        person.task = Task(item, name, body["attempt"], price, event["seq"], event["t"], body["lease_until"])
        person.task.view = None if view is None else shown(view)
        self.reserved += price
        if item in self.gold:
            return
        opened = self.open[item]
        opened.asked[name] = body["attempt"] + 1
        opened.under_way[name] = None
        if person.task.turn:
            opened.call(person.task.turn, event["t"])

    def _task_expired(self, event: Event, body: Any) -> None:
        name = body["annotator"]
        person = self.people[name]
        task = person.having(body["item"], body["attempt"])
        if task is None or not task.live:
            raise ValueError(f"the lease of a task ends that {name!r} does not have")
        task.live = False
        person.expired += 1
        self.reserved -= task.price
        self._leave(task, event["seq"], misses=True)

    def _task_cancelled(self, event: Event, body: Any) -> None:
        person = self.people[event["to"]]
        task = person.having(body["item"], body["attempt"])
        if task is None or not task.live:
            raise ValueError(f"a task is cancelled that {event['to']!r} does not have")
        task.answer = None
        person.end(task)
        self.reserved -= task.price
        self.cancelled += 1
        if body["paid"]:
            self.committed += task.price
            self.cancelled_cost += task.price
        self._leave(task, None, misses=True)

    def _task_declined(self, event: Event, body: Any) -> None:
        self._answer_submitted(event, body)

    _task_returned = _abstention_submitted = _position_stated = _task_declined

    def _call_for_proposals(self, event: Event, body: Any) -> None:
        self.tenders = max(self.tenders, body["tender"])

    # Sessions

    def _session_opened(self, event: Event, body: Any) -> None:
        self.sessions += 1
        opened = self.open.get(body["item"])
        if opened is not None:
            opened.begin_session()
            opened.seq = event["seq"]

    def _session_closed(self, event: Event, body: Any) -> None:
        self.rounds += body["rounds"]
        opened = self.open.get(body["item"])
        if opened is not None:
            opened.end_session()
            opened.seq = event["seq"]

    def _minds_judged(self, event: Event, body: Any) -> None:
        self.flips = Flips(**body)

    def _person_told(self, event: Event, body: Any) -> None:
        self.people.tell(event, body, is_over=self.ended is not None)

    # Screening

    def _gold_answered(self, event: Event, body: Any) -> None:
        person = self.people.of(body["annotator"])
        # What is made of an answer follows it: it is not late.
        for task in person.tasks:
            if task.answer is not None and task.answer["seq"] == event["cause"]:
                self._settle(task)
        person.gold += 1
        person.gold_right += body["right"]

    def _annotator_blocked(self, event: Event, body: Any) -> None:
        name = body["annotator"]
        person = self.people.of(name)
        person.verdict = "failed"
        # Where people bid, their queue has been taken back: what they answered at this instant, and is there still, counted.
        for task in person.tasks if self.tenders else ():
            self._settle(task)
        for item in self.open.values() if body["retroactive"] else ():
            # An item that has a label is opened again by an event of its own.
            kept = [vote for vote in item.votes if vote.annotator != name]
            if len(kept) < len(item.votes) and not item.labelled:
                self.voided += len(item.votes) - len(kept)
                item.votes, item.seq = kept, event["seq"]
                item.fall_silent()

    def _answer_submitted(self, event: Event, body: Any) -> None:
        if self.ended is not None:
            return
        person = self.people.of(event["from"])
        task = person.having(body["item"], body["attempt"]) if person.beside else person.task
        if task is not None and task.answer is None and (task.item, task.attempt) == (body["item"], body["attempt"]):
            task.answer = event
            self._pending.setdefault(task.item, []).append(task)

    def _answer_repeated(self, event: Event, body: Any) -> None:
        self.repeated += 1
        # Where it is the message that came twice, its first copy has been counted.
        if event["cause"] not in self.mishaps.doubled:
            self._strike_out(event["cause"], body["annotator"])

    def _strike_out(self, seq: int, name: str) -> None:
        """End the task whose answer at this instant does not count, and set its annotator free."""
        person = self.people[name]
        for task in (person.task, *person.beside):
            if task is not None and task.answer is not None and task.answer["seq"] == seq:
                person.end(task)
                task.answer = None
                self.reserved -= task.price
                self._leave(task, None)

    def _accept(self, task: Task, answer: Event) -> None:
        person, body = self.people[task.annotator], answer["body"]
        self.reserved -= task.price
        self._leave(task, answer["seq"])
        opened = self.open.get(task.item)
        if answer["kind"] == said.TaskReturned.kind:
            person.returned += 1
            return
        if "label" not in body and opened is not None:
            if task.turn:
                opened.miss(task.annotator, task.turn)
            else:
                opened.declined[task.annotator] = None
        if answer["kind"] == said.TaskDeclined.kind:
            person.declined += 1
            return
        self.committed += task.price
        if body["began"] is not None:
            person.worked += answer["t"] - body["began"]
        if answer["kind"] == said.AbstentionSubmitted.kind:
            person.abstained += 1
        else:
            self._hear(task, answer, opened)

    def _hear(self, task: Task, answer: Event, opened: OpenItem | None) -> None:
        person, vote = self.people[task.annotator], vote_of(task.annotator, answer)
        if answer["kind"] == talk.PositionStated.kind:
            person.positions += 1
            if opened is not None:
                opened.statements.append((answer["body"]["turn"], vote))
            return
        person.answers += 1
        if self._heed is not None:
            self._heed(task.item, vote)
        if opened is not None:
            opened.votes.append(vote)

    def _leave(self, task: Task, seq: int | None, misses: bool = False) -> None:
        opened = self.open.get(task.item)
        if opened is not None:
            opened.under_way.pop(task.annotator, None)
            if misses and task.turn:
                opened.miss(task.annotator, task.turn)
            if seq is not None:
                opened.seq = seq

    # Models

    def _training_started(self, event: Event, body: Any) -> None:
        self.training = body["version"]

    def _model_published(self, event: Event, body: Any) -> None:
        self.training = None
        self.version, self.trained_on = body["version"], body["labels"]

    def _model_evaluated(self, event: Event, body: Any) -> None:
        self.curve.append(Evaluation(**body, time=event["t"], cost=self.committed))

    def _stopping_advised(self, event: Event, body: Any) -> None:
        self.advice.append(Advice(**body, time=event["t"], cost=self.committed))

    # The end

    def _campaign_ended(self, event: Event, body: Any) -> None:
        self.settle()
        self.ended, self.stopped_by = event["t"], body["stopped_by"]

    def _labels_judged(self, event: Event, body: Any) -> None:
        by_class = tuple((count, right) for count, right in body["by_class"])
        self.judged = Judgement(body["labels"], body["right"], by_class)

    # What happens to messages and agents

    def _mishap(self, event: Event, body: Any) -> None:
        kind = event["kind"]
        if kind == noted.MessageArrived.kind:
            answer = self.mishaps.arrive(body["message"])
            if answer is not None:
                self._answer_submitted(answer, answer["body"])
            return
        answer = self._take_back(body["message"]) if kind in _ON_THE_WAY else None
        self.mishaps.befall(event, body, answer)

    def _take_back(self, seq: int) -> Event | None:
        """Undo an answer of this instant, and return it."""
        for task in chain.from_iterable(self._pending.values()):
            answer = task.answer
            if answer is not None and answer["seq"] == seq:
                task.answer = None
                return answer
        return None


_APPLIERS: dict[str, Callable[[State, Event, Any], None]] = {
    message.kind: getattr(State, f"_{message.kind.replace('-', '_')}")
    for message in (
        said.CampaignStarted, said.LabelsKnown, said.GoldKnown, said.ItemRequested, said.PoolExhausted, said.ItemResolved,
        said.ItemReopened, said.ItemGivenUp, said.TaskAssigned, said.TaskExpired, said.TaskCancelled, said.TaskDeclined,
        said.TaskReturned, said.AbstentionSubmitted,
        said.AnswerSubmitted, said.AnswerRepeated, said.GoldAnswered,
        said.AnnotatorBlocked, said.TrainingStarted, said.ModelPublished,
        said.ModelEvaluated, said.StoppingAdvised, said.CampaignEnded, said.LabelsJudged,
        ItemEscalated, talk.CallForProposals, talk.SessionOpened, talk.PositionStated, talk.SessionClosed, talk.MindsJudged,
    )
}  # fmt: skip
_APPLIERS.update(dict.fromkeys(PEOPLE, State._person_told) | dict.fromkeys(MISHAPS, State._mishap))

_ON_THE_WAY = (noted.MessageDropped.kind, noted.MessageLost.kind, noted.MessageDelayed.kind)
"""What happens to a message before anybody has it."""
