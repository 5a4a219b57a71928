"""A study: one scenario, dials to vary, and many seeds, on all cores."""

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, JsonValue, ValidationError

from bus.table import Table
from scenarios.errors import BadInput, explain
from scenarios.grid import Cell, Row, run_grid, vary
from scenarios.importable import importable
from scenarios.loading import find, load, read_toml
from scenarios.run import Origin
from scenarios.scenario import Name, Scenario
from scenarios.statistics import Estimate, estimate

MEASURES = (
    "accuracy", "macro_f1", "log_loss", "labels", "label_accuracy", "answers", "late", "expired", "cost",
    "simulated_seconds", "alpha", "unanimous", "staleness", "positions", "right_to_wrong", "wrong_to_right", "wrong_to_wrong",
    "events",
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
            points.append(Point(settings, vary(loaded.scenario, settings, where, loaded.folder)))
    return Plan(study, points, Origin(loaded.folder, loaded.script))


def run_study(plan: Plan, jobs: int = 1) -> Iterator[Row]:
    """Run a study, yielding a row a run, in the order of the grid and the seeds, whatever the number of jobs.

    A run that fails has a row too, which says why; the others go on.

    Args:
        plan: the study.
        jobs: processes; -1 for as many as there are cores.
    """
    points = [(point.settings, point.scenario.tables()) for point in plan.points]
    cells = (Cell(settings, tables, seed) for settings, tables in points for seed in range(plan.study.seeds))
    yield from run_grid(cells, MEASURES, plan.origin, jobs)


def estimates(rows: Sequence[Row], plan: Plan, measure: str) -> list[Estimate]:
    """Return for each point of the grid the estimate of a measure over its runs that did not fail."""
    seeds = plan.study.seeds
    by_point = (rows[index * seeds : (index + 1) * seeds] for index in range(len(plan.points)))
    return [estimate([row[measure] for row in group if row[measure] is not None]) for group in by_point]


def _brief(settings: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {json.dumps(value)}" for path, value in settings.items())
