"""Results of a study in MLflow, where that is installed: a run for the study, and one below it for each point."""

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scenarios.errors import BadInput
from scenarios.findings.names import names
from scenarios.statistics.curves import curve_of, mean_curve
from scenarios.statistics.estimate import Estimate
from scenarios.study.called import settings_called
from scenarios.study.results import CURVE, FIGURES, Results

CURVES = ("accuracy", "macro_f1", "log_loss")
"""What is logged of learning curves."""
MOST_STEPS = 200
"""Numbers of labels at which a mean curve is logged at most."""
_AT_ONCE = 1_000
"""Metrics that MLflow takes at once."""
_LONGEST = 6_000
"""Letters of a parameter that MLflow takes."""

_Step = tuple[str, float, int, int]
"""Name, value, simulated milliseconds, and labels."""


class Tracker:
    """A tracking store of MLflow.

    Args:
        uri: of the store, such as `http://localhost:5000`; None for the one that MLflow is set up for.

    Raises:
        BadInput: MLflow is not installed, or the store cannot be used.
    """

    def __init__(self, uri: str | None) -> None:
        # MLflow tells its makers how it is used, unless somebody says whether it may.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        try:
            from mlflow.exceptions import MlflowException
            from mlflow.tracking import MlflowClient
        except ImportError:
            raise BadInput("MLflow is not installed; `pip install --editable '.[mlflow]'` in Parley's folder installs it") from None
        self._refused = MlflowException
        self._where = "MLflow" if uri is None else f"MLflow, {uri}"
        self._client: Any = self._try(lambda: MlflowClient(uri))
        # Whether it is there is to be known before hours of work.
        self._try(lambda: self._client.search_experiments(max_results=1))

    def log(self, results: Results, experiment: str | None = None) -> str:
        """Log the results of a study, and return the id of its run.

        Each point has a run below that one: its parameters are the dials, its metrics the mean of each figure over its runs, with
        half the 95 % interval beside it, and the mean learning curve, whose steps are labels and whose times are simulated ones,
        from 1970 on.

        Args:
            results: of the study.
            experiment: the name of the experiment; None for the study's.

        Raises:
            BadInput: the store cannot be used.
        """
        return str(self._try(lambda: self._log(results, experiment or results.name)))

    def _try(self, deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except (self._refused, OSError) as error:
            raise BadInput(f"{self._where}: {' '.join(str(error).split()) or type(error).__name__}") from None

    def _log(self, results: Results, name: str) -> str:
        experiment = self._client.get_experiment_by_name(name)
        number = self._client.create_experiment(name) if experiment is None else experiment.experiment_id
        whole = {"scenario": results.scenario, "measure": results.measure, "points": len(results.points), "seeds": results.seeds}
        failed = float(len(results.rows) - len(results.good))
        versions = {f"version.{key}": str(results.rows[0][key]) for key in ("parley", "python") if results.rows}
        counts = [("runs", float(len(results.rows)), 0, 0), ("failed", failed, 0, 0)]
        study = self._run(number, results.name, whole, counts, versions)
        means = {figure: results.estimates(figure) for figure in FIGURES if figure != "stopped_by"}
        for point, (called, settings) in enumerate(zip(_names(results), results.points, strict=True)):
            steps = [*_means(results, point, means), *_curve(results, point)]
            self._run(number, called, settings, steps, {"mlflow.parentRunId": study})
        return study

    def _run(self, experiment: str, name: str, settings: Mapping[str, Any], steps: list[_Step], tags: Mapping[str, str]) -> str:
        from mlflow.entities import Metric, Param

        params = [Param(key, _text(value)) for key, value in settings.items()]
        run = str(self._client.create_run(experiment, tags=dict(tags), run_name=name).info.run_id)
        self._client.log_batch(run, params=params)
        metrics = [Metric(key, value, time, step=step) for key, value, time, step in steps]
        for begin in range(0, len(metrics), _AT_ONCE):
            self._client.log_batch(run, metrics=metrics[begin : begin + _AT_ONCE])
        self._client.set_terminated(run)
        return run


def _names(results: Results) -> list[str]:
    """Return the points as people call them."""
    called = names(results)
    settings = settings_called(results, called).items()
    return [
        ", ".join(f"{called.dials[path]} {levels[point]}" for path, levels in settings) or results.name
        for point in range(len(results.points))
    ]


def _means(results: Results, point: int, means: Mapping[str, Sequence[Estimate]]) -> Iterator[_Step]:
    yield "runs", float(len(results.of(point))), 0, 0
    for figure, estimates in means.items():
        mean, half = estimates[point]
        yield from ((key, each, 0, 0) for key, each in ((figure, mean), (f"{figure}_half_width", half)) if math.isfinite(each))


def _curve(results: Results, point: int) -> Iterator[_Step]:
    """Yield the mean learning curve, at the numbers of labels that models of its runs were trained on."""
    curves = [[dict(zip(CURVE, each, strict=True)) for each in row["curve"] or ()] for row in results.of(point)]
    labels = sorted({each["labels"] for curve in curves for each in curve})
    labels = labels[:: math.ceil(len(labels) / MOST_STEPS) or 1]
    means = {}
    for key in (*CURVES, "simulated_seconds"):
        some = [curve_of([each["labels"] for each in curve], [each[key] for each in curve]) for curve in curves]
        known = [each for each in some if each is not None]
        means[key] = mean_curve(known, labels).mean if known else ()
    for key in CURVES:
        for step, value, seconds in zip(labels, means[key], means["simulated_seconds"], strict=False):
            if math.isfinite(value):
                yield f"curve/{key}", value, round(1000 * seconds), int(step)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
