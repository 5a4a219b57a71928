"""`parley run` and `check`: a campaign."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from scenarios import operator
from scenarios.commands.options import AsJson, Overrides, Quiet, ScenarioName, Seed, Verbose, Watch
from scenarios.errors import BadInput
from scenarios.reporting import OUT, remark, reporting

if TYPE_CHECKING:
    from scenarios.loading import Loaded
    from scenarios.scenario import Scenario


def run(
    scenario: ScenarioName,
    seed: Seed = None,
    overrides: Overrides = [],  # noqa: B006 (typer reads it, and nobody writes it)
    logs: Annotated[Path, typer.Option(help="Folder of the event log.")] = Path("logs"),
    pace: Annotated[float | None, typer.Option(help="Simulated seconds a real second; left out, as fast as it goes.")] = None,
    watch: Watch = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Run a campaign: watch it, and see what it amounts to."""
    operator.configure(-1 if quiet else verbose)
    with reporting():
        from scenarios.commands.running import interruptible, print_summary, refuse_both, watched
        from scenarios.run import Origin
        from scenarios.run import run as run_scenario

        if pace is not None and not 0 < pace < float("inf"):
            raise BadInput(f"--pace {pace}: a pace is a positive number of simulated seconds a second")
        refuse_both(watch, quiet)
        loaded = _load(scenario, seed, overrides)
        if not quiet:
            _say_what_is_in_vain(loaded.scenario)
        origin = Origin(loaded.folder, loaded.script)
        with interruptible(as_json, quiet), watched(quiet or as_json, watch) as on_start:
            summary = run_scenario(loaded.scenario, logs, pace, origin, on_start)
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
