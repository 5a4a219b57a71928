"""Exports of Prodigy: a JSON object a line, each an answer to a question."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scenarios.answers.entry import Entry, parse
from scenarios.answers.moment import Moment
from scenarios.answers.table import Columns, Draft
from scenarios.errors import BadInput, brief

LONGEST_LINE = 2**26
"""Bytes of a line beyond which a file is refused rather than read into memory: pictures may stand in it."""

_ANSWERS = ("accept", "reject", "ignore")


class _Answer(NamedTuple):
    """An answer, and of a question that is to be accepted or rejected, which label it is about."""

    line: int
    task: str
    worker: str
    label: str | None
    ended: Moment | None
    about: str | None


def read(path: Path, columns: Columns, draft: Draft) -> None:
    """Read answers: a line each.

    A task is called by what `columns.task` names, or by its "id" or the "id" of its "meta", or else by its hash; a worker by what
    `columns.worker` names, or by "_annotator_id" or "_session_id". The label is the option that was accepted. Where there are no
    options, it is "accept" or "reject"; if a file asks so about several labels, each is a task of its own, called id/label.
    What was ignored, or chosen from options and rejected, has no label. "_timestamp" is when an answer ended.

    Raises:
        BadInput: it cannot be read, or a line is not what it should be. The message names it.
    """
    answers = [_answer(Entry(draft.where(line), parse(draft.where(line), text)), line, columns) for line, text in _lines(path)]
    apart = len({each.about for each in answers if each.about is not None}) > 1
    for each in answers:
        task = f"{each.task}/{each.about}" if apart and each.about is not None else each.task
        draft.add(each.line, task, each.worker, each.label, each.ended)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise BadInput(f"{path}, line {number}: the line is longer than {LONGEST_LINE >> 20} MiB")
            if line.strip():
                yield number, line


def _answer(entry: Entry, line: int, columns: Columns) -> _Answer:
    answer = entry.fields.get("answer")
    if answer not in _ANSWERS:
        raise entry.wrong("'answer' is missing" if answer is None else "'answer' is none of accept, reject and ignore")
    options = entry.fields.get("options") is not None or entry.fields.get("accept") is not None
    label = _chosen(entry) if options else str(answer)
    view = entry.text("_view_id") or ""
    if not options and view.endswith("manual"):
        raise entry.wrong(f"this is of {brief(view)}, and marks parts of a task; an answer is a label of the whole")
    if answer == "ignore" or (options and answer == "reject"):
        label = None
    about = None if options else entry.text("label")
    return _Answer(line, _task_of(entry, columns.task), _worker_of(entry, columns.worker), label, entry.moment("_timestamp"), about)


def _chosen(entry: Entry) -> str | None:
    chosen = entry.list_of("accept")
    if len(chosen) > 1:
        raise entry.wrong(f"{len(chosen)} options were accepted; a set of labels is not one label")
    return entry.as_text("accept", chosen[0]) if chosen else None


def _task_of(entry: Entry, name: str | None) -> str:
    meta = entry.entry("meta")
    if name is not None:
        found = entry.text(name) or meta.text(name)
        if found is None:
            raise entry.wrong(f"there is no {name!r}, nor in its meta")
        return found
    found = entry.text("id") or meta.text("id") or entry.text("_task_hash", "_input_hash")
    if found is None:
        raise entry.wrong("there is no 'id', 'meta.id', '_task_hash' or '_input_hash', so nobody knows what was asked")
    return found


def _worker_of(entry: Entry, name: str | None) -> str:
    found = entry.text(*(("_annotator_id", "_session_id") if name is None else (name,)))
    if found is None:
        missing = "'_annotator_id' or '_session_id'" if name is None else repr(name)
        raise entry.wrong(f"there is no {missing}, so nobody knows who answered")
    return found
