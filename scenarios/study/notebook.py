"""What a notebook shows of the results of a study."""

import math

from scenarios.findings.names import names
from scenarios.measures.measure import measure_of
from scenarios.notebook import table
from scenarios.statistics.estimate import Estimate
from scenarios.study.called import settings_called
from scenarios.study.results import Results

_POINTS = 50
"""Points that are shown."""
_FIGURES = ("label_accuracy", "labels", "cost", "simulated_seconds")
"""Figures that are shown beside the study's own measure, where they differ between runs."""


def results_in_html(results: Results) -> str:
    """Return a table with a line a point: the mean of each figure over its runs, and half its 95 % interval."""
    keys = [results.measure, *(key for key in _FIGURES if key != results.measure and _differs(results, key))]
    called = names(results)
    settings = settings_called(results, called)
    columns = [_column(results, key) for key in keys]
    shown = range(min(len(results.points), _POINTS))
    rows = []
    for point in shown:
        levels = [each[point] for each in settings.values()]
        rows.append([*levels, str(len(results.of(point))), *(column[point] for column in columns)])
    head = [*(called.dials[path] for path in settings), "runs", *(_title(key) for key in keys)]
    return table(_caption(results), head, rows, len(settings))


def _differs(results: Results, key: str) -> bool:
    return len({row[key] for row in results.good} - {None}) > 1


def _title(key: str) -> str:
    measure = measure_of(key)
    return f"{measure.title}, {measure.unit.name}" if measure.unit.name else measure.title


def _column(results: Results, key: str) -> list[str]:
    unit, means = measure_of(key).unit, results.estimates(key)
    digits = unit.fineness([mean for mean, _ in means if math.isfinite(mean)], [half for _, half in means])

    def written(each: Estimate) -> str:
        half = f" \u00b1 {unit.written(each.half_width, digits)}" if each.half_width > 0 else ""
        return "-" if math.isnan(each.mean) else unit.written(each.mean, digits) + half

    return [written(each) for each in means]


def _caption(results: Results) -> str:
    more = len(results.points) - _POINTS
    cut = f"; the first {_POINTS:,} of {len(results.points):,} points" if more > 0 else ""
    return f"{results.brief()}; means with 95 % intervals{cut}"
