"""Reads a log, event by event, and keeps the books of its report."""

from collections.abc import Callable, Iterable
from typing import Any

from agents import messages as said
from agents import negotiation as talk
from agents.coordinator.ledger import millionths
from agents.event import Event
from agents.messages import Item
from agents.state import State
from bus import message as noted
from bus.replay import LogReader
from scenarios.export.answers import Answer, Collector
from scenarios.report.campaign.books import NOBODY, POSITION, STATUSES, UNKNOWN_TIME, Books

_PAID = ("counted", "void", "gold", "abstained")

_Key = tuple[str, Item, int]
"""Whose task it is, of which item, and which attempt at it."""


class Bookkeeper:
    """Takes events one after the other; `books` and `state` are whole when it has finished.

    Args:
        reader: the log.
        names: the people who are known beforehand, in their order.

    Raises:
        CorruptLog: the log is damaged.
    """

    def __init__(self, reader: LogReader, names: Iterable[str] = ()) -> None:
        self._collector = Collector(reader)
        self.state: State = self._collector.state
        self.ready: list[None] = []
        self.books = Books()
        for name in names:
            self.books.people.of(name)
        self._now = 0
        self._live: dict[str, dict[tuple[Item, int], None]] = {}
        self._tasks = 0
        self._at_it: dict[Item, int] = {}
        self._price: dict[_Key, int] = {}
        self._worth: dict[int, _Key] = {}
        self._positions: dict[int, Event] = {}
        self._since: dict[str, int] = {}
        self._down: dict[str, int] = {}
        self._there: dict[str, None] = {}
        self._gone: dict[str, None] = {}

    def take(self, event: Event) -> None:
        """Take the next event."""
        kind, body = event["kind"], event["body"]
        before = _BEFORE.get(kind)
        if event["t"] != self.state.time:
            self._follow()
        if before is not None:
            before(self, event, body)
        self._collector.take(event)
        self._gather()
        self._now = event["t"]
        after = _AFTER.get(kind)
        if after is not None:
            after(self, event, body)

    def finish(self) -> None:
        """Close the books, the log being over."""
        self._collector.finish()
        self._gather()
        self._settle_positions()
        self._follow()
        end = self.end
        for name in [*self._there]:
            self._leave(name, end)
        for name, since in self._down.items():
            self.books.absence.add(self.books.people.of(name), since, end)

    @property
    def end(self) -> int:
        """When the campaign was over, or the log, in microseconds."""
        return self.state.time if self.state.ended is None else self.state.ended

    # What became of answers

    def _gather(self) -> None:
        for answer in self._collector.ready:
            self._keep(answer)
        self._collector.ready.clear()

    def _keep(self, answer: Answer) -> None:
        books = self.books
        item, person = books.items.of(answer.item), books.people.of(answer.annotator)
        label = NOBODY if answer.label is None else books.labels.of(answer.label)
        start = UNKNOWN_TIME if answer.start is None else answer.start
        duration = UNKNOWN_TIME if answer.duration is None else answer.duration
        books.answers.add(item, person, label, start, duration, STATUSES.index(answer.status), self._now)
        key = self._worth.pop(answer.seq, None)
        if key is not None and answer.status in _PAID:
            books.earned[person] += self._price.pop(key, 0)

    def _answered(self, event: Event, body: Any) -> None:
        key = event["from"], body["item"], body["attempt"]
        self._worth[event["seq"]] = key
        self._end_task(*key)

    def _declined(self, event: Event, body: Any) -> None:
        self._end_task(event["from"], body["item"], body["attempt"])

    def _position(self, event: Event, body: Any) -> None:
        self._positions[event["seq"]] = event
        self._end_task(event["from"], body["item"], body["attempt"])

    def _disregarded(self, event: Event, body: Any) -> None:
        position = self._positions.pop(event["cause"], None)
        if position is not None:
            self._keep_position(position, STATUSES.index("late" if event["kind"] == said.AnswerLate.kind else "repeated"))

    def _lost(self, event: Event, body: Any) -> None:
        self._positions.pop(body["message"], None)

    def _settle_positions(self) -> None:
        for event in self._positions.values():
            body, person = event["body"], self._keep_position(event, POSITION)
            self.books.earned[person] += self._price.pop((event["from"], body["item"], body["attempt"]), 0)
        self._positions.clear()

    def _keep_position(self, event: Event, status: int) -> int:
        """Keep what somebody said in a negotiation, and return their number."""
        body, books, began = event["body"], self.books, event["body"]["began"]
        start, duration = (UNKNOWN_TIME, UNKNOWN_TIME) if began is None else (began, event["t"] - began)
        item, person, label = books.items.of(body["item"]), books.people.of(event["from"]), books.labels.of(body["label"])
        books.answers.add(item, person, label, start, duration, status, event["t"])
        return person

    # Tasks

    def _assigned(self, event: Event, body: Any) -> None:
        name, item, attempt = event["to"], body["item"], body["attempt"]
        self._price[name, item, attempt] = millionths(body["price"])
        tasks = self._live.setdefault(name, {})
        if (item, attempt) not in tasks:
            tasks[item, attempt] = None
            self._tasks += 1
            self._at_it[item] = self._at_it.get(item, 0) + 1

    def _cancelled(self, event: Event, body: Any) -> None:
        name = event["to"]
        price = self._price.pop((name, body["item"], body["attempt"]), 0)
        if body["paid"]:
            self.books.earned[self.books.people.of(name)] += price
        self._end_task(name, body["item"], body["attempt"])

    def _expired(self, event: Event, body: Any) -> None:
        self._price.pop((body["annotator"], body["item"], body["attempt"]), None)
        self._end_task(body["annotator"], body["item"], body["attempt"])

    def _end_task(self, name: str, item: Item, attempt: int) -> None:
        tasks = self._live.get(name)
        if tasks is None or (item, attempt) not in tasks:
            return
        del tasks[item, attempt]
        if not tasks:
            del self._live[name]
        self._tasks -= 1
        self._at_it[item] -= 1
        if not self._at_it[item]:
            del self._at_it[item]

    # Labels

    def _known(self, event: Event, body: Any) -> None:
        known = zip(body["items"], body["labels"], strict=True)
        self.books.told.update(known)
        if event["kind"] == said.LabelsKnown.kind:
            self.books.seeds.update(body["items"])

    def _started(self, event: Event, body: Any) -> None:
        for label in body["classes"]:
            self.books.labels.of(label)

    def _resolved(self, event: Event, body: Any) -> None:
        item = self.books.items.of(body["item"])
        self.books.final[item] = self.books.labels.of(body["label"])
        self.books.settled[item] = event["t"]
        opened = self.state.open.get(body["item"])
        if opened is not None and opened.is_closed_by(body["revision"]):
            self.books.staleness[self.state.resolved - opened.resolved_before] += 1

    def _unlabelled(self, event: Event, body: Any) -> None:
        if event["kind"] == said.ItemGivenUp.kind or body["voided"]:
            self.books.final.pop(self.books.items.known(body["item"]), None)

    # Negotiations

    def _changed(self, event: Event, body: Any) -> None:
        before, after = self.books.labels.of(body["before"]), self.books.labels.of(body["after"])
        self.books.changes.add(self.books.items.of(body["item"]), body["turn"], before, after)

    def _closed(self, event: Event, body: Any) -> None:
        self.books.rounds[body["rounds"]] += 1
        self.books.outcomes[body["outcome"]] += 1

    # People

    def _came_or_left(self, event: Event, body: Any) -> None:
        name = event["from"]
        self.books.people.of(name)
        if self.state.ended is not None:
            return
        if self.state.people[name].stays.there:
            self._gone.pop(name, None)
            if name not in self._there:
                self._there[name], self._since[name] = None, event["t"]
        else:
            # Who was there from the start on has said nothing of it before they leave.
            if name not in self._there and name not in self._gone and self.state.people[name].stays.total:
                self._there[name], self._since[name] = None, 0
            self._leave(name, event["t"])
            self._gone[name] = None

    def _leave(self, name: str, time: int) -> None:
        if name in self._there:
            del self._there[name]
            self.books.presence.add(self.books.people.of(name), self._since.pop(name), time)

    def _fell_silent(self, event: Event, body: Any) -> None:
        name = body.get("annotator") or body.get("agent")
        if name in self.state.people:
            self._down.setdefault(name, event["t"])
        for item, attempt in [*self._live.get(name, ())] if event["kind"] == said.AnnotatorAway.kind else ():
            self._end_task(name, item, attempt)

    def _heard_of(self, event: Event, body: Any) -> None:
        name = body.get("annotator") or body.get("agent")
        since = self._down.pop(name, None)
        if since is not None:
            self.books.absence.add(self.books.people.of(name), since, event["t"])

    # How the campaign stands

    def _follow(self) -> None:
        """Note how it stood at the instant that is over."""
        self._settle_positions()
        state = self.state
        if state.ended is not None and state.time > state.ended:
            return
        state.settle()
        waiting = max(0, len(state.open) - len(self._at_it))
        there = max(len(self.books.people.names), len(state.people)) - len(self._gone) - len(self._down)
        now = len(state.open), waiting, self._tasks, len(self._live), there, state.committed, state.reserved, state.resolved
        self.books.series.note(state.time, now)


