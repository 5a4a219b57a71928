"""A study: one scenario, dials to vary, and many seeds, on all cores."""

import csv
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from joblib import Parallel, delayed
from pydantic import Field, JsonValue, ValidationError
from scipy.stats import t as student_t

from agents.component import Trust
from bus.table import Table
from scenarios import operator
from scenarios.crowds.cast import with_crowds
from scenarios.errors import BadInput, explain
from scenarios.importable import importable
from scenarios.loading import find, load, make, read_toml
from scenarios.run import Origin, run
from scenarios.scenario import Name, Scenario

MEASURES = (
    "accuracy", "macro_f1", "log_loss", "labels", "label_accuracy", "answers", "late", "expired", "cost",
    "simulated_seconds", "alpha", "unanimous", "staleness", "events",
)  # fmt: skip
"""Figures of a run's summary that a study tabulates."""


class Study(Table):
    """A study file."""

    name: Name
    """Name of the study."""
    scenario: str
    """The scenario: a file, from the study's folder, or a name of the library."""
    seeds: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Runs of each point of the grid, with seeds 0, 1, 2, ...: the same people and items at every point."""
    vary: Annotated[dict[str, Annotated[list[JsonValue], Field(min_length=1)]], Field(default_factory=dict)]
    """Values to try, by path; every combination is run."""


class Point(NamedTuple):
    """A point of the grid: what is set there, and the scenario that comes of it."""

    settings: dict[str, Any]
    scenario: Scenario


class Plan(NamedTuple):
    """A study ready to run, each of whose scenarios has been checked."""

    study: Study
    points: list[Point]
    origin: Origin

    @property
    def columns(self) -> list[str]:
        """The columns of its table: the varied paths, the seed, the measures, and the error if there was one."""
        return [*self.study.vary, "seed", *MEASURES, "error"]

    @property
    def runs(self) -> int:
        """How many runs there will be."""
        return len(self.points) * self.study.seeds


Row = dict[str, Any]


def plan(path: Path, seeds: int | None = None) -> Plan:
    """Read a study file and check every scenario of its grid.

    Args:
        path: the file.
        seeds: runs of each point, instead of the file's own number.

    Raises:
        BadInput: the study, or a scenario at some point of its grid, is not possible.
    """
    tables = read_toml(path)
    try:
        study = Study.model_validate({**tables, **({} if seeds is None else {"seeds": seeds})})
    except ValidationError as error:
        raise explain(str(path), error, tables) from None
    unfit = [each for each in study.vary if each in ("seed", "name")]
    if unfit:
        raise BadInput(
            f"{path}: vary: {unfit[0]!r} cannot be varied; every point is run with seeds 0, 1, 2, ..., as many as `seeds` says"
        )
    beside = path.parent / study.scenario
    file = beside if beside.is_file() else find(study.scenario)
    loaded = load(file)
    points = []
    with importable(loaded.folder):
        for values in itertools.product(*study.vary.values()):
            settings = dict(zip(study.vary, values, strict=True))
            where = f"{path}, at {_brief(settings)}" if settings else str(path)
            points.append(Point(settings, _vary(loaded.scenario, settings, where, loaded.folder)))
    return Plan(study, points, Origin(loaded.folder, loaded.script))


def run_study(plan: Plan, jobs: int = 1) -> Iterator[Row]:
    """Run a study, yielding a row a run, in the order of the grid and the seeds, whatever the number of jobs.

    A run that fails has a row too, which says why; the others go on.

    Args:
        plan: the study.
        jobs: processes; -1 for as many as there are cores.
    """
    tasks = [
        delayed(_run_one)(point.scenario.tables(), point.settings, seed, plan.origin)
        for point in plan.points
        for seed in range(plan.study.seeds)
    ]
    yield from Parallel(n_jobs=jobs, return_as="generator")(tasks)


def write_rows(rows: Iterable[Row], columns: Sequence[str], path: Path) -> list[Row]:
    """Write rows as a tidy CSV, each as soon as it is there, and return them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: json.dumps(cell) if isinstance(cell, dict | list) else cell for key, cell in row.items()})
            file.flush()
            written.append(row)
    return written


class Estimate(NamedTuple):
    """A mean over runs, and half the width of its 95 % confidence interval (Student's t); NaN where it is not defined."""

    mean: float
    half_width: float


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of independent values and half its 95 % confidence interval."""
    count = len(values)
    if count == 0:
        return Estimate(math.nan, math.nan)
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, math.nan)
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    return Estimate(mean, float(student_t.ppf(0.975, count - 1)) * math.sqrt(variance / count))


def estimates(rows: Sequence[Row], plan: Plan, measure: str) -> list[Estimate]:
    """Return for each point of the grid the estimate of a measure over its runs that did not fail."""
    seeds = plan.study.seeds
    by_point = (rows[index * seeds : (index + 1) * seeds] for index in range(len(plan.points)))
    return [estimate([row[measure] for row in group if row[measure] is not None]) for group in by_point]


def _vary(scenario: Scenario, settings: dict[str, Any], where: str, folder: Path) -> Scenario:
    try:
        return with_crowds(make(scenario.tables(), where, settings, Trust()), folder)
    except BadInput as error:
        raise BadInput(str(error) if where in str(error) else f"{where}: {error}") from None


def _run_one(tables: dict[str, Any], settings: dict[str, Any], seed: int, origin: Origin) -> Row:
    """Run one scenario with one seed, in whatever process this is."""
    operator.configure(-1)
    row: Row = {**settings, "seed": seed, **dict.fromkeys(MEASURES), "error": None}
    try:
        with importable(origin.folder):
            scenario = make(tables, "study", {"seed": seed}, Trust())
        summary = run(scenario, logs=None, origin=origin)
    except Exception as error:
        # One point's misfortune, of whatever kind, must not cost the rest of the grid.
        row["error"] = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        return row
    return {**row, **{measure: getattr(summary, measure) for measure in MEASURES}}


def _brief(settings: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {json.dumps(value)}" for path, value in settings.items())
