"""The overview of a study: its measure at every point, in the figure that suits what was varied."""

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from scenarios.findings.quantities import Quantity
from scenarios.report.document import Picture
from scenarios.report.pictures.clouds import Cloud, Dot, clouds
from scenarios.report.pictures.dots import Plot, Spot, dots
from scenarios.report.pictures.heat import Map, Sides, heat
from scenarios.report.pictures.strips import Strip, strips
from scenarios.report.pictures.trends import Axis, Field, Trend, trends
from scenarios.report.study.scale import CLIPPED, Scale, scale_of
from scenarios.report.study.view import View
from scenarios.statistics.estimate import Estimate, estimate

_LINES = 8
"""Series that one panel shows, at most: so many are told apart."""

_PANELS = 12
"""Panels of a figure, at most."""

_STRIPS, _CELLS, _CLOUDS = 60, 100, 9
"""Rows of a figure of strips, rows or columns of a heat map, and dials of a figure of clouds, at most."""

_RATIO = 30
"""Ratio of the greatest to the least value of a dial from which on it is shown by ratios."""

_PARTS = 6
"""Parts of equal size of a sample, whose means are its trend."""

BARS = "Bars are 95 % intervals of means (Student's t)."


class Told(NamedTuple):
    """The measure at each point, in the unit of its axis."""

    scale: Scale
    means: tuple[Estimate, ...]

    def at(self, point: int) -> tuple[float, float, float]:
        """Return a point's mean and its interval; NaN where nobody knows."""
        mean, half = self.means[point]
        return mean, *self.scale.bounded(mean - half, mean + half)

    @property
    def bars(self) -> str:
        """What the caption says of intervals."""
        ends = [(mean - half, mean + half) for mean, half in self.means if math.isfinite(half)]
        return BARS + (CLIPPED if any(self.scale.bounded(*each) != each for each in ends) else "")


def told(found: Quantity) -> Told:
    """Return a quantity at each point, as axes show it."""
    means = [estimate([*values.values()]) for values in found.values]
    scale = scale_of(found.measure, [each.mean for each in means])
    return Told(scale, tuple(Estimate(mean * scale.factor, half * scale.factor) for mean, half in means))


def overview(view: View) -> list[Picture]:
    """Return the figures of a study's measure: one that suits its dials, and a heat map where two of them have several values."""
    own = view.own
    if own is None:
        return []
    figures, dials = told(own), view.results.told()
    if view.sampled:
        return [_clouds(view, own, figures)]
    if len(dials) < 2 and not (dials and _by_number(view, dials[0])):
        return [*_strips(view, own, figures)]
    across, series = _axes(view, dials)
    panels = _panels(view, [path for path in dials if path not in (across, series)])
    few = series is None or len(view.results.levels(series)) <= _LINES
    found: list[Picture] = []
    if few and len(panels) <= _PANELS:
        draw = _trends if _by_number(view, across) else _dots
        found.append(draw(view, figures, across, series, panels))
    return [*found, *_heats(view, figures, dials, bool(found))]


def _by_number(view: View, path: str) -> bool:
    return view.numbers(path) is not None and len(view.results.levels(path)) > 2


def _axes(view: View, dials: Sequence[str]) -> tuple[str, str | None]:
    """Return the dial that goes across, a number if there is one, and the one whose levels are series."""
    if len(dials) == 1:
        return dials[0], None
    compared = view.results.compared
    others = [path for path in dials if path != compared]
    numeric = [path for path in others if _by_number(view, path)]
    if not numeric and compared is not None and compared in dials and _by_number(view, compared):
        return compared, others[0]
    across = max(numeric or others, key=lambda path: len(view.results.levels(path)))
    return across, compared if compared in dials else next(path for path in dials if path != across)


def _panels(view: View, paths: Sequence[str]) -> dict[str, list[int]]:
    """Return the points of each panel, by its title."""
    found: dict[str, list[int]] = {}
    for point in range(len(view.results.points)):
        found.setdefault(view.title(point, paths), []).append(point)
    return found


