"""Pictures of a fitted crowd beside the real one: what was seen, and between what it would lie by chance."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, PercentFormatter
from scipy.stats import beta

from agents.annotator.calibration.fidelity import Fidelity
from agents.inference.answers import Floats
from scenarios.aggregation.names import cut, printable
from scenarios.crowds.calibration import Calibrated
from scenarios.crowds.sampled import Sampled
from scenarios.report.inks import FAINT, SHADES, line

_REAL, _FITTED = line(0).color, line(1).color
"""Inks of the real crowd and of the fitted one, which are told apart by their marks too."""

_DOTS = 1000
"""People shown as dots at most: of more, every so many-th."""
_CLASSES = 12
"""Classes that are named along a matrix."""
_NAME = 12
_POINTS = 400
_WIDE = 300
"""Ratio from which on an axis has a number for each power of ten only."""


def votes(axes: Axes, *tests: Fidelity) -> None:
    """Draw how often the majority of so many votes is right, in each test."""
    for place, found in enumerate(tests):
        at, alone = found.votes, len(tests) == 1
        label = "" if place else "fitted crowd"
        if alone:
            axes.fill_between(at, *found.simulated_band, color=_FITTED, alpha=0.2, linewidth=0, label="19 of 20 simulations")
        axes.plot(at, found.simulated.curve, color=_FITTED, linewidth=1.2, alpha=1.0 if alone else 0.6, label=label)
        bars = np.abs(found.real_band - found.real.curve) if alone or place == 0 else None
        label = "" if place else "real crowd, 95 %"
        axes.errorbar(at, found.real.curve, bars, color=_REAL, fmt="o", markersize=3, linewidth=0.8, label=label)
    axes.set(xlabel="votes", ylabel="accuracy of the majority")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    axes.legend(loc="lower right")


def accuracies(axes: Axes, *tests: Fidelity) -> None:
    """Draw how people's accuracies are spread, in each test."""
    for place, found in enumerate(tests):
        pairs = (found.simulated.accuracies, line(1), "fitted crowd"), (found.real.accuracies, line(0), "real crowd")
        for values, ink, name in pairs:
            height = np.arange(1, len(values) + 1) / max(1, len(values))
            label = "" if place else name
            strength = 1.0 if len(tests) == 1 else 0.6
            axes.step(np.sort(values), height, where="post", color=ink.color, linestyle=ink.dashes, alpha=strength, label=label)
        if len(tests) == 1:
            _band(axes, found.real.accuracies)
    axes.set(xlabel="accuracy of a person, by the answers", ylabel="share of people below", ylim=(0, 1.02))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    axes.legend(loc="upper left")


def _band(axes: Axes, values: Floats) -> None:
    """Draw between what a distribution function of so many lies (Dvoretzky, Kiefer and Wolfowitz, 1956; Massart, 1990)."""
    if len(values):
        height = np.arange(1, len(values) + 1) / len(values)
        low, high = np.clip([height - width_of(len(values)), height + width_of(len(values))], 0, 1)
        axes.fill_between(np.sort(values), low, high, step="post", color=_REAL, alpha=0.15, linewidth=0, label="95 %")


def width_of(number: int) -> float:
    """Return by how much an empirical distribution function of so many may be off, with a probability of 95 %."""
    return float(np.sqrt(np.log(2 / 0.05) / (2 * number)))


def alike(axes: Axes, sampled: Sampled) -> None:
    """Draw how items differ: on how many all are right, or half, or none; or all of one mind, if nothing says what is right."""
    real, mean, low, high = sampled.alike
    at = np.linspace(0, 1, len(real))
    axes.bar(at, real, width=0.8 / len(real), color=_REAL, alpha=0.75, label="real crowd")
    axes.errorbar(at, mean, [mean - low, high - mean], color=_FITTED, fmt="o", markersize=3, linewidth=1, label="fitted, 19 of 20")
    said = "are right" if sampled.fidelity is not None else "say what most say"
    axes.set(xlabel=f"share of an item's answers that {said}", ylabel="share of items")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    axes.legend(loc="upper left")


