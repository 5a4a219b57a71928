"""Exports of Label Studio: one JSON list of tasks, each with its annotations, of which choices are read."""

from pathlib import Path

from bus.table import nearest
from scenarios.answers.entry import Entry, parse, read_bytes
from scenarios.answers.table import Columns, Draft
from scenarios.errors import BadInput, brief, listed

LARGEST = 2**28
"""Bytes of an export beyond which it is refused: it is read at once."""


def read(path: Path, columns: Columns, draft: Draft) -> None:
    """Read answers: an annotation each.

    A task is called by its id, or by what `columns.task` names in its data. Where several questions were asked of a task,
    `columns.label` says which is meant, by its name ("from_name"). An annotation that was skipped, or says nothing, has no label;
    one that is marked as ground truth is no answer, but what is true. It ended when it was created, and took its lead time.

    Raises:
        BadInput: it cannot be read, or an entry is not what it should be. The message names it.
    """
    tasks = parse(str(path), read_bytes(path, LARGEST))
    if not isinstance(tasks, list):
        raise BadInput(f"{path}: an export of Label Studio is a list of tasks, and this is none")
    asked: dict[str, None] = {}
    for number, each in enumerate(tasks, 1):
        task = Entry(draft.where(number), each)
        key = "completions" if "completions" in task.fields else "annotations"
        if key not in task.fields:
            raise task.wrong("there are no 'annotations'; export as JSON (JSON-MIN and others leave out what is needed)")
        name = _name_of(task, columns.task)
        for annotation in task.entries(key):
            _add(annotation, number, name, _label_of(annotation, columns.label, asked), draft)
    if columns.label is not None and columns.label not in asked:
        raise BadInput(f"{path}: no question is called {brief(columns.label)}; {nearest(columns.label, listed([*asked]))}")


def _add(annotation: Entry, number: int, task: str, label: str | None, draft: Draft) -> None:
    if annotation.flag("ground_truth"):
        if label is not None:
            draft.know(annotation.where, task, label)
        return
    duration, ended = annotation.number("lead_time"), annotation.moment("created_at")
    began = ended and ended.before(duration or 0.0)
    draft.add(number, task, _worker_of(annotation), label, began, duration)


def _name_of(task: Entry, name: str | None) -> str:
    found = task.text("id") if name is None else task.entry("data").text(name)
    if found is None:
        raise task.wrong("there is no 'id'" if name is None else f"there is no {name!r} in its data")
    return found


def _worker_of(annotation: Entry) -> str:
    """Return who made an annotation: given by number, or as an object with an e-mail address and an id, or by name alone."""
    by = annotation.fields.get("completed_by")
    found = annotation.entry("completed_by").text("email", "id") if isinstance(by, dict) else annotation.text("completed_by")
    found = found or annotation.text("created_username")
    if found is None:
        raise annotation.wrong("there is no 'completed_by', so nobody knows whose it is")
    return found


def _label_of(annotation: Entry, question: str | None, asked: dict[str, None]) -> str | None:
    """Return what was chosen; None if nothing was.

    Args:
        annotation: the annotation.
        question: the question that is meant; None for the only one.
        asked: the questions so far, to which those of this annotation are added.
    """
    choices = _choices(annotation)
    asked.update(dict.fromkeys(choices))
    if annotation.flag("was_cancelled"):
        return None
    if question is not None:
        return choices.get(question)
    if len(asked) > 1:
        raise annotation.wrong(
            f"several questions were asked ({', '.join(map(brief, asked))}); name the one that is the label, as by --label"
        )
    return next(iter(choices.values()), None)


def _choices(annotation: Entry) -> dict[str, str]:
    """Return what was chosen, by question."""
    chosen: dict[str, str] = {}
    others: dict[str, None] = {}
    for result in annotation.entries("result"):
        kind = result.text("type") or "of no type"
        if kind != "choices":
            others[kind] = None
            continue
        question = result.text("from_name") or "choice"
        choices = result.entry("value").list_of("choices")
        if len(choices) + (question in chosen) > 1:
            raise result.wrong(f"there are several choices for {brief(question)}; a set of labels is not one label")
        if choices:
            chosen[question] = result.as_text("choices", choices[0])
    if others and not chosen:
        raise annotation.wrong(f"its results are {', '.join(map(brief, [*others][:9]))}; an answer is a choice")
    return chosen