def _series(view: View, point: int, series: str | None) -> str:
    if series is None:
        return ""
    if series == view.results.compared:
        level = view.seats[point].level
        assert level is not None
        return view.found.names.compared[level]
    return view.title(point, [series])


def _trends(view: View, figures: Told, across: str, series: str | None, panels: dict[str, list[int]]) -> Picture:
    values = sorted(view.numbers(across) or [])
    fields = []
    for title, points in panels.items():
        lines: dict[str, list[int]] = {}
        for point in points:
            lines.setdefault(_series(view, point, series), []).append(point)
        fields.append(Field(title, tuple(_trend(view, figures, name, each, across, values) for name, each in lines.items())))
    log = values[0] > 0 and values[-1] / values[0] >= _RATIO
    axis = Axis(view.found.names.dials[across], tuple(values), log)
    caption = f"{_capital(figures.scale.title)}, over {axis.name}{_by(view, series)}. {figures.bars}"
    return Picture("overview", caption, partial(trends, fields, axis, figures.scale.title), _alt(view, figures), wide=True)


def _trend(view: View, figures: Told, name: str, points: Sequence[int], across: str, values: Sequence[float]) -> Trend:
    at = {values.index(float(str(view.results.points[point][across]))): figures.at(point) for point in points}
    places = sorted(at)
    mean, low, high = zip(*(at[place] for place in places), strict=True)
    return Trend(name, tuple(places), mean, low, high)


def _dots(view: View, figures: Told, across: str, series: str | None, panels: dict[str, list[int]]) -> Picture:
    plots = [
        Plot(title, tuple(Spot(view.setting(point, across), _series(view, point, series), *figures.at(point)) for point in points))
        for title, points in panels.items()
    ]
    caption = f"{_capital(figures.scale.title)}, for each {view.found.names.dials[across]}{_by(view, series)}. {figures.bars}"
    return Picture(
        "overview",
        caption,
        partial(dots, plots, figures.scale.title, view.found.names.dials[across]),
        _alt(view, figures),
        wide=True,
    )


def _by(view: View, series: str | None) -> str:
    return f", by {view.found.names.dials[series]}" if series is not None else ""


def _strips(view: View, own: Quantity, figures: Told) -> list[Picture]:
    if len(view.results.points) > _STRIPS:
        return []
    rows = [
        Strip(view.name(point), tuple(each * figures.scale.factor for each in own.values[point].values()), *figures.at(point))
        for point in range(len(view.results.points))
        if own.values[point]
    ]
    caption = f"{_capital(figures.scale.title)}: each faint dot is a run. The mark is their mean. {figures.bars}"
    return [Picture("overview", caption, partial(strips, rows, figures.scale.title), _alt(view, figures), wide=True)]


def _heats(view: View, figures: Told, dials: Sequence[str], beside: bool) -> list[Picture]:
    """Return a heat map of two dials, a panel for each setting of the others; or of the compared one and all places."""
    compared = view.results.compared
    down = compared if compared is not None and compared in dials else dials[0]
    rest = sorted((path for path in dials if path != down), key=lambda path: -len(view.results.levels(path)))
    if not rest or (beside and len(dials) == 2 and min(len(view.results.levels(path)) for path in dials) < 3):
        return []
    panels = _panels(view, rest[1:])
    size = max(len(view.results.levels(path)) for path in (down, rest[0]))
    if len(panels) > _PANELS or size > _CELLS:
        return []
    rows, columns = _ordered(view, down, figures), _ordered(view, rest[0])
    maps = []
    for title, points in panels.items():
        values = np.full((len(rows), len(columns)), math.nan)
        for point in points:
            values[rows.index(view.setting(point, down)), columns.index(view.setting(point, rest[0]))] = figures.means[point].mean
        maps.append(Map(title, values))
    names = view.found.names.dials
    sides = Sides(names[down], tuple(rows), names[rest[0]], tuple(columns))
    digits = _digits([each.mean for each in figures.means])
    caption = f"{_capital(figures.scale.title)}, over {sides.row} and {sides.column}: means over seeds. Lighter cells have more."
    return [Picture("heat-map", caption, partial(heat, maps, sides, digits), _alt(view, figures), wide=True)]


