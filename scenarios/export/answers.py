"""The answers of a log, each with what became of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from agents.event import Event
from agents.messages import AbstentionSubmitted, AnswerLate, AnswerRepeated, AnswerSubmitted, Item, Label, TaskDeclined
from agents.person import Task
from agents.state import State
from bus.message import MessageArrived, MessageDelayed, MessageDropped, MessageLost
from bus.replay import LogReader
from scenarios.export.reading import Progress, read_through, unwatched
from scenarios.header import Recorded, header_of
from scenarios.history.reopenings import void_answers

Status = Literal["counted", "void", "gold", "declined", "abstained", "late", "repeated", "lost", "unused"]
"""What became of an answer.

It is a vote, and counts towards the label of its item. It was one, until its annotator was found out. It is no vote, but the answer
to a gold question, asked to see who is any good. It is no answer, but a refusal; it says no more than that they cannot tell; it
came too late; it had come before; it never arrived; nothing was made of it, as of refusals that come late and of what is said when
the campaign is over.
"""


class Answer(NamedTuple):
    """An answer.

    `start` and `duration` are in microseconds, None where nobody knows; `label` is None where there is none, and `confidence`, that
    it is right, where nobody says.
    """

    item: Item
    annotator: str
    label: Label | None
    start: int | None
    duration: int | None
    status: Status
    seq: int
    confidence: float | None = None


def answers(reader: LogReader, everything: bool = False, progress: Progress = unwatched) -> Iterator[Answer]:
    """Yield the answers of a log that count, in the order in which they came: those on which labels rest.

    Args:
        reader: the log.
        everything: whether to yield those too that do not count.
        progress: told how far it is.

    Raises:
        CorruptLog: the log is damaged.
    """
    for answer in read_through(reader, Collector(reader), progress):
        if everything or answer.status == "counted":
            yield answer


def says_confidence(reader: LogReader) -> bool:
    """Return whether any answer of a log says how sure it is; the log is only looked over.

    Raises:
        CorruptLog: the log is damaged, above the first answer that says so.
    """
    return any(_CONFIDENT.search(line) for line in reader.lines())


class _Fold(State):
    """The fold of a campaign, which tells of each answer that is accepted."""

    def __init__(self, accepted: list[Event]) -> None:
        super().__init__()
        self._accepted = accepted

    def _accept(self, task: Task, answer: Event) -> None:
        super()._accept(task, answer)
        self._accepted.append(answer)


class Collector:
    """Takes events, and puts answers into `ready` once it is clear what became of them: when their instant is over, or later.

    Which answers become void is seen in a first reading.

    Args:
        reader: the log, whose header says what its times mean.

    Raises:
        CorruptLog: the log is damaged.
    """

    def __init__(self, reader: LogReader) -> None:
        header = header_of(reader)
        self._void = void_answers(reader)
        times = header.times if isinstance(header, Recorded) else "starts"
        self.ready: list[Answer] = []
        self._has_starts, self._has_durations = times == "starts", times != "order"
        self._accepted: list[Event] = []
        self.state: State = _Fold(self._accepted)
        self._undecided: dict[int, Answer] = {}
        self._verdicts: dict[int, Status] = {}
        self._travelling: dict[int, Answer] = {}

    def take(self, event: Event) -> None:
        """Take the next event."""
        state = self.state
        if event["t"] != state.time and self._undecided:
            self._end_instant()
        state.apply(event)
        kind = event["kind"]
        if kind in _ANSWERS:
            self._undecided[event["seq"]] = self._answer(event, event["body"])
        elif kind in _TAKERS:
            _TAKERS[kind](self, event, event["body"])

    def finish(self) -> None:
        """Say what became of the answers that are left, the log being over."""
        self._end_instant()
        self.ready += [answer._replace(status="lost") for answer in self._travelling.values()]
        self._travelling.clear()

    def _end_instant(self) -> None:
        self.state.settle()
        for event in self._accepted:
            self._verdicts[event["seq"]] = self._accepted_as(event)
        for seq in sorted(self._undecided):
            answer, status = self._undecided[seq], self._verdicts.get(seq, "unused")
            self.ready.append(answer if answer.status == status else answer._replace(status=status))
        for each in (self._undecided, self._verdicts, self._accepted):
            each.clear()

    def _accepted_as(self, event: Event) -> Status:
        if "label" not in event["body"]:
            return "abstained" if event["kind"] == AbstentionSubmitted.kind else "declined"
        if event["body"]["item"] in self.state.gold:
            return "gold"
        return "void" if event["seq"] in self._void else "counted"

    def _take_late(self, event: Event, body: Any) -> None:
        self._verdicts[event["cause"]] = "late"

    def _take_repeated(self, event: Event, body: Any) -> None:
        # Where it is the message that came twice, its first copy is counted: an answer that is accepted is never called repeated.
        self._verdicts[event["cause"]] = "repeated"

    def _take_lost(self, event: Event, body: Any) -> None:
        self._take_arrived(event, body)
        self._verdicts[body["message"]] = "lost"

    def _take_delayed(self, event: Event, body: Any) -> None:
        answer = self._undecided.pop(body["message"], None)
        if answer is not None:
            self._travelling[body["message"]] = answer

    def _take_arrived(self, event: Event, body: Any) -> None:
        answer = self._travelling.pop(body["message"], None)
        if answer is not None:
            self._undecided[body["message"]] = answer

    def _answer(self, event: Event, body: Any) -> Answer:
        item, label, began = body["item"], body.get("label"), body.get("began")
        if type(item) not in _IDS or (label is not None and type(label) not in _IDS):
            raise TypeError(f"the item {item!r} or the label {label!r} is neither a whole number nor text")
        start = began if self._has_starts else None
        duration = event["t"] - began if self._has_durations and began is not None else None
        return Answer(item, event["from"], label, start, duration, "counted", event["seq"], body.get("confidence"))


_CONFIDENT = re.compile(rb'"kind":"answer-submitted".*"confidence":')
_IDS = (int, str)
_ANSWERS = (AnswerSubmitted.kind, AbstentionSubmitted.kind, TaskDeclined.kind)
_TAKERS: dict[str, Callable[[Collector, Event, Any], None]] = {
    AnswerLate.kind: Collector._take_late,
    AnswerRepeated.kind: Collector._take_repeated,
    MessageDropped.kind: Collector._take_lost,
    MessageLost.kind: Collector._take_lost,
    MessageDelayed.kind: Collector._take_delayed,
    MessageArrived.kind: Collector._take_arrived,
}
