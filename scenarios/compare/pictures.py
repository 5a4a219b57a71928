"""A picture of a comparison: differences, with their intervals, measure by measure."""

import textwrap
import warnings
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scenarios.aggregation.names import printable
from scenarios.compare.verdict import Comparison, Difference
from scenarios.gallery.frame import BLUE, GREY, ORANGE, png_of, style, svg_of
from scenarios.measures.measure import Measure
from scenarios.measures.unit import SHARE, TIME

_COLOURS = {"real": BLUE, "not yet": ORANGE, "the same": GREY}
_WORDS = {"real": "blue", "not yet": "orange", "the same": "grey"}
_COLUMNS = 3
_LETTERS = 30
"""Letters below a panel, in a line."""
_SPANS = ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


def draw(comparison: Comparison, suffix: str) -> bytes:
    """Return a picture with a panel for each measure that is not the same in all runs: differences from the first policy.

    Args:
        comparison: what came of a contest.
        suffix: ".svg" or ".png".
    """
    shown = [measure for measure in comparison.measures() if comparison.value(measure) is None]
    with style(), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box, and that is that.
        warnings.simplefilter("ignore", UserWarning)
        figure = _figure(comparison, shown)
        return svg_of(figure) if suffix == ".svg" else png_of(figure)


def _figure(comparison: Comparison, shown: Sequence[Measure]) -> Figure:
    names = [each.name for each in comparison.standings[1:]]
    columns = max(1, min(_COLUMNS, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    figure = Figure(figsize=(1.2 + 2.7 * columns, rows * (1.0 + 0.3 * len(names))), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False).flatten()
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    for axes, measure in zip(panels, shown, strict=False):
        _panel(axes, [each for each in comparison.differences if each.measure is measure], names)
    verdicts = {each.verdict for each in comparison.differences if each.measure in shown}
    words = ", ".join(f"{colour}: {verdict}" for verdict, colour in _WORDS.items() if verdict in verdicts)
    figure.suptitle(_plain(f"difference from {comparison.against}{'; ' if words else ''}{words}"), fontsize=9, color=GREY)
    return figure


def _panel(axes: Axes, differences: Sequence[Difference], names: Sequence[str]) -> None:
    measure = differences[0].measure
    scale, unit = _unit(measure, differences)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for each in differences:
        if not each.paired.pairs:
            continue
        place, mean = names.index(each.name), each.paired.mean * scale
        colour = _COLOURS[each.verdict]
        if each.half_width > 0:
            axes.plot([each.low * scale, each.high * scale], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt")
        axes.plot([mean], [place], "o", color=colour, markersize=4)
    label = textwrap.fill(f"{measure.title}{f', {unit}' if unit else ''}", _LETTERS)
    axes.set(xlabel=label, ylim=(len(names) - 0.5, -0.5))
    axes.set_yticks(range(len(names)), [_plain(name) for name in names])
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+,.6g}" if value else "0"))


def _unit(measure: Measure, differences: Sequence[Difference]) -> tuple[float, str]:
    """Return what figures are multiplied with, and the unit that they are in then."""
    if measure.unit is TIME:
        longest = max((abs(each.paired.mean) for each in differences if each.paired.pairs), default=0.0)
        seconds, name = next((span for span in _SPANS if longest >= span[0]), _SPANS[-1])
        return 1 / seconds, name
    return measure.unit.scale, "points" if measure.unit is SHARE else measure.unit.name


def _plain(text: str) -> str:
    """Return a text on one line, never taken for a formula."""
    return printable(text).replace("$", r"\$")
