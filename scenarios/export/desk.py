"""An annotator's desk: the tasks that lie there, and the slices that they become."""

from dataclasses import dataclass
from typing import Any

from agents.event import Event
from agents.messages import AbstentionSubmitted, Item, TaskDeclined, TaskReturned
from scenarios.export.trace import Trace
from scenarios.export.tracks import MICROSECOND, Track

_UNLABELLED = {AbstentionSubmitted.kind: "abstained", TaskDeclined.kind: "declined", TaskReturned.kind: "returned"}
_Key = tuple[Item, int]
"""An item, and which of this annotator's attempts at it."""


@dataclass(slots=True)
class _Task:
    """A task on a desk; instants in nanoseconds.

    Attributes:
        item, attempt, price: what the assignment says.
        seq: the assignment.
        sent: when that was sent, as the trace has it; None when the arrow that it is has its end.
        since: the earliest instant at which it may have been begun, or gone on with, as far as the log tells.
        drawn: until when the work on it has been drawn.
        expired: when its lease ended, as the trace has it; None if it did not.
    """

    item: Item
    attempt: int
    price: float
    seq: int
    sent: int | None
    since: int
    drawn: int = 0
    expired: int | None = None

    def args(self) -> dict[str, Any]:
        """Return what the viewer shows of it."""
        return {"item": self.item, "attempt": self.attempt, "price": self.price, "assignment": self.seq}


class Desk:
    """What an annotator has to do, and does.

    Args:
        trace: the trace.
        track: the annotator's track.
    """

    def __init__(self, trace: Trace, track: Track) -> None:
        self._trace = trace
        self._track = track
        self._tasks: dict[_Key, _Task] = {}
        self._is_down = False
        self._over: _Task | None = None
        """The task last taken away, on which they may work on: what is said to them can be lost."""

    def assign(self, event: Event, at: int) -> None:
        """Lay down a task."""
        body = event["body"]
        key, since = (body["item"], body["attempt"]), event["t"] * MICROSECOND
        self._tasks[key] = _Task(*key, body["price"], event["seq"], at, since)

    def answer(self, event: Event) -> bool:
        """End a task with its answer, or with there being none, or given back; return False if no such task is there."""
        body = event["body"]
        key = (body["item"], body["attempt"])
        task, end = self._tasks.get(key), event["t"] * MICROSECOND
        is_over = task is None
        if task is None:
            task, self._over = self._over, None
            if task is None or key != (task.item, task.attempt):
                return False
        began = body.get("began")
        start = self._begun(task) if began is None else max(began * MICROSECOND, task.drawn)
        if event["kind"] not in _UNLABELLED:
            name = f"item {task.item} -> {body['label']}"
            category = "late" if is_over or task.expired is not None else "work"
            args = {**task.args(), "label": body["label"], **_beyond(body), "seq": event["seq"], "cause": event["cause"]}
        else:
            category = _UNLABELLED[event["kind"]]
            name = f"item {task.item} {category}"
            args = {**task.args(), "seq": event["seq"], "cause": event["cause"]}
        tid, end = self._draw(task, name, category, start, end, args)
        self._trace.sent(event["seq"], tid, end - 1)
        self._tasks.pop(key, None)
        return True

    def cancel(self, event: Event, at: int) -> None:
        """Take a task away."""
        body = event["body"]
        task = self._tasks.get((body["item"], body["attempt"]))
        if task is not None:
            tid = self._take_away(task, "cancelled", at, {"seq": event["seq"], "cause": event["cause"]})
            if tid is not None:
                self._trace.arrived(event["seq"], tid, at)

    def expire(self, body: Any, at: int) -> None:
        """Let the lease of a task end. They may go on working on it."""
        task = self._tasks.get((body["item"], body["attempt"]))
        if task is not None:
            task.expired = at

    def clear(self, why: str, at: int) -> None:
        """Take all tasks away, without a word."""
        for task in [*self._tasks.values()]:
            self._take_away(task, why if task.expired is None else "expired", at, {})

    def go_down(self, at: int) -> None:
        """Interrupt what they are at; it is still theirs when they come back."""
        for task in [*self._tasks.values()][:1]:
            self._draw(task, f"item {task.item} interrupted", "interrupted", self._begun(task), at, task.args())
        self._is_down = True

    def come_back(self, at: int) -> None:
        """Let what lies there be gone on with at this instant at the earliest."""
        self._is_down = False
        for task in self._tasks.values():
            task.since = task.drawn = at

    def _take_away(self, task: _Task, why: str, at: int, args: dict[str, Any]) -> int | None:
        """Take a task away, and return the thread on which it is shown that it was there until this instant."""
        tid = None if self._is_down else self._show(task, why, at + 1, {**task.args(), **args})
        del self._tasks[task.item, task.attempt]
        self._over = task
        task.since = task.drawn = at + 1
        return tid

    def _show(self, task: _Task, why: str, end: int, args: dict[str, Any]) -> int:
        name = f"item {task.item} {why}"
        if task is next(iter(self._tasks.values())):
            tid, _ = self._draw(task, name, why, self._begun(task), end, args)
            return tid
        # They are at another one, for which the first lane is kept.
        tid, start, end = self._track.place(task.since, end, first=1)
        self._trace.slice(tid, name, why, start, end, args)
        self._land(task, tid, start, end)
        return tid

    def _begun(self, task: _Task) -> int:
        """Return when a task was begun of which nothing else is known: when it came, or when the one before it was done."""
        return max(task.since, self._track.free)

    def _draw(self, task: _Task, name: str, category: str, start: int, end: int, args: dict[str, Any]) -> tuple[int, int]:
        """Draw the work on a task, and the waiting for it; return the thread of the work, and its end."""
        if start > task.since + MICROSECOND:
            tid, since, until = self._track.place(task.since, start)
            self._trace.slice(tid, "waiting", "waiting", since, until, task.args())
            self._land(task, tid, since, until)
        elif task.sent is not None and task.sent <= end + MICROSECOND:
            # Where much happens at one instant, the assignment stands a little behind it.
            end = max(end, task.sent + 1)
        tid, start, end = self._track.place(start, end)
        self._trace.slice(tid, name, category, start, end, args)
        self._land(task, tid, start, end)
        if task.expired is not None and task.expired < end:
            self._trace.slice(tid, "expired", "expired", max(task.expired, start), end, args)
        return tid, end

    def _land(self, task: _Task, tid: int, start: int, end: int) -> None:
        """Let the arrow of the assignment end in a slice, if it can."""
        if task.sent is not None and task.sent < end:
            self._trace.arrived(task.seq, tid, max(task.sent, start))
            task.sent = None


def _beyond(body: Any) -> dict[str, Any]:
    """Return what an answer says beyond its label."""
    return {name: body[name] for name in ("confidence", "chances", "ranking") if body.get(name) is not None}