def _ordered(view: View, path: str, figures: Told | None = None) -> list[str]:
    """Return the names of a dial's values: in the order of the numbers that they are, or else that of the study.

    Many that are no numbers stand in the order of their means, by the figures given, the best first.
    """
    numbers, names = view.numbers(path), view.found.names.levels[path]
    if numbers is not None:
        return [name for _, name in sorted(zip(numbers, names, strict=True))]
    if figures is None or len(names) <= _LINES:
        return names
    means: dict[str, list[float]] = {name: [] for name in names}
    for point, each in enumerate(figures.means):
        if math.isfinite(each.mean):
            means[view.setting(point, path)].append(each.mean)
    sign = -1 if view.own is not None and view.own.greater_is_better else 1
    return sorted(names, key=lambda name: sign * math.fsum(means[name]) / len(means[name]) if means[name] else math.inf)


def _digits(values: Sequence[float]) -> int:
    known = [value for value in values if math.isfinite(value)]
    spread = max(known, default=1.0) - min(known, default=0.0)
    return min(4, max(0, 2 - math.floor(math.log10(spread)))) if 0 < spread < 100 else 0 if spread else 1


def _clouds(view: View, own: Quantity, figures: Told) -> Picture:
    names, dials = view.found.names.dials, view.results.told()
    numeric = [path for path in dials if _by_number(view, path)]
    # The dials that matter most come first; there may be more than a page shows.
    order = [each.dial for each in view.found.effects]
    numeric.sort(key=lambda path: order.index(path) if path in order else -1)
    series = next((path for path in dials if path not in numeric and len(view.results.levels(path)) <= _LINES), None)
    kinds = view.found.names.levels[series] if series is not None else []
    every = [_cloud(view, figures, path, series, kinds) for path in numeric[:_CLOUDS]]
    more = f" The {_CLOUDS} dials that matter most are shown." if len(numeric) > _CLOUDS else ""
    by = f", by {names[series]}" if series is not None else ""
    caption = (
        f"{_capital(figures.scale.title)}, over each dial{by}: a dot is the mean of a point over its seeds. The line joins the "
        f"means of up to {_PARTS} parts of the sample, as many points in each; its band is their 95 % interval over points.{more}"
    )
    draw = partial(clouds, every, figures.scale.title, kinds)
    return Picture("overview", caption, draw, _alt(view, figures), wide=True)


def _cloud(view: View, figures: Told, path: str, series: str | None, kinds: Sequence[str]) -> Cloud:
    found = []
    for point, settings in enumerate(view.results.points):
        number = 0 if series is None else kinds.index(view.setting(point, series))
        if math.isfinite(figures.means[point].mean):
            found.append(Dot(float(str(settings[path])), figures.means[point].mean, number))
    found.sort()
    parts = [[found[at] for at in each] for each in np.array_split(np.arange(len(found)), min(_PARTS, max(1, len(found) // 5)))]
    trend = []
    for part in parts if len(parts) > 1 else []:
        mean, half = estimate([dot.y for dot in part])
        trend.append((float(np.median([dot.x for dot in part])), mean, mean - half, mean + half))
    log = bool(found) and found[0].x > 0 and found[-1].x / found[0].x >= _RATIO
    return Cloud(view.found.names.dials[path], tuple(found), tuple(trend), log)


def _alt(view: View, figures: Told) -> str:
    """Return the least and the greatest mean, and where they are."""
    known = [point for point, each in enumerate(figures.means) if math.isfinite(each.mean)]
    low, high = (pick(known, key=lambda point: figures.means[point].mean) for pick in (min, max))
    title, digits = figures.scale.title, _digits([figures.means[point].mean for point in known])
    if len(known) == 1:
        return f"{_capital(title)}: {figures.means[low].mean:.{digits}f}."
    return (
        f"{_capital(title)}, from {figures.means[low].mean:.{digits}f} for {view.name(low)} to "
        f"{figures.means[high].mean:.{digits}f} for {view.name(high)}."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
