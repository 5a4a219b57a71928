"""The runs of a study: every point with every seed."""

import hashlib
import json
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from scenarios.grid import Cell, Row, run_grid
from scenarios.scenario import Scenario
from scenarios.study.design import Design
from scenarios.study.results import FIGURES, Results


def run_design(design: Design, jobs: int = 1) -> Iterator[Row]:
    """Run a study, yielding a row a run, in the order of the points and the seeds, whatever the number of jobs.

    A run that fails has a row too, which says why; the others go on.

    Args:
        design: the study.
        jobs: processes; -1 for as many as there are cores.
    """
    points = [(number, point.settings, point.scenario.tables()) for number, point in enumerate(design.points)]
    cells = (
        Cell({"point": number, **settings}, tables, seed)
        for number, settings, tables in points
        for seed in range(design.file.seeds)
    )
    versions = versions_now()
    for row in run_grid(cells, (*FIGURES, "curve"), design.origin, jobs):
        scenario = design.points[row["point"]].scenario.model_copy(update={"seed": row["seed"]})
        curve = None if row["curve"] is None else [list(point) for point in row["curve"]]
        yield {**row, "curve": curve, "log": None, "scenario": digest_of(scenario), "data": None, **versions}


def results_of(design: Design, rows: Sequence[Row]) -> Results:
    """Return the results of a study of which these are the runs."""
    file, settings = design.file, tuple(point.settings for point in design.points)
    return Results(
        name=file.name,
        scenario=file.scenario,
        dials=design.dials,
        points=settings,
        measure=design.measure,
        compared=design.compared,
        against=file.against,
        target=file.target,
        precision=file.precision,
        seeds=file.seeds,
        rows=tuple(rows),
    )


def digest_of(scenario: Scenario) -> str:
    """Return the digest of a resolved scenario, its seed among it: 16 hexadecimal digits."""
    tables: Any = scenario.completed().tables()
    return hashlib.blake2b(json.dumps(tables, sort_keys=True, ensure_ascii=False).encode(), digest_size=8).hexdigest()


def versions_now() -> dict[str, str]:
    """Return the versions of what a run's figures depend on, by the columns that tell them."""
    packages = {"parley": "parley-sim", "numpy": "numpy", "scipy": "scipy", "scikit_learn": "scikit-learn"}
    return {"python": platform.python_version(), **{column: version(package) for column, package in packages.items()}}
