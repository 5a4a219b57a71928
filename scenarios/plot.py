"""A line in a terminal, drawn in letters."""

from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

_STROKES = "⣀⠤⠒⠉"
"""A quarter of a text line each, from the bottom: they make a line four times as smooth as letters would."""
_MARGIN = 8
"""Letters left of the line: the figures of its axis, and the axis."""


def plot(
    points: Sequence[tuple[float, float]],
    title: str,
    ends: tuple[str, str],
    width: int = 32,
    height: int = 9,
    form: str = ".3f",
) -> list[Text]:
    """Draw a line through points, as lines of text.

    Args:
        points: one or more, x ascending.
        title: what stands above it.
        ends: what stands below it, at its left and at its right.
        width, height: size of the plot in letters, without its axes.
        form: how the least and the greatest value are written, in six letters or less.
    """
    first, last = points[0][0], points[-1][0]
    values = _values(points, [first + (last - first) * column / (width - 1) for column in range(width)])
    low, high = min(values), max(values)
    rows = [[" "] * width for _ in range(height)]
    for column, value in enumerate(values):
        level = round((value - low) / (high - low) * (4 * height - 1)) if high > low else 2 * height
        rows[height - 1 - level // 4][column] = _STROKES[level % 4]
    lines = [Text(title, style="dim")]
    for number, row in enumerate(rows):
        mark = format(high, form) if number == 0 else format(low, form) if number == height - 1 else ""
        lines.append(Text.assemble((f"{mark:>{_MARGIN - 2}} ", "dim"), ("│", "dim"), ("".join(row), "green")))
    lines.append(Text(f"{'':>{_MARGIN - 1}}└{'─' * width}", style="dim"))
    left, right = ends
    lines.append(Text(f"{'':>{_MARGIN}}{left:<{width // 2}}{right:>{width - width // 2}}", style="dim"))
    return lines


def _values(points: Sequence[tuple[float, float]], places: Sequence[float]) -> list[float]:
    """Return the values at places, ascending, on the lines between the points around them."""
    if len(points) == 1:
        return [points[0][1]] * len(places)
    found, pairs = [], pairwise(points)
    before, after = next(pairs)
    for place in places:
        while place > after[0]:
            following = next(pairs, None)
            if following is None:
                break
            before, after = following
        share = min(1.0, (place - before[0]) / (after[0] - before[0])) if after[0] > before[0] else 1.0
        found.append(before[1] + share * (after[1] - before[1]))
    return found
