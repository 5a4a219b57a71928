"""Tasks with their annotations, as Label Studio imports them."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pydantic_core import to_json

from agents.event import Event
from agents.messages import Item, ItemGivenUp, ItemReopened, ItemRequested, ItemResolved, Label
from bus.clock import SECOND
from bus.replay import CorruptLog, LogReader
from scenarios.export.answers import Answer, Collector
from scenarios.export.reading import Progress, read_through
from scenarios.header import Recorded, header_of
from scenarios.history.reopenings import revised_items

FROM_NAME, TO_NAME = "label", "item"
"""What the labelling interface has to call its choices, and what they are about.

`<View><Text name="item" value="$id"/><Choices name="label" toName="item"><Choice value="..."/></Choices></View>` shows the ids.
"""


def write_label_studio(reader: LogReader, file: BinaryIO, progress: Progress) -> int:
    """Write a JSON list with a task for each item that was asked for, and return how many there are.

    A task has the answers that count as its annotations, and the label that the item got, if it got one, as a prediction, whose
    score is the share of the answers that say so. Of an item that got several labels it has the last, and all answers that count
    in the end. The log holds no texts and no dates, so neither does this.

    Raises:
        CorruptLog: the log is damaged.
    """
    count = 0
    for count, task in enumerate(_tasks(reader, progress), 1):
        file.write(b"[\n" if count == 1 else b",\n")
        file.write(to_json(task))
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def _tasks(reader: LogReader, progress: Progress) -> Iterator[dict[str, Any]]:
    return read_through(reader, _Board(reader, _policy(reader)), progress)


def _policy(reader: LogReader) -> str:
    """Return what made the labels."""
    header = header_of(reader)
    try:
        policy = header.policy if isinstance(header, Recorded) else header.scenario["coordination"]["policy"]
        return str(policy["kind"])
    except (KeyError, TypeError):
        raise CorruptLog(reader.path, 1, "this header does not say by which policy labels were made") from None


class _Board:
    """Gathers the answers to each item that is open, and makes a task of them when its label is there and the instant is over.

    Items that get labels more than once wait for the end of the log.
    """

    def __init__(self, reader: LogReader, policy: str) -> None:
        self._waiting = revised_items(reader)
        self.ready: list[dict[str, Any]] = []
        self._policy = policy
        self._collector = Collector(reader)
        self.state = self._collector.state
        self._answers: dict[Item, list[Answer]] = {}
        self._labels: dict[Item, Event | None] = {}
        self._closed: dict[Item, None] = {}

    def take(self, event: Event) -> None:
        """Take the next event."""
        is_new_instant = event["t"] != self.state.time
        kind, body = event["kind"], event["body"]
        was_open = kind in _CLOSING and body["item"] in self.state.open
        self._collector.take(event)
        if is_new_instant:
            self._gather()
        if kind == ItemRequested.kind:
            self._answers.setdefault(body["item"], [])
        elif kind == ItemReopened.kind and body["voided"]:
            self._labels[body["item"]] = None
        elif kind in _CLOSING and body["item"] in self._answers:
            self._labels[body["item"]] = event if kind == ItemResolved.kind else None
            if was_open and body["item"] not in self.state.open:
                self._closed[body["item"]] = None

    def finish(self) -> None:
        """Make tasks of what is left, the log being over."""
        self._collector.finish()
        self._gather()
        for item in [*self._answers]:
            self._make(item)

    def _gather(self) -> None:
        for answer in self._collector.ready:
            if answer.status == "counted" and answer.item in self._answers:
                self._answers[answer.item].append(answer)
        self._collector.ready.clear()
        for item in self._closed:
            if item not in self._waiting:
                self._make(item)
        self._closed.clear()

    def _make(self, item: Item) -> None:
        answers = self._answers.pop(item)
        event = self._labels.pop(item, None)
        prediction = None if event is None else _prediction(event["seq"], event["body"]["label"], answers, self._policy)
        self.ready.append(_task(item, answers, prediction))


_CLOSING = (ItemResolved.kind, ItemGivenUp.kind)


def _task(item: Item, answers: list[Answer], prediction: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "data": {"id": item},
        "annotations": [_annotation(answer) for answer in answers],
        "predictions": [] if prediction is None else [prediction],
    }


def _annotation(answer: Answer) -> dict[str, Any]:
    assert answer.label is not None
    result = _choice(answer.seq, answer.label)
    # Label Studio refuses a whole file for one "completed_by" whom it does not know, but passes over other names; and it takes for
    # the ground truth what does not say that it is not.
    annotation = {
        "id": answer.seq,
        "created_username": answer.annotator,
        "ground_truth": False,
        "was_cancelled": False,
        "result": [{**result, "meta": {"text": [answer.annotator]}}],
    }
    if _EMAIL.fullmatch(answer.annotator):
        annotation["completed_by"] = {"email": answer.annotator}
    if answer.duration is not None:
        annotation["lead_time"] = answer.duration / SECOND
    return annotation


def _prediction(seq: int, label: Label, answers: list[Answer], policy: str) -> dict[str, Any]:
    prediction: dict[str, Any] = {"model_version": policy, "result": [_choice(seq, label)]}
    if answers:
        prediction["score"] = sum(answer.label == label for answer in answers) / len(answers)
    return prediction


def _choice(seq: int, label: Label) -> dict[str, Any]:
    value = {"choices": [str(label)]}
    return {"id": str(seq), "from_name": FROM_NAME, "to_name": TO_NAME, "type": "choices", "value": value}


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