_Taking = Callable[[Bookkeeper, Event, Any], None]
_BEFORE: dict[str, _Taking] = {said.ItemResolved.kind: Bookkeeper._resolved}
_AFTER: dict[str, _Taking] = {
    said.CampaignStarted.kind: Bookkeeper._started,
    said.LabelsKnown.kind: Bookkeeper._known,
    said.GoldKnown.kind: Bookkeeper._known,
    said.TruthTold.kind: Bookkeeper._known,
    said.TaskAssigned.kind: Bookkeeper._assigned,
    said.TaskCancelled.kind: Bookkeeper._cancelled,
    said.TaskExpired.kind: Bookkeeper._expired,
    said.AnswerSubmitted.kind: Bookkeeper._answered,
    said.AbstentionSubmitted.kind: Bookkeeper._answered,
    said.TaskDeclined.kind: Bookkeeper._declined,
    said.TaskReturned.kind: Bookkeeper._declined,
    said.AnswerLate.kind: Bookkeeper._disregarded,
    said.AnswerRepeated.kind: Bookkeeper._disregarded,
    noted.MessageDropped.kind: Bookkeeper._lost,
    noted.MessageLost.kind: Bookkeeper._lost,
    said.ItemGivenUp.kind: Bookkeeper._unlabelled,
    said.ItemReopened.kind: Bookkeeper._unlabelled,
    talk.PositionStated.kind: Bookkeeper._position,
    talk.MindChanged.kind: Bookkeeper._changed,
    talk.SessionClosed.kind: Bookkeeper._closed,
    said.AnnotatorCame.kind: Bookkeeper._came_or_left,
    said.AnnotatorLeft.kind: Bookkeeper._came_or_left,
    said.AnnotatorAway.kind: Bookkeeper._fell_silent,
    noted.AgentCrashed.kind: Bookkeeper._fell_silent,
    said.AnnotatorBack.kind: Bookkeeper._heard_of,
    noted.AgentRestarted.kind: Bookkeeper._heard_of,
}
