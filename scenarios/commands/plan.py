"""`parley plan`: how many annotators, which policy, which strategy and how many labels, by when and for how much."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scenarios import operator
from scenarios.commands.options import AsJson, Overrides, Quiet, ScenarioName
from scenarios.errors import BadInput
from scenarios.reporting import ERR, INTERRUPTED, OUT, TERMINATED, remark, reporting

if TYPE_CHECKING:
    from scenarios.planning.plan import Plan
    from scenarios.planning.search import Tell
    from scenarios.planning.space import Space
    from scenarios.planning.targets import Targets

Accuracy = Annotated[
    float,
    typer.Option(help="How often the model is to be right; without a learner, the labels.", metavar="SHARE"),
]
Deadline = Annotated[
    str | None, typer.Option(help="By when: simulated time, such as 3d or 8h; left out, the scenario's own.", metavar="TIME")
]
Budget = Annotated[float | None, typer.Option(help="For how much money; left out, the scenario's own.", metavar="MONEY")]
Vary = Annotated[
    list[str],
    typer.Option(
        "--vary",
        metavar="PATH=[VALUES]",
        help="Values to try, such as annotators.crowd.count=[4,8] or stop.labels=[200,400]; they take the place of what is tried "
        "there by itself. May be repeated.",
    ),
]
RiskShare = Annotated[float, typer.Option(help="The share of campaigns that may miss each target.", metavar="SHARE")]
Fee = Annotated[float, typer.Option(help="What each annotator costs beside their answers, such as training.", metavar="MONEY")]
Seeds = Annotated[int, typer.Option(help="Campaigns that each answer is judged by; the search has 14 at most.", min=2, max=100_000)]
Jobs = Annotated[int, typer.Option(help="Processes; -1 for as many as there are cores.", min=-1)]
Out = Annotated[Path | None, typer.Option(help="Write a row for each candidate: .csv.", metavar="FILE")]
Page = Annotated[Path | None, typer.Option(help="Write a page with a picture: .html, .pdf, .png or .md.", metavar="FILE")]


def plan(
    scenario: ScenarioName,
    accuracy: Accuracy,
    deadline: Deadline = None,
    budget: Budget = None,
    varied: Vary = [],  # noqa: B006 (typer reads it, and nobody writes it)
    risk: RiskShare = 0.2,
    fee: Fee = 0.0,
    seeds: Seeds = 40,
    jobs: Jobs = -1,
    overrides: Overrides = [],  # noqa: B006
    out: Out = None,
    page: Page = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say how many annotators, votes and labels, which policy and strategy come to a target: cheapest, fastest, and between.

    What is --set stays as it is; the rest is tried.
    """
    operator.configure(-1)
    with reporting():
        from scenarios.interruption import terminable
        from scenarios.planning.plan import make_plan

        _check_targets(scenario, out, page)
        space, targets = _space(scenario, accuracy, deadline, budget, varied, risk, fee, overrides)
        _announce(space, targets, seeds, quiet or as_json)
        with terminable(), _progress(quiet or as_json) as tell:
            found = make_plan(space, targets, seeds, jobs or 1, tell)
        _say(found, as_json, quiet)
        if found.search.outlooks:
            _write(found, out, page, quiet or as_json)
        if found.broken_off:
            raise typer.Exit(TERMINATED if found.terminated else INTERRUPTED)


def _check_targets(scenario: str, out: Path | None, page: Path | None) -> None:
    from scenarios.aggregation.tables import check_target
    from scenarios.loading import find

    path = find(scenario)
    for option, target, suffixes in (("--out", out, (".csv",)), ("--page", page, (".html", ".pdf", ".png", ".md"))):
        if target is not None:
            check_target(option, target, path, suffixes=suffixes)


def _space(
    scenario: str,
    accuracy: float,
    deadline: str | None,
    budget: float | None,
    varied: list[str],
    risk: float,
    fee: float,
    overrides: list[str],
) -> "tuple[Space, Targets]":
    from scenarios.loading import find, load
    from scenarios.paths import parse_override
    from scenarios.planning.space import parse_vary, space_of
    from scenarios.planning.targets import read_targets

    fixed: dict[str, Any] = dict(map(parse_override, overrides))
    if "seed" in fixed:
        raise BadInput("--set seed: every candidate is run with many seeds; --seeds says how many")
    values = [parse_vary(each) for each in varied]
    paths = [path for path, _ in values]
    for path in paths:
        if paths.count(path) > 1 or path in fixed:
            raise BadInput(f"--vary {path}: {'it stands there twice' if path not in fixed else 'it is --set already'}")
    loaded = load(find(scenario), fixed)
    targets = read_targets(accuracy, deadline, budget, risk, fee, loaded.scenario.stop)
    return space_of(loaded, scenario, fixed, dict(values), targets), targets


def _announce(space: "Space", targets: "Targets", seeds: int, silent: bool) -> None:
    from scenarios.planning.plan import expected_runs

    if not silent:
        from scenarios.history.phrases import counted

        runs = expected_runs(space, targets, seeds)
        remark(f"{counted(len(space.candidates), 'candidate')}, about {runs:,} runs; Ctrl-C tells what is known by then")


@contextmanager
def _progress(silent: bool) -> "Iterator[Tell]":
    columns = TextColumn("planning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=ERR, transient=True, disable=silent or not ERR.is_terminal) as progress:
        task = progress.add_task("planning", total=None)
        yield lambda done, expected: progress.update(task, completed=done, total=max(done, expected))


def _say(found: "Plan", as_json: bool, quiet: bool) -> None:
    if found.broken_off and not as_json:
        how = "terminated" if found.terminated else "interrupted"
        remark(f"{how}: this is what is known so far" if found.search.outlooks else f"{how} before anything was known")
    for sentence in _failures(found):
        remark(sentence)
    if as_json:
        from scenarios.planning.record import record

        print(json.dumps(record(found), ensure_ascii=False, allow_nan=False))
    elif not quiet and found.search.outlooks:
        from scenarios.planning.display import show_plan

        show_plan(found, OUT)


def _failures(found: "Plan") -> list[str]:
    from scenarios.failures import failures

    return failures(found.search.failed)


def _write(found: "Plan", out: Path | None, page: Path | None, silent: bool) -> None:
    from scenarios.report.files import write_together

    if out is not None:
        from scenarios.planning.record import table

        write_together({out: table(found)})
    if page is not None:
        from scenarios.planning.page import report_of_plan
        from scenarios.report.writing import files_of

        write_together(files_of(report_of_plan(found), page, None))
    for what, target in (("candidates", out), ("page", page)):
        if target is not None and not silent:
            OUT.print(f"{what}: {escape(str(target))}", soft_wrap=True, highlight=False)
