"""Results of studies of every shape, that nobody ran."""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from scenarios.study.results import Results
from scenarios.study.variation import Sample, Settings
from tests.scenarios.study.made import made_curve, made_results, made_row

HOSTILE = (
    "$x_1$ & <script>alert(1)</script>",
    "a name that goes on and on, as names of components with many dials may do",
    "{}%s\\n\x07",
    "ü 漢字 🙂 \u202e reversed",
)

POLICY, SIZE, ACCURACY = "coordination.policy", "coordination.policy.size", "annotators.crowd.noise.accuracy"
STRATEGY = "selector.strategy"


def luck(seed: int, *what: object) -> float:
    """Return a draw that goes with a seed and whatever else is named."""
    return float(np.random.default_rng([seed, *(zlib.crc32(repr(each).encode()) for each in what)]).normal())


def run(quality: float, cost: float, hours: float, seed: int, *what: object) -> dict[str, Any]:
    """Return the figures of a run about as good, as dear and as long as that."""
    final = quality + 0.01 * luck(seed, *what)
    return {
        "accuracy": final, "macro_f1": final - 0.02, "label_accuracy": min(1.0, final + 0.03), "labels": 80, "cost": cost,
        "simulated_seconds": 3600 * hours, "answers": int(10 * cost), "stopped_by": "labels",
        "curve": made_curve(final, 0.4, price=cost / 80, pace=45 * hours),
    }  # fmt: skip


def kinds(count: int) -> list[Any]:
    return [{"kind": f"strategy-{number}"} for number in range(count)]


def number_of(settings: Settings) -> int:
    value: Any = settings[STRATEGY]
    return int(value["kind"].rpartition("-")[2])


def strategies(count: int = 4, places: int = 3, seeds: int = 4, **more: Any) -> Results:
    """Return a study of so many strategies over so many data sets; the later, the better, the dearer and the faster."""

    def figures(settings: Settings, seed: int) -> dict[str, Any]:
        at = number_of(settings)
        return run(0.6 + 0.03 * (at % 5), 10.0 + at, 10 - at / 10, seed, at, settings.get("data.source"))

    data = [{"kind": name} for name in ("digits", "news", "wine", "iris", "covtype", "letters")[:places]]
    vary = {STRATEGY: kinds(count), **({"data.source": data} if data else {})}
    return made_results(vary, figures, seeds=seeds, **more)


def numbers(seeds: int = 4, **more: Any) -> Results:
    """Return a study of two dials that are numbers."""

    def figures(settings: Settings, seed: int) -> dict[str, Any]:
        size, accuracy = float(str(settings[SIZE])), float(str(settings[ACCURACY]))
        return run(0.3 + 0.5 * accuracy + 0.02 * size, 5 * size, 5, seed, size, accuracy)

    return made_results({SIZE: [1, 3, 5], ACCURACY: [0.6, 0.7, 0.8, 0.9]}, figures, seeds=seeds, **more)


def three_dials() -> Results:
    """Return a study of a component and two dials that are numbers."""

    def figures(settings: Settings, seed: int) -> dict[str, Any]:
        size, accuracy = float(str(settings[SIZE])), float(str(settings[ACCURACY]))
        return run(0.3 + 0.4 * accuracy + 0.02 * size + 0.01 * number_of(settings), 5 * size, 5, seed, str(settings))

    return made_results({STRATEGY: kinds(3), SIZE: [1, 3], ACCURACY: [0.6, 0.7, 0.9]}, figures, seeds=3)


def sampled(points: int = 64) -> Results:
    """Return a study of points drawn from the ranges of two dials, with one of two policies each."""
    policies = [{"kind": "majority", "size": size} for size in (1, 3)]
    dials = {ACCURACY: {"low": 0.5, "high": 1.0}, "annotators.crowd.count": {"low": 1, "high": 100, "log": True, "whole": True}}
    drawn = Sample.model_validate({"points": points, "dials": {**dials, POLICY: policies}}).drawn()
    rows = [
        made_row(at, each, seed, run(0.4 + 0.5 * float(str(each[ACCURACY])), 10, 5, seed, at))
        for at, each in enumerate(drawn)
        for seed in range(3)
    ]
    return Results(
        "sampled", "quickstart.toml", tuple(drawn[0]), tuple(drawn), "accuracy", POLICY, None, None, None, 3, tuple(rows)
    )  # fmt: skip


