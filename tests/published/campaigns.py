"""Campaigns without a learner, through the real bus and the real agents."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bus.replay import LogReader
from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.summary import Summary


def campaign(
    items: int,
    people: int = 10,
    noise: dict[str, Any] | None = None,
    latency: dict[str, Any] | None = None,
    size: int = 1,
    classes: int = 2,
    seed: int = 1,
    **tables: Any,
) -> Scenario:
    """Return a scenario: so many people vote on so many items."""
    crowd = {"count": people, "noise": noise or "one-coin", "latency": latency or {"kind": "exponential", "mean": 1}}
    return Scenario.model_validate(
        {
            "name": "published",
            "seed": seed,
            "data": {"source": "synthetic", "items": items, "classes": classes},
            "annotators": [crowd],
            "coordination": {"policy": {"kind": "majority", "size": size}},
            **tables,
        }
    )


def outcome(*options: Any, **more: Any) -> Summary:
    """Run a campaign, and return what it amounts to."""
    return run(campaign(*options, **more), logs=None)


class Event(NamedTuple):
    """A line of the event log."""

    seq: int
    time: int
    kind: str
    recipient: str
    cause: int | None
    body: dict[str, Any]


def recorded(scenario: Scenario) -> tuple[list[Event], Summary]:
    """Run a campaign, and return what its log says too."""
    with TemporaryDirectory() as folder:
        summary = run(scenario, logs=Path(folder))
        assert summary.log is not None
        lines = LogReader(Path(summary.log)).events()
        record = [Event(line["seq"], line["t"], line["kind"], line["to"], line["cause"], line["body"]) for line in lines]
    return record, summary


class Span(NamedTuple):
    """A task that was answered: who, which item, when it was assigned and when answered, and the answer."""

    annotator: str
    item: Any
    began: int
    ended: int
    label: Any


def spans(record: list[Event]) -> list[Span]:
    """Return the answered tasks of a run, in the order of assignment."""
    tasks = {event.seq: event for event in record if event.kind == "task-assigned"}
    answers = {event.cause: event for event in record if event.kind == "answer-submitted"}
    return [
        Span(task.recipient, task.body["item"], task.time, answers[seq].time, answers[seq].body["label"])
        for seq, task in tasks.items()
        if seq in answers
    ]
