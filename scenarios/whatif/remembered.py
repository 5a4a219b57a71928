"""Recorded people, run again: they answer what their log remembers, decline anything else, and take as long as they took."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from agents.annotator.latencies.recorded import RecordedTime
from agents.annotator.noises.recorded import Recorded as RecordedNoise
from agents.annotator.record import Record
from agents.component import Trust
from agents.event import Event
from agents.items import Items, Truth
from agents.messages import AnswerSubmitted, Item, ItemRequested, Label, TruthTold
from bus.replay import LogReader
from scenarios.annotators import Person
from scenarios.errors import BadInput
from scenarios.header import Recorded
from scenarios.history.course import Course
from scenarios.loading import make
from scenarios.run import Origin
from scenarios.scenario import Scenario
from scenarios.whatif.closed_loop import Changed
from scenarios.whatif.outcome import Watch
from scenarios.world import World

CHANGEABLE = ("coordination", "selector", "stop", "faults", "seed", "journal")
"""What can be otherwise where people and items are those of the real world."""


class Memory:
    """What a log remembers of the people and the items in it."""

    def __init__(self) -> None:
        self.items: dict[Item, None] = {}
        self.classes: tuple[Label, ...] = ()
        self.truth: dict[Item, Label] = {}
        self._answers: dict[str, dict[Item, Label]] = {}
        self._seconds: dict[str, dict[Item, float]] = {}

    def note(self, event: Event) -> None:
        """Take note of an event."""
        body = event["body"]
        if event["kind"] == ItemRequested.kind:
            self.items[body["item"]] = None
        elif event["kind"] == AnswerSubmitted.kind:
            answers = self._answers.setdefault(event["from"], {})
            if body["item"] not in answers:
                answers[body["item"]] = body["label"]
                if body["began"] is not None:
                    self._seconds.setdefault(event["from"], {})[body["item"]] = (event["t"] - body["began"]) / 1_000_000
        elif event["kind"] == TruthTold.kind:
            self.truth.update(zip(body["items"], body["labels"], strict=True))

    def people(self, log: Path) -> list[Person]:
        """Return the people, each with what they are remembered to have answered."""
        index = {label: place for place, label in enumerate(self.classes)}
        known = [seconds for each in self._seconds.values() for seconds in each.values()]
        usual = median(known) if known else None
        people = []
        for name, answers in self._answers.items():
            seconds = self._seconds.get(name, {})
            record = Record(
                {item: index[label] for item, label in answers.items()}, seconds, median(seconds.values()) if seconds else usual
            )
            noise = RecordedNoise(file=str(log)).bound(record)
            people.append(
                Person(
                    name=name,
                    noise=noise,
                    latency=RecordedTime(file=str(log), otherwise=None if usual else 0.0).bound(record, answers.keys()),
                    price=0.0,
                )
            )
        return people

    def world(self, digest: str) -> World:
        """Return the items, and what is true of those of which it is known, under a digest of where they come from."""
        index = {label: place for place, label in enumerate(self.classes)}
        truth = {item: index[label] for item, label in self.truth.items() if item in self.items}
        return World(Items([*self.items], None), Truth(self.classes, truth), (), None, np.empty(0, dtype=np.intp), digest)


def remembered(reader: LogReader, watch: Watch) -> Memory:
    """Read what a log remembers.

    Raises:
        CorruptLog: the log is damaged.
    """
    memory, course = Memory(), Course(reader)
    course.follow(memory.note, watch)
    memory.classes = course.state.classes
    return memory


def changed(reader: LogReader, header: Recorded, overrides: Mapping[str, Any], trust: Trust, watch: Watch) -> Changed:
    """Return a campaign in which the people of a log take part, as far as it remembers them.

    Args:
        reader: the log.
        header: its header.
        overrides: what is otherwise, by path.
        trust: what may be imported.
        watch: called now and then with how many bytes of the log have been read.

    Raises:
        BadInput: there is no such campaign.
        CorruptLog: the log is damaged.
    """
    for path in overrides:
        if path.split(".")[0] not in CHANGEABLE:
            raise BadInput(f"--set {path}: people and items are those of the log; what can be otherwise is {', '.join(CHANGEABLE)}")
    memory = remembered(reader, watch)
    people = memory.people(reader.path)
    scenario = scenario_of(header, len(people), overrides, reader.path, trust)
    return Changed(scenario, people, memory.world(header.source.digest), Origin(), recorded=True)


def scenario_of(header: Recorded, people: int, overrides: Mapping[str, Any], path: Path, trust: Trust) -> Scenario:
    """Return the scenario of a campaign in which so many recorded people take part.

    Raises:
        BadInput: what is to be otherwise is not possible.
    """
    if not people:
        raise BadInput(f"{path}: nobody in this log has answered anything")
    tables = {
        "name": header.name,
        "seed": header.seed,
        "data": {"source": "answers", "path": path.name},
        "annotators": [{"name": "recorded", "count": people, "noise": {"kind": "recorded", "file": path.name}}],
        "coordination": {"policy": header.policy},
    }
    return make(tables, str(path), dict(overrides), trust)
