"""An audit of the log of a desk: what must hold in every run."""

from collections import Counter, defaultdict
from typing import Any

from agents.coordinator.ledger import millionths
from agents.coordinator.policies.iethresh import IEThresh
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.messages import (
    AbstentionSubmitted,
    AnnotatorAway,
    AnnotatorBack,
    AnnotatorBlocked,
    AnswerLate,
    AnswerRepeated,
    AnswerSubmitted,
    CampaignEnded,
    Item,
    ItemClosed,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReturned,
    View,
)
from agents.negotiation import PositionStated, ProposalRefused, SessionClosed, SessionOpened
from bus.message import Envelope, MessageLost

Task = tuple[str, Item, int]
"""Annotator, item and attempt: there is one such task at most."""


class Audit:
    """Checks on the log of a run what must hold in every run. It keeps its own books, event by event."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.under_way: dict[Task, int] = {}
        self.due: dict[Task, int | None] = {}
        self.at_work: dict[str, list[Task]] = defaultdict(list)
        # Whoever bids has a queue of their own.
        self.bids = desk.coordinator.people.market is not None
        self.accepted: dict[Item, list[str]] = defaultdict(list)
        self.asked: dict[Item, Counter[str]] = defaultdict(Counter)
        self.away: set[str] = set()
        self.refused = defaultdict[Item, set[str]](set)
        for event in desk.record.of(ProposalRefused):
            self.refused[event.body.item].add(event.sender)
        self.called: set[tuple[Item, int, str]] = set()
        self.talking: set[Item] = set()
        self.spent = 0
        self.void = 0

    def run(self) -> None:
        record = self.desk.record
        late = {event.cause for event in record.of(AnswerLate)}
        passed_over = {event.cause for kind in (AnswerRepeated, MessageLost) for event in record.of(kind)}
        for event in record:
            match event.body:
                case TaskAssigned():
                    self._assign(event.recipient, event.body)
                case AnswerSubmitted() | PositionStated() | AbstentionSubmitted() | TaskDeclined() | TaskReturned() if (
                    event.seq not in passed_over
                ):
                    self._answer(event, event.seq in late)
                case SessionOpened() | SessionClosed() | ItemResolved() | ItemGivenUp():
                    self._talk(event.body)
                case AnnotatorBlocked(annotator=name, retroactive=retroactive):
                    self._block(name, retroactive)
                case AnnotatorAway(annotator=name):
                    self.away.add(name)
                case AnnotatorBack(annotator=name):
                    self.away.remove(name)
                case TaskExpired(item=item, annotator=name, attempt=attempt):
                    self._end((name, item, attempt))
                case TaskCancelled(item=item, attempt=attempt, paid=paid):
                    self._cancel((event.recipient, item, attempt), paid)
            reserved = sum(self.under_way.values())
            assert self.desk.budget is None or self.spent + reserved <= self.desk.budget
        self._check_end()

    def _talk(self, body: SessionOpened | SessionClosed | ItemResolved | ItemGivenUp) -> None:
        if isinstance(body, SessionOpened):
            assert body.item not in self.talking, "people who talk already begin to"
            self.talking.add(body.item)
        elif isinstance(body, SessionClosed):
            self.talking.remove(body.item)
        else:
            assert body.item not in self.talking, "people go on talking about an item that is closed"

    def _assign(self, name: str, task: TaskAssigned) -> None:
        key = (name, task.item, task.attempt)
        assert name not in self.away, "somebody was asked who is away"
        assert self.bids or not self.at_work[name], "somebody got a second task"
        if task.view is not None and task.view[0]:
            self._check_called(name, task, task.view)
        elif task.item not in self.desk.known:
            self._check_asked(name, task)
        self.at_work[name].append(key)
        self.under_way[key] = millionths(task.price)
        self.due[key] = task.lease_until
        fee = self.desk.policy.fee if isinstance(self.desk.policy, Negotiation) else None
        is_called = task.view is not None and task.view[0]
        assert self.bids or millionths(task.price) == (self.desk.prices[name] if fee is None or not is_called else millionths(fee))

    def _check_called(self, name: str, task: TaskAssigned, view: View) -> None:
        turn, _, own, voices = view
        assert task.item in self.talking, "somebody is called to a round of no session"
        assert name in self.accepted[task.item], "somebody is to reconsider who has said nothing"
        assert (task.item, turn, name) not in self.called, "somebody is called twice to a round"
        assert all(item != task.item or other <= turn for item, other, _ in self.called), "a round begins that was over"
        self.called.add((task.item, turn, name))
        assert own is not None and all(voice[0] != name for voice in voices), "somebody hears themselves"
        assert task.attempt == self.asked[task.item][name]
        self.asked[task.item][name] += 1

    def _check_asked(self, name: str, task: TaskAssigned) -> None:
        assert name not in self.accepted[task.item], "somebody was asked again who had answered"
        times = self.asked[task.item]
        assert task.attempt == times[name]
        able = set(self.desk.prices if self.desk.able is None else self.desk.able[task.item])
        assert name in able, "somebody was asked who can say nothing"
        waited_for = able - self.away - self.refused[task.item] - self._too_dear()
        assert not times[name] or set(times) >= waited_for, "somebody was asked twice before everybody once"
        at_it = sum(item == task.item for _, item, _ in self.under_way)
        most = max(each.most_people() for each in self.desk.policy.chain)
        asks_all_who_seem_good = any(isinstance(each, IEThresh) for each in self.desk.policy.chain)
        assert asks_all_who_seem_good or len(self.accepted[task.item]) + at_it < most, "somebody was asked in vain"
        times[name] += 1

    def _too_dear(self) -> set[str]:
        if self.desk.budget is None:
            return set()
        left = self.desk.budget - self.spent - sum(self.under_way.values())
        return {name for name, price in self.desk.prices.items() if price > left}

    def _block(self, name: str, retroactive: bool) -> None:
        assert self.bids or not self.at_work[name], "somebody is blocked while they are at work"
        self.away.add(name)
        decided = {event.body.item for event in self.desk.record.of(ItemClosed)}
        for item, names in self.accepted.items() if retroactive else ():
            if item not in decided:
                self.void += names.count(name)
                names[:] = [each for each in names if each != name]

    def _answer(self, event: Envelope, late: bool) -> None:
        key = (event.sender, event.body.item, event.body.attempt)
        if key in self.at_work[event.sender]:
            self.at_work[event.sender].remove(key)
        if isinstance(event.body, TaskDeclined | TaskReturned):
            if not self._crosses(event, key):
                self.under_way.pop(key, None)
        elif key in self.under_way and not self._crosses(event, key):
            assert not late, "an answer in time was called late"
            assert self.due[key] is None or event.time <= self.due[key], "a late answer was accepted"
            self.spent += self.under_way.pop(key)
            if isinstance(event.body, AnswerSubmitted):
                self.accepted[event.body.item].append(event.sender)
        else:
            assert late, "a late answer was passed over"

    def _crosses(self, event: Envelope, key: Task) -> bool:
        """Return whether an answer crosses with the end of its lease or its cancellation, at one instant."""
        after = [each for each in self.desk.record[event.seq :] if each.time == event.time]
        cancelled = [(each.recipient, each.body.item, each.body.attempt) for each in after if isinstance(each.body, TaskCancelled)]
        expired = [(each.body.annotator, each.body.item, each.body.attempt) for each in after if isinstance(each.body, TaskExpired)]
        return key in (*cancelled, *expired)

    def _end(self, key: Task) -> int:
        return self.under_way.pop(key)

    def _cancel(self, key: Task, paid: bool) -> None:
        queue = self.at_work[key[0]]
        begun = key not in queue or queue[0] == key
        assert paid == (self.desk.pay_cancelled and begun), "only work that was begun is paid"
        price = self._end(key)
        self.spent += price if paid else 0
        if key in queue:
            queue.remove(key)

    def _check_end(self) -> None:
        desk, record = self.desk, self.desk.record
        assert record[-1].body == CampaignEnded(stopped_by=desk.stopped_by)
        assert not self.under_way, "a task has not ended"
        requested = [event.body.item for event in record.of(ItemRequested)]
        ended = [event.body.item for event in record.of(ItemResolved) if not event.body.revision]
        ended += [event.body.item for event in record.of(ItemGivenUp)]
        # Of items whose labels rested on answers that became void, some end without one.
        lost = [event.body.item for event in record.of(ItemGivenUp) if event.body.item in desk.labels]
        assert {*lost} <= {event.body.item for event in record.of(ItemReopened) if event.body.voided}
        assert Counter(ended) <= Counter(requested + lost)
        assert (
            len(ended) - len(lost)
            == desk.coordinator.register.resolved + desk.coordinator.open_items + desk.coordinator.register.given_up
        )
        assert desk.coordinator.people.work.ledger.reserved == 0
        assert millionths(desk.coordinator.people.work.ledger.committed) == self.spent
        assert sum(desk.coordinator.people.answers.values()) == sum(map(len, self.accepted.values())) + self.void
        if desk.stopped_by in ("budget", "pool") and isinstance(desk.policy, Majority):
            full = [item for item, names in self.accepted.items() if len(names) == desk.policy.size and item not in desk.known]
            assert set(full) <= set(desk.labels), "an item whose votes are paid for got no label"
        for body in {event.body.item: event.body for event in record.of(ItemResolved)}.values():
            assert body.item in lost or body.votes == len(self.accepted[body.item]) or (self.some_leave and body.votes)

    @property
    def some_leave(self) -> bool:
        """Whether what members of a session hold who fall silent does not count."""
        return isinstance(self.desk.policy, Negotiation) and self.desk.policy.silent == "abstains"
