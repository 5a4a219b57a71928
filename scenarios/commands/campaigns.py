"""`parley run`, `check` and `study`: campaigns, one or many."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import track

from scenarios import operator
from scenarios.commands.options import AsJson, Overrides, Quiet, ScenarioName, Seed, Verbose
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from scenarios.loading import Loaded
    from scenarios.scenario import Scenario


def run(
    scenario: ScenarioName,
    seed: Seed = None,
    overrides: Overrides = [],  # noqa: B006 (typer reads it, and nobody writes it)
    logs: Annotated[Path, typer.Option(help="Folder of the event log.")] = Path("logs"),
    pace: Annotated[float | None, typer.Option(help="Simulated seconds a real second; left out, as fast as it goes.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Run a campaign: watch it, and see what it amounts to."""
    operator.configure(-1 if quiet else verbose)
    with reporting():
        from scenarios.commands.running import interruptible, print_summary, watched
        from scenarios.run import Origin
        from scenarios.run import run as run_scenario

        if pace is not None and not 0 < pace < float("inf"):
            raise BadInput(f"--pace {pace}: a pace is a positive number of simulated seconds a second")
        loaded = _load(scenario, seed, overrides)
        if not quiet:
            _say_what_is_in_vain(loaded.scenario)
        origin = Origin(loaded.folder, loaded.script)
        with interruptible(as_json, quiet), watched(quiet or as_json) as watch:
            summary = run_scenario(loaded.scenario, logs, pace, origin, watch)
        print_summary(summary, as_json, quiet)


def check(scenario: ScenarioName, seed: Seed = None, overrides: Overrides = []) -> None:  # noqa: B006
    """Read a scenario and its data, and say what is wrong, without running it."""
    from scenarios.class_shares import class_shares
    from scenarios.run import Origin, prepare
    from scenarios.vain import beyond, slow

    with reporting():
        loaded = _load(scenario, seed, overrides)
        _, world, _ = prepare(loaded.scenario, Origin(loaded.folder, loaded.script))
        scene = loaded.scenario.completed()
        classes, shown = class_shares(world), 10
        more = " ..." if len(classes) > shown else ""
        OUT.print(f"{escape(scene.name)} is fine", highlight=False)
        OUT.print(
            f"  {len(world.items):,} items in the pool, {len(world.seeds):,} with known labels, "
            f"{len(world.held_out_labels):,} held out; {len(classes)} classes: {escape(', '.join(classes[:shown]))}{more}",
            highlight=False,
            soft_wrap=True,
        )
        for group in scene.annotators:
            OUT.print(f"  {group.size:,} x {escape(group.name)}", highlight=False)
        _say_what_is_in_vain(loaded.scenario)
        for sentence in [*beyond(loaded.scenario, world), *slow(scene, world)]:
            remark(sentence)


def study(
    study: Annotated[str, typer.Argument(help="A study file (.toml), or a name of the library.")],
    seeds: Annotated[int | None, typer.Option(help="Runs of each point of the grid.", min=1)] = None,
    jobs: Annotated[int, typer.Option(help="Processes; -1 for as many as there are cores.", min=-1)] = -1,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; left out, studies/NAME.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as one JSON list.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no table.")] = False,
) -> None:
    """Run a grid of dials times seeds; write a tidy table, and show means with their intervals."""
    from scenarios.failures import failures
    from scenarios.grid import write_rows
    from scenarios.loading import find
    from scenarios.study.design import read_design
    from scenarios.study.execution import results_of, run_design
    from scenarios.study.table import show_study

    operator.configure(-1)
    with reporting():
        design = read_design(find(study, (".toml",)), seeds)
        runs = len(design.points) * design.file.seeds
        progress = track(run_design(design, jobs or 1), design.name, runs, console=ERR, disable=quiet or as_json)
        table = (out or Path("studies") / design.name) / "results.csv"
        results = results_of(design, [])
        rows = write_rows(progress, [*results.columns, "curve"], table)
        results = results_of(design, rows)
        if as_json:
            print(json.dumps(rows))
        elif not quiet:
            show_study(results, OUT)
            OUT.print(f"{len(rows):,} runs: {escape(str(table))}", soft_wrap=True, highlight=False)
        for sentence in failures(rows):
            remark(sentence)
        if all(row["error"] for row in rows):
            raise BadInput(f"{study}: every run failed")


def _load(name: str, seed: int | None, overrides: list[str]) -> "Loaded":
    from scenarios.loading import find, load
    from scenarios.paths import parse_override

    settings: dict[str, Any] = dict(map(parse_override, overrides))
    if seed is not None:
        settings["seed"] = seed
    return load(find(name), settings)


def _say_what_is_in_vain(scenario: "Scenario") -> None:
    from scenarios.unmoved import unmoved
    from scenarios.vain import untrained

    for sentence in [*unmoved(scenario.coordination.policy, scenario.annotators), *untrained(scenario.completed())]:
        remark(sentence)
