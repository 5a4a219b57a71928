"""A campaign as a trace: what each agent did and when, what it followed from, and how the campaign stood."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from agents.coordinator.ledger import MILLIONTHS
from agents.event import Event
from agents.messages import (
    AbstentionSubmitted,
    AnnotatorAway,
    AnnotatorCame,
    AnnotatorLeft,
    AnswerSubmitted,
    Item,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    ModelPublished,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskExpired,
    TaskReturned,
    TrainingStarted,
)
from agents.negotiation import PositionStated
from agents.state import State
from bus.bus import BUS
from bus.message import AgentCrashed, AgentRestarted
from bus.replay import LogReader
from scenarios.export.desk import Desk
from scenarios.export.reading import Progress, read_through
from scenarios.export.trace import Trace
from scenarios.export.tracks import MICROSECOND, Tracks, agents_of
from scenarios.header import header_of

CAMPAIGN = "campaign"
"""Who keeps the counters: the sender of what is known from the start."""


def write_perfetto(reader: LogReader, file: BinaryIO, progress: Progress) -> int:
    """Write a trace, and return the number of events that it tells of.

    A message is a slice of a nanosecond on its sender's thread, and an arrow to what followed from it; an answer is the end of the
    slice of the work on it. Events of one microsecond stand a nanosecond apart, so that they keep their order.

    Raises:
        CorruptLog: the log is damaged.
    """
    header = header_of(reader)
    trace = Trace(file, CAMPAIGN)
    drawer = Drawer(trace, agents_of(reader))
    for _ in read_through(reader, drawer, progress):
        pass
    trace.close({"campaign": header.name, "seed": header.seed, "parley": header.parley, "finished": reader.footer is not None})
    return drawer.state.seq


class Drawer:
    """Draws a campaign's events.

    Args:
        trace: the trace.
        names: the agents, in the order in which they are shown.
    """

    def __init__(self, trace: Trace, names: Iterable[str]) -> None:
        self.state = State()
        self.ready: list[None] = []
        self._trace = trace
        self._tracks = Tracks(trace, names)
        self._desks: dict[str, Desk] = {}
        self._items: dict[Item, str] = {}
        self._training: tuple[str, int, Any] | None = None
        self._down: dict[str, int] = {}
        self._there: dict[str, None] = {}
        self._comes_and_goes = False
        self._shown: dict[str, dict[str, float]] = {}
        self._at = -1

    def take(self, event: Event) -> None:
        """Draw the next event."""
        state, time = self.state, event["t"]
        if time != state.time:
            self._count()
        state.apply(event)
        self._at = at = max(time * MICROSECOND, self._at + 1)
        kind, body = event["kind"], event["body"]
        if kind not in _REPLIES or not self._desk(event["from"]).answer(event):
            self._tick(event, at)
        draw = _DRAWERS.get(kind)
        if draw is not None:
            draw(self, event, body, at)
        else:
            self._draw_other(event, body, at)

    def finish(self) -> None:
        """End what is under way, the log being over."""
        self._count()
        at = self._at + 1
        for item in [*self._items]:
            self._end_item(item, at, {"unfinished": True})
        self._end_training("unfinished", at)
        for desk in self._desks.values():
            desk.clear("unfinished", at)
        for agent in [*self._down]:
            self._come_back(agent, at)

    def _tick(self, event: Event, at: int) -> None:
        """Draw a message, and its arrows."""
        seq, cause, trace, tid = event["seq"], event["cause"], self._trace, self._tid(event["from"])
        trace.slice(tid, event["kind"], "message", at, at + 1, {"seq": seq, "to": event["to"], "body": event["body"]})
        if cause is not None and cause < seq:
            trace.arrived(cause, tid, at)
        trace.sent(seq, tid, at)

    def _tid(self, agent: str) -> int:
        return self._tracks.of(agent).tid

    # Tasks

    def _desk(self, annotator: str) -> Desk:
        desk = self._desks.get(annotator)
        if desk is None:
            desk = self._desks[annotator] = Desk(self._trace, self._tracks.of(annotator))
        return desk

    def _task_assigned(self, event: Event, body: Any, at: int) -> None:
        self._desk(event["to"]).assign(event, at)

    def _task_cancelled(self, event: Event, body: Any, at: int) -> None:
        self._desk(event["to"]).cancel(event, at)
        self._mark(body["item"], event, at)

    def _task_expired(self, event: Event, body: Any, at: int) -> None:
        self._desk(body["annotator"]).expire(body, at)
        self._mark(body["item"], event, at)

    def _annotator_away(self, event: Event, body: Any, at: int) -> None:
        self._desk(body["annotator"]).clear("unanswered", at)

    def _come_or_go(self, event: Event, body: Any, at: int) -> None:
        """Count who is there, of those who come and go."""
        if self.state.people[event["from"]].stays.there:
            self._there[event["from"]] = None
        else:
            self._there.pop(event["from"], None)
        self._comes_and_goes = True

    # Items

    def _item_requested(self, event: Event, body: Any, at: int) -> None:
        self._begin_item(body["item"], event, body, at)

    def _item_reopened(self, event: Event, body: Any, at: int) -> None:
        if body["item"] in self._items:
            # It has been asked for once more, and the span since then is this.
            self._mark(body["item"], event, at)
        else:
            self._begin_item(body["item"], event, body, at)

    def _begin_item(self, item: Item, event: Event, args: Any, at: int) -> None:
        if item not in self._items:
            self._items[item] = name = f"item {item}"
            tid = self._tid(event["from"])
            # The viewer calls the track of all items by what it sees of an item first.
            self._trace.mark("item", _key(item), "items", tid, at, {})
            self._trace.begin("item", _key(item), name, tid, at, {"seq": event["seq"], **args})

    def _item_closed(self, event: Event, body: Any, at: int) -> None:
        if body["item"] in self.state.open:
            # Its label was revised while it was asked for once more.
            self._mark(body["item"], event, at)
        elif body["item"] in self._items:
            self._end_item(body["item"], at, {key: value for key, value in body.items() if key != "item"})

    def _end_item(self, item: Item, at: int, args: Any) -> None:
        self._trace.end("item", _key(item), self._items.pop(item), self._tid("coordinator"), at, args)

    def _mark(self, item: Item, event: Event, at: int) -> None:
        """Draw what happens to an item while it is open."""
        if item in self._items:
            body, sender = event["body"], event["from"]
            name = f"{sender}: {body['label']}" if event["kind"] in _LABELS else event["kind"]
            self._trace.mark("item", _key(item), name, self._tid(sender), at, {"seq": event["seq"], "from": sender, "body": body})

    # Models

    def _training_started(self, event: Event, body: Any, at: int) -> None:
        self._end_training("interrupted", at)
        self._training = event["from"], at, body

    def _model_published(self, event: Event, body: Any, at: int) -> None:
        self._end_training("training", at)

    def _end_training(self, category: str, at: int) -> None:
        if self._training is not None:
            agent, since, body = self._training
            tid, start, end = self._tracks.of(agent).place(since, at)
            self._trace.slice(tid, f"training {body['version']}", category, start, end, body)
            self._training = None

    # What happens to messages and agents

    def _agent_crashed(self, event: Event, body: Any, at: int) -> None:
        agent = body["agent"]
        if self._training is not None and self._training[0] == agent:
            self._end_training("interrupted", at)
        if agent in self._desks:
            self._desks[agent].go_down(at)
        self._down[agent] = at

    def _agent_restarted(self, event: Event, body: Any, at: int) -> None:
        if body["agent"] in self._down:
            self._come_back(body["agent"], at)

    def _come_back(self, agent: str, at: int) -> None:
        tid, start, end = self._tracks.of(agent).place(self._down.pop(agent), at)
        self._trace.slice(tid, "down", "fault", start, end, {"agent": agent})
        if agent in self._desks:
            self._desks[agent].come_back(end)

    def _draw_other(self, event: Event, body: Any, at: int) -> None:
        item = body.get("item")
        if item is not None:
            self._mark(item, event, at)
        elif event["from"] == BUS:
            agent = body.get("to") or body.get("mailbox")
            if agent is not None:
                self._trace.instant(self._tid(agent), event["kind"], "fault", at, body)

    # How the campaign stands

    def _count(self) -> None:
        """Show what has changed at the instant that is over."""
        state = self.state
        state.settle()
        self._show("items", {"open": len(state.open)})
        self._show("labels", {"resolved": state.resolved})
        self._show("money", {"committed": state.committed / MILLIONTHS, "reserved": state.reserved / MILLIONTHS})
        if self._comes_and_goes:
            self._show("people", {"there": len(self._there)})
        if state.curve:
            self._show("model", {"accuracy": state.curve[-1].accuracy})

    def _show(self, name: str, values: dict[str, float]) -> None:
        if self._shown.get(name) != values:
            self._shown[name] = values
            self._trace.count(name, self._tid(CAMPAIGN), self.state.time * MICROSECOND, values)


def _key(item: Item) -> Item:
    """Return what the viewer can tell items by: it reads whole numbers as JavaScript does."""
    return item if isinstance(item, str) or abs(item) < 2**53 else str(item)


_LABELS = (AnswerSubmitted.kind, PositionStated.kind)
_REPLIES = (*_LABELS, AbstentionSubmitted.kind, TaskDeclined.kind, TaskReturned.kind)
_DRAWERS: dict[str, Callable[[Drawer, Event, Any, int], None]] = {
    AgentCrashed.kind: Drawer._agent_crashed,
    AgentRestarted.kind: Drawer._agent_restarted,
    AnnotatorAway.kind: Drawer._annotator_away,
    AnnotatorCame.kind: Drawer._come_or_go,
    AnnotatorLeft.kind: Drawer._come_or_go,
    ItemGivenUp.kind: Drawer._item_closed,
    ItemReopened.kind: Drawer._item_reopened,
    ItemRequested.kind: Drawer._item_requested,
    ItemResolved.kind: Drawer._item_closed,
    ModelPublished.kind: Drawer._model_published,
    TaskAssigned.kind: Drawer._task_assigned,
    TaskCancelled.kind: Drawer._task_cancelled,
    TaskExpired.kind: Drawer._task_expired,
    TrainingStarted.kind: Drawer._training_started,
}
