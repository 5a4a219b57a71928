"""`parley compare`: several policies, with the same people and items for each."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from scenarios import operator
from scenarios.commands.options import AsJson, Overrides, Quiet, ScenarioName
from scenarios.errors import BadInput
from scenarios.reporting import ERR, INTERRUPTED, OUT, TERMINATED, remark, reporting

if TYPE_CHECKING:
    from scenarios.compare.contest import Contest
    from scenarios.compare.verdict import Comparison
    from scenarios.grid import Row

Policies = Annotated[
    list[str],
    typer.Option(
        "--policy",
        metavar="[NAME=]POLICY",
        help="A policy of `parley list policy`, a table such as {kind='majority', size=5}, a .toml file of one, or as-written; "
        "repeated. One alone is compared with the scenario as it is written.",
    ),
]
Allocations = Annotated[
    list[str],
    typer.Option(
        "--allocation", metavar="[NAME=]ALLOCATION", help="Likewise an allocation: every policy is run with each of them."
    ),
]
Withs = Annotated[
    list[str],
    typer.Option(
        "--with", metavar="NAME:PATH=VALUE", help="Set a value for one only, by its name; a new name is the scenario with that set."
    ),
]
Against = Annotated[str | None, typer.Option(help="Name of the one that the others are compared with; left out, the first.")]
Seeds = Annotated[int, typer.Option(help="Runs of each, with seeds 0, 1, 2, ...: the same people and items.", min=1, max=100_000)]
Jobs = Annotated[int, typer.Option(help="Processes; -1 for as many as there are cores.", min=-1)]
Out = Annotated[Path | None, typer.Option(help="Write a row a run: .csv.", metavar="FILE")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw the differences: .png or .svg.", metavar="FILE")]


def compare(
    scenario: ScenarioName,
    policies: Policies = [],  # noqa: B006 (typer reads it, and nobody writes it)
    allocations: Allocations = [],  # noqa: B006
    withs: Withs = [],  # noqa: B006
    seeds: Seeds = 20,
    against: Against = None,
    overrides: Overrides = [],  # noqa: B006
    jobs: Jobs = -1,
    out: Out = None,
    plot: Plot = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run several policies with the same people and items, and say which differences are real, and which are not yet."""
    operator.configure(-1)
    with reporting():
        from scenarios.aggregation.tables import check_target
        from scenarios.compare.asked import take_part
        from scenarios.compare.contest import contest
        from scenarios.compare.verdict import compare as compare_rows
        from scenarios.loading import find
        from scenarios.paths import parse_override

        path = find(scenario)
        for option, target, suffixes in (("--out", out, (".csv",)), ("--plot", plot, (".png", ".svg"))):
            if target is not None:
                check_target(option, target, path, suffixes=suffixes)
        settings: dict[str, Any] = dict(map(parse_override, overrides))
        planned = contest(path, take_part(policies, allocations, withs), settings, seeds, against)
        rows, broken_off = _run(planned, jobs or 1, out, quiet or as_json)
        _mention(rows, planned, broken_off)
        if not all(row["error"] for row in rows):
            comparison = compare_rows(planned.names, rows)
            _show(planned, comparison, settings, as_json, quiet)
            if plot is not None:
                _draw(comparison, plot)
            for what, target in (("rows", out), ("plot", plot)):
                if target is not None and not quiet and not as_json:
                    OUT.print(f"{what}: {escape(str(target))}", soft_wrap=True, highlight=False)
        if broken_off is not None:
            raise typer.Exit(TERMINATED if _is_terminated(broken_off) else INTERRUPTED)
        if all(row["error"] for row in rows):
            raise BadInput(f"{scenario}: every run failed")


def _run(planned: "Contest", jobs: int, out: Path | None, silent: bool) -> "tuple[list[Row], KeyboardInterrupt | None]":
    """Run everybody; return the rows, and what came before they were all there, if anything did: then those of whole seeds."""
    from scenarios.compare.contest import COLUMNS, run_contest
    from scenarios.grid import write_rows
    from scenarios.interruption import terminable

    rows: list[Row] = []

    def watched(progress: Progress) -> "Iterable[Row]":
        for row in progress.track(run_contest(planned, jobs), planned.runs, description=escape(planned.name)):
            rows.append(row)
            yield row

    try:
        with terminable(), Progress(console=ERR, transient=True, disable=silent or not ERR.is_terminal) as progress:
            if out is None:
                for _ in watched(progress):
                    pass
            else:
                write_rows(watched(progress), COLUMNS, out)
    except KeyboardInterrupt as error:
        whole = len(rows) // len(planned.contenders) * len(planned.contenders)
        return rows[:whole], error
    return rows, None


def _is_terminated(error: KeyboardInterrupt) -> bool:
    return bool(getattr(error, "terminated", False))


def _mention(rows: "list[Row]", planned: "Contest", broken_off: KeyboardInterrupt | None) -> None:
    """Say which runs failed, those that failed alike in one line, and how far it went."""
    from scenarios.failures import failures

    for sentence in failures(rows, "policy"):
        remark(sentence)
    if broken_off is not None:
        how = "terminated" if _is_terminated(broken_off) else "interrupted"
        remark(f"{how} after {len(rows) // len(planned.contenders):,} of {planned.seeds:,} seeds")


def _show(planned: "Contest", comparison: "Comparison", settings: dict[str, Any], as_json: bool, quiet: bool) -> None:
    if as_json:
        from scenarios.compare.record import record

        print(json.dumps(record(planned, comparison, settings), ensure_ascii=False, allow_nan=False))
    elif not quiet:
        from scenarios.compare.display import show_comparison

        show_comparison(planned, comparison, OUT)


def _draw(comparison: "Comparison", plot: Path) -> None:
    from scenarios.compare.pictures import draw
    from scenarios.replacement import replacement

    content = draw(comparison, plot.suffix.lower())
    with replacement(plot) as file:
        file.write(content)
