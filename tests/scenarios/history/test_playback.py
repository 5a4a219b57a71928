"""A log played back: what was said, why, and what was known then; and the events as they stand."""

import json
from pathlib import Path
from typing import Any

import pytest

from bus import upcasting
from bus.replay import CorruptLog, LogReader
from scenarios.history.course import Course
from scenarios.history.narrator import Memory, Telling
from scenarios.history.playback import Playback
from scenarios.history.selection import Selection
from tests.scenarios.logs import GOLDEN, HEADER, Step, lines_of, write_lines, write_steps

LABELLING, LEARNING = GOLDEN / "v1-labelling.jsonl", GOLDEN / "v1-learning.jsonl"


def play(log: Path, budget: float | None = None, until: int | None = None, skip: int = -1, **wanted: Any) -> list[Telling]:
    memory = Memory()
    playback = Playback(Course(LogReader(log)), memory, Selection(memory, **wanted), budget)
    playback.skip(skip)
    return [*playback.tell(until)]


def quote(log: Path, until: int | None = None, skip: int = -1, **wanted: Any) -> list[bytes]:
    memory = Memory()
    playback = Playback(Course(LogReader(log)), memory, Selection(memory, **wanted))
    playback.skip(skip)
    return [line for _, line in playback.quote(until)]


def of_kind(tellings: list[Telling], kind: str) -> list[Telling]:
    return [telling for telling in tellings if telling.event["kind"] == kind]


def made(path: Path, *steps: Step, causes: dict[int, int] | None = None) -> Path:
    """Write a log of events, some of them with causes by their seq."""
    lines = lines_of(write_steps(path, *steps))
    return write_lines(path, [HEADER, *({**line, "cause": (causes or {}).get(line["seq"])} for line in lines[1:])])


# What people read


def test_every_event_is_told_in_turn_with_who_spoke_to_whom() -> None:
    tellings = play(LABELLING)
    assert [telling.event["seq"] for telling in tellings] == [*range(1, len(tellings) + 1)]
    assert [telling.who for telling in tellings[:2]] == ["campaign → all", "selector → coordinator"]
    assert all(telling.what for telling in tellings)


def test_causes_are_told_in_a_few_words() -> None:
    tellings = play(LABELLING)
    answer = tellings[11]
    assert (answer.what, answer.why) == ("item 0 is 2, after 7.08s", "because of #8, crowd-2's task")
    assert tellings[6].why == "because of #2, the request"
    assert tellings[0].why == ""
    assert all(", " in telling.why for telling in tellings if telling.event["cause"] is not None)


def test_a_resolution_is_told_with_the_votes_there_were() -> None:
    for telling in of_kind(play(LABELLING), "item-resolved"):
        assert telling.known.startswith("votes: ")
        label = telling.event["body"]["label"]
        assert f"{label} (" in telling.known
        assert telling.known.count("crowd-") == telling.event["body"]["votes"]


def test_an_answer_is_told_with_the_votes_before_it() -> None:
    known = [telling.known for telling in of_kind(play(LABELLING), "answer-submitted")]
    assert known[0] == "the first answer"
    assert "votes before: 2 (crowd-2)" in known
    assert any(each.startswith("the time for it was over at ") for each in known)


def test_tasks_are_told_with_the_money_reserved_and_spent() -> None:
    known = [telling.known for telling in of_kind(play(LABELLING, budget=60.0), "task-assigned")]
    assert known[:2] == ["0.00 of 60.00 spent, 0.05 reserved", "0.00 of 60.00 spent, 0.10 reserved"]
    assert of_kind(play(LABELLING), "task-assigned")[0].known == "0.00 spent, 0.05 reserved"
    # Nobody is paid, so there is nothing to say.
    assert {telling.known for telling in of_kind(play(LEARNING), "task-assigned")} == {""}


def test_requests_are_told_with_the_model_that_scored_them() -> None:
    assert of_kind(play(LEARNING), "item-requested")[0].known == "model 1: accuracy 0.6667"
    assert of_kind(play(LABELLING), "item-requested")[1].known == "2 items open"


def test_an_evaluation_is_told_with_the_one_before_it() -> None:
    first, second, *_ = of_kind(play(LEARNING), "model-evaluated")
    assert first.known == "macro F1 0.5556, log loss 0.6765"
    assert second.known == "macro F1 0.7314, log loss 0.4652; model 1 had 0.6667"


def test_what_happens_to_a_message_is_told_with_what_it_was(tmp_path: Path) -> None:
    answer = {"item": 5, "attempt": 0, "label": "x", "began": None}
    log = made(
        tmp_path / "log.jsonl",
        (0, "item-requested", "selector", "coordinator", {"item": 5, "version": 0, "score": 0.0}),
        (0, "task-assigned", "coordinator", "ann", {"item": 5, "attempt": 0, "price": 0.0, "lease_until": None}),
        (5, "answer-submitted", "ann", "coordinator", answer),
        (5, "message-dropped", "bus", "*", {"message": 3, "to": "coordinator"}),
        (9, "agent-crashed", "bus", "*", {"agent": "ann", "until": None}),
    )
    dropped, crashed = play(log)[-2:]
    assert (dropped.what, dropped.known) == ("#3 never gets to coordinator", "#3 is ann's answer to item 5")
    assert crashed.known == "at item 5"


