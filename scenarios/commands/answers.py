"""`parley import`: answers from outside."""

from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.markup import escape
from rich.progress import track

from scenarios.commands.options import AsJson, Quiet
from scenarios.errors import BadInput, explain
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from agents.coordinator.policy import Policy
    from scenarios.answers.table import Answers
    from scenarios.summary import Summary

T = TypeVar("T")

AnswersFile = Annotated[
    Path, typer.Argument(help="Answers: .csv, .tsv, .parquet, .json (Label Studio) or .jsonl (Prodigy).", metavar="ANSWERS")
]
NewLog = Annotated[Path, typer.Option("--to", metavar="LOG", help="The event log to write.")]
Form = Annotated[
    str | None, typer.Option("--format", help="csv, tsv, parquet, label-studio or prodigy; left out, what the file's name says.")
]
Task = Annotated[str | None, typer.Option(help="Column of what was asked; left out, `task`.")]
Worker = Annotated[str | None, typer.Option(help="Column of who was asked; left out, `worker`.")]
Label = Annotated[str | None, typer.Option(help="Column of what they said; left out, `label`. The question, in Label Studio.")]
Start = Annotated[
    str | None, typer.Option(help="Column of when they began: seconds, or dates and times; left out, `start` if it is there.")
]
Duration = Annotated[
    str | None, typer.Option(help="Column of how many seconds they took; left out, `duration` or `duration_s` if it is there.")
]
Truth = Annotated[str | None, typer.Option(help="Column of what is true; left out, `truth` if it is there.")]
Confidence = Annotated[
    str | None, typer.Option(help="Column of how probable they say it is that they are right, 0 to 1; left out, it is not read.")
]
TruthFile = Annotated[Path | None, typer.Option(help="A file of what is true, with columns task and truth.")]
Name = Annotated[str | None, typer.Option(help="What the import is called; left out, as the file.")]
PolicyTable = Annotated[
    str | None,
    typer.Option(help="How labels are made, such as {kind='majority',size=3}; left out, by the majority of all."),
]
Seed = Annotated[int, typer.Option(help="Seed of ties.", min=0)]
Force = Annotated[bool, typer.Option("--force", help="Replace LOG if it is there.")]


def import_answers(
    answers: AnswersFile,
    to: NewLog,
    form: Form = None,
    task: Task = None,
    worker: Worker = None,
    label: Label = None,
    start: Start = None,
    duration: Duration = None,
    truth: Truth = None,
    confidence: Confidence = None,
    truth_file: TruthFile = None,
    name: Name = None,
    policy: PolicyTable = None,
    seed: Seed = 0,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Turn a file of real answers into an event log, which is read like any other."""
    from bus.chance import MASK
    from scenarios.answers.log import Telling, write_log
    from scenarios.answers.reader import read_answers
    from scenarios.answers.table import Columns

    silent = quiet or as_json or not ERR.is_terminal
    with reporting():
        if seed > MASK:
            raise BadInput(f"--seed {seed}: a seed is a whole number from 0 to 2**64 - 1")
        _refuse_loss(to, force, answers, truth_file)
        telling = Telling(name or answers.stem, _policy(policy), seed)
        with nullcontext() if silent else ERR.status(escape(f"reading {answers.name}")):
            found = read_answers(answers, Columns(task, worker, label, start, duration, truth, confidence), form, truth_file)
        events = write_log(to, found, telling, partial(_watched, "writing", silent))
        if not quiet:
            _mention(found)
        del found
        summary = _summary(to, events, silent)
        if as_json:
            print(summary.model_dump_json())
        elif not quiet:
            from scenarios.display import show

            show(summary, OUT)


def _refuse_loss(to: Path, force: bool, *read: Path | None) -> None:
    """Refuse to write where something is that nobody said should go."""
    if not to.exists():
        return
    if any(path is not None and path.exists() and path.samefile(to) for path in read):
        raise BadInput(f"--to {to}: this is a file that is to be read; name another for the log")
    if not to.is_file():
        raise BadInput(f"--to {to}: this is no file that could be replaced")
    if not force:
        raise BadInput(f"--to {to}: there is a file already; --force replaces it")


def _policy(text: str | None) -> "Policy | None":
    """Return the policy of a name, or of a table as a scenario file would have it."""
    if text is None:
        return None
    from pydantic import TypeAdapter, ValidationError

    from agents.coordinator.policies.choice import AnyPolicy
    from scenarios.importable import importable
    from scenarios.paths import parse_override

    _, table = parse_override(f"policy={text}")
    with importable(Path()):
        try:
            found: Policy = TypeAdapter(AnyPolicy).validate_python(table)
        except ValidationError as error:
            raise explain("--policy", error, {}) from None
    return found


def _watched(what: str, silent: bool, events: "Iterable[T]", about: int) -> "Iterable[T]":
    return track(events, what, about, console=ERR, transient=True, disable=silent)


def _mention(found: "Answers") -> None:
    """Say what became of names, and what the file does not say of times."""
    from scenarios.answers.address import addresses

    changed = [(name, address) for name, address in addresses(found.workers).items() if name != address]
    for name, address in changed[:5]:
        remark(f"worker {name!r} cannot be called so in a log, and is {address!r} there")
    if len(changed) > 5:
        remark(f"and so are {len(changed) - 5:,} more, each by a name of their own")
    if not any(start is not None for start in found.starts):
        if any(duration is not None for duration in found.durations):
            remark("the file does not say when answers were begun: each worker's follow one another from 0")
        else:
            remark("the file says nothing of times: in the log, time counts answers, in microseconds")


def _summary(log: Path, events: int, silent: bool) -> "Summary":
    """Read the log back, and return what it amounts to."""
    from bus.replay import LogReader
    from scenarios.header import header_of
    from scenarios.history.course import Course
    from scenarios.summary import summary_of

    reader = LogReader(log)
    header, course = header_of(reader), Course(reader)
    for event in _watched("reading it back", silent, course.events(), events):
        course.take(event)
    return summary_of(course, header)
