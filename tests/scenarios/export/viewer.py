"""A viewer of traces that reads them as Perfetto does, and puts up with nothing that it would drop, move or join wrongly."""

import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

REQUIRED = {
    "M": {"name", "pid", "tid", "args"},
    "X": {"name", "cat", "pid", "tid", "ts", "dur", "args"},
    "i": {"name", "cat", "pid", "tid", "ts", "s"},
    "s": {"name", "cat", "id", "pid", "tid", "ts"},
    "f": {"name", "cat", "id", "pid", "tid", "ts", "bp"},
    "b": {"name", "cat", "id", "pid", "tid", "ts"},
    "n": {"name", "cat", "id", "pid", "tid", "ts"},
    "e": {"name", "cat", "id", "pid", "tid", "ts"},
    "C": {"name", "pid", "tid", "ts", "args"},
}
DEEPEST = 512
"""Slices within each other beyond which Perfetto drops them."""


class Slice(NamedTuple):
    """Times in nanoseconds; `key` says whose it is, where it is of no thread."""

    track: str
    name: str
    category: str
    start: int
    end: int
    args: dict[str, Any]
    key: int | str | None = None


class Arrow(NamedTuple):
    seq: int
    start: Slice
    end: Slice


class View(NamedTuple):
    tracks: list[str]
    slices: list[Slice]
    arrows: list[Arrow]
    spans: list[Slice]
    marks: list[Slice]
    instants: list[Slice]
    counters: dict[str, list[tuple[int, float]]]

    def on(self, track: str, *categories: str) -> list[Slice]:
        """Return the slices of a thread, in order."""
        found = [each for each in self.slices if each.track == track and (not categories or each.category in categories)]
        return sorted(found, key=lambda each: (each.start, -each.end))


def ns(value: int | Fraction) -> int:
    whole = value * 1000
    assert whole == int(whole), f"{value} us is no whole number of nanoseconds"
    return int(whole)


def view(path: Path) -> View:
    """Read a trace.

    Raises:
        AssertionError: it is none that a viewer shows as it is meant.
    """
    trace = json.loads(path.read_bytes(), parse_float=Fraction, parse_constant=lambda name: 1 / 0)
    events = trace["traceEvents"]
    for event in events:
        assert event.keys() >= REQUIRED[event["ph"]], event
        assert event["pid"] == 1
        assert type(event["tid"]) is int and event["tid"] > 0
        assert event["ph"] == "M" or event["ts"] >= 0
    names = _names(events)
    timed = sorted((event for event in events if event["ph"] != "M"), key=_order)
    return View(
        tracks=[names[tid] for tid in sorted(names)],
        slices=_slices(timed, names),
        arrows=_arrows(timed, names),
        spans=_spans(timed),
        marks=[_mark(event) for event in timed if event["ph"] == "n"],
        instants=[_instant(event, names) for event in timed if event["ph"] == "i"],
        counters=_counters(timed),
    )


def _order(event: dict[str, Any]) -> tuple[int, int]:
    """Perfetto takes what begins at one instant by its length, longest first; everything else in the order of the file."""
    return ns(event["ts"]), -ns(event.get("dur", 0))


def _names(events: list[dict[str, Any]]) -> dict[int, str]:
    names: dict[int, str] = {}
    for event in events:
        if event["ph"] == "M" and event["name"] == "thread_name":
            assert event["tid"] not in names, "a thread is named twice"
            assert event["args"]["name"]
            names[event["tid"]] = event["args"]["name"]
        elif event["ph"] == "M" and event["name"] == "thread_sort_index":
            assert type(event["args"]["sort_index"]) is int
    assert {event["tid"] for event in events if event["ph"] != "M"} <= names.keys(), "a thread has no name"
    assert len({*names.values()}) == len(names), "two threads have one name"
    return names


def _slice(event: dict[str, Any], names: dict[int, str]) -> Slice:
    start = ns(event["ts"])
    end = start + ns(event["dur"])
    assert end > start, f"{event} lasts no time"
    return Slice(names[event["tid"]], event["name"], event["cat"], start, end, event["args"])


def _slices(events: list[dict[str, Any]], names: dict[int, str]) -> list[Slice]:
    found: list[Slice] = []
    open_on: dict[str, list[Slice]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            new = _slice(event, names)
            stack = open_on[new.track]
            while stack and stack[-1].end <= new.start:
                stack.pop()
            assert not stack or new.end <= stack[-1].end, f"{new} and {stack[-1]} overlap, and neither is within the other"
            stack.append(new)
            assert len(stack) <= DEEPEST
            found.append(new)
    return found


def _arrows(events: list[dict[str, Any]], names: dict[int, str]) -> list[Arrow]:
    starts: dict[int, Slice] = {}
    arrows: list[Arrow] = []
    open_on: dict[int, list[Slice]] = defaultdict(list)
    for event in events:
        stack, now = open_on[event["tid"]], ns(event["ts"])
        while stack and stack[-1].end <= now:
            stack.pop()
        if event["ph"] == "X":
            stack.append(_slice(event, names))
        elif event["ph"] in "sf":
            assert stack, f"{event} is in no slice"
            assert (event["name"], event["cat"]) == ("message", "message")
            if event["ph"] == "s":
                assert event["id"] not in starts, f"{event} begins twice"
                starts[event["id"]] = stack[-1]
            else:
                assert event["bp"] == "e"
                assert event["id"] in starts, f"{event} ends before it begins"
                arrows.append(Arrow(event["id"], starts[event["id"]], stack[-1]))
    return arrows


def _spans(events: list[dict[str, Any]]) -> list[Slice]:
    found: list[Slice] = []
    begun: dict[tuple[str, Any], dict[str, Any]] = {}
    called: dict[tuple[str, Any], str] = {}
    for event in events:
        key = event.get("cat", ""), event.get("id")
        if event["ph"] in "bne":
            assert called.setdefault(key, event["name"]) == "items", "the track of all items is called by its first event"
        if event["ph"] == "b":
            assert key not in begun, f"{event} begins twice"
            begun[key] = event
        elif event["ph"] == "n":
            assert key in begun or event["name"] == "items", f"{event} is in nothing"
        elif event["ph"] == "e":
            first = begun.pop(key)
            assert first["name"] == event["name"]
            args = {**first["args"], **event["args"]}
            found.append(Slice("items", event["name"], event["cat"], ns(first["ts"]), ns(event["ts"]), args, event["id"]))
    assert not begun, f"{begun} does not end"
    return found


def _mark(event: dict[str, Any]) -> Slice:
    return Slice("items", event["name"], event["cat"], ns(event["ts"]), ns(event["ts"]), event["args"], event["id"])


def _instant(event: dict[str, Any], names: dict[int, str]) -> Slice:
    assert event["s"] == "t"
    return Slice(names[event["tid"]], event["name"], event["cat"], ns(event["ts"]), ns(event["ts"]), event["args"])


def _counters(events: list[dict[str, Any]]) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for event in events:
        if event["ph"] == "C":
            for key, value in event["args"].items():
                assert isinstance(value, int | Fraction) and not isinstance(value, bool)
                found[f"{event['name']} {key}"].append((ns(event["ts"]), float(value)))
    return dict(found)