def people(axes: Axes, found: Calibrated) -> None:
    """Draw everybody's accuracy beside their load, with intervals of 95 %."""
    right, wrong = right_and_wrong(found)
    some = np.flatnonzero(right + wrong > 0)
    some = some[:: max(1, -(-len(some) // _DOTS))]
    load, share = found.crowd.load[some], found.accuracy[some]
    low, high = beta.ppf([[0.025], [0.975]], right[some] + 1, wrong[some] + 1)
    axes.vlines(load, low, high, color=FAINT, linewidth=0.6)
    axes.plot(load, share, "o", color=_FITTED, markersize=3, alpha=0.8)
    axes.set(xlabel="answers of a person", ylabel="accuracy", ylim=(-0.02, 1.02))
    _by_ratio(axes)
    axes.set_title("dots: as fitted; lines: 95 % by their answers alone", fontsize=8)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def right_and_wrong(found: Calibrated) -> tuple[Floats, Floats]:
    """Return how many right and wrong answers each person gave, as far as is known or expected; shape (people,) each."""
    counts = found.crowd.counts
    right = np.einsum("pkk->p", counts)
    return right, counts.sum(axis=(1, 2)) - right


def confusion(axes: Axes, found: Calibrated) -> None:
    """Draw what the crowd as a whole takes for what."""
    crowd = found.crowd
    load = np.maximum(crowd.load, 1e-9)
    matrix = np.einsum("p,pkl->kl", load, found.people.confusion) / load.sum()
    axes.imshow(matrix, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    names = [name_of(each) for each in crowd.classes[:_CLASSES]]
    if len(crowd.classes) <= _CLASSES:
        for (row, column), value in np.ndenumerate(matrix):
            colour = "white" if value < 0.5 else "black"
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=7)
    long = max(map(len, names)) > 3
    axes.set_xticks(range(len(names)), names, rotation=30 if long else 0, ha="right" if long else "center")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="answer", ylabel="truth")


def name_of(label: object) -> str:
    """Return a class as a picture names it: short, and on one line."""
    return cut(printable(label), _NAME)


def times(axes: Axes, sampled: Sampled) -> None:
    """Draw the distribution functions of work times."""
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    real = np.maximum(np.quantile(sampled.real_times, share), 0.1)
    simulated = np.maximum(np.quantile(sampled.simulated_times, share), 0.1)
    width = width_of(len(sampled.real_times))
    axes.fill_between(real, np.clip(share - width, 0, 1), np.clip(share + width, 0, 1), color=_REAL, alpha=0.2, linewidth=0)
    axes.plot(real, share, color=_REAL, label="real crowd")
    axes.plot(simulated, share, color=_FITTED, linestyle=line(1).dashes, label="fitted crowd")
    axes.set(xlabel="seconds an answer", ylabel="share of answers below", ylim=(0, 1.02))
    _by_ratio(axes)
    axes.legend(loc="lower right")


def speeds(axes: Axes, found: Calibrated) -> None:
    """Draw everybody's median time beside their accuracy."""
    assert found.times is not None
    some = np.flatnonzero(found.times.answers > 0)
    some = some[:: max(1, -(-len(some) // _DOTS))]
    axes.plot(found.times.median[some], found.accuracy[some], "o", color=_FITTED, markersize=3, alpha=0.7)
    axes.set(xlabel="median seconds of a person", ylabel="accuracy", ylim=(-0.02, 1.02))
    _by_ratio(axes)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def leaving(axes: Axes, found: Calibrated) -> None:
    """Draw how many leave after the first, second, ... answer of a session, with 95 % intervals."""
    assert found.sessions is not None
    hazard = found.sessions.hazard
    at = np.arange(1, len(hazard) + 1)
    reached = found.sessions.sessions.sum() * np.concatenate([[1.0], np.cumprod(1 - hazard)[:-1]])
    left = hazard * reached
    low, high = beta.ppf([[0.025], [0.975]], left + 0.5, reached - left + 0.5)
    axes.fill_between(at, low, high, color=_REAL, alpha=0.2, linewidth=0)
    axes.plot(at, hazard, color=_REAL, linewidth=1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="answer of a session", ylabel="share of people who leave after it", ylim=(0, None))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))


def hours(axes: Axes, found: Calibrated) -> None:
    """Draw at which hours answers are begun."""
    assert found.sessions is not None
    axes.bar(range(24), found.sessions.hours, color=_REAL, width=0.8)
    axes.set(xlabel="hour of the day", ylabel="share of answers", xticks=[0, 6, 12, 18])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))


def _by_ratio(axes: Axes) -> None:
    """Let equal ratios be equally far apart, with as many numbers along the axis as there is room for."""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    steps = (1.0, 2.0, 5.0) if high / low < _WIDE else (1.0,)
    axes.xaxis.set_major_locator(LogLocator(10, subs=steps))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
