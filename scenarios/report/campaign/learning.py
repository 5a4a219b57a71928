"""The learning curve of a run: over labels, over money, and over time."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from agents.coordinator.ledger import MILLIONTHS
from agents.inference.answers import Floats
from scenarios.report.campaign.drawing import HALF, WIDE, figure, in_percent, in_wholes, unit_of, worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.proportion import proportion, wilson
from scenarios.report.campaign.wording import counts, listed, money, percent, span, with_interval
from scenarios.report.document import Picture, Section
from scenarios.report.inks import FAINT, line

_MARKED = 40
"""Versions up to which each is marked by a point."""


def learning(evidence: Evidence) -> Section | None:
    """Return the section, or None where no model was evaluated."""
    curve = evidence.state.curve
    if not curve:
        return None
    last, best, held_out = curve[-1], evidence.summary.best, evidence.held_out
    says = [_last(evidence)]
    if best is not None and best.accuracy > last.accuracy:
        says.append(
            f"The best version, at {counts(best.labels, 'label')}, scored {percent(best.accuracy)}; "
            f"{counts(best.close, 'label')} had been enough to come within one point of it."
        )
    elif best is not None and len(curve) > 1:
        says.append(f"No version was better; {counts(best.close, 'label')} had been enough to come within one point of it.")
    band = "" if held_out is None else f" Band: 95 % intervals (Wilson) of {counts(held_out, 'held-out item')}, version by version."
    caption = f"Accuracy on held-out items over labels, money and time.{band}"
    if evidence.state.advice:
        rules = listed([worded(each.rule, 30) for each in evidence.state.advice])
        caption += f" Vertical lines: stop rules fired, in order of time {rules}."
    alt = f"Learning curve of {counts(len(curve), 'version')}, from {percent(curve[0].accuracy)} to {percent(last.accuracy)}."
    wide = len(_horizontals(evidence)) > 1
    return Section("Learning curve", tuple(says), (Picture("learning-curve", caption, lambda: _draw(evidence), alt, wide),))


def _last(evidence: Evidence) -> str:
    last, held_out, counted = evidence.state.curve[-1], evidence.held_out, evidence.counted
    if held_out is None:
        score = percent(last.accuracy)
    else:
        score = f"{with_interval(proportion(round(last.accuracy * held_out), held_out))} of {counts(held_out, 'held-out item')}"
    cost = f", {money(last.cost / MILLIONTHS)} spent" if last.cost else ""
    when, versions = span(last.time / 1e6, counted), counts(len(evidence.state.curve), "version")
    return (
        f"The last of {versions} was trained on {counts(last.labels, 'label')}, {when} into the "
        f"campaign{cost}, and gets {score} right; its macro F1 is {last.macro_f1:.3f}, its log loss {last.log_loss:.3f} nats."
    )


def _horizontals(evidence: Evidence) -> list[tuple[str, Floats, list[float]]]:
    """Return the panels: what each is over, where the versions stand there, and where stop rules fired."""
    curve, advice = evidence.state.curve, evidence.state.advice
    unit = unit_of(evidence.end, evidence.counted)
    found = [("labels", np.array([each.labels for each in curve], float), [float(each.labels) for each in advice])]
    if curve[-1].cost:
        cost = np.array([each.cost for each in curve]) / MILLIONTHS
        found.append(("money spent", cost, [each.cost / MILLIONTHS for each in advice]))
    time = np.array([each.time for each in curve]) / unit.microseconds
    if not evidence.counted:
        found.append((unit.name, time, [each.time / unit.microseconds for each in advice]))
    return found


def _draw(evidence: Evidence) -> Figure:
    panels = _horizontals(evidence)
    drawn = figure(WIDE if len(panels) > 1 else HALF, 2.8)
    accuracy, held_out = np.array([each.accuracy for each in evidence.state.curve]), evidence.held_out
    for number, (axes, (name, at, fired)) in enumerate(
        zip(drawn.subplots(1, len(panels), sharey=True, squeeze=False)[0], panels, strict=True)
    ):
        _panel(axes, at, accuracy, held_out)
        for place in fired:
            axes.axvline(place, color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        axes.set_xlabel(name)
        if name == "labels":
            in_wholes(axes)
        axes.grid(axis="y")
        if number == 0:
            axes.set_ylabel("accuracy, held-out items")
            in_percent(axes)
    return drawn


def _panel(axes: Axes, at: Floats, accuracy: Floats, held_out: int | None) -> None:
    ink = line(0)
    if held_out is not None:
        low, high = wilson(np.round(accuracy * held_out), np.full(len(accuracy), float(held_out)))
        if len(at) > 1:
            axes.fill_between(at, low, high, color=ink.color, alpha=0.22, linewidth=0)
        else:
            axes.vlines(at, low, high, color=ink.color, linewidth=1)
    marker = ink.marker if len(at) <= _MARKED else ""
    axes.plot(at, accuracy, color=ink.color, marker=marker, markersize=3.5, linewidth=1.4)
    axes.set_xmargin(0.02)
