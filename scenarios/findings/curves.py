"""Curves: the learning curves of a study, point by point, over labels, money and simulated time."""

from typing import NamedTuple

from scenarios.measures.measure import LESS_IS_BETTER
from scenarios.statistics.curves import GRID, Curve, MeanCurve, Reach, curve_of, mean_curve, reach
from scenarios.statistics.savings import Savings, savings
from scenarios.study.results import CURVE, Results

JUDGED = ("accuracy", "macro_f1", "log_loss")
"""The figures that a learning curve has."""


class Axis(NamedTuple):
    """Over what a learning curve goes.

    Attributes:
        key: its column in CURVE.
        title: for people.
        steps: whether a figure holds until the next point. Money and time go on while a model is in use; over labels, a curve tells
            what so many labels would have taught.
    """

    key: str
    title: str
    steps: bool


AXES = (Axis("labels", "labels", False), Axis("cost", "money", True), Axis("simulated_seconds", "simulated time", True))
"""Over what learning curves go."""


def learnt(results: Results) -> str:
    """Return the figure of learning curves that a study is about: its measure, or the model's accuracy."""
    return results.measure if results.measure in JUDGED else "accuracy"


def curves_at(results: Results, point: int, axis: str, figure: str | None = None) -> dict[int, Curve]:
    """Return the learning curves of a point's runs, by seed; without runs that failed or learnt nothing.

    Args:
        results: of the study.
        point: number of the point.
        axis: "labels", "cost" or "simulated_seconds".
        figure: one of JUDGED; None for the study's.
    """
    steps = next(each.steps for each in AXES if each.key == axis)
    x, y = CURVE.index(axis), CURVE.index(figure or learnt(results))
    found = {
        row["seed"]: curve_of([each[x] for each in row["curve"]], [each[y] for each in row["curve"]], steps)
        for row in results.of(point)
        if row["curve"]
    }
    return {seed: curve for seed, curve in found.items() if curve is not None}


def mean_curve_at(results: Results, point: int, axis: str, figure: str | None = None, grid: int = GRID) -> MeanCurve | None:
    """Return the mean learning curve of a point, with its band; None if there is no curve. Arguments: see `curves_at`."""
    curves = curves_at(results, point, axis, figure)
    return mean_curve([*curves.values()], grid) if curves else None


def reaches_at(results: Results, point: int, axis: str, target: float) -> dict[int, Reach]:
    """Return when the runs of a point reach a target of the study's figure, by seed. Arguments: see `curves_at`."""
    better = learnt(results) not in LESS_IS_BETTER
    return {seed: reach(curve, target, better) for seed, curve in curves_at(results, point, axis).items()}


def savings_at(results: Results, point: int, other: int, axis: str, target: float) -> Savings:
    """Return what a point saves beside another on the way to a target, in labels, money or seconds.

    Args:
        results: of the study.
        point, other: numbers of the points.
        axis: "labels", "cost" or "simulated_seconds".
        target: of the study's figure.
    """
    return savings(reaches_at(results, point, axis, target), reaches_at(results, other, axis, target))
