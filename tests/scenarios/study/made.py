"""Results of studies that nobody ran: hand-made, for tests of what is said of them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from scenarios.grid import Row
from scenarios.study.results import FIGURES, VERSIONS, Results
from scenarios.study.variation import Settings

Figures = Callable[[Settings, int], dict[str, Any] | str]
"""Returns the figures of a run, by its settings and seed; `curve` may be among them. A text is the error of a run that failed."""


def made_row(point: int, settings: Settings, seed: int, figures: dict[str, Any] | str) -> Row:
    """Return a row of results; figures that are not given are None."""
    error = figures if isinstance(figures, str) else None
    given: dict[str, Any] = {} if isinstance(figures, str) else figures
    return {
        "point": point,
        **settings,
        "seed": seed,
        **dict.fromkeys(FIGURES),
        "curve": None,
        **given,
        "error": error,
        "log": None,
        "scenario": f"{point:08x}{seed:08x}",
        "data_digest": None,
        **dict.fromkeys(VERSIONS, "1.0"),
    }


def made_results(
    vary: Mapping[str, Sequence[Any]],
    figures: Figures,
    *,
    seeds: int = 10,
    measure: str = "accuracy",
    compared: str | None = None,
    against: Any = None,
    target: float | None = None,
    precision: float | None = None,
    name: str = "made",
) -> Results:
    """Return the results of a full grid of which every run has the figures that a function says.

    Args:
        vary: the values of each dial, by path; none of them for a study that varies nothing.
        figures: see Figures.
        seeds: runs of each point.
        compared: as a study has it; None for the first dial with several values.
        measure, against, target, precision, name: as a study has them.
    """
    points: list[Settings] = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
    rows = [made_row(at, each, seed, figures(each, seed)) for at, each in enumerate(points) for seed in range(seeds)]
    several = [path for path, values in vary.items() if len(values) > 1]
    return Results(
        name=name,
        scenario="quickstart.toml",
        dials=tuple(vary),
        points=tuple(points),
        measure=measure,
        compared=compared or next(iter(several), None),
        against=against,
        target=target,
        precision=precision,
        seeds=seeds,
        rows=tuple(rows),
    )


def made_curve(
    final: float, start: float = 0.5, labels: Sequence[float] = (10, 20, 40, 80), price: float = 0.1, pace: float = 60.0
) -> list[list[float]]:
    """Return a learning curve that rises from one accuracy to another, as half of what is left each time.

    Args:
        final: the accuracy of the last point.
        start: that of the first.
        labels: of each point.
        price: of a label.
        pace: simulated seconds a label.
    """
    share = [1 - 0.5**at for at in range(len(labels))]
    accuracies = [start + (final - start) * each / (share[-1] or 1) for each in share]
    return [
        [count, accuracy, accuracy, 1 - accuracy, price * count, pace * count]
        for count, accuracy in zip(labels, accuracies, strict=True)
    ]
