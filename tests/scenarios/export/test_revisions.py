"""Labels that are revised, and items that are opened again, wherever they are shown or exported."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agents.coordinator.policies.majority import Majority
from bus.replay import LogReader
from scenarios.export.perfetto import write_perfetto
from scenarios.export.reading import unwatched
from scenarios.header import header_of
from scenarios.history.course import Course
from scenarios.history.narrator import Memory, Narrator
from scenarios.history.status import Status, status_of
from scenarios.history.status_display import show_status
from scenarios.loading import load
from scenarios.whatif.open_loop import recount
from scenarios.whatif.outcome import outcome_of
from tests.scenarios.campaigns import LABELLING, events, run_logged, write
from tests.scenarios.export.story import Story
from tests.scenarios.export.test_label_studio import tasks_of

RELABELLING = LABELLING.replace("size = 3", "size = 1") + '[selector]\nrelabel = { kind = "label-uncertainty", most = 4 }\n'
INFERRING = RELABELLING.replace('{ kind = "majority"', '{ kind = "truth-inference", margin = 0.0').replace(
    'latency = { kind = "lognormal", median = "20s", sigma = 0.8 }', 'latency = { kind = "fixed", time = "20s" }'
)


@pytest.fixture(params=[RELABELLING, INFERRING, INFERRING + "[stop]\ntime = '500s'\n"], ids=["votes", "inference", "cut short"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return run_logged(load(write(tmp_path, request.param)).scenario, tmp_path)[1]


def last_labels(log: Path) -> dict[Any, Any]:
    return {event["body"]["item"]: event["body"]["label"] for event in events(log) if event["kind"] == "item-resolved"}


def given_answers(log: Path) -> set[int]:
    late = {event["cause"] for event in events(log) if event["kind"] == "answer-late"}
    end = next(event["seq"] for event in events(log) if event["kind"] == "campaign-ended")
    return {event["seq"] for event in events(log) if event["kind"] == "answer-submitted" and event["seq"] < end} - late


def test_a_task_has_the_last_label_and_all_answers_once(log: Path) -> None:
    tasks = tasks_of(log)
    found = {task["data"]["id"]: task["predictions"][0]["result"][0]["value"]["choices"] for task in tasks if task["predictions"]}
    assert found == {item: [str(label)] for item, label in last_labels(log).items()}
    assert len({task["data"]["id"] for task in tasks}) == len(tasks)
    seqs = [annotation["id"] for task in tasks for annotation in task["annotations"]]
    assert len(seqs) == len(set(seqs))
    assert set(seqs) == given_answers(log)


def spans_of(log: Path) -> dict[Any, list[str]]:
    """Return the phases of each item's track, in order: when it was begun, and ended."""
    file = io.BytesIO()
    write_perfetto(LogReader(log), file, unwatched)
    found: dict[Any, list[str]] = {}
    for entry in json.loads(file.getvalue())["traceEvents"]:
        if entry["ph"] in "be" and entry.get("cat") == "item":
            found.setdefault(entry["id"], []).append(entry["ph"])
    return found


def test_each_time_an_item_is_open_is_a_span(log: Path) -> None:
    requests: dict[Any, int] = {}
    for event in events(log):
        if event["kind"] == "item-requested":
            requests[event["body"]["item"]] = requests.get(event["body"]["item"], 0) + 1
    assert max(requests.values()) > 1
    assert spans_of(log) == {item: ["b", "e"] * count for item, count in requests.items()}


def test_what_came_of_it_is_the_last_labels(log: Path) -> None:
    outcome = outcome_of(LogReader(log), lambda _: None)
    assert outcome.labels == last_labels(log)
    assert outcome.summary.labels == len(outcome.labels)
    assert outcome.summary.revised == sum(event["kind"] == "item-resolved" for event in events(log)) - len(outcome.labels)