def test_a_cause_that_is_too_long_ago_is_told_by_its_number_or_by_what_the_state_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Memory, "_SIZE", 4)
    waiting: list[Step] = [(t, "model-published", "learner", "*", {"version": t, "labels": t}) for t in range(1, 9)]
    log = made(
        tmp_path / "log.jsonl",
        (0, "item-requested", "selector", "coordinator", {"item": 5, "version": 0, "score": 0.0}),
        (0, "task-assigned", "coordinator", "ann", {"item": 5, "attempt": 0, "price": 0.0, "lease_until": None}),
        *waiting,
        (9, "answer-submitted", "ann", "coordinator", {"item": 5, "attempt": 0, "label": "x", "began": None}),
        (9, "pool-exhausted", "selector", "coordinator", {}),
        causes={11: 2, 12: 1},
    )
    answer, exhausted = play(log)[-2:]
    assert answer.why == "because of #2, ann's task"
    assert exhausted.why == "because of #1"


def test_a_long_line_is_remembered_in_brief() -> None:
    memory = Memory()
    body = {"item": "x" * 5000, "items": [*range(5000)], "began": None, "version": 3}
    memory.keep({"seq": 7, "kind": "labels-known", "from": "a", "to": "b", "body": body}, b"x" * 10_000)
    kept = memory.of(7)
    assert kept is not None
    assert kept["body"]["version"] == 3
    assert len(json.dumps(kept)) < 300
    assert memory.of(8) is None
    assert memory.of("7") is None


# From, until


def test_a_stretch_is_played_with_all_that_was_known_before_it() -> None:
    whole = play(LABELLING)
    for first, last in ((0, 10**8), (12_946_361, 60_000_000), (10**8, 10**8 - 1 + 10**7), (10**12, None)):
        wanted = [each for each in whole if first <= each.event["t"] and (last is None or each.event["t"] <= last)]
        assert play(LABELLING, skip=first - 1, until=last) == wanted


# What programs read


@pytest.mark.parametrize("log", [LABELLING, LEARNING])
def test_events_are_quoted_as_they_stand(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    assert quote(log) == lines[1:-1]
    assert quote(log, skip=10**8, until=2 * 10**8) == [line for line in lines[1:-1] if 10**8 < json.loads(line)["t"] <= 2 * 10**8]


def test_events_of_old_logs_are_quoted_as_they_would_be_written_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(upcasting.EVENTS, 1, lambda event: {**event, "mood": "good"})
    quoted = [json.loads(line) for line in quote(LABELLING)]
    assert quoted == [{**event, "mood": "good"} for event in lines_of(LABELLING)[1:]]
    assert [json.loads(line)["seq"] for line in quote(LABELLING, agent="crowd-2")] == [
        event["seq"] for event in quoted if "crowd-2" in json.dumps(event)
    ]


@pytest.mark.parametrize(
    "wanted", [{"kinds": ["item-resolved"]}, {"agent": "crowd-2"}, {"item": "7"}, {"agent": "crowd-2", "item": "1"}]
)
def test_the_same_events_are_quoted_as_are_told(wanted: dict[str, Any]) -> None:
    told = [telling.event["seq"] for telling in play(LABELLING, **wanted)]
    assert told == [json.loads(line)["seq"] for line in quote(LABELLING, **wanted)]
    assert 0 < len(told) < 100


# Damage


ODD = [None, "x\x1b[2J\n", 10**30]
ODDER = [[], {}, -1, 1e300, True, "*", [[]], {"a": 1}, "[red]x[/]"]


@pytest.mark.parametrize("value", [*ODD, *(pytest.param(each, marks=pytest.mark.slow) for each in ODDER)], ids=repr)
def test_whatever_a_field_holds_an_event_is_told_or_refused_with_its_line(value: Any, tmp_path: Path) -> None:
    lines = lines_of(LABELLING)
    firsts = {line["kind"]: index for index, line in reversed([*enumerate(lines)]) if "kind" in line}
    for index in firsts.values():
        for key in (*lines[index], *lines[index]["body"]):
            odd = {**lines[index], key: value}
            if key in lines[index]["body"]:
                odd = {**lines[index], "body": {**lines[index]["body"], key: value}}
            log = write_lines(tmp_path / "log.jsonl", [*lines[:index], odd, *lines[index + 1 : index + 20]])
            try:
                tellings = play(log)
            except CorruptLog as corrupt:
                assert corrupt.number is not None
                assert corrupt.number > index
            else:
                assert all(text.isprintable() for telling in tellings for text in telling[1:])
