"""What people see of a trial: real figures beside simulated ones, and how far they are apart."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.annotator.calibration.fidelity import Figures
from scenarios.aggregation.names import printable, shortened
from scenarios.crowds.log import Log
from scenarios.crowds.trial import Trial
from scenarios.history.phrases import counted

_SHOWN = 6
"""Points of the curve that are shown."""
_NAME = 50


class Bounds(NamedTuple):
    """How far off a trial may be: percentage points, but for kappa and the distance of times, from 0 to 1; None for any."""

    mae: float | None = None
    worst: float | None = None
    kappa: float | None = None
    gain: float | None = None
    times: float | None = None


def broken(trial: Trial, bounds: Bounds) -> list[str]:
    """Return what is further off than it may be; what is not known is."""
    kappa = abs(trial.simulated(lambda figures: figures.kappa) - trial.real(lambda figures: figures.kappa))
    gain = 100 * abs(trial.simulated(lambda figures: figures.gain) - trial.real(lambda figures: figures.gain))
    times = float("nan") if trial.times is None else trial.times.distance
    found = []
    for what, value, bound, unit in (
        ("the curve's mean error", trial.curve_mae, bounds.mae, " points"),
        ("the curve's largest error", trial.curve_worst, bounds.worst, " points"),
        ("the error of kappa", kappa, bounds.kappa, ""),
        ("the error of the gain", gain, bounds.gain, " points"),
        ("the distance of work times", times, bounds.times, ""),
    ):
        if bound is not None and not value <= bound:
            shown = "not known" if np.isnan(value) else f"{value:.3g}{unit}"
            found.append(f"{what} is {shown}, more than {bound:g}" if not np.isnan(value) else f"{what} is {shown}")
    return found


def show_trial(name: str, log: Log, trial: Trial, console: Console) -> None:
    """Print a trial.

    Args:
        name: what the answers are called.
        log: the log.
        trial: what was tried.
        console: where to.
    """
    about = f"{counted(len(log.table.items), 'item')}, {log.known:,} of known truth; {len(log.table.people):,} people, "
    about += f"{len(log.table):,} answers; {counted(len(trial.tests), 'test')}, {counted(trial.simulations, 'simulation')}"
    parts: list[RenderableType] = [Text(f"{trial.how}\n{about}"), Text(), _figures(trial), Text(), Text(_curve(trial))]
    if trial.halves is not None:
        halves = trial.halves
        told = "no worse" if halves.no_worse else "worse"
        parts.append(
            Text(
                f"the other half itself, taken as a prediction, is off by {halves.real.mean():.2f} points; "
                f"the crowd is off by {halves.difference:+.2f} ± {2 * halves.error:.2f} more: {told}"
            )
        )
    title = Text(f"{shortened(printable(name), _NAME)}: fidelity")
    console.print(Panel(Group(*parts), title=title, title_align="left", padding=(0, 2)))


def _curve(trial: Trial) -> str:
    where = ""
    if len(trial.tests) == 1:
        within = trial.tests[0].within
        where = f"; the real curve is {'as' if within else 'not as'} 19 of 20 simulated ones are"
    return f"the curve is off by {trial.curve_mae:.2f} points in the mean, by {trial.curve_worst:.2f} at worst{where}"


def _figures(trial: Trial) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for head in ("", "real", "simulated", "off by"):
        table.add_column(Text(head), justify="left" if not head else "right", no_wrap=True)
    real, simulated = trial.curves()
    for at in np.unique(np.geomspace(1, trial.most, _SHOWN).round().astype(int)).tolist():
        name = "1 vote is right" if at == 1 else f"majority of {at} is right"
        _row(table, name, real[at - 1], simulated[at - 1], "points")
    rows: list[tuple[str, Callable[[Figures], float], str]] = [
        ("majority of all is right", lambda figures: figures.majority, "points"),
        ("gain of Dawid-Skene", lambda figures: figures.gain, "points"),
        ("unanimous items", lambda figures: figures.unanimous, "points"),
        ("spread of accuracies", lambda figures: figures.spread, "points"),
        ("Fleiss' kappa", lambda figures: figures.kappa, ""),
    ]
    for name, figure, unit in rows:
        _row(table, name, trial.real(figure), trial.simulated(figure), unit)
    if trial.times is not None:
        told = f"KS {trial.times.distance:.3f}"
        table.add_row(Text("work times"), "", Text(told), Text(f"({trial.times.chance:.3f} by chance)"))
    return table


def _row(table: Table, name: str, real: float, simulated: float, unit: str) -> None:
    if np.isnan(real) or np.isnan(simulated):
        table.add_row(Text(name), Text("not defined"))
    elif unit:
        table.add_row(Text(name), f"{real:.1%}", f"{simulated:.1%}", f"{100 * (simulated - real):+.2f} {unit}")
    else:
        table.add_row(Text(name), f"{real:.3f}", f"{simulated:.3f}", f"{simulated - real:+.3f}")