def test_another_policy_counts_each_item_once_with_its_last_answers(log: Path) -> None:
    whatif = recount(LogReader(log), Majority(size=1), {}, lambda _: None)
    labels = last_labels(log)
    assert whatif.figures["labels"] == whatif.figures["answers"] == len(labels)
    first: dict[Any, Any] = {}
    for event in events(log):
        if event["kind"] == "answer-submitted" and event["seq"] in given_answers(log):
            first.setdefault(event["body"]["item"], event["body"]["label"])
    after = labels | {change.item: change.after for change in whatif.changes}
    assert after == {item: first[item] for item in labels}


def voided(tmp_path: Path, end: bool = True) -> Path:
    """Return a story in which ann's answer to "x" becomes void, and eve answers in her place."""
    story = Story()
    story.request("x")
    story.assign("x", "ann", t=0)
    story.assign("x", "bob", t=0)
    bad, good = story.answer("x", "ann", "a", 0, t=1_000_000), story.answer("x", "bob", "b", 0, t=2_000_000)
    story.resolve("x", "a")
    story.reopen("x", kept=(good,), voided=(bad,), t=3_000_000)
    if end:
        story.assign("x", "eve")
        story.answer("x", "eve", "b", 3_000_000, t=4_000_000)
        story.resolve("x", "b", revision=1)
    return story.written(tmp_path)


def test_void_answers_are_in_no_task(tmp_path: Path) -> None:
    (task,) = tasks_of(voided(tmp_path))
    assert [each["created_username"] for each in task["annotations"]] == ["bob", "eve"]
    (prediction,) = task["predictions"]
    assert prediction["result"][0]["value"] == {"choices": ["b"]}
    assert prediction["score"] == 1.0


def test_an_item_whose_label_became_void_has_none_until_it_gets_another(tmp_path: Path) -> None:
    log = voided(tmp_path, end=False)
    (task,) = tasks_of(log)
    assert [each["created_username"] for each in task["annotations"]] == ["bob"]
    assert task["predictions"] == []
    assert outcome_of(LogReader(log), lambda _: None).labels == {}
    assert spans_of(log) == {"x": ["b", "e", "b", "e"]}
    status = status_at_end(log)
    assert status.labels == 0
    assert [(each.item, each.labelled, each.reopened, len(each.answers)) for each in status.open] == [("x", False, True, 1)]


def test_void_answers_are_not_counted_by_another_policy(tmp_path: Path) -> None:
    whatif = recount(LogReader(voided(tmp_path)), Majority(size=1), {}, lambda _: None)
    assert whatif.figures["answers"] == whatif.figures["labels"] == 1
    assert not whatif.changes, "the first of the answers that count is the label"


def status_at_end(log: Path) -> Status:
    course = Course(LogReader(log))
    course.follow(lambda _: None, lambda _: None)
    return status_of(course, header_of(course.reader), 10_000_000, 10_000_000)


def test_an_item_that_is_open_once_more_keeps_its_label_and_is_shown_so(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann", t=0)
    seq = story.answer("x", "ann", "a", 0, t=1_000_000)
    story.resolve("x", "a")
    story.request("x", t=2_000_000)
    story.resolve("x", "b", revision=1)
    story.reopen("x", kept=(seq,))
    log = story.written(tmp_path, finished=False)
    status = status_at_end(log)
    assert status.labels == 1, "a label that is revised while the item is asked for again is no second one"
    assert [(each.item, each.labelled, each.reopened, len(each.answers)) for each in status.open] == [("x", True, True, 1)]
    text = io.StringIO()
    show_status(status, Console(file=text, width=100))
    assert "x (once more)" in text.getvalue()
    reader = LogReader(log)
    course = Course(reader)
    narrator = Narrator(course, Memory(), None)
    told = {event["seq"]: narrator.tell(event) for event in course.reader.events()}
    assert told[max(told)].what == "item x is open again, for one more answer"
    assert told[max(told)].known == "votes so far: a (ann)"
    assert told[max(told) - 1].known == ""
