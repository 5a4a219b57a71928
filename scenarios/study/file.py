"""The study file: a scenario, what to vary, and how often."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints, model_validator

from bus.table import Table, nearest
from scenarios.scenario import Name
from scenarios.study.level import different
from scenarios.study.variation import Sample, Settings

MOST_SEEDS, USUAL_MOST = 100_000, 1_000
"""Runs of a point beyond which a study is refused, and where a precision is asked for, beyond which none is made unless said so."""

Figure = Literal["accuracy", "macro_f1", "label_accuracy", "log_loss", "cost", "simulated_seconds", "labels", "answers"]
"""Figures of a run that a study can be about."""


Called = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\r\n]+$")]
"""What people call a value: a few words, on one line."""


class StudyFile(Table):
    """A study file.

    Its points are every combination of the values of `vary`, the points of `points` and those of `sample`; what is left out of the
    three does not multiply.
    """

    name: Name
    """Name of the study."""
    scenario: str
    """The scenario: a file, from the study's folder, or a name of the library."""
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 10
    """Runs of each point, with seeds 0, 1, 2, ...: the same people and items at every point."""
    precision: Annotated[float | None, Field(gt=0)] = None
    """Half the width that the 95 % interval of each mean of `measure` is to have at most: as many further seeds are run as that
    takes, `seeds` being those to begin with; left out, just these."""
    most_seeds: Annotated[int | None, Field(ge=2, le=MOST_SEEDS)] = None
    """Runs of each point at most, where `precision` asks for more than `seeds`; left out, 1000."""
    measure: Figure | None = None
    """The figure that the study is about; left out, the model's accuracy, or the labels' if there is no model."""
    target: float | None = None
    """A value of `measure` that is to be reached: the study tells by how many labels, for how much and when it is."""
    compare: str | None = None
    """The varied path whose values are compared with each other, at each point of the others; left out, the first that is a
    component, or the first."""
    against: JsonValue | None = None
    """The value of it that the others are compared with; left out, the first."""
    names: Annotated[dict[str, list[Called]], Field(default_factory=dict)]
    """What pages and tables call the values of a dial, by its path, in their order; left out, what tells them apart."""
    vary: Annotated[dict[str, Annotated[list[JsonValue], Field(min_length=1)]], Field(default_factory=dict)]
    """Values to try, by path; every combination is run."""
    points: Annotated[list[Settings], Field(min_length=1)] | None = None
    """Points to run as they are, each a table of paths and values, of the same paths in each."""
    sample: Sample | None = None
    """Points drawn from ranges, so that they fill them evenly."""

    @property
    def most(self) -> int:
        """Runs of each point at most."""
        if self.precision is None:
            return self.seeds
        return max(self.seeds, USUAL_MOST) if self.most_seeds is None else self.most_seeds

    @model_validator(mode="after")
    def _varies_nothing_twice(self) -> "StudyFile":
        groups = {
            "vary": [*self.vary],
            "points": [*(self.points or [{}])[0]],
            "sample": [*self.sample.dials] if self.sample else [],
        }
        names = [path for paths in groups.values() for path in paths]
        for path in names:
            within = [key for key, paths in groups.items() if path in paths]
            if len(within) > 1:
                raise ValueError(f"{path!r} is varied twice: in {' and in '.join(within)}")
            if path in ("seed", "name"):
                raise ValueError(f"{path!r} cannot be varied; every point is run with seeds 0, 1, 2, ..., as many as `seeds` says")
        if self.compare is not None and self.compare not in names:
            raise ValueError(f"compare: {self.compare!r} is not varied; {nearest(self.compare, names)}")
        for path, called in self.names.items():
            if path not in names:
                raise ValueError(f"names: {path!r} is not varied; {nearest(path, names)}")
            if _repeated(called):
                raise ValueError(f"names: two values of {path!r} have the same name")
        return self

    @model_validator(mode="after")
    def _has_different_points(self) -> "StudyFile":
        for path, values in self.vary.items():
            if _repeated(values):
                raise ValueError(f"vary: {path!r} has the same value twice")
        for at, settings in enumerate(self.points or ()):
            assert self.points is not None
            odd = sorted(settings.keys() ^ self.points[0].keys())
            if odd:
                raise ValueError(f"points: each sets the same paths, and number {at + 1} and the first differ in {odd[0]!r}")
        if _repeated(self.points or []):
            raise ValueError("points: two of them are the same")
        return self

    @model_validator(mode="after")
    def _knows_how_many_seeds(self) -> "StudyFile":
        if self.precision is None and self.most_seeds is not None:
            raise ValueError("most_seeds without a precision: `seeds` says how many are run")
        if self.precision is not None and self.seeds < 2:
            raise ValueError("seeds: a precision is judged by the spread of the first seeds, so there are two of them or more")
        if self.most_seeds is not None and self.most_seeds < self.seeds:
            raise ValueError(f"seeds = {self.seeds:,} to begin with, and most_seeds = {self.most_seeds:,} at most")
        return self


def _repeated(values: Sequence[Any]) -> bool:
    return len(different(values)) < len(values)
