"""Tasks for Label Studio."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bus.replay import CorruptLog, LogReader
from scenarios.export.label_studio import write_label_studio
from scenarios.export.reading import unwatched
from scenarios.loading import load
from tests.scenarios.campaigns import LABELLING, run_logged, write
from tests.scenarios.export.story import Story

GOLDEN = Path(__file__).parents[2] / "golden"


def tasks_of(log: Path) -> list[dict[str, Any]]:
    file = io.BytesIO()
    count = write_label_studio(LogReader(log), file, unwatched)
    tasks: list[dict[str, Any]] = json.loads(file.getvalue())
    assert len(tasks) == count
    return tasks


def choice(seq: int, label: str) -> dict[str, Any]:
    return {"id": str(seq), "from_name": "label", "to_name": "item", "type": "choices", "value": {"choices": [label]}}


def test_an_item_is_a_task_with_its_answers_and_the_label_as_a_prediction(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    said = {"ann": "a", "bob@example.org": "b", "eve": "a"}
    for annotator in said:
        story.assign("x", annotator, t=0)
    for annotator, label in said.items():
        story.answer("x", annotator, label, 0, t=1_500_000)
    story.resolve("x", "a")
    (task,) = tasks_of(story.written(tmp_path))
    assert task["data"] == {"id": "x"}
    ann, bob, _ = task["annotations"]
    assert ann == {
        "id": 6,
        "created_username": "ann",
        "ground_truth": False,
        "was_cancelled": False,
        "lead_time": 1.5,
        "result": [{**choice(6, "a"), "meta": {"text": ["ann"]}}],
    }
    assert bob["completed_by"] == {"email": "bob@example.org"}
    assert "completed_by" not in ann, "Label Studio would refuse the whole file"
    assert task["predictions"] == [{"model_version": "majority", "score": pytest.approx(2 / 3), "result": [choice(9, "a")]}]


def test_whole_numbers_are_chosen_as_text_and_keep_their_ids(tmp_path: Path) -> None:
    (first, *_) = tasks_of(GOLDEN / "v1-labelling.jsonl")
    assert first["data"] == {"id": 0}
    assert first["annotations"][0]["result"][0]["value"] == {"choices": ["2"]}


def test_every_item_and_every_answer_that_counted_is_there_once(tmp_path: Path) -> None:
    text = LABELLING.replace("size = 3 }", "size = 3, early = true }")
    summary, log = run_logged(load(write(tmp_path, text), {}).scenario, tmp_path)
    tasks = tasks_of(log)
    assert sorted(task["data"]["id"] for task in tasks) == [*range(60)]
    assert sum(len(task["annotations"]) for task in tasks) == summary.answers
    assert sum(len(task["predictions"]) for task in tasks) == summary.labels
    assert len({annotation["id"] for task in tasks for annotation in task["annotations"]}) == summary.answers


def test_an_item_without_a_label_has_no_prediction(tmp_path: Path) -> None:
    story = Story()
    for item in ("given up", "open", "untouched"):
        story.request(item)
    story.assign("given up", "ann")
    story.assign("open", "bob")
    story.answer("given up", "ann", "a", 0)
    story.answer("open", "bob", "a", 0)
    story.tell("item-given-up", "coordinator", item="given up", reason="nobody is left to ask")
    tasks = tasks_of(story.written(tmp_path, finished=False))
    assert [(task["data"]["id"], len(task["annotations"]), task["predictions"]) for task in tasks] == [
        ("given up", 1, []),
        ("open", 1, []),
        ("untouched", 0, []),
    ]


def test_times_that_nobody_knows_are_not_made_up(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 1, t=5)
    (task,) = tasks_of(story.written(tmp_path, times="order"))
    assert "lead_time" not in task["annotations"][0]
    assert not any(key.startswith("created_a") for key in task["annotations"][0])


def test_a_task_is_written_as_soon_as_it_is_done(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.resolve("x", "a", t=5)
    story.request("y", t=6)
    story.tell("task-assigned", "coordinator", "ann", t=7)
    file = io.BytesIO()
    with pytest.raises(CorruptLog, match="line 6"):
        write_label_studio(LogReader(story.written(tmp_path)), file, unwatched)
    assert b'"id":"x"' in file.getvalue()


def test_a_log_without_items_is_an_empty_list(tmp_path: Path) -> None:
    assert tasks_of(Story().written(tmp_path)) == []
