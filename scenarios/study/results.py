"""The results of a study: a row a run, and the learning curve of each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.brevity import in_few_letters
from scenarios.grid import Row
from scenarios.statistics.estimate import Estimate, estimate
from scenarios.statistics.sequential import sequential_estimate
from scenarios.study.level import different, key_of
from scenarios.study.variation import Settings

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped, unused-ignore]

FIGURES = (
    "stopped_by", "accuracy", "macro_f1", "log_loss", "labels", "label_accuracy", "answers", "late", "expired", "given_up",
    "revised", "cost", "simulated_seconds", "alpha", "unanimous", "staleness", "positions", "right_to_wrong", "wrong_to_right",
    "wrong_to_wrong", "events",
)  # fmt: skip
"""Figures of a run's summary that a study tabulates."""

VERSIONS = ("parley", "python", "numpy", "scipy", "scikit_learn")
"""What was run: the versions of what a run's figures depend on, a column each."""

CURVE = ("labels", "accuracy", "macro_f1", "log_loss", "cost", "simulated_seconds")
"""What each point of a learning curve holds, in order: see `scenarios.summary.Point`."""


class Results(NamedTuple):
    """What came of a study.

    Attributes:
        name: of the study.
        scenario: that it varies.
        dials: the varied paths.
        points: what was set at each point.
        measure: the figure that it is about.
        compared: the path whose values are compared; None if nothing has several values.
        against: the value of it that the others are compared with; None for none.
        target: a value of the measure that is to be reached; None for none.
        precision: half the width that intervals were to have; None if that was not asked for.
        seeds: runs of each point that were asked for, to begin with.
        rows: the runs, in the order of the points, and of the seeds of each. A row has `point`, the number of its point from 0;
            the dials by their paths; `seed`; FIGURES; `curve`, a list of points as CURVE has them, or None; `error`, what went
            wrong, or None; `log`, the log of a run that failed or was to be kept, or None; `scenario`, the digest of the resolved
            scenario; `data_digest`, that of its data, or None; and VERSIONS.
        called: names that the study gives to the values of a dial, by its path, in the order of `levels`.
    """

    name: str
    scenario: str
    dials: tuple[str, ...]
    points: tuple[Settings, ...]
    measure: str
    compared: str | None
    against: Any
    target: float | None
    precision: float | None
    seeds: int
    rows: tuple[Row, ...]
    called: Mapping[str, Sequence[str]] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"<results of {self.brief()}>"

    def brief(self) -> str:
        """Return what this is, in a line."""
        failed = len(self.rows) - len(self.good)
        lost = f", {failed:,} of them failed" if failed else ""
        points, runs = len(self.points), len(self.rows)
        return f"{self.name}: {points:,} {'point' if points == 1 else 'points'}, {runs:,} {'run' if runs == 1 else 'runs'}{lost}"

    def _repr_html_(self) -> str:
        """Return a table for a notebook: a line a point, with means and intervals."""
        from scenarios.study.notebook import results_in_html

        return results_in_html(self)

    def frame(self) -> "DataFrame":
        """Return a frame of pandas with a row a run; see `scenarios.study.frame.frame_of`."""
        from scenarios.study.frame import frame_of

        return frame_of(self)

    def curves(self) -> "DataFrame":
        """Return a frame of pandas with a row a point of each learning curve; see `scenarios.study.frame.curves_frame_of`."""
        from scenarios.study.frame import curves_frame_of

        return curves_frame_of(self)

    def report(self, out: str | Path, figures: str | Path | None = None) -> Path:
        """Write the page of the study, as `parley report` does, and return its path.

        Args:
            out: the file: .html, .pdf, .png or .md.
            figures: a folder for every figure as SVG and PDF; None for none.

        Raises:
            BadInput: it cannot be written.
        """
        from scenarios.study.page import write_page

        return write_page(self, Path(out), None if figures is None else Path(figures))

    def to_mlflow(self, uri: str | None = None, experiment: str | None = None) -> str:
        """Log all of it to MLflow, and return the id of the study's run; see `scenarios.study.tracking.Tracker`.

        Args:
            uri: of the tracking store; None for the one that MLflow is set up for.
            experiment: the name of the experiment; None for the study's.

        Raises:
            BadInput: MLflow is not installed, or the store cannot be used.
        """
        from scenarios.study.tracking import Tracker

        return Tracker(uri).log(self, experiment)

    @property
    def columns(self) -> list[str]:
        """The columns of the tidy table: all that a row has but for the curve."""
        return ["point", *self.dials, "seed", *FIGURES, "error", "log", "scenario", "data_digest", *VERSIONS]

    @property
    def good(self) -> list[Row]:
        """The runs that did not fail."""
        return [row for row in self.rows if not row["error"]]

    def of(self, point: int) -> list[Row]:
        """Return the runs of a point that did not fail, in the order of their seeds."""
        # Rows stand in the order of their points, and there may be very many.
        low, high = (side(self.rows, point, key=lambda row: int(row["point"])) for side in (bisect_left, bisect_right))
        return [row for row in self.rows[low:high] if not row["error"]]

    def values(self, point: int, figure: str) -> dict[int, float]:
        """Return a figure of a point's runs, by seed; without those that have none."""
        return {row["seed"]: float(row[figure]) for row in self.of(point) if row[figure] is not None}

    def estimates(self, figure: str) -> list[Estimate]:
        """Return for each point the mean of a figure over its runs that have it, and half its 95 % interval.

        Where a precision was asked for, that of the study's measure is Stein's, by the spread of the first seeds.
        """
        tables = [self.values(point, figure) for point in range(len(self.points))]
        if self.precision is None or figure != self.measure:
            return [estimate([*table.values()]) for table in tables]
        firsts = [[value for seed, value in table.items() if seed < self.seeds] for table in tables]
        return [sequential_estimate(first, [*table.values()]) for first, table in zip(firsts, tables, strict=True)]

    def levels(self, path: str) -> list[Any]:
        """Return the different values of a dial, in their order."""
        return different(settings[path] for settings in self.points)

    def level_numbers(self, path: str) -> list[int]:
        """Return for each point which level of a dial it has: its number in `levels`."""
        found: dict[str, int] = {}
        return [found.setdefault(key_of(settings[path]), len(found)) for settings in self.points]

    def told(self) -> tuple[str, ...]:
        """Return the dials that have several values."""
        return tuple(path for path in self.dials if len(self.levels(path)) > 1)

    def places(self) -> "list[Place]":
        """Return the points by place: what all dials but the compared one are set to, and which point has which level there."""
        found: dict[str, Place] = {}
        for number, settings in enumerate(self.points):
            rest = {path: value for path, value in settings.items() if path != self.compared}
            place = found.setdefault(key_of(rest), Place(rest, []))
            place.members.append((settings[self.compared] if self.compared else None, number))
        return [*found.values()]

    def baseline(self) -> Any:
        """Return the level that the others are compared with: `against`, or the first; None if nothing is compared."""
        if self.compared is None:
            return None
        return self.against if self.against is not None else self.levels(self.compared)[0]


class Place(NamedTuple):
    """A place of a study: what all dials but the compared one are set to.

    Attributes:
        settings: of those dials, by path.
        members: each level of the compared dial that was run there, with the number of its point.
    """

    settings: Settings
    members: list[tuple[Any, int]]


def named(path: str, value: Any) -> str:
    """Return a setting as people read it: the dial's own name, and its value in few letters."""
    return in_few_letters(value) if isinstance(value, dict | list) else f"{path.rpartition('.')[2]} {in_few_letters(value)}"


def curves_of(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Row]:
    """Yield the learning curves of runs as a tidy table: a row a point of a curve, with what tells its run from others before it.

    Args:
        rows: the runs.
        columns: what tells a run from others, such as `point`, the dials and `seed`.
    """
    for row in rows:
        for version, point in enumerate(row["curve"] or ()):
            yield {**{column: row[column] for column in columns}, "version": version, **dict(zip(CURVE, point, strict=True))}
