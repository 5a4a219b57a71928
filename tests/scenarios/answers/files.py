"""Small files of answers, and ways to read them."""

import json
from pathlib import Path
from typing import Any

from scenarios.answers.reader import read_answers
from scenarios.answers.table import Answers, Columns

TABLE = """task,worker,label,start,duration,truth
7,ann,yes,100,4,yes
7,bob,no,102.5,3,
9,ann,no,110,2.5,no
7,cat,yes,111,,yes
"""
"""Four answers of three people to two tasks, with all columns there are."""


def write(folder: Path, content: str | bytes, name: str = "answers.csv") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, name: str = "answers.csv", **columns: str) -> Answers:
    """Write a file and read it."""
    return read_answers(write(folder, content, name), Columns(**columns))


def rows(answers: Answers) -> list[tuple[Any, ...]]:
    """Return a row an answer: task, worker, label, start, duration."""
    columns = (answers.tasks, answers.workers, answers.labels, answers.starts, answers.durations)
    return [*zip(*columns, strict=True)]


def choice(label: str, question: str = "topic") -> dict[str, Any]:
    """Return a result as Label Studio writes a choice."""
    return {"from_name": question, "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def annotation(by: object, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an annotation as Label Studio writes it."""
    return {
        "completed_by": by,
        "result": [*results],
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2024-05-01T10:00:30Z",
        "lead_time": 12.5,
        **more,
    }


def export(*tasks: dict[str, Any]) -> str:
    """Return an export of Label Studio."""
    return json.dumps([*tasks])


def task(number: object, *annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Return a task as Label Studio writes it."""
    return {"id": number, "data": {"text": "a text", **data}, "annotations": [*annotations], "predictions": []}


def answer(worker: str = "set-ann", **fields: Any) -> str:
    """Return a line as Prodigy writes it."""
    known = {
        "text": "a text",
        "_task_hash": -17,
        "_input_hash": 5,
        "answer": "accept",
        "_session_id": worker,
        "_timestamp": 1700000000,
    }
    return json.dumps({**known, **fields}) + "\n"


def choosing(label: object, worker: str = "set-ann", **fields: Any) -> str:
    """Return a line as Prodigy writes a choice of options."""
    options = [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]
    return answer(worker, options=options, accept=label if isinstance(label, list) else [label], _view_id="choice", **fields)
