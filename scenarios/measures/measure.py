"""What runs are compared by: each figure of a run, in what unit, and how a difference is put into words."""

from collections.abc import Callable
from typing import NamedTuple

from scenarios.grid import Row
from scenarios.measures.unit import LOSS, MONEY, NUMBER, RATE, SHARE, TIME, Unit

FIGURES = (
    "stopped_by", "labels", "given_up", "accuracy", "label_accuracy", "answers", "positions", "cost",
    "simulated_seconds", "right_to_wrong", "wrong_to_right", "wrong_to_wrong",
)  # fmt: skip
"""Fields of a run's summary that a comparison goes by."""


class Measure(NamedTuple):
    """Something that policies are compared by.

    Attributes:
        key: its name for programs.
        title: its name for people.
        unit: what it is measured in.
        figure: returns it for a run, None if there is nothing to measure.
        grain: returns for a run the least by which it could have been another; None if that has to be seen from the figures.
        more, less: what a policy with more of it does, or with less, with a place for how much.
        multiple: what one with many times as much does, with a place for how many times; empty where only differences make sense.
    """

    key: str
    title: str
    unit: Unit
    figure: Callable[[Row], float | None]
    grain: Callable[[Row], float] | None
    more: str
    less: str
    multiple: str = ""


def _field(key: str) -> Callable[[Row], float | None]:
    return lambda row: row[key]


def _per_label(key: str) -> Callable[[Row], float | None]:
    return lambda row: row[key] / row["labels"] if row["labels"] else None


def _one_label(row: Row) -> float:
    return 1 / row["labels"] if row["labels"] else 0.0


def _one(row: Row) -> float:
    return 1.0


def _one_answer(row: Row) -> float:
    return float(row["cost"] / row["answers"]) if row["answers"] else 0.0


def _nothing(row: Row) -> float:
    return 0.0


MEASURES = (
    Measure("accuracy", "accuracy of the model", SHARE, _field("accuracy"), None,
            "is {} points more accurate", "is {} points less accurate"),
    Measure("label_accuracy", "labels right", SHARE, _field("label_accuracy"), _one_label,
            "has {} points more of its labels right", "has {} points fewer of its labels right"),
    Measure("labels", "labels", NUMBER, _field("labels"), _one, "ends with {} more labels", "ends with {} fewer labels"),
    Measure("answers", "answers", NUMBER, _field("answers"), _one,
            "asks for {} more answers", "asks for {} fewer answers", "asks for {} times as many answers"),
    Measure("positions", "positions in negotiations", NUMBER, _field("positions"), _one,
            "hears {} more positions", "hears {} fewer positions", "hears {} times as many positions"),
    Measure("cost", "money", MONEY, _field("cost"), _one_answer, "costs {} more", "costs {} less", "costs {} times as much"),
    Measure("simulated_seconds", "simulated time", TIME, _field("simulated_seconds"), _nothing,
            "takes {} longer", "takes {} less time", "takes {} times as long"),
    Measure("right_to_wrong", "minds changed from right to wrong", RATE, _per_label("right_to_wrong"), _one_label,
            "changes {} more minds an item from right to wrong", "changes {} fewer minds an item from right to wrong"),
    Measure("wrong_to_right", "minds changed from wrong to right", RATE, _per_label("wrong_to_right"), _one_label,
            "changes {} more minds an item from wrong to right", "changes {} fewer minds an item from wrong to right"),
)  # fmt: skip
"""What is compared, in the order in which people want to know."""

LEARNT = (
    Measure("macro_f1", "macro F1 of the model", SHARE, _field("macro_f1"), None,
            "has a macro F1 {} points higher", "has a macro F1 {} points lower"),
    Measure("log_loss", "log loss of the model", LOSS, _field("log_loss"), None,
            "has a log loss higher by {}", "has a log loss lower by {}"),
)  # fmt: skip
"""What else models are judged by."""

LESS_IS_BETTER = frozenset({"log_loss", "cost", "simulated_seconds", "answers", "positions", "right_to_wrong"})
"""The measures of which less is better."""


def measure_of(key: str) -> Measure:
    """Return the measure of that name.

    Raises:
        KeyError: there is none.
    """
    return {each.key: each for each in (*MEASURES, *LEARNT)}[key]
