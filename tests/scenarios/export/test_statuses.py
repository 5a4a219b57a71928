"""What a table of answers says of those that became void, and of answers to gold questions."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agents.coordinator.policies.majority import Majority
from bus.replay import LogReader
from scenarios.export.answers import Answer, answers
from scenarios.scenario import Scenario
from scenarios.whatif.open_loop import recount
from tests.scenarios.campaigns import events, run_logged
from tests.scenarios.export.story import Story
from tests.scenarios.export.test_label_studio import tasks_of
from tests.scenarios.export.test_tables import as_csv, as_parquet
from tests.scenarios.test_gold import scenario_of

SPRT = {"kind": "sprt", "good": 0.9, "bad": 0.5, "false_alarm": 0.2, "miss": 0.2}


def told(log: Path) -> list[Answer]:
    return [*answers(LogReader(log), everything=True)]


def of_status(log: Path, status: str) -> list[int]:
    return [answer.seq for answer in told(log) if answer.status == status]


def blocking(retroactive: bool, relabel: bool, **latency: Any) -> Scenario:
    """Return a campaign in which half of the people guess, and are found out by gold questions."""
    people = [
        {"name": name, "count": 4, "noise": {"kind": "one-coin", "accuracy": right}, "latency": latency}
        for name, right in (("good", 0.95), ("poor", 0.35))
    ]
    gold = {"share": 0.2, "test": SPRT, "retroactive": retroactive}
    return scenario_of(gold, annotators=people, **({"selector": {"in_flight": 6, "relabel": "fixed"}} if relabel else {}))


@pytest.mark.parametrize("latency", [{"kind": "exponential", "mean": 20}, {"kind": "fixed", "time": 0}], ids=["slow", "at once"])
@pytest.mark.parametrize("relabel", [False, True], ids=["once", "again"])
@pytest.mark.parametrize("retroactive", [False, True], ids=["block", "void"])
def test_those_that_count_are_those_on_which_the_last_labels_rest(
    retroactive: bool, relabel: bool, latency: dict[str, Any], tmp_path: Path
) -> None:
    summary, log = run_logged(blocking(retroactive, relabel, **latency), tmp_path)
    last = {event["body"]["item"]: event["body"] for event in events(log) if event["kind"] == "item-resolved"}
    assert len(last) == summary.labels
    counted = Counter(answer.item for answer in told(log) if answer.status == "counted")
    assert counted == {item: body["votes"] for item, body in last.items()}
    statuses = Counter(answer.status for answer in told(log))
    assert statuses["void"] == summary.voided
    assert (summary.voided > 0) == retroactive
    assert statuses["gold"] == sum(event["kind"] == "gold-answered" for event in events(log)) > 0
    assert statuses["counted"] + statuses["void"] + statuses["gold"] == summary.answers
    assert len(as_csv(log).splitlines()) == statuses["counted"] + 1, "a table without statuses holds votes only"
    assert as_parquet(log, everything=True)["status"].to_pylist() == [answer.status for answer in told(log)]
    annotations = [annotation["id"] for task in tasks_of(log) for annotation in task["annotations"]]
    assert sorted(annotations) == of_status(log, "counted")
    assert recount(LogReader(log), Majority(size=1), {}, lambda _: None).figures["labels"] == summary.labels


def test_of_an_open_item_those_are_void_that_came_before_their_annotator_was_blocked(tmp_path: Path) -> None:
    story = Story()
    seqs = {}
    for item in ("x", "y"):
        story.request(item, t=0)
    for name in ("ann", "bob"):
        story.assign("x", name, t=0)
    for name in ("ann", "bob"):
        seqs[name] = story.answer("x", name, "a", 0, t=5)
    story.assign("y", "bob")
    story.tell("annotator-blocked", "coordinator", t=6, annotator="ann", right=0, asked=3, retroactive=True)
    bobs = story.answer("y", "bob", "b", 0, t=7)
    log = story.written(tmp_path)
    assert of_status(log, "void") == [seqs["ann"]]
    assert of_status(log, "counted") == [seqs["bob"], bobs]


def test_who_is_blocked_and_not_retroactively_keeps_their_votes(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    seq = story.answer("x", "ann", "a", 0, t=5)
    story.tell("annotator-blocked", "coordinator", t=6, annotator="ann", right=0, asked=3, retroactive=False)
    assert of_status(story.written(tmp_path), "counted") == [seq]


def test_an_authoritys_item_keeps_the_answers_of_who_was_found_out(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    seq = story.answer("x", "ann", "a", 0, t=5)
    story.resolve("x", "a")
    story.tell("item-closed", "coordinator", item="x")
    story.tell("annotator-blocked", "coordinator", t=6, annotator="ann", right=0, asked=3, retroactive=True)
    assert of_status(story.written(tmp_path), "counted") == [seq]


def test_a_refusal_of_a_gold_question_is_a_refusal(tmp_path: Path) -> None:
    story = Story()
    story.tell("gold-known", "campaign", "coordinator", items=["g"], labels=["a"])
    story.assign("g", "ann")
    story.tell("task-declined", "ann", "coordinator", t=7, item="g", attempt=0)
    story.assign("g", "bob")
    story.answer("g", "bob", "b", 7, t=9)
    log = story.written(tmp_path)
    assert [(answer.annotator, answer.status) for answer in told(log)] == [("ann", "declined"), ("bob", "gold")]
    assert as_csv(log) == "task,worker,label,start,duration\n"
