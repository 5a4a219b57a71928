"""What a calibration amounts to, in figures: for programs, and for people on one screen."""

from typing import Any

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.inference.answers import Floats, Indices
from bus.duration import format_duration
from scenarios.aggregation.names import printable, shortened
from scenarios.crowds.calibration import Calibrated
from scenarios.history.phrases import counted

_QUANTILES = {"p5": 0.05, "p50": 0.5, "p95": 0.95}
_FAMILIES = 4
_EFFECT = 60
"""Columns for a sentence."""

Fact = tuple[str, str]


def record(found: Calibrated) -> dict[str, Any]:
    """Return a calibration as JSON holds it: what is not known is null."""
    crowd, log, times, sessions = found.crowd, found.log, found.times, found.sessions
    return {
        "people": len(crowd.people),
        "answers": len(log.table),
        "items": len(log.table.items),
        "classes": [*crowd.classes],
        "known": log.known,
        "declined": log.declined,
        "accuracy": quantiles(found.accuracy),
        "load": {**quantiles(crowd.load), "busiest_tenth": busiest(crowd.load)},
        "communities": [float(share) for share in crowd.communities.weight],
        "item_effect": {
            "spread": typical_spread(found), "power": crowd.effect.power, "skew": crowd.effect.skew,
            "distractor": crowd.effect.distractor if len(crowd.classes) > 2 else None,
        },
        "repeat": crowd.repeat,
        "kappa_real": found.real.kappa,
        "kappa_simulated": found.simulated.kappa,
        "phi_real": found.real.phi,
        "phi_simulated": found.simulated.phi,
        "phi_alone": found.alone.phi,
        "work_times": None if times is None else {
            "median": times.typical, "people": times.spread, "items": times.items, "practice": times.practice,
            "best": times.families[0].name, "within": times.within[0].name, "page": times.page,
            "aic": {each.name: each.aic for each in times.families},
            "aic_within": {each.name: each.aic for each in times.within},
            "distance": times.distance, "chance": times.chance,
        },
        "sessions": None if sessions is None else {
            "answers": sessions.answers_typical, "seconds": sessions.length, "pause": _known(sessions.pause_typical),
            "peak": sessions.peak if log.midnight is not None else None,
            "swing": sessions.swing if log.midnight is not None else None,
        },
        "lacking": [*found.lacking],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def quantiles(values: Floats | Indices) -> dict[str, float]:
    """Return the median of some values, and between what nine of ten lie."""
    return {name: float(np.quantile(values, share)) for name, share in _QUANTILES.items()}


def busiest(load: Indices) -> float:
    """Return what share of the answers the busiest tenth of the people gave."""
    most = np.sort(load)[::-1]
    return float(most[: max(1, round(len(most) / 10))].sum() / max(1, most.sum()))


def typical_spread(found: Calibrated) -> float:
    """Return by how much a standard deviation of ease raises the log odds of a right answer, in the mean over answers."""
    spread, prior = np.abs(found.people.spread), found.crowd.prior / found.crowd.prior.sum()
    return float(found.crowd.load @ (spread @ prior) / max(1, found.crowd.load.sum()))


def show_calibration(name: str, found: Calibrated, console: Console) -> None:
    """Print what was learnt of a crowd, and what could not be.

    Args:
        name: what the answers are called.
        found: the crowd.
        console: where to.
    """
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column()
    for what, value in facts_of(found):
        facts.add_row(Text(what), Text(value))
    parts: list[RenderableType] = [facts]
    if found.times is not None:
        parts += [Text(), _families(found)]
    if found.lacking:
        parts += [Text(), Text("not learnt", style="bold"), *(Text(f"- {printable(each)}") for each in found.lacking)]
    title = Text(f"{shortened(printable(name), _EFFECT)}: a crowd of {len(found.crowd.people):,}")
    console.print(Panel(Group(*parts), title=title, title_align="left", padding=(0, 2)))


def facts_of(found: Calibrated) -> list[Fact]:
    """Return what there is to say, each in a line."""
    crowd, log = found.crowd, found.log
    right, load = quantiles(found.accuracy), quantiles(crowd.load)
    known = f"true class known of {log.known:,}" if log.known else "true class known of none"
    busy = f"median {load['p50']:.0f} a person, the busiest tenth gave {busiest(crowd.load):.0%}"
    facts = [
        ("people", f"{len(crowd.people):,}"),
        ("answers", f"{len(log.table):,}; {busy}"),
        ("items", f"{len(log.table.items):,} of {counted(len(crowd.classes), 'class').replace('classs', 'classes')}; {known}"),
        ("accuracy", f"5 % of people below {right['p5']:.0%}, half below {right['p50']:.0%}, 5 % above {right['p95']:.0%}"),
        ("kinds of people", _kinds(crowd.communities.weight)),
        ("items differ", _effect(found)),
        ("agreement", _beside("kappa", found.real.kappa, found.simulated.kappa, found.alone.kappa)),
    ]
    if log.known:
        facts.append(("errors together", _beside("phi", found.real.phi, found.simulated.phi, found.alone.phi)))
    if crowd.repeat > 0:
        facts.append(("asked again", f"{crowd.repeat:.0%} repeat what they said, without thinking anew"))
    return [*facts, *_times(found), *_sessions(found)]


def _kinds(weight: Floats) -> str:
    shares = ", ".join(f"{share:.0%}" for share in weight)
    return f"{len(weight)}, with {shares} of the people" if len(weight) > 1 else "one"


def _effect(found: Calibrated) -> str:
    effect = found.crowd.effect
    if not found.people.spread.any():
        return "no effect of items beyond chance"
    skew = "as many easy as hard ones" if effect.skew == 0 else f"a tail of hard ones (skewness {effect.skew:g})"
    told = f"log odds of the truth fall by {typical_spread(found):.2f} on an item that is harder by a standard deviation; {skew}"
    wrong = f"; a distractor gains {effect.distractor:.0%} of that" if len(found.crowd.classes) > 2 else ""
    return told + wrong


def _beside(what: str, real: float | None, simulated: float | None, alone: float | None) -> str:
    if real is None or simulated is None or alone is None:
        return f"{what} is not defined: too few answered what others did, or all answered alike"
    return f"{what} {real:.3f}; of the crowd as fitted {simulated:.3f}; if items made no difference {alone:.3f}"


def _times(found: Calibrated) -> list[Fact]:
    times = found.times
    if times is None:
        return []
    page = f", {times.page:.1f} answers a page" if times.page > 1.001 else ""
    facts = [
        ("work time", f"median {format_duration(times.typical)}; log differs by {times.spread:.2f} between people{page}"),
        ("", f"KS distance of simulated ones {times.distance:.3f} (two simulations: {times.chance:.3f})"),
    ]
    if times.practice > 0:
        facts.append(("practice", f"log time falls by {times.practice:.3f} for each unit of the log of the answers given"))
    return facts


def _sessions(found: Calibrated) -> list[Fact]:
    sessions = found.sessions
    if sessions is None:
        return []
    back = f", then away for {format_duration(sessions.pause_typical)}" if np.isfinite(sessions.pause_typical) else ""
    return [("sessions", f"{sessions.answers_typical:.0f} answers, {format_duration(sessions.length)}{back} (medians)")]


def _families(found: Calibrated) -> RenderableType:
    times = found.times
    assert times is not None
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for head, justify in (("all times", "left"), ("AIC", "right"), ("of one person on one item", "left"), ("AIC", "right")):
        table.add_column(Text(head), justify=justify)  # type: ignore[arg-type]
    for one, other in zip(times.families[:_FAMILIES], times.within[:_FAMILIES], strict=False):
        table.add_row(Text(one.name), f"{one.aic:.3f}", Text(other.name), f"{other.aic:.3f}")
    return table
