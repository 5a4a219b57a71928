"""A campaign at a moment: what its status says, and a screen that one takes in at a glance."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bus.replay import LogReader
from scenarios.header import header_of
from scenarios.history.index import Index
from scenarios.history.status import Status, status_of
from scenarios.history.status_display import show_status
from tests.scenarios.logs import GOLDEN, HEADER, Step, lines_of, write_lines, write_steps

LABELLING, LEARNING = GOLDEN / "v1-labelling.jsonl", GOLDEN / "v1-learning.jsonl"


def status_at(log: Path, time: int | None = None) -> Status:
    reader = LogReader(log)
    index = Index(reader)
    course, end = index.at(time), index.end()
    return status_of(course, header_of(reader), end if time is None else time, end)


def screen(status: Status, width: int = 80, everything: bool = False) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show_status(status, console, everything)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def requested(item: Any, t: int = 0) -> Step:
    return (t, "item-requested", "selector", "coordinator", {"item": item, "version": 0, "score": 0.0})


def assigned(item: Any, name: str, t: int = 0, due: int | None = None) -> Step:
    return (t, "task-assigned", "coordinator", name, {"item": item, "attempt": 0, "price": 0.5, "lease_until": due})


def test_money_and_counts_add_up_at_every_moment() -> None:
    for time in sorted({line["t"] for line in lines_of(LABELLING)[1:]}):
        status = status_at(LABELLING, time)
        tasks = [task for annotator in status.annotators for task in annotator.tasks if not task.over]
        assert status.money.reserved == pytest.approx(sum(task.price for task in tasks))
        assert sum(len(item.at_it) for item in status.open) == len(tasks)
        assert status.answers == sum(annotator.answers for annotator in status.annotators)
        assert [annotator.name for annotator in status.annotators] == [f"crowd-{number}" for number in range(1, 6)]


def test_answers_so_far_stand_with_the_open_item() -> None:
    status = status_at(LABELLING, 7_077_596)
    first = status.open[0]
    assert (first.item, [(each.annotator, each.label, each.at) for each in first.answers]) == (0, [("crowd-2", 2, 7.077596)])
    assert first.at_it == ("crowd-1", "crowd-3")
    second = next(each for each in status.annotators if each.name == "crowd-2")
    assert [(task.item, task.since, task.lease_until) for task in second.tasks] == [(1, 7.077596, 67.077596)]


def test_the_model_is_told_with_its_accuracy_and_the_labels_it_was_trained_on() -> None:
    before, after, end = (status_at(LEARNING, time) for time in (0, 10_000_000, None))
    assert before.model is not None
    assert (before.model.version, before.model.accuracy, before.model.training) == (0, None, 1)
    assert after.model is not None
    assert (after.model.version, after.model.labels, round(after.model.accuracy or 0, 4)) == (1, 6, 0.6667)
    assert end.model is not None
    assert (end.model.version, end.model.accuracy, end.stopped_by, end.finished) == (6, 1.0, "labels", True)
    assert status_at(LABELLING).model is None


def test_as_json_a_status_is_one_object_with_everything(tmp_path: Path) -> None:
    log = write_steps(tmp_path / "log.jsonl", requested("a"), assigned("a", "ann", due=60_000_000))
    found = json.loads(status_at(log).model_dump_json())
    assert found["open"] == [
        {
            "item": "a", "since": 0.0, "version": 0, "score": 0.0, "answers": [], "at_it": ["ann"], "declined": [],
            "labelled": False, "reopened": False, "round": None, "tier": None,
        }
    ]  # fmt: skip
    (ann,) = found["annotators"]
    assert ann["tasks"] == [{"item": "a", "attempt": 0, "since": 0.0, "price": 0.5, "lease_until": 60.0, "over": False}]
    assert found["money"] == {"reserved": 0.5, "committed": 0.0, "budget": None}
    assert (found["finished"], found["ended"], found["stopped_by"], found["events"]) == (False, None, None, 2)


def test_the_screen_fits_a_terminal_at_every_moment() -> None:
    for log in (LABELLING, LEARNING):
        for time in range(0, 600_000_000, 15_000_000):
            lines = screen(status_at(log, time))
            assert len(lines) <= 24
            assert max(map(len, lines)) <= 80


def test_the_screen_tells_of_items_people_money_and_model() -> None:
    text = "\n".join(screen(status_at(LEARNING, 120_000_000)))
    for words in ("learning, seed 3, at 2m of ", "model ", "accuracy", "money", "reserved", "open item", "who is at it", "crowd-1"):
        assert words in text
    assert "ended" not in text
    assert "labels    25 of 25 wanted" in "\n".join(screen(status_at(LEARNING)))
    assert "labels    30 of 30 items" in "\n".join(screen(status_at(LABELLING)))
    assert "ended     at 5m 14s, by labels" in "\n".join(screen(status_at(LEARNING)))


def test_long_lists_are_shortened_unless_all_is_asked_for(tmp_path: Path) -> None:
    steps = [step for item in range(40) for step in (requested(item, item), assigned(item, f"ann-{item}", item))]
    log = write_steps(tmp_path / "log.jsonl", *steps)
    lines = screen(status_at(log))
    assert len(lines) <= 24
    assert "and 35 more" in "\n".join(lines)
    assert "and 35 more, 35 of them at work" in "\n".join(lines)
    whole = "\n".join(screen(status_at(log), everything=True))
    assert all(f"ann-{item} " in whole for item in range(40))


def test_a_queue_of_several_tasks_is_told_by_its_first_and_its_length(tmp_path: Path) -> None:
    log = write_steps(tmp_path / "log.jsonl", *map(requested, "abc"), *(assigned(item, "ann") for item in "abc"))
    assert [task.item for task in status_at(log).annotators[0].tasks] == ["a", "b", "c"]
    assert "a and 2 more" in "\n".join(screen(status_at(log)))


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    log = write_steps(
        tmp_path / "log.jsonl",
        requested(5),
        assigned(5, "ann"),
        (1, "agent-crashed", "bus", "*", {"agent": "ann", "until": None}),
        (1, "agent-crashed", "bus", "*", {"agent": "learner", "until": 7}),
    )
    text = "\n".join(screen(status_at(log)))
    assert "down    ann, learner" in text
    assert "faults  2" in text
    assert "ann (down)" in text


def test_of_an_item_that_is_talked_over_or_has_gone_up_it_is_told_how_far_it_is(tmp_path: Path) -> None:
    members = {"item": "talked", "protocol": "delphi", "members": ["ann", "bob"]}
    voice = ["ann", "a", None, None, 1.0]
    turn = {"item": "talked", "attempt": 1, "price": 0.5, "lease_until": None, "view": [2, False, voice, [voice]]}
    steps = [
        *(requested(item) for item in ("plain", "talked", "up", "over")),
        (1, "session-opened", "coordinator", "*", members),
        (1, "task-assigned", "coordinator", "ann", turn),
        (1, "item-escalated", "coordinator", "*", {"item": "up", "tier": 2}),
        (1, "session-opened", "coordinator", "*", {**members, "item": "over"}),
        (2, "session-closed", "coordinator", "*", {"item": "over", "rounds": 1, "outcome": "consensus"}),
    ]
    status = status_at(write_steps(tmp_path / "stages.jsonl", *steps))
    assert {each.item: (each.round, each.tier) for each in status.open} == {
        "plain": (None, None), "talked": (2, None), "up": (None, 2), "over": (None, None),
    }  # fmt: skip
    shown = "\n".join(screen(status))
    assert "round 2: ann" in shown and "tier 2 " in shown
    assert (shown.count("round "), shown.count("tier ")) == (1, 1)


def test_who_is_not_there_and_who_has_left_for_good_is_told(tmp_path: Path) -> None:
    log = write_steps(
        tmp_path / "log.jsonl",
        (0, "annotator-came", "ann", "*", {"number": 0}),
        (0, "annotator-came", "bob", "*", {"number": 0}),
        (0, "annotator-left", "cyd", "*", {"number": 0, "until": 9_000_000}),
        requested(5, 1),
        assigned(5, "ann", 1),
        (2_000_000, "task-returned", "ann", "coordinator", {"item": 5, "attempt": 0}),
        (2_000_000, "annotator-left", "ann", "*", {"number": 1, "until": None}),
        (3_000_000, "pool-exhausted", "selector", "coordinator", {}),
    )
    status = status_at(log)
    told = [(each.name, each.there, each.back, each.stayed) for each in status.annotators]
    assert told == [("ann", False, None, 2.0), ("bob", True, None, 3.0), ("cyd", False, 9.0, 0.0)]
    assert (status.returned, status.annotators[0].returned, status.annotators[0].tasks) == (1, 1, ())
    text = "\n".join(screen(status))
    for words in ("not there      cyd", "left for good  ann", "1 given back", "ann (gone)", "cyd (not there)"):
        assert words in text
    assert "bob (" not in text


def test_before_anything_has_happened_that_is_said(tmp_path: Path) -> None:
    log = write_lines(tmp_path / "log.jsonl", [HEADER])
    assert "nothing has happened yet" in "\n".join(screen(status_at(log)))


def test_names_that_look_like_styles_are_shown_as_they_are(tmp_path: Path) -> None:
    log = write_steps(tmp_path / "log.jsonl", requested("[red]x[/]"), assigned("[red]x[/]", "[/]"))
    assert "[red]x[/]" in "\n".join(screen(status_at(log)))


def test_where_times_only_count_they_are_shown_as_numbers(tmp_path: Path) -> None:
    header = {
        "log": 2, "parley": "0.2.0", "origin": "recorded", "name": "made", "seed": 0, "source": {"file": "a.csv", "digest": "00"},
        "policy": {}, "times": "order",
    }  # fmt: skip
    log = write_steps(tmp_path / "log.jsonl", requested("a", 1), assigned("a", "ann", 3), header=header)
    assert "made, seed 0, at 3us: the end so far" in screen(status_at(log))[0]
