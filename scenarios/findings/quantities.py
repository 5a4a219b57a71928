"""Quantities: what levels are compared by: figures of runs, areas under their learning curves, and what a target took."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scenarios.findings.curves import AXES, curves_at, learnt
from scenarios.grid import Row
from scenarios.measures.measure import LESS_IS_BETTER, Measure, measure_of
from scenarios.measures.unit import MONEY, NUMBER, TIME, Unit
from scenarios.statistics.curves import area, common_span, reach
from scenarios.statistics.savings import horizon, restricted
from scenarios.study.results import Place, Results

FURTHER = ("accuracy", "macro_f1", "label_accuracy", "cost", "simulated_seconds", "labels", "answers")
"""Figures that every study tells of, beside its own."""


class Quantity(NamedTuple):
    """Something that levels are compared by.

    Attributes:
        key: its name for programs: a figure's, or "area_" or "target_" with "labels", "cost" or "simulated_seconds" after it.
        measure: its title, unit and wording. Of areas and targets, `figure` is None for every run: they go by whole places.
        greater_is_better: whether more of it is better.
        values: of each point, by seed; without runs that failed or have none. Areas are means over the stretch that all runs of a
            place have in common, and what a target took is counted up to where all runs of a place are known to have got.
        grains: of each point, the least by which two such figures can differ; 0 where nobody knows.
        tried: of each point, the seeds that it was run with, whatever came of them.
    """

    key: str
    measure: Measure
    greater_is_better: bool
    values: tuple[dict[int, float], ...]
    grains: tuple[float, ...]
    tried: tuple[frozenset[int], ...]


def quantities(results: Results) -> list[Quantity]:
    """Return by what the levels of a study can be compared: its own measure first, then curves and targets, then what it took.

    Only what some run has is among them. Of seeds run twice at a point, there is none.
    """
    keys = [results.measure, *(key for key in FURTHER if key != results.measure)]
    own, *further = [_figure(results, key) for key in keys]
    found = [own, *_areas(results), *_targets(results), *further]
    tried = seeds_tried(results)
    return [each._replace(tried=tried) for each in found if any(each.values)]


def quantity(found: Sequence[Quantity], key: str) -> Quantity | None:
    """Return the quantity of that name; None if no run has it."""
    return next((each for each in found if each.key == key), None)


def seeds_tried(results: Results) -> tuple[frozenset[int], ...]:
    """Return for each point the seeds that it was run with, whatever came of them."""
    found: list[set[int]] = [set() for _ in results.points]
    for row in results.rows:
        found[row["point"]].add(row["seed"])
    return tuple(map(frozenset, found))


def _figure(results: Results, key: str) -> Quantity:
    measure = measure_of(key)
    values: list[dict[int, float]] = []
    grains: list[float] = []
    for point in range(len(results.points)):
        some = {row["seed"]: (row, measure.figure(row)) for row in results.of(point)}
        values.append({seed: float(value) for seed, (_, value) in some.items() if value is not None})
        grains.append(_grain(measure, results.of(point), values[-1]))
    return Quantity(key, measure, key not in LESS_IS_BETTER, tuple(values), tuple(grains), ())


def _grain(measure: Measure, rows: Sequence[Row], values: dict[int, float]) -> float:
    if measure.grain is not None:
        return max((measure.grain(row) for row in rows), default=0.0)
    different = sorted({*values.values()})
    return min((after - before for before, after in pairwise(different)), default=0.0)


def _areas(results: Results) -> Iterator[Quantity]:
    """Yield the areas under the learning curves, over labels, money and time."""
    judged = measure_of(learnt(results))
    for axis in AXES:
        values: list[dict[int, float]] = [{} for _ in results.points]
        for place in results.places():
            curves = {point: curves_at(results, point, axis.key) for _, point in place.members}
            span = common_span([curve for each in curves.values() for curve in each.values()])
            if span is not None:
                for point, each in curves.items():
                    values[point] = {seed: area(curve, *span) for seed, curve in each.items()}
        measure = Measure(
            f"area_{axis.key}", f"{judged.title}, mean over {axis.title}", judged.unit, _none, None,
            f"{judged.more} on the way, over {axis.title}", f"{judged.less} on the way, over {axis.title}",
        )  # fmt: skip
        better = judged.key not in LESS_IS_BETTER
        yield Quantity(measure.key, measure, better, tuple(values), (0.0,) * len(values), ())


_TARGETS: dict[str, tuple[Unit, str, str, str]] = {
    "labels": (NUMBER, "reaches {target} with {{}} more labels", "reaches {target} with {{}} fewer labels",
               "takes {{}} times as many labels to reach {target}"),
    "cost": (MONEY, "reaches {target} for {{}} more", "reaches {target} for {{}} less",
             "takes {{}} times the money to reach {target}"),
    "simulated_seconds": (TIME, "reaches {target} {{}} later", "reaches {target} {{}} sooner",
                          "takes {{}} times as long to reach {target}"),
}  # fmt: skip


def _targets(results: Results) -> Iterator[Quantity]:
    """Yield what a target takes, in labels, money and time, where some run reaches it."""
    if results.target is None:
        return
    judged = measure_of(learnt(results))
    target = judged.unit.written(results.target, judged.unit.fineness([results.target], []))
    told = f"{target}{' %' if judged.unit.name == '%' else ''}"
    for axis in AXES:
        values: list[dict[int, float]] = [{} for _ in results.points]
        for place in results.places():
            _fill(values, results, place, axis.key)
        unit, more, less, multiple = _TARGETS[axis.key]
        measure = Measure(
            f"target_{axis.key}", f"{axis.title} to reach {told}", unit, _none, None,
            more.format(target=told), less.format(target=told), multiple.format(target=told),
        )  # fmt: skip
        yield Quantity(measure.key, measure, False, tuple(values), (0.0,) * len(values), ())


def _fill(values: list[dict[int, float]], results: Results, place: Place, axis: str) -> None:
    assert results.target is not None
    better = learnt(results) not in LESS_IS_BETTER
    reaches = {
        point: {seed: reach(curve, results.target, better) for seed, curve in curves_at(results, point, axis).items()}
        for _, point in place.members
    }
    every = [each for found in reaches.values() for each in found.values()]
    if all(each.at is None for each in every):
        return
    limit = horizon(every)
    for point, found in reaches.items():
        values[point] = dict(zip(found, restricted([*found.values()], limit), strict=True))


def _none(row: Row) -> float | None:
    return None
