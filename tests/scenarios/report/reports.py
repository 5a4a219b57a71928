"""A report with everything in it that a report may have, and texts that are out for trouble."""

import numpy as np
from matplotlib.figure import Figure

from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.inks import FAINT, SHADES, line

EVIL = '<script>alert(1)</script> "><img src=x onerror=alert(2)> $x_1$ \x1b[31m \u202eabc \ud800 & %'
SHOWN = '<script>alert(1)</script> "><img src=x onerror=alert(2)> $x_1$ \\x1b[31m \\u202eabc \\ud800 & %'


def whole() -> Report:
    """Return the report."""
    rows = tuple((f"policy {number}", "0.876 ± 0.012", "1,234", EVIL) for number in range(40))
    return Report(
        f"A study: {EVIL}", EVIL, ("At 20 % noise, weighted reaches 0.874 ± 0.012.", EVIL), ("2 of 120 runs failed.", EVIL),
        (
            Section("Curves", ("Means over seeds.", EVIL), (
                Picture("curves", f"Accuracy over labels. {EVIL}", curves, f"Accuracy rises. {EVIL}"),
                Picture("shades", "Two dials.", shades, "Accuracy falls from left to right."),
            )),
            Section(EVIL, (), (
                Picture("work", "Who worked when.", work, "All work.", wide=True),
                Picture("dots", "Answers.", dots, "5,000 dots."),
            )),
            Section("Tables", (), (
                Table(EVIL, ("policy", "accuracy", "labels", EVIL), rows, (1, 2)), Table("", ("a", "b"), (("x", "1"),), (1,)),
            )),
        ),
    )  # fmt: skip


def curves() -> Figure:
    figure = Figure(figsize=(4.4, 3.2), layout="constrained")
    axes, at = figure.add_subplot(), np.arange(0, 300, 15)
    for number in range(8):
        ink, height = line(number), 0.9 - 0.4 * np.exp(-at / (40 + 20 * number))
        axes.plot(at, height, color=ink.color, marker=ink.marker, linestyle=ink.dashes, label=f"{number} {EVIL[:20]}")
        axes.fill_between(at, height - 0.02, height + 0.02, color=ink.color, alpha=0.15, linewidth=0)
    axes.axhline(0.85, color=FAINT)
    axes.legend(ncol=2)
    axes.set(xlabel="labels", ylabel=EVIL, title=EVIL)
    return figure


def shades() -> Figure:
    figure = Figure(figsize=(4.4, 3.2), layout="constrained")
    axes = figure.add_subplot()
    figure.colorbar(axes.imshow(np.arange(25).reshape(5, 5), cmap=SHADES))
    axes.set_xticks(range(5), ["ann", EVIL, "\x00", "$", "日本"], rotation=30)
    return figure


def work() -> Figure:
    figure = Figure(figsize=(9, 3), layout="constrained")
    axes = figure.add_subplot()
    for row in range(6):
        axes.broken_barh([(3 * number, 1.5) for number in range(50)], (row - 0.4, 0.8), color=line(row).color)
    axes.set_yticks(range(6), [f"ann-{row}" for row in range(5)] + [EVIL])
    return figure


def dots() -> Figure:
    figure = Figure(figsize=(4.4, 3.2), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(np.geomspace(1, 1e5, 5000), np.linspace(0, 1, 5000) ** 2, s=4, color=line(0).color)
    axes.set_xscale("log")
    return figure