def failing(fails: Callable[[Settings, int], bool]) -> Results:
    """Return a study some runs of which failed."""

    def figures(settings: Settings, seed: int) -> dict[str, Any] | str:
        return "ValueError: <b>no</b> & nothing" if fails(settings, seed) else run(0.7, 10, 5, seed, number_of(settings))

    return made_results({STRATEGY: kinds(3), "data.source": [{"kind": "digits"}, {"kind": "news"}]}, figures, seeds=4)


def precise() -> Results:
    """Return a study whose points have different seeds, as one that asked for a precision has."""
    whole = strategies(3, 0, 8, precision=0.005)
    return whole._replace(rows=tuple(row for row in whole.rows if row["seed"] < 4 + 2 * row["point"]))


def hostile() -> Results:
    """Return a study in which every name is one that breaks what it can."""

    def figures(settings: Settings, seed: int) -> dict[str, Any]:
        value: Any = settings[STRATEGY]
        return run(0.6 + 0.03 * value["x"], 10 + value["x"], 5, seed, str(settings))

    levels = [{"kind": name, "x": at} for at, name in enumerate(HOSTILE)]
    return made_results(
        {STRATEGY: levels, "annotators.<b>$.noise": [HOSTILE[0], HOSTILE[3], True]}, figures, seeds=3, name=HOSTILE[0]
    )


def of_labels(measure: str = "label_accuracy") -> Results:
    """Return a study of policies without a learner."""

    def figures(settings: Settings, seed: int) -> dict[str, Any]:
        value: Any = settings[POLICY]
        size = value["size"]
        figures = run(0.7 + 0.04 * size, 2 * size + 0.1 * luck(seed, size), size, seed, size)
        return {**figures, "accuracy": None, "macro_f1": None, "curve": None}

    return made_results({POLICY: [{"kind": "majority", "size": size} for size in (1, 3, 5)]}, figures, seeds=4, measure=measure)


SHAPES: dict[str, Callable[[], Results]] = {
    "strategies over data": lambda: strategies(target=0.65),
    "one dial, no number": lambda: strategies(4, 0),
    "one dial, a number": lambda: made_results(
        {ACCURACY: [0.6, 0.7, 0.9]}, lambda s, k: run(float(str(s[ACCURACY])), 10, 5, k, str(s))
    ),
    "two numbers": numbers,
    "three dials": three_dials,
    "a shoot-out": lambda: strategies(37, 6, 2),
    "a sample": sampled,
    "one point": lambda: made_results({}, lambda settings, seed: run(0.8, 10, 5, seed)),
    "one point, one seed": lambda: made_results({}, lambda settings, seed: run(0.8, 10, 5, seed), seeds=1),
    "one seed": lambda: strategies(4, 2, 1, target=0.65),
    "a target that nobody reaches": lambda: strategies(3, 0, 3, target=0.99),
    "every run failed": lambda: failing(lambda settings, seed: True),
    "half failed": lambda: failing(lambda settings, seed: (seed + number_of(settings)) % 2 == 0),
    "a level failed": lambda: failing(lambda settings, seed: number_of(settings) == 1),
    "the baseline failed": lambda: failing(lambda settings, seed: number_of(settings) == 0),
    "no run yet": lambda: strategies()._replace(rows=()),
    "seeds of different numbers": precise,
    "hostile names": hostile,
    "no learner": of_labels,
    "about money": lambda: of_labels("cost"),
    "about time": lambda: of_labels("simulated_seconds"),
    "all runs alike": lambda: made_results({STRATEGY: kinds(3), SIZE: [1, 3, 5]}, lambda settings, seed: run(0.8, 10, 5, 0)),
}
