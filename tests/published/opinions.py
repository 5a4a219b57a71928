"""Committees that talk through the real bus, and what their members hold round by round."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.annotator.case import Case
from agents.annotator.noise import Chances
from agents.annotator.saying import Said, Saying
from bus.chance import Luck
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario
from scenarios.summary import Summary


class Opinion(Saying):
    """Says that class 1 is so probable, whatever the noise: a number for each item."""

    kind: ClassVar[str] = "opinion"

    values: tuple[float, ...]

    def say(self, said: Said, chances: Chances, case: Case, luck: Luck) -> Said:
        """Say the likelier class, and how probable both are."""
        assert isinstance(case.item, int)
        value = self.values[case.item]
        return Said(int(value > 0.5), chances=(1 - value, value))


class Talk(NamedTuple):
    """What came of a campaign of talks.

    Attributes:
        values: how probable class 1 is to each, of those who say it; shape (rounds + 1, items, people); NaN where they do not.
        labels: what each says; the same shape.
        right: whether that is the truth; the same shape.
        weights: how much each hears each other in the first round; shape (items, people, people).
        summary: what it all amounts to.
    """

    values: NDArray[np.float64]
    labels: NDArray[np.int64]
    right: NDArray[np.bool_]
    weights: NDArray[np.float64]
    summary: Summary

    @property
    def last(self) -> NDArray[np.float64]:
        """How probable class 1 is to each in the end; shape (items, people)."""
        ends = (self.labels[:, :, 0] >= 0).sum(axis=0) - 1
        return self.values[ends, np.arange(len(ends))]


def opinions(
    starts: NDArray[np.float64],
    social: Any,
    rounds: int,
    topology: Any = "complete",
    tolerance: float = 1e-9,
    protocol: Any = None,
    **dials: Any,
) -> Talk:
    """Let people talk who begin with given opinions, and return the course of it.

    Args:
        starts: how probable class 1 is to each at first; shape (items, people).
        social: the table of their conduct, or one for each.
        rounds: how often they hear each other.
        topology: who hears whom.
        tolerance: how far somebody may move who counts as not having moved.
        protocol: how they talk, if not by that topology.
        dials: more of the policy's.
    """
    tables = social if isinstance(social, list) else [social] * starts.shape[1]
    saying = f"{Opinion.__module__}.{Opinion.__qualname__}"
    people = [
        {
            "name": f"m{number}",
            "latency": {"kind": "fixed", "time": 1},
            "says": [{"kind": saying, "values": list(map(float, values))}],
            "social": table,
        }
        for number, (values, table) in enumerate(zip(starts.T, tables, strict=True))
    ]
    told = protocol or {"kind": "opinions", "named": True, "topology": topology, "tolerance": tolerance}
    return talk(people, len(starts), rounds, told, **dials)


def talk(people: Sequence[dict[str, Any]], items: int, rounds: int, protocol: Any, seed: int = 1, **dials: Any) -> Talk:
    """Let all of these people talk about each item, for so many rounds whatever happens."""
    size = sum(table.get("count", 1) for table in people)
    policy = {"kind": "negotiation", "size": size, "rounds": rounds, "quorum": 0, "stable": 0, "protocol": protocol, **dials}
    scenario = Scenario.model_validate(
        {
            "name": "talks",
            "seed": seed,
            "data": {"source": "synthetic", "items": max(items, 2)},
            "selector": {"in_flight": min(items, size)},
            "stop": {"labels": items},
            "annotators": list(people),
            "coordination": {"policy": policy},
        }
    )
    truth = prepare(scenario, Origin())[1].truth
    with TemporaryDirectory() as folder:
        summary = run(scenario, logs=Path(folder))
        lines = Path(str(summary.log)).read_bytes().splitlines()
    return _course(lines, items, size, rounds, np.array([truth.of(item) for item in range(items)]), summary)


def _course(lines: Sequence[bytes], items: int, size: int, rounds: int, truth: NDArray[np.int64], summary: Summary) -> Talk:
    values, labels = np.full((rounds + 1, items, size), np.nan), np.full((rounds + 1, items, size), -1)
    weights, seats = np.zeros((items, size, size)), dict[str, int]()
    for line in lines:
        if b'"view":[' in line and b'"view":[1,' not in line:
            continue
        event = json.loads(line)
        kind, body = event.get("kind"), event.get("body")
        if kind in ("answer-submitted", "position-stated"):
            at = body.get("turn", 0), body["item"], seats[event["from"]]
            labels[at] = body["label"]
            values[at] = (body.get("chances") or (np.nan, np.nan))[1]
        elif kind == "task-assigned":
            # All are asked first about the first item, in the order of the scenario.
            seat, view = seats.setdefault(event["to"], len(seats)), body.get("view")
            for voice in view[3] if view and view[3][0][0] else ():
                weights[body["item"], seat, seats[voice[0]]] = voice[4]
    return Talk(values, labels, labels == truth[:, None], weights, summary)
