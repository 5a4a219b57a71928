"""`parley fidelity`: how well a fitted crowd predicts the real one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markup import escape

from scenarios.commands.aggregate import enough_memory
from scenarios.commands.answers import AnswersFile, Duration, Form, Label, Start, Task, Worker
from scenarios.commands.calibrate import Classes, TruthFile, check_seed, read_crowd_log, steps
from scenarios.commands.options import AsJson, Quiet
from scenarios.errors import BadInput
from scenarios.reporting import DIFFERENT, ERR, OUT, complain, reporting

if TYPE_CHECKING:
    from scenarios.crowds.trial import Trial

HeldOut = Annotated[
    Literal["items", "people"] | None,
    typer.Option(help="Fit to half of the items, or of the people, and test on the others; left out, on what it was fitted to."),
]
Afresh = Annotated[bool, typer.Option("--afresh", help="Draw other people from those who were fitted, load and skill together.")]
Gold = Annotated[
    int | None, typer.Option(help="Fit with the truth of so many items only, drawn at random; all of it judges.", min=0)
]
Simulations = Annotated[int | None, typer.Option(help="Simulations of each test; left out, enough.", min=2, max=10_000)]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw the curves: .png or .svg.", metavar="FILE")]
Seed = Annotated[int, typer.Option(help="Seed of all that is drawn.", min=0)]
Mae = Annotated[float | None, typer.Option("--max-mae", help="Points that the curve may be off by in the mean, or exit 1.", min=0)]
Worst = Annotated[float | None, typer.Option("--max-worst", help="Points that the curve may be off by at worst.", min=0)]
Kappa = Annotated[float | None, typer.Option("--max-kappa", help="By how much kappa may be off.", min=0)]
Gain = Annotated[float | None, typer.Option("--max-gain", help="Points that the gain of Dawid-Skene may be off by.", min=0)]
Times = Annotated[float | None, typer.Option("--max-times", help="How far apart work times may be (KS distance).", min=0)]

SUFFIXES = (".png", ".svg")


def fidelity(
    answers: AnswersFile,
    truth: TruthFile = None,
    held_out: HeldOut = None,
    afresh: Afresh = False,
    gold: Gold = None,
    simulations: Simulations = None,
    plot: Plot = None,
    max_mae: Mae = None,
    max_worst: Worst = None,
    max_kappa: Kappa = None,
    max_gain: Gain = None,
    max_times: Times = None,
    classes: Classes = None,
    form: Form = None,
    task: Task = None,
    worker: Worker = None,
    label: Label = None,
    start: Start = None,
    duration: Duration = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say how well a fitted crowd predicts the real one: majorities, agreement, people and work times."""
    from scenarios.aggregation.tables import check_target
    from scenarios.answers.table import Columns
    from scenarios.crowds.verdict import Bounds, broken

    silent = quiet or as_json or not ERR.is_terminal
    with reporting(), enough_memory():
        check_seed(seed)
        chosen = [name for name, given in (("--held-out", held_out), ("--afresh", afresh), ("--gold", gold is not None)) if given]
        if len(chosen) > 1:
            raise BadInput(f"{' and '.join(chosen)}: these are trials of their own; choose one")
        if plot is not None:
            check_target("--plot", plot, answers, truth, suffixes=SUFFIXES)
        with steps(silent) as step:
            log = read_crowd_log(answers, truth, Columns(task, worker, label, start, duration), form, classes, step, quiet)
            step("fitting and simulating")
            from scenarios.crowds.trial import try_crowd

            trial = try_crowd(log, "population" if afresh else held_out, gold, seed, simulations)
            if plot is not None:
                step(f"drawing {plot.name}")
                _draw(trial, plot)
        if as_json:
            from scenarios.crowds.trial import record

            print(json.dumps(record(trial), allow_nan=False))
        elif not quiet:
            from scenarios.crowds.verdict import show_trial

            show_trial(answers.name, log, trial, OUT)
            if plot is not None:
                OUT.print(f"plot: {escape(str(plot))}", soft_wrap=True, highlight=False)
        missed = broken(trial, Bounds(max_mae, max_worst, max_kappa, max_gain, max_times))
        for each in missed:
            complain(each)
        if missed:
            raise typer.Exit(DIFFERENT)


def _draw(trial: "Trial", plot: Path) -> None:
    from scenarios.crowds import pictures
    from scenarios.gallery.frame import framed
    from scenarios.replacement import replacement
    from scenarios.report.files import picture_file

    panels = (lambda axes: pictures.votes(axes, *trial.tests), lambda axes: pictures.accuracies(axes, *trial.tests))
    content = picture_file(
        lambda: framed(*panels, width=4.2, height=3.2), "Real and fitted crowd, votes and accuracies.", plot.suffix
    )
    with replacement(plot) as file:
        file.write(content)
