"""The `parley` command."""

import json
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import track

from agents.component import Trust
from bus.journal import Diverged
from scenarios import catalogue, operator
from scenarios.display import Progress, show, show_study
from scenarios.errors import BadInput
from scenarios.loading import Loaded, find, library, load
from scenarios.paths import parse_override
from scenarios.reporting import DIFFERENT, ERR, INTERRUPTED, OUT, remark, reporting
from scenarios.run import Interrupted, OnStart, Origin, prepare
from scenarios.run import resume as resume_log
from scenarios.run import run as run_scenario
from scenarios.run import verify as verify_log
from scenarios.study import plan, run_study, write_rows
from scenarios.summary import Summary

app = typer.Typer(
    help="Simulate labelling campaigns: a learner, a selector, annotators who err and take their time, and a coordinator.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ScenarioName = Annotated[str, typer.Argument(help="A name of the library, a .toml or a .py file.")]
LogFile = Annotated[Path, typer.Argument(help="An event log.", metavar="LOG")]
Overrides = Annotated[
    list[str], typer.Option("--set", metavar="PATH=VALUE", help="Set a value, such as stop.labels=50; may be repeated.")
]
Seed = Annotated[int | None, typer.Option(help="Seed of the run, instead of the scenario's.", min=0)]
Verbose = Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say on stderr what the agents do; twice for more.")]
Trusted = Annotated[bool, typer.Option("--trust", help="Run code of others that the log's scenario names.")]
Folder = Annotated[Path | None, typer.Option("--folder", help="Where the scenario's paths start, if not where they did.")]


@app.command()
def run(
    scenario: ScenarioName,
    seed: Seed = None,
    overrides: Overrides = [],  # noqa: B006 (typer reads it, and nobody writes it)
    logs: Annotated[Path, typer.Option(help="Folder of the event log.")] = Path("logs"),
    pace: Annotated[float | None, typer.Option(help="Simulated seconds a real second; left out, as fast as it goes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    verbose: Verbose = 0,
) -> None:
    """Run a campaign: watch it, and see what it amounts to."""
    operator.configure(-1 if quiet else verbose)
    with reporting():
        if pace is not None and not 0 < pace < float("inf"):
            raise BadInput(f"--pace {pace}: a pace is a positive number of simulated seconds a second")
        loaded = _load(scenario, seed, overrides)
        origin = Origin(loaded.folder, loaded.script)
        with _interruptible(as_json, quiet), _progress(quiet or as_json) as watch:
            summary = run_scenario(loaded.scenario, logs, pace, origin, watch)
        _print_summary(summary, as_json, quiet)


@app.command()
def verify(log: LogFile, trust: Trusted = False, folder: Folder = None, verbose: Verbose = 0) -> None:
    """Run a log's campaign again, and say whether it is identical or which line differs first."""
    operator.configure(verbose)
    with reporting():
        try:
            reader = verify_log(log, Trust(trust), folder)
        except Diverged as difference:
            _print_difference(log, difference)
            raise typer.Exit(DIFFERENT) from None
        if reader.footer is None:
            OUT.print("identical as far as it goes: the run did not finish", highlight=False)
        else:
            OUT.print(f"identical: {reader.footer['events']:,} events, digest {reader.footer['digest']}", highlight=False)
        _mention_torn(log, reader.torn, "do not count")


@app.command()
def resume(
    log: LogFile,
    trust: Trusted = False,
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    verbose: Verbose = 0,
) -> None:
    """Go on with a run that broke off; its log ends as if it never had."""
    operator.configure(-1 if quiet else verbose)
    with reporting():
        try:
            with _interruptible(as_json, quiet), _progress(quiet or as_json) as watch:
                summary, torn = resume_log(log, Trust(trust), folder, watch)
        except Diverged as difference:
            _print_difference(log, difference)
            raise typer.Exit(DIFFERENT) from None
        _mention_torn(log, torn, "were cut off")
        _print_summary(summary, as_json, quiet)


@app.command()
def check(scenario: ScenarioName, seed: Seed = None, overrides: Overrides = []) -> None:  # noqa: B006
    """Read a scenario and its data, and say what is wrong, without running it."""
    with reporting():
        loaded = _load(scenario, seed, overrides)
        _, world = prepare(loaded.scenario, Origin(loaded.folder, loaded.script))
        scene = loaded.scenario.completed()
        classes = ", ".join(str(label) for label in world.truth.classes[:10])
        more = " ..." if len(world.truth.classes) > 10 else ""
        OUT.print(f"{escape(scene.name)} is fine", highlight=False)
        OUT.print(
            f"  {len(world.items):,} items in the pool, {len(world.seeds):,} with known labels, "
            f"{len(world.held_out_labels):,} held out; {len(world.truth.classes)} classes: {escape(classes)}{more}",
            highlight=False,
            soft_wrap=True,
        )
        for group in scene.annotators:
            OUT.print(f"  {group.count:,} x {escape(group.name)}", highlight=False)


@app.command(name="list")
def list_components(
    kind: Annotated[str | None, typer.Argument(help="A kind of component, such as noise; left out, what there is.")] = None,
) -> None:
    """List every component with its dials, bounds and defaults."""
    with reporting():
        if kind is not None:
            catalogue.show_kind(kind, OUT)
            return
        for name in catalogue.KINDS:
            OUT.print(f"[bold]{name:<14}[/]{', '.join(member.kind for member in catalogue.members(name))}", highlight=False)
        OUT.print(f"[bold]{'library':<14}[/]{', '.join(entry.name for entry in library())}", highlight=False)
        OUT.print("`parley list KIND` shows the dials of each", style="dim", highlight=False)


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, by which editors complete them."""
    print(json.dumps(catalogue.schema(), indent=2, ensure_ascii=False))


@app.command()
def study(
    study: Annotated[str, typer.Argument(help="A study file (.toml), or a name of the library.")],
    seeds: Annotated[int | None, typer.Option(help="Runs of each point of the grid.", min=1)] = None,
    jobs: Annotated[int, typer.Option(help="Processes; -1 for as many as there are cores.", min=-1)] = -1,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; left out, studies/NAME.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as one JSON list.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no table.")] = False,
) -> None:
    """Run a grid of dials times seeds; write a tidy table, and show means with their intervals."""
    operator.configure(-1)
    with reporting():
        planned = plan(find(study, (".toml",)), seeds)
        progress = track(run_study(planned, jobs or 1), planned.study.name, planned.runs, console=ERR, disable=quiet or as_json)
        table = (out or Path("studies") / planned.study.name) / "results.csv"
        rows = write_rows(progress, planned.columns, table)
        if as_json:
            print(json.dumps(rows))
        elif not quiet:
            show_study(rows, planned, OUT)
            OUT.print(f"{len(rows):,} runs: {escape(str(table))}", soft_wrap=True, highlight=False)
        for row in rows:
            if row["error"]:
                remark(f"seed {row['seed']} failed: {row['error']}")
        if all(row["error"] for row in rows):
            raise BadInput(f"{study}: every run failed")


def main() -> None:
    """Run the command."""
    # Whoever reads our output may have had enough, as `head` has: that ends us quietly, as it ends any other command.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app()


def _load(name: str, seed: int | None, overrides: list[str]) -> Loaded:
    settings: dict[str, Any] = dict(map(parse_override, overrides))
    if seed is not None:
        settings["seed"] = seed
    return load(find(name), settings)


def _progress(silent: bool) -> AbstractContextManager[OnStart | None]:
    return nullcontext() if silent else Progress(ERR)


@contextmanager
def _interruptible(as_json: bool, quiet: bool) -> Iterator[None]:
    """On Ctrl-C, show how far the run came, and say how to go on."""
    try:
        yield
    except Interrupted as interruption:
        summary = interruption.summary
        _print_summary(summary, as_json, quiet)
        if summary.log is not None:
            remark(f"interrupted; `parley resume {summary.log}` goes on from here")
        raise typer.Exit(INTERRUPTED) from None


def _print_difference(log: Path, difference: Diverged) -> None:
    """Show both versions of the first line that differs."""
    OUT.print(f"{log}: line {difference.number} is the first that differs", highlight=False, soft_wrap=True, markup=False)
    for name, line in (("recorded", difference.recorded), ("now", difference.repeated)):
        text = "(there is no such line)" if line is None else line.decode(errors="replace").rstrip()
        OUT.print(f"  {name + ':':<10}{text}", highlight=False, soft_wrap=True, markup=False)


def _mention_torn(log: Path, torn: int, what: str) -> None:
    if torn:
        remark(f"{log}: the last line was torn; its {torn} bytes {what}")


def _print_summary(summary: Summary, as_json: bool, quiet: bool) -> None:
    if as_json:
        print(summary.model_dump_json())
    elif not quiet:
        show(summary, OUT)
