"""`parley aggregate`: what the answers in a file amount to."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from scenarios.commands.answers import AnswersFile, Form, Label, Task, Worker
from scenarios.commands.options import Quiet
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from agents.inference.inference import Inference
    from scenarios.aggregation.problem import Problem
    from scenarios.aggregation.verdict import Verdict

Method = Annotated[
    str,
    typer.Option(
        metavar="METHOD",
        help="A method of `parley list inference`, or a table such as {kind='dawid-skene',smoothing=1}; all for every one.",
    ),
]
TruthFile = Annotated[
    Path | None, typer.Option("--truth", help="What is true, to judge by: a table of task and truth.", metavar="FILE")
]
GoldFile = Annotated[
    Path | None, typer.Option("--gold", help="What is true, for methods to use: a table of task and truth.", metavar="FILE")
]
ProbabilitiesFile = Annotated[
    Path | None, typer.Option("--probabilities", help="What a model says: a table of task and a column a class.", metavar="FILE")
]
Out = Annotated[Path | None, typer.Option("--out", help="Write all labels and posteriors: .csv, .tsv or .parquet.", metavar="FILE")]
People = Annotated[Path | None, typer.Option("--people", help="Write all skills: .csv, .tsv or .parquet.", metavar="FILE")]
Classes = Annotated[str | None, typer.Option(help="The classes, with commas between them; left out, those that occur.")]
Seed = Annotated[int, typer.Option(help="Seed of ties, and of methods that need chance.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON list, of an object a method, for programs.")]


def aggregate(
    answers: AnswersFile,
    method: Method = "",
    truth: TruthFile = None,
    gold: GoldFile = None,
    probabilities: ProbabilitiesFile = None,
    out: Out = None,
    people: People = None,
    classes: Classes = None,
    form: Form = None,
    task: Task = None,
    worker: Worker = None,
    label: Label = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Infer labels, and how good people are, from a file of answers."""
    from bus.chance import MASK
    from scenarios.aggregation.method import DEFAULT, parse_methods
    from scenarios.aggregation.probabilities import read_probabilities
    from scenarios.aggregation.problem import pose
    from scenarios.aggregation.reading import GOLD, read, read_truth
    from scenarios.aggregation.tables import check_target
    from scenarios.answers.table import Columns

    silent = quiet or as_json or not ERR.is_terminal
    with reporting(), enough_memory():
        if seed > MASK:
            raise BadInput(f"--seed {seed}: a seed is a whole number from 0 to 2**64 - 1")
        methods = parse_methods(method or DEFAULT, seed)
        inputs = (answers, truth, gold, probabilities)
        for option, target in (("--out", out), ("--people", people)):
            if target is not None:
                check_target(option, target, *inputs)
        if out is not None and people is not None and out.absolute() == people.absolute():
            raise BadInput(f"--people {people}: labels go there already; name another file")
        with nullcontext() if silent else ERR.status(escape(f"reading {answers.name}")):
            reading = read(answers, Columns(task, worker, label), form)
            problem = pose(
                reading, classes_of(classes), None if gold is None else read_truth(gold, task, GOLD),
                None if truth is None else read_truth(truth, task),
                None if probabilities is None else read_probabilities(probabilities, task),
            )  # fmt: skip
            del reading
        if not quiet:
            _mention(problem, methods)
        verdicts = _judge(problem, methods, seed, silent)
        _refuse_none(verdicts)
        _write(verdicts[0], out, people)
        if as_json or not quiet:
            _show(answers.name, problem, verdicts, as_json)
        for what, target in (("labels", out), ("skills", people)):
            if target is not None and not quiet and not as_json:
                by = f" by {verdicts[0].name}" if len(verdicts) > 1 else ""
                OUT.print(f"{what}{by}: {escape(str(target))}", soft_wrap=True, highlight=False)


def _mention(problem: "Problem", methods: "list[Inference]") -> None:
    from scenarios.aggregation.method import heeds_models

    for each in problem.remarks:
        remark(each)
    if problem.table.probabilities is not None and not any(map(heeds_models, methods)):
        remark("no method that was chosen uses --probabilities; crowdlab does")


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turn a lack of memory into a message."""
    try:
        yield
    except MemoryError:
        raise BadInput("there is not enough memory for these answers; take a part of them, or a larger machine") from None


def classes_of(text: str | None) -> list[str] | None:
    """Return the classes that an option names; None if it is left out."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if "" in names or len({*names}) < len(names):
        raise BadInput(f"--classes {text!r}: write different names with commas between them, such as yes,no")
    return names


def _judge(problem: "Problem", methods: "list[Inference]", seed: int, silent: bool) -> "list[Verdict]":
    """Use each method, and rank what they find."""
    from scenarios.aggregation.verdict import judge, ranked

    verdicts = []
    with Progress(console=ERR, transient=True, disable=silent) as progress:
        bar = progress.add_task("", total=len(methods) if len(methods) > 1 else None)
        for method in methods:
            progress.update(bar, description=escape(type(method).kind))
            verdicts.append(judge(problem, method, seed, time.perf_counter))
            progress.advance(bar)
    return ranked(verdicts)


def _refuse_none(verdicts: "list[Verdict]") -> None:
    if verdicts[0].inferred is None:
        raise BadInput("\n".join(f"{each.name} cannot be used on these answers: {each.reason}" for each in verdicts))


def _write(verdict: "Verdict", out: Path | None, people: Path | None) -> None:
    from scenarios.aggregation.tables import write_labels, write_people

    assert verdict.inferred is not None
    assert verdict.best is not None
    if out is not None:
        write_labels(verdict.inferred, verdict.best, out)
    if people is not None:
        write_people(verdict.inferred, people)


def _show(name: str, problem: "Problem", verdicts: "list[Verdict]", as_json: bool) -> None:
    from agents.inference.agreement import agreement_of

    agreement = agreement_of(problem.table)
    if as_json:
        from scenarios.aggregation.verdict import record

        print(json.dumps([record(problem, each, agreement) for each in verdicts], allow_nan=False))
        return
    from scenarios.aggregation.display import show_comparison, show_verdict

    if len(verdicts) > 1:
        show_comparison(name, problem, verdicts, agreement, OUT)
    else:
        show_verdict(name, problem, verdicts[0], agreement, OUT)
